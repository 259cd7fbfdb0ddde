"""Bookings, what can be booked and free times as JSON, as the desk sees them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain import clock
from domain.clock import Instant
from domain.ids import EntryId, ServicePointId
from domain.reservation import State


@dataclass(frozen=True, slots=True)
class BookingSeen:
    """A booking. `entry` and `place` are its entry in the line and the number there, once the person is here.

    `service` is the id of what was booked.
    """

    id: str
    number: str
    point: ServicePointId
    service: str
    starts: Instant
    state: State
    name: str = ""
    phone: str = ""
    notes: str = ""
    seats: int = 1
    entry: EntryId | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Bookable:
    """Something that can be booked at a service point. `name` is a text by language, `minutes` its length."""

    id: str
    point: ServicePointId
    name: Mapping[str, str]
    minutes: int


@dataclass(frozen=True, slots=True)
class FreeTime:
    starts: Instant
    seats: int


def booking(read: Mapping[str, Any]) -> BookingSeen:
    """Raises `ValueError`, `KeyError` or `TypeError` for an answer that is not one."""
    customer = read["customer"]
    return BookingSeen(
        id=str(read["id"]),
        number=str(read["reservationNumber"]),
        point=ServicePointId(str(read["servicePoint"])),
        service=str(read["definitionId"]),
        starts=clock.parse(read["slot"]["start"]),
        state=State(read["state"]),
        name=str(customer.get("name") or ""),
        phone=str(customer.get("phone") or ""),
        notes=str(read.get("notes") or ""),
        seats=int(read.get("seats") or 1),
        entry=EntryId(str(read["queueEntry"])) if read.get("queueEntry") else None,
        place=str(read.get("queueNumber") or ""),
    )


def bookings(read: Mapping[str, Any]) -> tuple[BookingSeen, ...]:
    return tuple(map(booking, read["items"]))


def services(read: Mapping[str, Any]) -> tuple[Bookable, ...]:
    return tuple(map(_service, read["items"]))


def times(read: Mapping[str, Any]) -> tuple[FreeTime, ...]:
    return tuple(FreeTime(clock.parse(each["start"]), int(each["seatsLeft"])) for each in read["slots"])


def _service(read: Mapping[str, Any]) -> Bookable:
    return Bookable(
        id=str(read["id"]),
        point=ServicePointId(str(read["servicePoint"])),
        name=dict(read["name"]),
        minutes=int(read["durationMinutes"]),
    )
