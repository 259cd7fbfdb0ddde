"""The folder of what a kiosk keeps: made where there is none, and used by one program at a time."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from domain.errors import Conflict, Unavailable
from kiosk.store.faults import told

_PATIENCE = 5.0
"""Seconds for which a program that is just ending is waited for."""


def make(folder: Path) -> None:
    """Raises `Unavailable` where it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise Unavailable(
            f"The folder {folder} cannot be used ({fault.strerror}): make it writable for this user, "
            "or choose another one with --data.",
            code="storage_failed",
        ) from fault


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Holds the folder; the system lets go of it when this process ends, however it ends.

    Raises `Conflict` where another program holds it, `Unavailable` where nothing can be written.
    """
    make(folder)
    path = folder / "running.lock"
    with told(path):
        lock = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
    with closing(lock):
        _take(lock, path)
        yield


def _take(lock: sqlite3.Connection, path: Path) -> None:
    with told(path):
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            raise Conflict(
                f"Another Usher runs with the folder {path.parent}: go on in its window, or choose another "
                "folder with --data.",
                code="already_running",
            ) from fault
