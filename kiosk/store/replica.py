"""One replica: a copy of the server's records of one scope, moved on by changes, read by scans and pages."""

# SQL made of this module's own column names, never of anything that came from outside.
# ruff: noqa: S608

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any

from domain.admission import Scan
from domain.ids import ListId, OpId, TicketId
from domain.queue import LIVE
from domain.replica import SCAN, SCHEMA_VERSION, TABLES, TICKET, Table
from domain.sync import Scope
from domain.ticket import Ticket
from kiosk.store import catalog, search_index, ticket_counts
from kiosk.store.catalog import CATALOG_TABLES, Catalog
from kiosk.store.faults import Damaged, FromNewerVersion, told
from kiosk.store.rows import SCAN_COLUMNS, TICKETS, scan_of, ticket_of
from kiosk.store.sqlite_file import connect, transaction

_STEPS = 100_000
READY = 1
"""`user_version` of a copy that this kiosk has made ready for use."""

_BY = f"{TICKETS} WHERE "


@dataclass(frozen=True, slots=True)
class Change:
    """One row as it now is, or with `row` None: it is gone. Values are as SQLite stores them."""

    sequence: int
    table: str
    key: object
    row: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class NewScan:
    """A scan that was not in the copy before. `ticket` is empty where its code led to none."""

    op: OpId
    ticket: TicketId
    list: ListId
    counts: bool
    """Whether it was granted, or takes back one that was."""
    reason: str


@dataclass(frozen=True, slots=True)
class Applied:
    """What a run of changes touched."""

    tables: frozenset[str] = frozenset()
    scans: tuple[NewScan, ...] = ()


class Replica:
    """An open copy: one connection reads, another writes; each serves one thread at a time.

    Raises `Damaged` for a file that is no copy of this scope, `FromNewerVersion` for one of a later form.
    """

    def __init__(self, path: Path, scope: Scope) -> None:
        self.path, self.scope = path, scope
        self._reading, self._writing = RLock(), RLock()
        self._writer = connect(path, synchronous="NORMAL")
        try:
            with told(path):
                _check(self._writer, path, scope)
                self._writer.execute("PRAGMA wal_autocheckpoint = 0")
                self._reader = connect(path, synchronous="NORMAL", readonly=True)
        except BaseException:
            self._writer.close()
            raise
        self._tables = (
            frozenset(name for (name,) in self._rows("SELECT name FROM sqlite_master")) & TABLES.keys()
        )
        self.catalog = self._read_catalog()

    def close(self) -> None:
        with self._writing, self._reading:
            self._reader.close()
            self._writer.close()

    @property
    def cursor(self) -> int:
        return int(self._rows("SELECT cursor FROM replica_meta")[0][0])

    @property
    def has_tickets(self) -> bool:
        return TICKET.name in self._tables

    def apply(self, changes: Sequence[Change], cursor: int) -> Applied:
        """Rows and cursor in one transaction. Changes that were taken before are passed over."""
        tables: set[str] = set()
        scans: list[NewScan] = []
        with self._writing, transaction(self._writer, self.path) as db:
            [known] = db.execute("SELECT cursor FROM replica_meta").fetchone()
            for change in changes:
                if change.sequence <= known or change.table not in self._tables:
                    continue
                tables.add(change.table)
                new = _write(db, TABLES[change.table], change)
                if new is not None:
                    scans.append(new)
            if cursor > known:
                db.execute("UPDATE replica_meta SET cursor = ?", (cursor,))
        if tables & CATALOG_TABLES:
            self.catalog = self._read_catalog()
        return Applied(frozenset(tables), tuple(scans))

    def drop_ended(self, before: int) -> int:
        """Takes those out of the line who ended before that time; how many."""
        live = ", ".join(f"'{state}'" for state in LIVE)
        with self._writing, transaction(self._writer, self.path) as db:
            ended = f"DELETE FROM queue_entry WHERE changed < ? AND state NOT IN ({live})"
            return db.execute(ended, (before,)).rowcount

    def checkpoint(self) -> None:
        """Moves what was written beside the file into it, without keeping readers waiting."""
        with self._writing, told(self.path):
            self._writer.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def by_digest(self, digest: bytes) -> list[Ticket]:
        return self._tickets("t.digest = ?", (digest,))

    def by_revoked(self, digest: bytes) -> list[Ticket]:
        return self._tickets("t.id = (SELECT ticket FROM revoked_code WHERE digest = ?)", (digest,))

    def by_number(self, event: str, number: int) -> Ticket | None:
        return next(iter(self._tickets("t.event = ? AND t.number = ?", (event, number))), None)

    def by_id(self, id_: str) -> Ticket | None:
        return next(iter(self._tickets("t.id = ?", (id_,))), None)

    def addons(self, main: str) -> list[Ticket]:
        return self._tickets("t.main = ?", (main,))

    def scans_of(self, ticket: TicketId) -> list[Scan]:
        rows = self._rows(f"SELECT {SCAN_COLUMNS} FROM scan WHERE ticket = ?", (ticket,))
        return list(map(scan_of, rows))

    def known(self, ops: Sequence[OpId]) -> list[OpId]:
        """Which of these scans are in this copy."""
        return [op for op in ops if self._rows("SELECT 1 FROM scan WHERE op = ?", (op,))]

    def search(self, text: str, limit: int) -> list[Ticket]:
        """Tickets whose name, e-mail or order number has words that begin so, in no order of worth."""
        with self._reading, told(self.path):
            ids = search_index.find(self._reader, text, limit)
            rows = [self._reader.execute(_BY + "t.rowid = ?", (id_,)).fetchone() for id_ in ids]
        return [ticket_of(row) for row in rows if row is not None]

    def ticket_counts(self) -> list[ticket_counts.TicketCount]:
        with self._reading, told(self.path):
            return ticket_counts.read(self._reader)

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        """Reads anything; for the line and the figures."""
        return self._rows(sql, values)

    def _tickets(self, where: str, values: Sequence[object]) -> list[Ticket]:
        return list(map(ticket_of, self._rows(_BY + where, values)))

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        with self._reading, told(self.path):
            return self._reader.execute(sql, values).fetchall()

    def _read_catalog(self) -> Catalog:
        if "event" not in self._tables:
            return Catalog()
        with self._reading, told(self.path):
            return catalog.read(self._reader)


def make_ready(path: Path, scope: Scope, stopped: Callable[[], bool]) -> None:
    """Fits a copy, fresh from the server, with what this kiosk keeps in it beside the server's records.

    Given up with `Unavailable` as soon as `stopped`.
    """
    db = connect(path, synchronous="NORMAL")
    db.set_progress_handler(stopped, _STEPS)
    try:
        with told(path):
            _check(db, path, scope, ready=False)
        with transaction(db, path):
            if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'ticket'").fetchone():
                ticket_counts.create(db)
            db.execute(f"PRAGMA user_version = {READY}")
        with told(path):
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        db.close()


def _check(db: sqlite3.Connection, path: Path, scope: Scope, *, ready: bool = True) -> None:
    try:
        rows = db.execute("SELECT scope, schema FROM replica_meta").fetchall()
    except sqlite3.OperationalError as error:
        raise Damaged.at(path, str(error)) from error
    if len(rows) != 1 or rows[0][0] != str(scope):
        raise Damaged.at(path, f"it is no copy of {scope}")
    if rows[0][1] > SCHEMA_VERSION:
        raise FromNewerVersion.at(path, rows[0][1], SCHEMA_VERSION)
    if rows[0][1] < SCHEMA_VERSION:
        raise Damaged.at(path, f"it has the older form {rows[0][1]}")
    if ready and db.execute("PRAGMA user_version").fetchone()[0] != READY:
        raise Damaged.at(path, "it was never made ready")


def _write(db: sqlite3.Connection, table: Table, change: Change) -> NewScan | None:
    """Writes one row; tells of a scan that was not here before."""
    if table is TICKET:
        _write_ticket(db, change)
        return None
    if change.row is None:
        db.execute(table.delete(), (change.key,))
        return None
    known = table is not SCAN or db.execute("SELECT 1 FROM scan WHERE op = ?", (change.key,)).fetchone()
    db.execute(table.upsert(), _values(table, change.row))
    return None if known else _new_scan(change.row)


def _new_scan(row: Mapping[str, object]) -> NewScan:
    return NewScan(
        OpId(str(row["op"])),
        TicketId(str(row.get("ticket") or "")),
        ListId(str(row.get("list") or "")),
        bool(row.get("granted") or row.get("undoes")),
        str(row.get("reason") or ""),
    )


def _write_ticket(db: sqlite3.Connection, change: Change) -> None:
    """A ticket with what is kept of it beside: its words in the search, its place in the counts."""
    search_index.drop(db, change.key)
    ticket_counts.count(db, change.key, -1)
    if change.row is None:
        db.execute(TICKET.delete(), (change.key,))
        return
    db.execute(TICKET.upsert(), _values(TICKET, change.row))
    search_index.add(db, change.key)
    ticket_counts.count(db, change.key, 1)


def _values(table: Table, row: Mapping[str, object]) -> list[object]:
    """Columns that a server of another version does not send are empty; those it has beyond are left."""
    return [row.get(name) for name in table.names]
