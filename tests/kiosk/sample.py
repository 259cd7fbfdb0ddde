"""A sample organisation as rows of the replica's tables, with the key that signs its ticket codes."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain import ticket_code
from domain.clock import HOUR, Instant
from domain.replica import (
    EVENT_TABLES,
    META,
    SCHEMA_VERSION,
    SEARCH,
    SEARCH_FILL,
    SERVICE_POINT_TABLES,
    TABLES,
)
from domain.sync import Scope
from domain.ticket_code import TicketCode
from kiosk.store.copies import Copies

NOON = Instant(1_778_414_400_000)
"""2026-05-10T12:00:00Z."""

EVENT = Scope("event", "spring")
DESK = Scope("servicePoint", "desk")
LIST = "main-door"

Row = dict[str, object]


@dataclass
class Sample:
    """Rows by table and key. Ticket `t7` has number 7 and, if not told otherwise, the signed `code(7)`."""

    tables: dict[str, dict[object, Row]] = field(default_factory=dict)
    key: Ed25519PrivateKey = field(
        default_factory=lambda: Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    )

    def put(self, table: str, **row: object) -> Row:
        whole = {name: row.get(name) for name in TABLES[table].names}
        self.tables.setdefault(table, {})[whole[TABLES[table].key]] = whole
        return whole

    def code(self, number: int, *, event: int = 1, generation: int = 0, type_: int = 1) -> str:
        return ticket_code.encode(TicketCode(1, event, number, type_, generation), self.key.sign)

    def ticket(self, number: int, *, code: str | None = None, **more: object) -> Row:
        usual: Row = {
            "id": f"t{number}",
            "event": EVENT.id,
            "type": "standard",
            "number": number,
            "generation": 0,
            "digest": ticket_code.digest(self.code(number) if code is None else code),
            "state": "valid",
            "name": f"Guest{number} Example",
            "order_number": f"ORD{number:05}",
            "email": f"guest{number}@example.org",
            "seat": "",
            "session": "",
            "note": "",
            "attention": 0,
            "perks": "[]",
            "redeemed": "[]",
            "due": 0,
            "currency": "EUR",
        }
        return self.put("ticket", **{**usual, **more})

    def check_in_list(self, id_: str = LIST, **settings: object) -> Row:
        name = id_.replace("-", " ").title()
        return self.put(
            "check_in_list", id=id_, event=EVENT.id, name=name, settings=orjson.dumps(settings).decode()
        )

    def session(self, id_: str, starts: int, ends: int) -> Row:
        return self.put("event_session", id=id_, event=EVENT.id, starts=starts, ends=ends)

    def scan(self, op: str, ticket: str, at: int, **more: object) -> Row:
        usual: Row = {
            "op": op,
            "at": at,
            "ticket": ticket,
            "event": EVENT.id,
            "list": LIST,
            "direction": "entry",
            "granted": 1,
            "reason": "",
            "gate": "",
            "device": "other-door",
            "forced": 0,
            "undoes": None,
            "mark": "",
        }
        return self.put("scan", **{**usual, **more})


def sample_event(tickets: int = 20) -> Sample:
    """An event with two types, of which `backstage` asks for rotating codes, one list, and tickets."""
    sample = Sample()
    sample.put(
        "event",
        id=EVENT.id,
        number=1,
        name='{"en": "Spring Fair", "de": "Frühlingsfest"}',
        starts=NOON - 2 * HOUR,
        ends=NOON + 8 * HOUR,
        zone="Europe/Berlin",
        state="published",
        rotating_secret=b"r" * 32,
    )
    for number, (id_, name, rotating) in enumerate(
        [("standard", "Standard", 0), ("backstage", "Backstage", 1)], start=1
    ):
        sample.put(
            "ticket_type",
            id=id_,
            event=EVENT.id,
            number=number,
            name=name,
            colour="#3b6fd8",
            rotating=rotating,
        )
    sample.put("ticket_key", number=1, public=sample.key.public_key().public_bytes_raw())
    sample.check_in_list()
    for number in range(1, tickets + 1):
        sample.ticket(number)
    return sample


def sample_desk(sample: Sample | None = None) -> Sample:
    """A service point with two counters and the categories A and B."""
    sample = sample or Sample()
    settings: Mapping[str, object] = {
        "categories": [
            {"id": "general", "letter": "A", "name": {"en": "General"}},
            {"id": "repair", "letter": "B", "name": {"en": "Repair"}},
        ],
        "graceSeconds": 180,
        "serviceSeconds": 600,
    }
    sample.put(
        "service_point",
        id=DESK.id,
        name="Front desk",
        zone="Europe/Berlin",
        settings=orjson.dumps(settings).decode(),
        turn=0,
    )
    for number in (1, 2):
        sample.put(
            "counter",
            id=f"c{number}",
            service_point=DESK.id,
            name=f"Counter {number}",
            state="open",
            staff="",
        )
    return sample


def write_copy(path: Path, scope: Scope, tables: Mapping[str, Mapping[object, Row]], cursor: int = 0) -> Path:
    """A copy of one scope as the server makes it."""
    path.unlink(missing_ok=True)
    db = sqlite3.connect(path)
    for table in EVENT_TABLES if scope.kind == "event" else SERVICE_POINT_TABLES:
        db.execute(table.create())
        for index in table.create_indexes():
            db.execute(index)
        db.executemany(table.upsert(), [tuple(row.values()) for row in tables.get(table.name, {}).values()])
    if scope.kind == "event":
        db.execute(SEARCH)
        db.execute(SEARCH_FILL)
    db.execute(META)
    db.execute("INSERT INTO replica_meta VALUES (?, ?, ?)", (str(scope), cursor, SCHEMA_VERSION))
    db.commit()
    db.close()
    return path


def adopt(copies: Copies, scope: Scope, sample: Sample, cursor: int = 0) -> None:
    """Gives the kiosk a copy without a server."""
    unpacked = copies.shelf.unpacked(scope)
    copies.adopt(scope, write_copy(unpacked, scope, sample.tables, cursor))
