"""Opening hours: windows of local time on weekdays and special days, in a zone whose clocks may change.

An instant is open when the clock on the wall then shows a time within a window. So a window that the clocks
skip is left out, and one that they show twice is open twice. Slots, deadlines and forecasts all ask here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TypeVar
from zoneinfo import ZoneInfo

from domain.clock import DAY, LAST, MINUTE, Instant, local, shift
from domain.errors import Invalid

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

T = TypeVar("T", bound=int)
Span = tuple[Instant, Instant]
"""The time from an instant to before another."""

_DAY = DAY // MINUTE
_EPOCH = date(1970, 1, 1)
_EPOCH_WEEKDAY = _EPOCH.weekday()
_MONDAY = _EPOCH + timedelta(days=-_EPOCH_WEEKDAY % 7)
_NEAR = (2 * DAY, 8 * DAY)
_AHEAD = (8 * DAY, 60 * DAY, 400 * DAY)
_FARTHEST = 3660 * DAY


@dataclass(frozen=True, slots=True)
class Window:
    """From `opens` to before `closes`, minutes of the local day (0 to 1440).

    One that closes no later than it opens ends on the next day.
    """

    opens: int
    closes: int

    @property
    def end(self) -> int:
        """The minute at which it closes, counted from the day on which it opens."""
        return self.closes + (_DAY if self.closes <= self.opens else 0)

    def __str__(self) -> str:
        return "–".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (self.opens, self.closes))


@dataclass(frozen=True, slots=True)
class Hours:
    """The windows of each weekday, Monday first, and of special days instead; a day without any is closed.

    A window belongs to the day on which it opens, also where it lasts into a special day.
    """

    days: tuple[tuple[Window, ...], ...]
    special: Mapping[date, tuple[Window, ...]] = field(default_factory=dict)

    def on(self, day: date) -> tuple[Window, ...]:
        """The windows that open on a day."""
        return self.special.get(day, self.days[day.weekday()])


ALWAYS = Hours(((Window(0, _DAY),),) * 7)


def hours(week: Mapping[str, object] | None, special: Mapping[str, object] | None = None) -> Hours:
    """Opening hours from `{"mon": [{"opens": "09:00", "closes": "17:00"}]}`; `24:00` ends a day.

    `special` gives dates windows of their own, such as `{"2026-12-25": []}`. Without a week every other
    day is open throughout.
    """
    days = ALWAYS.days if week is None else tuple(tuple(_windows(week.get(name))) for name in WEEKDAYS)
    return Hours(days, {date.fromisoformat(day): tuple(_windows(of)) for day, of in (special or {}).items()})


def check(of: Hours, today: date = date.min) -> None:
    """Raises `Invalid` for hours that from today on never open, or whose windows overlap."""
    if not any(of.days) and not any(windows for day, windows in of.special.items() if day >= today):
        raise Invalid(
            "these hours never open: give at least one day that is still to come a window",
            code="hours_never_open",
        )
    for window in (window for windows in (*of.days, *of.special.values()) for window in windows):
        if window.opens >= _DAY:
            raise Invalid("no day opens at 24:00: write 00:00 on the next day", code="hours_malformed")
    week = [(WEEKDAYS[n % 7], of.days[n % 7]) for n in range(8)]
    for days in (week, *_around_special(of)):
        _check_overlap(days)


def fit(of: Sequence[Hours], minutes: int, today: date) -> bool:
    """Whether all are open together for so many minutes at a time, in a usual week or around a special day
    from today on."""
    usual = [Hours(each.days) for each in of]
    ahead = sorted({day for each in of for day in each.special if day >= today})
    special = [(of, max(_wall(day) - DAY, _wall(today)), 4) for day in ahead]
    weeks = [(usual, _wall(_MONDAY), 9), *special]
    return any(_together(hours, start, start + days * DAY, minutes * MINUTE) for hours, start, days in weeks)


def open_intervals(hours: Hours, start: Instant, end: Instant, where: ZoneInfo) -> list[Span]:
    """When it is open in `[start, end)`, in order; windows that touch are one."""
    return merged(openings(hours, start, end, where))


def openings(hours: Hours, start: Instant, end: Instant, where: ZoneInfo) -> Iterator[Span]:
    """Each window in `[start, end)` by itself, also where the next one touches it."""
    parts = list(by_offset(start, end, where))
    earliest = min((since + offset for since, _, offset in parts), default=0)
    latest = max((until + offset for _, until, offset in parts), default=0)
    for opens, closes in _on_the_wall(hours, earliest, latest):
        yield from merged(
            (Instant(max(since, opens - offset)), Instant(min(until, closes - offset)))
            for since, until, offset in parts
            if opens - offset < until and closes - offset > since
        )


def is_open(hours: Hours, at: Instant, where: ZoneInfo) -> bool:
    """Whether it is open at an instant."""
    return bool(open_intervals(hours, at, Instant(at + 1), where))


def open_window(hours: Hours, at: Instant, where: ZoneInfo) -> Span | None:
    """The time `[from, to)` without a break for which it is open at an instant; None while it is closed.

    Looks eight days back and ahead: hours without any break end there.
    """
    found = None
    for reach in _NEAR:
        since, until = shift(at, -reach), shift(at, reach)
        around = open_intervals(hours, since, until, where)
        found = next((span for span in around if span[0] <= at < span[1]), None)
        if found is None or (since < found[0] and found[1] < until):
            break
    return found


def next_opening(hours: Hours, at: Instant, where: ZoneInfo) -> Instant | None:
    """The first instant after `at` at which it opens; None where it does not within a good year."""
    for reach in _AHEAD:
        ahead = open_intervals(hours, at, shift(at, reach), where)
        opening = next((start for start, _ in ahead if start > at), None)
        if opening is not None:
            return opening
    return None


def next_closing(hours: Hours, at: Instant, where: ZoneInfo) -> Instant | None:
    """The first instant after `at` at which it closes; None where it stays open for eight days."""
    opening = at if is_open(hours, at, where) else next_opening(hours, at, where)
    window = None if opening is None else open_window(hours, opening, where)
    return window[1] if window and not is_open(hours, window[1], where) else None


def business_time(hours: Hours, start: Instant, end: Instant, where: ZoneInfo) -> int:
    """Milliseconds of `[start, end)` for which it is open."""
    return sum(until - since for since, until in open_intervals(hours, start, end, where))


def after_business_time(hours: Hours, start: Instant, much: int, where: ZoneInfo) -> Instant | None:
    """The first instant by which it was open for so many milliseconds; None where ten years are too short."""
    since, left, reach = start, much, 8 * DAY
    while left > 0 and since < min(start + _FARTHEST, LAST):
        until = shift(since, reach)
        for opens, closes in open_intervals(hours, since, until, where):
            if closes - opens >= left:
                return Instant(opens + left)
            left -= closes - opens
        since, reach = until, reach * 2
    return start if much <= 0 else None


def merged(spans: Iterable[tuple[T, T]]) -> list[tuple[T, T]]:
    """The same time in order, with what overlaps or touches made one."""
    found: list[tuple[T, T]] = []
    for since, until in sorted(spans):
        if found and since <= found[-1][1]:
            found[-1] = found[-1][0], max(until, found[-1][1])
        else:
            found.append((since, until))
    return found


def next_midnight(at: Instant, where: ZoneInfo) -> Instant:
    """When the next local day begins, also where the clocks skip midnight."""
    return instant_of(local(at, where).date() + timedelta(days=1), 0, where)


def instant_of(day: date, minute: int, where: ZoneInfo) -> Instant:
    """A minute of a local day as an instant; one that the clocks skip comes when they have skipped it."""
    days, left = divmod(minute, _DAY)
    moment = datetime.combine(day + timedelta(days=days), time(left // 60, left % 60), where)
    return shift(Instant(0), int(moment.timestamp()) * 1000)


def instants_of(day: date, minute: int, where: ZoneInfo) -> tuple[Instant, ...]:
    """Every instant at which the clocks show a minute of a local day: none, one or two."""
    wall = _wall(day) + minute * MINUTE
    stretches = by_offset(shift(Instant(0), wall - 2 * DAY), shift(Instant(0), wall + 2 * DAY), where)
    return tuple(
        Instant(wall - offset) for since, until, offset in stretches if since <= wall - offset < until
    )


def by_offset(start: Instant, end: Instant, where: ZoneInfo) -> Iterator[tuple[Instant, Instant, int]]:
    """The time between two instants, cut where the clocks change; each part with its offset from UTC."""
    since, offset = start, _offset(start, where)
    at = start
    while at < end:
        following = Instant(min(at + DAY, end))
        if _offset(following, where) == offset:
            at = following
            continue
        at = _change(at, following, offset, where)
        yield since, at, offset
        since, offset = at, _offset(at, where)
    if since < end:
        yield since, end, offset


def _windows(value: object) -> Iterator[Window]:
    for window in value if isinstance(value, list) else []:
        yield Window(_minute(window["opens"]), _minute(window["closes"]))


def _minute(text: str) -> int:
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute)


def _wall(day: date) -> int:
    """What the clock on the wall shows at the begin of a day: milliseconds as if the zone were UTC."""
    return (day - _EPOCH).days * DAY


def _on_the_wall(hours: Hours, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The windows that meet a stretch of wall-clock time, as wall-clock time."""
    for number in range(start // DAY - 1, -(-end // DAY)):
        if hours.special:
            windows = hours.on(_EPOCH + timedelta(days=number))
        else:
            windows = hours.days[(number + _EPOCH_WEEKDAY) % 7]
        for window in windows:
            opens, closes = number * DAY + window.opens * MINUTE, number * DAY + window.end * MINUTE
            if opens < end and closes > start:
                yield opens, closes


def _together(of: Iterable[Hours], start: int, end: int, much: int) -> bool:
    """Whether all are open together for so many milliseconds of a stretch of wall-clock time."""
    found = [(start, end)]
    for hours in of:
        there = merged(_on_the_wall(hours, start, end))
        both = ((max(a, c), min(b, d)) for a, b in found for c, d in there)
        found = [(since, until) for since, until in both if since < until]
    return any(until - since >= much for since, until in found)


def _change(before: Instant, after: Instant, offset: int, where: ZoneInfo) -> Instant:
    """The instant between two at which the clocks leave an offset."""
    while after - before > 1:
        middle = Instant((before + after) // 2)
        before, after = (middle, after) if _offset(middle, where) == offset else (before, middle)
    return after


def _offset(at: Instant, where: ZoneInfo) -> int:
    offset = local(at, where).utcoffset()
    assert offset is not None, "a zone knows its offset"
    return offset // timedelta(milliseconds=1)


def _around_special(of: Hours) -> Iterator[list[tuple[str, tuple[Window, ...]]]]:
    """Each special day between its neighbours."""
    for day in of.special:
        days = (day + timedelta(days=by) for by in (-1, 0, 1))
        yield [(each.isoformat(), of.on(each)) for each in days]


def _check_overlap(days: Iterable[tuple[str, tuple[Window, ...]]]) -> None:
    placed = sorted(
        (
            (n * _DAY + window.opens, n * _DAY + window.end, f"{name} {window}")
            for n, (name, windows) in enumerate(days)
            for window in windows
        )
    )
    for (_, end, first), (start, _, second) in pairwise(placed):
        if start < end:
            raise Invalid(
                f"{first} and {second} overlap: let one end where the next begins", code="hours_overlap"
            )
