"""Times that can be booked: what a list offers and what a booking is granted come from one engine.

A booking takes one place at its service point and, where the service asks for staff, one person; buffers
keep others away before and after. Bookings of a group at the same time with the same person are one session.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.business_hours import ALWAYS, Hours, Span, merged, openings
from domain.clock import DAY, MINUTE, Instant, local, local_day, shift
from domain.stretches import Counts, Stretch, common, cut, holds, without

ROUND = (60, 30, 20, 15, 10, 5)
"""Minutes of the hour at which a clock grid may begin."""

LONGEST = DAY
"""No service lasts longer, so that who looks so far about a time knows all that matters to it."""

REACH = 4 * DAY
"""How far about a stretch of time bookings matter: the window that it lies in begins within it."""


class Grid(StrEnum):
    """Where starts lie in a free stretch: from its beginning, on the clock, or on the clock unless that
    costs a slot."""

    WINDOW = "window"
    CLOCK = "clock"
    PACK = "pack"


class Refusal(StrEnum):
    """Why a time cannot be booked."""

    PAST = "past"
    NOTICE = "notice"
    HORIZON = "horizon"
    LENGTH = "length"
    CLOSED = "closed"
    STAFF = "staff"
    TAKEN = "taken"
    OFF_GRID = "off_grid"


@dataclass(frozen=True, slots=True)
class Service:
    """What can be booked; times in milliseconds. `staff` are those who do it, any one of them; nobody where
    it needs none. `step` 0: duration and buffers together."""

    id: str
    duration: int
    before: int = 0
    after: int = 0
    step: int = 0
    grid: Grid = Grid.WINDOW
    notice: int = 0
    horizon: int = 90 * DAY
    capacity: int = 1
    staff: tuple[str, ...] = ()

    @property
    def every(self) -> int:
        return self.step or self.before + self.duration + self.after


@dataclass(frozen=True, slots=True)
class Place:
    """A service point: `hours` None: always open; `staff_hours` of those who are not there all that time."""

    id: str
    where: ZoneInfo
    hours: Hours | None = None
    capacity: int = 1
    staff_hours: Mapping[str, Hours] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """A booking, or a hold: from `start` to `end`, with its own buffers. `shared`: others may join it."""

    service: str
    point: str
    start: Instant
    end: Instant
    staff: str | None = None
    before: int = 0
    after: int = 0
    seats: int = 1
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that is free, with the seats left and who could do it."""

    start: Instant
    end: Instant
    seats: int
    staff: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Granted:
    """The time is free; `staff` is who does it."""

    staff: str | None


def slots(
    service: Service,
    place: Place,
    taken: Iterable[Taken],
    start: Instant,
    end: Instant,
    now: Instant,
    staff: str | None = None,
) -> list[Slot]:
    """What can be booked with a start in `[start, end)`, by any of the staff or by one.

    `taken` holds all that is booked at the service point or with its staff within `REACH` of that time.
    """
    engine = _Engine(service, place, taken)
    first, last = max(start, now + service.notice), min(end - 1, now + service.horizon)
    return list(engine.offered(first, last, engine.lanes(staff))) if first <= last else []


def book(
    service: Service,
    place: Place,
    taken: Iterable[Taken],
    start: Instant,
    end: Instant,
    now: Instant,
    *,
    staff: str | None = None,
    seats: int = 1,
    anywhere: bool = False,
) -> Granted | Refusal:
    """Whether a time can be booked, and who does it: who is free and has the least to do on that day.

    `anywhere`: off the grid too, and without notice or horizon, as staff may.
    """
    if start < now:
        return Refusal.PAST
    if end - start != service.duration:
        return Refusal.LENGTH
    if not anywhere and start < now + service.notice:
        return Refusal.NOTICE
    if not anywhere and start > now + service.horizon:
        return Refusal.HORIZON
    engine = _Engine(service, place, taken)
    lanes = engine.lanes(staff)
    if not lanes:
        return Refusal.STAFF
    joined = [
        who for who in lanes if engine.seats_left(start, who) >= seats and engine.is_open(start, (who,))
    ]
    possible = {who: engine.starts(who, start, start) for who in lanes} if seats <= service.capacity else {}
    free = [who for who in possible if holds(possible[who], start) and not engine.is_session(start, who)]
    if not joined and not free:
        return Refusal.TAKEN if engine.is_open(start, lanes) else Refusal.CLOSED
    if not joined and not anywhere:
        free = [who for who in free if start in engine.grid(possible[who], start, start)]
    if not joined and not free:
        return Refusal.OFF_GRID
    return Granted(min(joined or free, key=lambda who: engine.load(who, start)))


class _Engine:
    """The sessions about a place, and what they leave free."""

    def __init__(self, service: Service, place: Place, taken: Iterable[Taken]) -> None:
        self._service, self._place = service, place
        self._known: dict[tuple[int, Instant, Instant], list[Stretch]] = {}
        sessions = _sessions(taken)
        here = [session for session in sessions if session.point == place.id]
        self._counts = Counts(map(_padded, here))
        self._full = self._blocked(self._counts.full(place.capacity))
        self._by_staff: dict[str | None, list[Taken]] = defaultdict(list)
        for session in sessions:
            self._by_staff[session.staff].append(session)
        self._own: dict[tuple[int, str | None], int] = {
            (session.start, session.staff): session.seats
            for session in here
            if session.service == service.id and session.end - session.start == service.duration
        } if service.capacity > 1 else {}  # fmt: skip

    def lanes(self, staff: str | None) -> Collection[str | None]:
        """Who could do it: one, any, or nobody in particular."""
        if not self._service.staff:
            return () if staff else (None,)
        return tuple(who for who in self._service.staff if staff in (None, who))

    def starts(self, who: str | None, first: int, last: int) -> list[Stretch]:
        """The starts that are possible for somebody, in stretches that are cut where a window opens.

        From before `first`, since a grid begins with its stretch, to `last`.
        """
        since, until = shift(Instant(first), -REACH), shift(Instant(last), 3 * DAY)
        opened, edges = self._opened(who, since, until)
        length = self._service.duration
        free = without(((a, b - length + 1) for a, b in opened if b - a >= length), self._full)
        if who is not None:
            busy = merged(map(_padded, self._by_staff[who]))
            free = without(free, self._blocked(busy))
        return list(cut(free, edges))

    def grid(self, possible: Iterable[Stretch], first: int, last: int) -> Iterator[int]:
        """Those of the starts between two times that lie on the grid."""
        every = self._service.every
        for begins, ends in possible:
            if ends <= first or begins > last:
                continue
            begin = self._first(begins, ends)
            begin += max(0, -(-(first - begin) // every)) * every
            yield from range(begin, min(ends, last + 1), every)

    def offered(self, first: int, last: int, lanes: Collection[str | None]) -> Iterator[Slot]:
        found: dict[int, list[str | None]] = defaultdict(list)
        for who in lanes:
            for start in self.grid(self.starts(who, first, last), first, last):
                if (start, who) not in self._own:
                    found[start].append(who)
        joinable: dict[int, list[str | None]] = defaultdict(list)
        for at, who in self._own:
            within = first <= at <= last and who in lanes
            if within and self.seats_left(at, who) and self.is_open(at, (who,)):
                joinable[at].append(who)
        for at in sorted(found.keys() | joinable.keys()):
            free, joined = found.get(at, []), joinable.get(at, [])
            seats = sum(self.seats_left(at, who) for who in joined) + self._new_seats(at, free)
            staff = tuple(who for who in free + joined if who is not None)
            yield Slot(Instant(at), Instant(at + self._service.duration), seats, staff)

    def seats_left(self, start: int, who: str | None) -> int:
        """In the session of that start; 0 where there is none."""
        if (start, who) not in self._own:
            return 0
        return max(0, self._service.capacity - self._own[start, who])

    def is_session(self, start: int, who: str | None) -> bool:
        return (start, who) in self._own

    def is_open(self, start: int, lanes: Collection[str | None]) -> bool:
        end = start + self._service.duration
        return any(
            a <= start and end <= b
            for who in lanes
            for a, b in self._opened(who, Instant(start), Instant(end))[0]
        )

    def load(self, who: str | None, at: Instant) -> int:
        """Milliseconds for which somebody is booked on that local day."""
        day = local_day(at, self._place.where)
        return sum(
            session.end - session.start
            for session in self._by_staff[who]
            if abs(session.start - at) <= 2 * DAY and local_day(session.start, self._place.where) == day
        )

    def _opened(self, who: str | None, since: Instant, until: Instant) -> tuple[list[Stretch], list[int]]:
        """When the place and the person are both there, and where a window of either opens."""
        windows = self._windows(self._place.hours or ALWAYS, since, until)
        own = self._place.staff_hours.get(who) if who is not None else None
        if own is None:
            return merged(windows), sorted(opens for opens, _ in windows)
        theirs = self._windows(own, since, until)
        opened = list(common(merged(windows), merged(theirs)))
        return opened, sorted(opens for opens, _ in windows + theirs)

    def _windows(self, of: Hours, since: Instant, until: Instant) -> list[Stretch]:
        """Many have the same hours, and all of them those of the place: worked out once."""
        known = id(of), since, until
        if known not in self._known:
            self._known[known] = list(openings(of, since, until, self._place.where))
        return self._known[known]

    def _blocked(self, busy: Iterable[Stretch]) -> list[Stretch]:
        """The starts with which a booking, buffers and all, would meet a time that is taken."""
        ahead = self._service.duration + self._service.after
        return merged((since - ahead + 1, until + self._service.before) for since, until in busy)

    def _first(self, begins: int, ends: int) -> int:
        """Where the grid begins in a stretch of starts."""
        if self._service.grid is Grid.WINDOW:
            return begins
        rounded = self._rounded(begins)
        if self._service.grid is Grid.PACK:
            every = self._service.every
            return begins if -(-(ends - begins) // every) > -(-(ends - rounded) // every) else rounded
        return rounded

    def _rounded(self, at: int) -> int:
        minutes, rest = divmod(self._service.every, MINUTE)
        size = next((size for size in ROUND if not rest and minutes % size == 0), ROUND[-1]) * MINUTE
        wall = local(Instant(at), self._place.where)
        past = ((wall.hour * 60 + wall.minute) * 60 + wall.second) * 1000 + at % 1000
        return at + -past % size

    def _new_seats(self, at: int, free: Sequence[str | None]) -> int:
        """Seats of sessions that could still begin then, with who is free, at the places that are left."""
        if not free:
            return 0
        since, until = at - self._service.before, at + self._service.duration + self._service.after
        left = self._place.capacity - self._counts.most(since, until)
        alone = free[0] is None and self._service.capacity > 1
        sessions = 1 if alone else left if free[0] is None else min(left, len(free))
        return sessions * self._service.capacity


def _sessions(taken: Iterable[Taken]) -> list[Taken]:
    """Bookings that share a session as one, with all their seats."""
    alone: list[Taken] = []
    shared: dict[object, list[Taken]] = defaultdict(list)
    for each in taken:
        key = each.service, each.point, each.start, each.end, each.staff
        (shared[key] if each.shared else alone).append(each)
    return alone + [_together(group) for group in shared.values()]


def _together(group: Sequence[Taken]) -> Taken:
    one = group[0]
    before, after = max(each.before for each in group), max(each.after for each in group)
    seats = sum(each.seats for each in group)
    return Taken(one.service, one.point, one.start, one.end, one.staff, before, after, seats, shared=True)


def _padded(session: Taken) -> Span:
    return Instant(session.start - session.before), Instant(session.end + session.after)
