"""Copies of a SQLite file: whole and on the disk, or not there; swapped in, or not."""

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

_RESTORED = "restored.db"
"""A whole copy that is to take the place of the database beside it."""


def take(connection: sqlite3.Connection, target: Path) -> None:
    """Copies the database as it is at one instant; SQLite leaves the copy in the system's memory."""
    connection.execute("VACUUM INTO ?", (str(target),))


def keep(part: Path, target: Path) -> None:
    """Gives a finished file its name, in the place of one that has it: also if the power goes now."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(target)
    if os.name == "posix":
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def swap_in(part: Path, database: Path) -> Path | None:
    """Puts a finished file in the place of a database that nobody uses, which is set aside; where it is then.

    Whoever is killed meanwhile has the old one, or `finish` gives it the new one.
    """
    _asides(database).mkdir(exist_ok=True)
    keep(part, database.with_name(_RESTORED))
    return finish(database)


def finish(database: Path) -> Path | None:
    """Ends a swap that was begun; where the database of before lies now, None where there is none."""
    restored = database.with_name(_RESTORED)
    if not restored.exists():
        return None
    aside = _set_aside(database) if database.exists() else None
    keep(restored, database)
    return aside


def _set_aside(path: Path) -> Path:
    """Moves a database out of the way; nothing is deleted. What lies beside it goes first: left alone, it
    would be read as part of the next one."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    aside = _asides(path) / f"replaced-{stamp}.db"
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    return aside


def _asides(database: Path) -> Path:
    return database.parent / "backups"
