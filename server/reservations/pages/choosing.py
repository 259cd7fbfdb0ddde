"""What somebody chooses from: a day, a time, who does it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from fastapi import Request, Response
from sqlalchemy import Connection

from domain import clock
from domain.business_hours import instant_of
from domain.clock import DAY, Instant, shift
from domain.errors import Invalid
from domain.slots import Slot
from server.pages import look
from server.pages.language import Language
from server.pages.organizer import Organizer, organizer
from server.queues.values import Point
from server.reservations import definitions, times
from server.reservations.schemas import StaffName
from server.reservations.values import Definition, Reservation

_DAYS = 14
"""So many days with free times are offered at once."""
_PARTY = 20


@dataclass(frozen=True, slots=True)
class Day:
    name: str
    starts: Instant
    chosen: bool


@dataclass(frozen=True, slots=True)
class Time:
    """`value` is what a form sends; `words` show an offset where the clocks show the same time twice."""

    value: str
    words: str
    seats: int


@dataclass(frozen=True)
class Choice:
    """`later` is the day from which more are shown; `people` are those who can be asked for."""

    organization: Organizer
    of: Definition
    point: Point
    people: list[StaffName]
    staff: str
    days: list[Day]
    times: list[Time]
    since: str
    later: str
    held: str
    seats: int

    @property
    def parties(self) -> range:
        """How many can come together."""
        return range(1, min(self.of.settings.capacity, _PARTY) + 1)

    @property
    def day(self) -> Day | None:
        return next((day for day in self.days if day.chosen), None)


def choice(
    connection: Connection,
    of: Definition,
    now: Instant,
    speech: Language,
    *,
    day: str = "",
    since: str = "",
    staff: str = "",
    but: str = "",
    seats: int = 1,
) -> Choice:
    """What is free from a day on; where none is named, the next free day is chosen.

    `but` is a reservation or a hold that does not stand in its own way, `seats` are so many as it has.
    """
    point = times.point_of(connection, of)
    people = definitions.people(connection, of)
    staff = staff if any(person.id == staff for person in people) else ""
    first = max(now, _begin(since, point) or now)
    last = shift(first, times.LONGEST)
    found = times.free(connection, of, first, last, now, staff or None, but=(but,)) if first < last else []
    by_day: dict[str, list[Slot]] = {}
    for slot in (slot for slot in found if slot.seats >= seats):
        by_day.setdefault(clock.local_day(slot.start, point.where), []).append(slot)
    names = list(by_day)
    chosen = day if day in by_day else next(iter(names), "")
    shown = names[:_DAYS] if chosen in names[:_DAYS] or not chosen else names[names.index(chosen) :][:_DAYS]
    after = names.index(shown[-1]) + 1 if shown else len(names)
    return Choice(
        organization=organizer(connection, of.org),
        of=of,
        point=point,
        people=people,
        staff=staff,
        days=[Day(name, by_day[name][0].start, name == chosen) for name in shown],
        times=_times(by_day.get(chosen, []), point, speech),
        since=since,
        later=names[after] if after < len(names) else "",
        held=but,
        seats=seats,
    )


def show_choice(
    request: Request,
    speech: Language,
    shown: Choice,
    action: str,
    *,
    moving: Reservation | None = None,
    wrong: str = "",
    status: int = 200,
) -> Response:
    """What there is to choose from, for somebody who books, or who moves what was booked."""
    return look.show(
        request,
        "book",
        speech,
        status=status,
        organization=shown.organization,
        there=shown,
        said=shown.of.settings,
        wrong=wrong,
        action=action,
        moving=moving,
    )


def start_of(text: str) -> Instant:
    """The start that a form sends. Raises `Invalid`."""
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Invalid("this is not a time of the page: choose one", code="time_malformed")
    return shift(Instant(0), int(text))


def seats_of(text: str) -> int:
    """How many a form is for."""
    return int(text) if text.isascii() and text.isdigit() and int(text) else 1


def _begin(day: str, point: Point) -> Instant | None:
    try:
        begins = instant_of(date.fromisoformat(day), 0, point.where)
    except (ValueError, OverflowError):
        return None
    return begins if begins < clock.LAST - 400 * DAY else None


def _times(found: list[Slot], point: Point, speech: Language) -> list[Time]:
    words = {slot.start: speech.time(slot.start, point.zone) for slot in found}
    often = Counter(words.values())
    return [
        Time(
            str(slot.start),
            words[slot.start] if often[words[slot.start]] == 1 else _with_offset(slot.start, point, speech),
            slot.seats,
        )
        for slot in found
    ]


def _with_offset(at: Instant, point: Point, speech: Language) -> str:
    return f"{speech.time(at, point.zone)} (UTC{clock.local(at, point.where).isoformat()[-6:]})"
