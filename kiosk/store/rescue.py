"""When the file of this kiosk's acts cannot be used: it is set aside, what can be read of it carried over."""

# SQL made of this module's own table and column names, never of anything that came from outside.
# ruff: noqa: S608

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

from kiosk.store.faults import Unusable
from kiosk.store.outbox_file import NAME, OutboxFile, set_aside

_TABLES = ("outbox", "lease", "setting", "journal", "notice", "seat_lease", "taking")
_RESCUED = "outbox-rescued.db"
"""Everything that could be read, before it takes the place of the old file."""


@dataclass(frozen=True, slots=True)
class Rescued:
    """`kept` is where the old file lies now; `acts` that the server has not had were carried over."""

    kept: Path
    acts: int


def if_needed(folder: Path) -> Rescued | None:
    """Starts over where the file of acts cannot be used; None where it can."""
    try:
        finish(folder)
        OutboxFile(folder).close()
    except Unusable:
        return start_over(folder)
    return None


def start_over(folder: Path) -> Rescued:
    """Puts a new file in the place of one that is damaged or of a newer version. Nothing is deleted.

    Acts carried over keep their ids, so that the server takes none of them twice. Whoever is killed
    meanwhile finds the old file, or the new one whole (`finish`).
    """
    work = folder / "rescue"
    rmtree(work, ignore_errors=True)
    work.mkdir()
    file = OutboxFile(work)
    try:
        for table in _TABLES:
            with file.write() as db:
                _carry(db, table, folder / NAME)
        [(acts,)] = file.rows("SELECT count(*) FROM outbox")
    finally:
        file.close()
    (work / NAME).replace(folder / _RESCUED)
    kept = finish(folder)
    assert kept is not None
    work.rmdir()
    return Rescued(kept, acts)


def finish(folder: Path) -> Path | None:
    """Puts what was rescued in its place; where the old file lies now, None where nothing was rescued."""
    if not (folder / _RESCUED).exists():
        return None
    kept = set_aside(folder / NAME) if (folder / NAME).exists() else None
    (folder / _RESCUED).rename(folder / NAME)
    return kept


def _carry(db: sqlite3.Connection, table: str, kept: Path) -> None:
    columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    marks = ", ".join("?" * len(columns))
    for row in _readable(kept, table, columns):
        db.execute(f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({marks})", row)


def _readable(kept: Path, table: str, columns: Sequence[str]) -> Iterator[Sequence[object]]:
    """The rows up to the first that cannot be read, then those from the other end."""
    for order in ("ASC", "DESC"):
        try:
            with closing(sqlite3.connect(f"{kept.absolute().as_uri()}?mode=ro", uri=True)) as db:
                yield from db.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1 {order}")
                return
        except sqlite3.DatabaseError:
            continue
