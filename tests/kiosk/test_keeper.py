"""A program that falls is started again; one that ends as it is meant to is not."""

import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest

PROGRAM = """
import os, signal, sys, time
from pathlib import Path
runs = Path(sys.argv[1])
runs.write_text(runs.read_text() + sys.argv[2] + " ")
match sys.argv[3].split(",")[len(runs.read_text().split()) - 1]:
    case "killed": os.kill(os.getpid(), signal.SIGKILL)
    case "stays": time.sleep(60)
    case status: sys.exit(int(status))
"""
KEEPER = """
import sys
from kiosk.keeper import Keeper
run = [sys.executable, "-c", sys.argv[1], sys.argv[2]]
sys.exit(Keeper([0.01, float(sys.argv[4])]).keep([*run, "first", sys.argv[3]], [*run, "again", sys.argv[3]]))
"""


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    (tmp_path / "runs").touch()
    return tmp_path / "runs"


def keeper(runs: Path, ends: str, pause: float = 0.01) -> "subprocess.Popen[bytes]":
    """Of a program that ends like this, time after time."""
    return subprocess.Popen([sys.executable, "-c", KEEPER, PROGRAM, runs, ends, str(pause)])


def until_run(runs: Path, times: int) -> None:
    late = monotonic() + 30
    while len(runs.read_text().split()) < times:
        assert monotonic() < late
        sleep(0.02)


def test_a_program_that_falls_is_run_again_until_somebody_quits_it(runs: Path) -> None:
    assert keeper(runs, "1,killed,killed,0").wait(30) == 0
    assert runs.read_text().split() == ["first", "again", "again", "again"]


def test_a_program_that_says_why_it_cannot_start_is_not_run_again(runs: Path) -> None:
    assert keeper(runs, "2").wait(30) == 2
    assert runs.read_text().split() == ["first"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_who_ends_the_keeper_ends_the_program_for_good(runs: Path, number: signal.Signals) -> None:
    kept = keeper(runs, "stays")
    until_run(runs, 1)
    kept.send_signal(number)
    assert kept.wait(30) != 0
    assert runs.read_text().split() == ["first"]


def test_who_ends_the_keeper_while_it_waits_is_heard_at_once(runs: Path) -> None:
    kept = keeper(runs, "1,1,1,1", pause=600)
    until_run(runs, 2)
    sleep(0.3)
    kept.terminate()
    kept.wait(30)
    assert runs.read_text().split() == ["first", "again"]
