"""Opening hours: windows of local time on each weekday, in a zone whose clocks may change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.clock import Instant, local, shift

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_DAY = 1440
_LONGEST = 8


@dataclass(frozen=True, slots=True)
class Window:
    """From `opens` to before `closes`, minutes of the local day (0 to 1440).

    One that closes no later than it opens ends on the next day.
    """

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Hours:
    """The windows of each weekday, Monday first; a day without any is closed."""

    days: tuple[tuple[Window, ...], ...]


def hours(week: Mapping[str, object]) -> Hours:
    """Opening hours from `{"mon": [{"opens": "09:00", "closes": "17:00"}]}`; `24:00` ends a day."""
    return Hours(tuple(tuple(_windows(week.get(name))) for name in WEEKDAYS))


def open_window(hours: Hours, at: Instant, where: ZoneInfo) -> tuple[Instant, Instant] | None:
    """The time `[from, to)` without a break for which it is open at an instant; None while it is closed.

    A week without any break ends after eight days.
    """
    found = _containing(hours, at, where)
    for _ in range(_LONGEST):
        following = _containing(hours, found[1], where) if found else None
        if found is None or following is None:
            break
        found = found[0], following[1]
    return found


def next_opening(hours: Hours, at: Instant, where: ZoneInfo) -> Instant | None:
    """The first instant after `at` at which a window opens, within the next eight days."""
    today = local(at, where).date()
    days = (today + timedelta(days=ahead) for ahead in range(_LONGEST + 1))
    return min((start for day in days for start, _ in _on(hours, day, where) if start > at), default=None)


def next_midnight(at: Instant, where: ZoneInfo) -> Instant:
    """When the next local day begins, also where the clocks skip midnight."""
    return instant_of(local(at, where).date() + timedelta(days=1), 0, where)


def instant_of(day: date, minute: int, where: ZoneInfo) -> Instant:
    """A minute of a local day as an instant; one that the clocks skip comes when they have skipped it."""
    days, left = divmod(minute, _DAY)
    moment = datetime.combine(day + timedelta(days=days), time(left // 60, left % 60), where)
    return shift(Instant(0), int(moment.timestamp()) * 1000)


def _windows(value: object) -> Iterator[Window]:
    for window in value if isinstance(value, list) else []:
        yield Window(_minute(window["opens"]), _minute(window["closes"]))


def _minute(text: str) -> int:
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute)


def _containing(hours: Hours, at: Instant, where: ZoneInfo) -> tuple[Instant, Instant] | None:
    today = local(at, where).date()
    for day in (today, today - timedelta(days=1)):
        for start, end in _on(hours, day, where):
            if start <= at < end:
                return start, end
    return None


def _on(hours: Hours, day: date, where: ZoneInfo) -> Iterator[tuple[Instant, Instant]]:
    for window in hours.days[day.weekday()]:
        over = _DAY if window.closes <= window.opens else 0
        yield instant_of(day, window.opens, where), instant_of(day, window.closes + over, where)
