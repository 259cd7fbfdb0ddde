"""Programs that die at one step after the other, as if the power went right there."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

STEP = "tests.step"
"""What a job may tell `sys.audit`, with its folder, of a change that the system does not tell of."""

_CHANGES = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "sqlite3.connect", STEP})
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_MOST = 100

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["kiosk.store.store", "server.backup", "server.app"])

Job = Callable[[Path], None]


def deaths(job: Job, folders: Callable[[], Path], every: int = 1) -> Iterator[Path]:
    """Does a job in a process of its own, again and again, each time in a new folder, and kills it with
    SIGKILL right before its first change to a file there, its second, and so on (or `every` so many).

    Gives each folder as the dead left it, and in the end that of the one that lived. `job` stands at the top
    of its module.
    """
    for step in range(1, _MOST * every, every):
        folder = folders()
        process = _processes.Process(target=_run, args=(step, job, folder))
        process.start()
        process.join(60)
        assert process.exitcode in (0, -signal.SIGKILL), process.exitcode
        yield folder
        if process.exitcode == 0:
            assert step > 1, "it changed nothing"
            return
    raise AssertionError(f"{job.__name__} has no end")


def _run(step: int, job: Job, folder: Path) -> None:
    left = step

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if _changes(event, arguments) and any(str(folder) in str(argument) for argument in arguments):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    job(folder)


def _changes(event: str, arguments: tuple[object, ...]) -> bool:
    if event == "open":
        flags = arguments[2]
        return isinstance(flags, int) and bool(flags & _WRITING)
    return event in _CHANGES
