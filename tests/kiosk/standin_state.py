"""What the stand-in server knows: rows by table, a log of changes, its devices."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import RLock
from typing import Any

from cryptography.exceptions import InvalidSignature

from domain import rotating_code
from domain.admission import Scan
from domain.clock import Instant
from domain.ids import DeviceId, ListId
from domain.replica import EVENT_TABLES, TABLES
from domain.sync import Scope
from domain.ticket import Ticket
from domain.ticket_code import TicketCode
from kiosk.desk.machine import system_clock
from kiosk.store import catalog, rows
from kiosk.store.catalog import Catalog
from tests.kiosk.sample import DESK, EVENT, Row, Sample

_OF_EVENT = {table.name for table in EVENT_TABLES}


@dataclass(frozen=True)
class Changed:
    seq: int
    scope: Scope
    table: str
    key: object


@dataclass
class Device:
    id: DeviceId
    token: str
    mode: str = "door"
    scopes: tuple[Scope, ...] = (EVENT,)
    lists: tuple[ListId, ...] = ()
    gate: str = ""
    revoked: bool = False
    sells: bool = False


class Tickets:
    """Fits `domain.lookup.Tickets` over rows in memory."""

    def __init__(self, tables: Mapping[str, Mapping[object, Row]], known: Catalog) -> None:
        self._rows = list(tables.get("ticket", {}).values())
        self._sessions = tables.get("event_session", {})
        self._revoked = tables.get("revoked_code", {})
        self._catalog = known

    def by_digest(self, digest: bytes) -> list[Ticket]:
        return [self._ticket(row) for row in self._rows if row["digest"] == digest]

    def by_revoked(self, digest: bytes) -> list[Ticket]:
        gone = self._revoked.get(digest)
        return [self._ticket(row) for row in self._rows if gone and row["id"] == gone["ticket"]]

    def by_number(self, event: int, number: int) -> Ticket | None:
        known = self._catalog.event_of_number(event)
        found = [r for r in self._rows if known and r["event"] == known.id and r["number"] == number]
        return self._ticket(found[0]) if found else None

    def by_id(self, id_: str) -> Ticket | None:
        return next((self._ticket(row) for row in self._rows if row["id"] == id_), None)

    def unseen(self, _code: TicketCode) -> None:
        return None

    def addons(self, ticket: Ticket) -> list[Ticket]:
        return [self._ticket(row) for row in self._rows if row["main"] == ticket.id]

    def rotating_secret(self, ticket: Ticket) -> bytes | None:
        type_ = self._catalog.types.get((ticket.event, ticket.type))
        if type_ is None or not type_.rotating:
            return None
        secret = self._catalog.events[ticket.event].secret
        return rotating_code.secret(secret, ticket.number, ticket.generation)

    def verify(self, key: int, message: bytes, signature: bytes) -> bool | None:
        if key not in self._catalog.keys:
            return None
        try:
            self._catalog.keys[key].verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def _ticket(self, row: Row) -> Ticket:
        session = self._sessions.get(row["session"], {})
        own = [row[name.strip()] for name in rows.TICKET_COLUMNS.split(",")]
        return rows.ticket_of([*own, session.get("starts"), session.get("ends")])


@dataclass
class ServerState:
    """Everything that outlives a stop of the server."""

    tables: dict[str, dict[object, Row]]
    log: list[Changed] = field(default_factory=list)
    devices: dict[str, Device] = field(default_factory=dict)
    pairing: dict[str, Device] = field(default_factory=dict)
    answers: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    received: list[str] = field(default_factory=list)
    requests: dict[str, dict[str, Any]] = field(default_factory=dict)
    photos: list[str] = field(default_factory=list)
    floor: int = 0
    now: Callable[[], Instant] = system_clock
    issued: int = 0
    lock: RLock = field(default_factory=RLock)

    @classmethod
    def of(cls, *samples: Sample) -> "ServerState":
        tables: dict[str, dict[object, Row]] = {}
        for sample in samples:
            for name, each in sample.tables.items():
                tables.setdefault(name, {}).update({key: dict(row) for key, row in each.items()})
        return cls(tables)

    @property
    def head(self) -> int:
        return self.log[-1].seq if self.log else self.floor

    def add_device(self, token: str, **more: Any) -> Device:
        device = Device(DeviceId(f"device-{token}"), token, **more)
        self.devices[token] = device
        return device

    def rows(self, table: str) -> list[Row]:
        return list(self.tables.get(table, {}).values())

    def put(self, table: str, **row: object) -> None:
        """Writes a row whole, or changes the named columns of one that is there."""
        with self.lock:
            key = row[TABLES[table].key]
            known = self.tables.setdefault(table, {}).get(key)
            whole = known or dict.fromkeys(TABLES[table].names)
            self.tables[table][key] = {**whole, **row}
            self._log(table, key)

    def drop(self, table: str, key: object) -> None:
        with self.lock:
            self.tables[table].pop(key, None)
            self._log(table, key)

    def catalog(self) -> Catalog:
        db = sqlite3.connect(":memory:")
        for table in EVENT_TABLES[:4]:
            db.execute(table.create())
            db.executemany(table.upsert(), [tuple(row.values()) for row in self.rows(table.name)])
        known = catalog.read(db)
        db.close()
        return known

    def scans(self, tickets: Sequence[Ticket]) -> list[Scan]:
        ids = {ticket.id for ticket in tickets}
        columns = rows.SCAN_COLUMNS.split(", ")
        own = [row for row in self.rows("scan") if row["ticket"] in ids]
        return [rows.scan_of([row[name] for name in columns]) for row in own]

    def _log(self, table: str, key: object) -> None:
        scope = EVENT if table in _OF_EVENT else DESK
        self.log.append(Changed(self.head + 1, scope, table, key))


def shown_to(device: Device, table: str, row: Row) -> Row:
    """A row as a device may have it: where anybody may look, nobody's name but one that is to be called."""
    if table != "queue_entry" or device.mode not in ("welcome", "display"):
        return row
    return {**row, "name": row["name"] if row["call_by_name"] else "", "note": ""}
