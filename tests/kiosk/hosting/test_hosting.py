"""The server inside this computer: started, watched, started again, ended."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

import httpx
import psutil
import pytest

from kiosk.hosting import Health, HostedServer, Hosting, NotStarted, PortTaken, free_port

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[2]


def hosting(folder: Path, *how: str, check_seconds: float = 0.05) -> Hosting:
    port = free_port()
    command = [sys.executable, str(_HERE / "child.py"), str(port), str(folder), *how]
    return Hosting(command, folder, port, check_seconds=check_seconds)


def wait(what: Callable[[], bool]) -> None:
    until = monotonic() + 30
    while not what():
        assert monotonic() < until
        sleep(0.02)


def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_a_server_is_ready_when_start_returns_and_gone_after_close(tmp_path: Path) -> None:
    how = hosting(tmp_path)
    hosted = HostedServer(how)
    hosted.start()
    assert hosted.health is Health.READY
    assert httpx.get(f"{how.address}/healthz", trust_env=False).json() == {"status": "ok"}
    pid = hosted.pid
    assert pid is not None
    assert os.getpgid(pid) == pid
    hosted.close()
    hosted.close()
    assert gone(pid)
    assert "asked" in how.log.read_text()


def test_a_server_that_dies_is_started_again(tmp_path: Path) -> None:
    told: list[tuple[Health, str]] = []
    hosted = HostedServer(hosting(tmp_path), lambda health, why: told.append((health, why)))
    hosted.start()
    first = hosted.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    wait(lambda: [health for health, _ in told].count(Health.READY) == 2)
    assert hosted.pid not in (None, first)
    assert [health for health, _ in told] == [Health.READY, Health.DOWN, Health.READY]
    assert "started again" in told[1][1]
    hosted.close()


def test_a_server_that_answers_no_more_is_started_again(tmp_path: Path) -> None:
    hosted = HostedServer(hosting(tmp_path))
    hosted.start()
    first = hosted.pid
    (tmp_path / "sick").touch()
    wait(lambda: hosted.pid != first)
    (tmp_path / "sick").unlink()
    wait(lambda: hosted.health is Health.READY)
    assert first is not None
    assert gone(first)
    hosted.close()


def test_a_port_that_is_taken_is_named_with_what_to_do(tmp_path: Path) -> None:
    how = hosting(tmp_path)
    with socket.create_server(("127.0.0.1", how.port)):
        hosted = HostedServer(how)
        with pytest.raises(PortTaken, match=f"Port {how.port} on 127.0.0.1 is taken.*choose another port"):
            hosted.start()
    assert hosted.health is Health.ENDED


def test_a_server_that_is_kept_is_started_once_its_port_is_free(tmp_path: Path) -> None:
    told: list[tuple[Health, str]] = []
    how = hosting(tmp_path)
    hosted = HostedServer(how, lambda health, why: told.append((health, why)))
    with socket.create_server(("127.0.0.1", how.port)):
        hosted.keep()
        wait(lambda: hosted.health is Health.DOWN)
    wait(lambda: hosted.health is Health.READY)
    assert [health for health, _ in told] == [Health.DOWN, Health.READY]
    assert f"Port {how.port}" in told[0][1]
    hosted.close()


def test_a_server_that_takes_long_to_answer_is_not_ended_meanwhile(tmp_path: Path) -> None:
    """It may be bringing its database up to date."""
    how = hosting(tmp_path)
    (tmp_path / "sick").touch()
    hosted = HostedServer(how)
    hosted.keep()
    wait(lambda: hosted.pid is not None)
    first = hosted.pid
    sleep(10 * how.check_seconds)
    assert (hosted.pid, hosted.health) == (first, Health.STARTING)
    (tmp_path / "sick").unlink()
    wait(lambda: hosted.health is Health.READY)
    assert hosted.pid == first
    hosted.close()


def test_a_server_that_never_answers_is_given_up(tmp_path: Path) -> None:
    (tmp_path / "sick").touch()
    how = replace(hosting(tmp_path), ready_seconds=0.5)
    hosted = HostedServer(how)
    with pytest.raises(NotStarted, match="does not answer"):
        hosted.start()
    assert hosted.pid is None


def test_a_server_that_is_kept_in_vain_ends_with_its_kiosk(tmp_path: Path) -> None:
    told: list[Health] = []
    hosted = HostedServer(hosting(tmp_path, "short"), lambda health, _: told.append(health))
    hosted.keep()
    wait(lambda: hosted.health is Health.DOWN)
    hosted.close()
    assert told == [Health.DOWN, Health.ENDED]


def test_a_server_that_cannot_start_says_its_last_words(tmp_path: Path) -> None:
    how = hosting(tmp_path, "short")
    with pytest.raises(NotStarted, match="there is no database here: run the set-up first") as failed:
        HostedServer(how).start()
    assert str(how.log) in failed.value.detail


def test_a_program_that_is_not_there_is_said(tmp_path: Path) -> None:
    how = Hosting([str(tmp_path / "nothing")], tmp_path, free_port())
    with pytest.raises(NotStarted, match="could not be run"):
        HostedServer(how).start()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_server_ends_with_its_kiosk_also_when_that_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.kiosk.hosting.parent", str(free_port()), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_ROOT) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert psutil.pid_exists(child)
        parent.kill()
    wait(lambda: gone(child))


def test_a_server_that_does_not_listen_is_ended_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.hosting._END_SECONDS", 0.2)
    hosted = HostedServer(hosting(tmp_path, "deaf"))
    hosted.start()
    pid = hosted.pid
    hosted.close()
    assert pid is not None
    assert gone(pid)


def test_a_long_log_is_turned_over_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.hosting._LOG_BYTES", 10)
    how = hosting(tmp_path)
    how.log.write_text("a long log of yesterday")
    hosted = HostedServer(how)
    hosted.start()
    hosted.close()
    assert (tmp_path / "server.log.1").read_text() == "a long log of yesterday"
    assert "yesterday" not in how.log.read_text()
