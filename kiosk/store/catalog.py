"""The few records that every scan needs, read once and kept in memory: events, types, lists, keys."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from domain import clock
from domain.admission import CheckInList
from domain.clock import Instant
from domain.errors import Invalid
from domain.ids import EventId, ListId, TicketTypeId
from domain.ticket import TicketType
from kiosk.store.list_settings import check_in_list

CATALOG_TABLES = frozenset({"event", "ticket_type", "check_in_list", "ticket_key"})


@dataclass(frozen=True, slots=True)
class Event:
    """An event as the door knows it. `name` is by language; `secret` makes rotating codes."""

    id: EventId
    number: int
    name: Mapping[str, str]
    starts: Instant
    ends: Instant
    zone: ZoneInfo
    state: str
    secret: bytes


@dataclass(frozen=True, slots=True)
class Catalog:
    """What one or several copies say together. Ids of types are unique within an event only."""

    events: Mapping[EventId, Event] = field(default_factory=dict)
    types: Mapping[tuple[EventId, TicketTypeId], TicketType] = field(default_factory=dict)
    type_numbers: Mapping[tuple[EventId, int], TicketTypeId] = field(default_factory=dict)
    lists: Mapping[ListId, CheckInList] = field(default_factory=dict)
    keys: Mapping[int, Ed25519PublicKey] = field(default_factory=dict)

    def joined(self, other: "Catalog") -> "Catalog":
        return Catalog(
            {**self.events, **other.events},
            {**self.types, **other.types},
            {**self.type_numbers, **other.type_numbers},
            {**self.lists, **other.lists},
            {**self.keys, **other.keys},
        )

    def event_of_number(self, number: int) -> Event | None:
        return next((event for event in self.events.values() if event.number == number), None)


def read(db: sqlite3.Connection) -> Catalog:
    events = {event.id: event for event in map(_event, db.execute("SELECT * FROM event"))}
    types, numbers = {}, {}
    for id_, event, number, name, colour, rotating in db.execute("SELECT * FROM ticket_type"):
        types[event, id_] = TicketType(id_, name or "", colour or "", bool(rotating))
        numbers[event, number] = id_
    lists = {
        id_: check_in_list(id_, event, name, settings, events.get(event))
        for id_, event, name, settings in db.execute("SELECT * FROM check_in_list")
    }
    return Catalog(events, types, numbers, lists, _keys(db))


def _event(row: tuple[Any, ...]) -> Event:
    id_, number, name, starts, ends, zone, state, secret = row
    return Event(
        id_,
        number,
        _texts(name),
        Instant(starts or 0),
        Instant(ends or 0),
        _zone(zone),
        state or "",
        secret or b"",
    )


def _keys(db: sqlite3.Connection) -> dict[int, Ed25519PublicKey]:
    """A key that is not one verifies nothing, and spoils no other."""
    keys = {}
    for number, public in db.execute("SELECT number, public FROM ticket_key"):
        if isinstance(public, bytes) and len(public) == 32:
            keys[number] = Ed25519PublicKey.from_public_bytes(public)
    return keys


def _texts(value: str | None) -> Mapping[str, str]:
    """A name by language; one that is written plainly serves every language."""
    try:
        read = orjson.loads(value or "{}")
    except orjson.JSONDecodeError:
        read = value
    return {str(k): str(v) for k, v in read.items()} if isinstance(read, dict) else {"": str(read)}


def _zone(name: str | None) -> ZoneInfo:
    try:
        return clock.zone(name or "UTC")
    except Invalid:
        return clock.zone("UTC")
