"""Times as they are asked for and refused: free slots, local times, and why one cannot be booked."""

from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from sqlalchemy import Connection

from domain import clock
from domain.business_hours import instants_of
from domain.clock import DAY, Instant
from domain.errors import Conflict, FieldError, Invalid
from domain.slots import Granted, Refusal, Slot, Taken, book, slots
from server.db.database import Transaction
from server.db.locks import lock_all
from server.queues import store as queues
from server.queues.values import Point
from server.reservations import store
from server.reservations.schemas import SlotIn
from server.reservations.values import Definition

LONGEST = 62 * DAY


@dataclass(frozen=True, slots=True)
class Wanted:
    """A time that somebody asks for. `anywhere`: off the grid and without notice, as staff may."""

    start: Instant
    end: Instant
    staff: str | None = None
    seats: int = 1
    anywhere: bool = False


def point_of(connection: Connection, of: Definition) -> Point:
    return queues.point(connection, of.org, of.service_point)


def free(
    connection: Connection,
    of: Definition,
    start: Instant,
    end: Instant,
    now: Instant,
    staff: str | None,
    *,
    but: tuple[str, ...] = (),
) -> list[Slot]:
    """What can be booked with a start in `[start, end)`. Raises `Invalid` for a time that is too long.

    `but`: a reservation that moves does not stand in its own way.
    """
    if not start < end <= start + LONGEST:
        raise Invalid("ask for at least a moment and at most 62 days", code="range_wrong")
    if staff is not None and staff not in of.service.staff:
        _refuse(of, Refusal.STAFF)
    place = of.place(point_of(connection, of), store.working(connection, of))
    taken = store.taken(connection, of, start, end, now, but=but)
    return slots(of.service, place, taken, start, end, now, staff)


def grant(transaction: Transaction, of: Definition, wanted: Wanted, *, but: tuple[str, ...] = ()) -> Taken:
    """Decides who gets a time, one asker after the other. Raises `Conflict`, `Invalid`.

    `but`: a reservation that moves, or a hold that is used, does not stand in its own way.
    """
    service, connection, now = of.service, transaction.connection, transaction.now
    names = [f"point {of.service_point}", *(f"staff {who}" for who in service.staff)]
    lock_all(connection, (f"{of.org}/booking {name}" for name in names))
    if wanted.seats > service.capacity:
        raise Invalid(f"at most {service.capacity} can come together", code="too_many_seats")
    working = store.working(connection, of)
    if wanted.staff in service.staff and wanted.staff not in working:
        raise Conflict(
            "who was to do this does not work here any more: name somebody else, or nobody", code="staff_left"
        )
    answer = book(
        service,
        of.place(point_of(connection, of), working),
        store.taken(connection, of, wanted.start, wanted.end, now, but=but),
        wanted.start,
        wanted.end,
        now,
        staff=wanted.staff,
        seats=wanted.seats,
        anywhere=wanted.anywhere,
    )
    if not isinstance(answer, Granted):
        _refuse(of, answer)
    return Taken(
        of.id,
        of.service_point,
        wanted.start,
        wanted.end,
        answer.staff,
        service.before,
        service.after,
        wanted.seats,
        service.capacity > 1,
    )


def asked(connection: Connection, of: Definition, said: SlotIn) -> tuple[Instant, Instant]:
    """The time that a slot names. Raises `Invalid` for one that the clocks skip or show twice."""
    start = said.start
    if start is None:
        assert said.local_start is not None, "checked by the schema"
        start = _from_local(said.local_start, said.timezone or point_of(connection, of).zone)
    return start, Instant(start + of.service.duration) if said.end is None else said.end


def _from_local(text: str, zone: str) -> Instant:
    where = clock.zone(zone)
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        raise Invalid(f"{text[:10]} is not a date that exists", code="time_malformed") from None
    found = instants_of(day, int(text[11:13]) * 60 + int(text[14:]), where)
    at = f"{text[11:]} on {text[:10]}"
    if not found:
        _wrong_start(f"the clocks of {zone} skip {at}: choose an earlier or a later time", "time_skipped")
    if len(found) > 1:
        both = " or ".join(clock.local(each, where).isoformat() for each in found)
        _wrong_start(f"the clocks of {zone} show {at} twice: give start as {both}", "time_twice")
    return found[0]


def _wrong_start(words: str, code: str) -> NoReturn:
    raise Invalid(words, code=code, errors=[FieldError(("body", "slot", "localStart"), words)])


def _refuse(of: Definition, why: Refusal) -> NoReturn:
    said = of.settings
    match why:
        case Refusal.PAST:
            raise Invalid("this time has passed: choose a later one", code="slot_past")
        case Refusal.LENGTH:
            raise Invalid(
                f"this takes {said.duration_minutes} minutes: leave the end out", code="slot_length"
            )
        case Refusal.STAFF:
            raise Invalid("nobody of that id does this: choose one of the list", code="staff_unknown")
        case Refusal.NOTICE:
            notice = _long(said.notice_minutes)
            raise Conflict(f"book this at least {notice} ahead: choose a later time", code="slot_too_soon")
        case Refusal.HORIZON:
            raise Conflict(f"book this at most {said.horizon_days} days ahead", code="slot_too_far")
        case Refusal.CLOSED:
            raise Conflict("it is closed at this time: choose one of the list", code="slot_closed")
        case Refusal.OFF_GRID:
            raise Conflict("this time is not offered: choose one of the list", code="slot_not_offered")
        case Refusal.TAKEN:
            raise Conflict("this time is not free any more: choose another one", code="slot_taken")


def _long(minutes: int) -> str:
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"


def local_start(at: Instant, zone: str) -> str:
    """With its offset: `2026-10-25T02:00:00+02:00`."""
    return clock.local(at, clock.zone(zone)).isoformat()
