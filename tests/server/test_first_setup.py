"""Setting a server up from the command line: the organisation, then an invitation for each kiosk."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

USHER = Path(sys.executable).with_name("usher")
ENVIRONMENT = {**os.environ, "USHER_DATABASE_URL": "", "USHER_LOG_LEVEL": "warning"}
WHO = ("--organization", "Corner Shop", "--email", "boss@shop.example")


def usher(*arguments: object, status: int = 0) -> str:
    """What it says; a fault goes to the error output, as one sentence."""
    ended = subprocess.run(
        [USHER, *map(str, arguments)],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == status, ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stdout if status == 0 else ended.stderr


@pytest.fixture(scope="module")
def password(data: Path) -> str:
    said = usher("setup", *WHO, "--event", "Fair", "--service-point", "Counter", "--data", data)
    found = re.search(r"boss@shop.example with the password (\S+)", said)
    assert found
    return found[1]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("first") / "server"


@pytest.fixture(scope="module")
def address(data: Path, password: str) -> Iterator[str]:
    """Where the server that was set up is running."""
    command = [str(USHER), "serve", "--data", str(data), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT) as server:
        assert server.stdout is not None
        yield server.stdout.readline().split()[-1]
        server.terminate()


@pytest.mark.parametrize("mode", ["door", "desk", "display"])
def test_a_kiosk_is_invited_and_pairs(address: str, password: str, mode: str, tmp_path: Path) -> None:
    who = ("--email", "boss@shop.example", "--password", password, "--server", address)
    said = usher("invite", f"First {mode}", "--mode", mode, *who)
    code = re.search(r"or type (\S+) there", said)
    assert code
    assert "█" in said, "a QR to hold before the camera"
    assert "paired as" in usher("pair", code[1], "--server", address, "--data", tmp_path)
    kept = json.loads(next(tmp_path.glob("*.json")).read_text())
    assert kept["mode"] == mode
    assert kept["scopes"]


def test_a_wrong_password_and_a_server_that_is_away_are_told(address: str) -> None:
    who = ("--email", "boss@shop.example", "--password", "something else")
    assert "do not fit" in usher("invite", "Door", *who, "--server", address, status=2)
    away = usher("invite", "Door", *who, "--server", "http://127.0.0.1:9", status=2)
    assert "is the server running?" in away


def test_a_server_is_set_up_once(data: Path, password: str) -> None:
    again = usher("setup", *WHO, "--event", "Fair", "--data", data, status=2)
    assert "set up already" in again


def test_a_set_up_with_nothing_to_start_with_says_what_to_name(tmp_path: Path) -> None:
    said = usher("setup", *WHO, "--data", tmp_path, status=2)
    assert "a first event, a first service point, or both" in said
