"""Connections to the kiosk's SQLite files: how they are opened, and one transaction at a time."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from kiosk.store.faults import FromNewerVersion, told

_STATEMENTS = 256
_BUSY_SECONDS = 5.0

Synchronous = Literal["FULL", "NORMAL"]


def connect(file: Path, *, synchronous: Synchronous, readonly: bool = False) -> sqlite3.Connection:
    """A connection in WAL mode that may be handed between threads; its owner sees to it that they take turns.

    Statements stay prepared. A reader never writes the file, nor makes it.
    """
    with told(file):
        db = sqlite3.connect(
            f"{file.absolute().as_uri()}?mode={'ro' if readonly else 'rwc'}",
            uri=True,
            timeout=_BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=_STATEMENTS,
        )
        try:
            if not readonly:
                db.execute("PRAGMA journal_mode = WAL")
                db.execute(f"PRAGMA synchronous = {synchronous}")
            db.execute("PRAGMA temp_store = MEMORY")
        except sqlite3.DatabaseError:
            db.close()
            raise
    return db


@contextmanager
def transaction(db: sqlite3.Connection, file: Path) -> Iterator[sqlite3.Connection]:
    """All or nothing. Raises the faults of `kiosk.store.faults`, and then nothing was written."""
    with told(file):
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.execute("COMMIT")
        except BaseException:
            # SQLite may have rolled back on its own, as it does on a full disk.
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise


def bring_up(db: sqlite3.Connection, file: Path, scripts: Sequence[Sequence[str]]) -> None:
    """Brings a file to its newest form, of which each is made from the one before by a script, the first from
    nothing; raises `FromNewerVersion` for a file of a later form."""
    with told(file):
        found = db.execute("PRAGMA user_version").fetchone()[0]
    if found > len(scripts):
        raise FromNewerVersion.at(file, found, len(scripts))
    if found < len(scripts):
        with transaction(db, file):
            for script in scripts[found:]:
                for statement in script:
                    db.execute(statement)
            db.execute(f"PRAGMA user_version = {len(scripts)}")
