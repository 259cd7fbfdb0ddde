"""`outbox.db`: the one file that holds what this kiosk did. What was shown as done is in it, on the disk."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any

from domain.replica import SCAN
from kiosk.store.faults import Damaged, told
from kiosk.store.sqlite_file import bring_up, connect, transaction

NAME = "outbox.db"

_FIRST = (
    """CREATE TABLE outbox (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT, op TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
        at INTEGER NOT NULL, base_version INTEGER, payload TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting', answer TEXT, created INTEGER NOT NULL)""",
    "CREATE INDEX outbox_state ON outbox (state, sequence)",
    """CREATE TABLE lease (
        id TEXT PRIMARY KEY, service_point TEXT NOT NULL, category TEXT NOT NULL, letter TEXT NOT NULL,
        day TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, next INTEGER NOT NULL)""",
    "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    SCAN.create().replace("CREATE TABLE scan", "CREATE TABLE journal"),
    "CREATE INDEX journal_ticket ON journal (ticket)",
    "CREATE INDEX journal_at ON journal (at)",
    """CREATE TABLE notice (
        op TEXT PRIMARY KEY, kind TEXT NOT NULL, at INTEGER NOT NULL, subject TEXT NOT NULL,
        detail TEXT NOT NULL, seen INTEGER NOT NULL DEFAULT 0)""",
)
_SALES = (
    """CREATE TABLE seat_lease (
        id TEXT PRIMARY KEY, event TEXT NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL,
        colour TEXT NOT NULL, price INTEGER NOT NULL, currency TEXT NOT NULL, perks TEXT NOT NULL,
        seats INTEGER, available INTEGER, expires INTEGER NOT NULL, sold INTEGER NOT NULL DEFAULT 0)""",
    "CREATE INDEX outbox_ticket ON outbox (kind) WHERE kind IN ('ticket.sell', 'perk.redeemed')",
)
_TAKINGS = (
    """CREATE TABLE taking (
        order_id TEXT NOT NULL, back INTEGER NOT NULL, number TEXT NOT NULL, at INTEGER NOT NULL,
        method TEXT NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL, ticket TEXT, op TEXT,
        sure INTEGER NOT NULL, PRIMARY KEY (order_id, back)) WITHOUT ROWID""",
    "DROP INDEX outbox_ticket",
    "CREATE INDEX outbox_ticket ON outbox (kind) "
    "WHERE kind IN ('ticket.sell', 'ticket.take_back', 'perk.redeemed')",
)
_FORMS = (_FIRST, _SALES, _TAKINGS)


class OutboxFile:
    """The open file. One connection; its users take turns, from whichever thread they come.

    Raises `Damaged` or `FromNewerVersion` on opening, and leaves the file as it was.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._lock = RLock()
        self._depth = 0
        self._db = connect(self.path, synchronous="FULL")
        try:
            bring_up(self._db, self.path, _FORMS)
            self._check()
        except BaseException:
            self._db.close()
            raise

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One durable transaction; a `write` inside a `write` belongs to the outer one."""
        with self._lock:
            if self._depth:
                yield self._db
                return
            self._depth += 1
            try:
                with transaction(self._db, self.path) as db:
                    yield db
            finally:
                self._depth -= 1

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        with self._lock, told(self.path):
            return self._db.execute(sql, values).fetchall()

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def _check(self) -> None:
        with told(self.path):
            verdict = self._db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise Damaged.at(self.path, verdict)


def set_aside(path: Path, now: datetime | None = None) -> Path:
    """Renames a file that cannot be used, with what SQLite keeps beside it. Nothing is deleted.

    What lies beside it goes first: left alone, it would be read as part of the next file of that name.
    """
    stamp = (now or datetime.now(UTC)).strftime("%Y%m%d-%H%M%S-%f")
    kept = path.with_name(f"{path.stem}-kept-{stamp}{path.suffix}")
    for tail in ("-wal", "-shm", ""):
        beside = path.with_name(path.name + tail)
        if beside.exists():
            beside.rename(kept.with_name(kept.name + tail))
    return kept
