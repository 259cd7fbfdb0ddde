"""When each counter is open: as somebody planned it, or as the days that are known tell."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from domain.business_hours import Hours, Span, hours, open_intervals
from domain.clock import HOUR, Instant, shift

_BACK, _AHEAD = 8 * HOUR, 16 * HOUR
_SLOT = 5
_DAY = 1440
_DAYS = 3
_THERE = 0.4
_LINGERS, _SHORTEST_BREAK = 2, 15


@dataclass(frozen=True, slots=True)
class Stay:
    """On a local day somebody waited from one minute of it, and kept a counter from the next to the last."""

    day: int
    counter: str
    waited: int
    called: int
    ended: int


def plans(text: str) -> dict[str, Hours]:
    """The hours planned for counters: `{"counter": {"mon": [{"opens": "09:00", "closes": "12:00"}]}}`."""
    return {counter: hours(week) for counter, week in json.loads(text or "{}").items()}


def planned(text: str, at: Instant, where: ZoneInfo) -> dict[str, tuple[Span, ...]]:
    """The planned shifts of each counter that has a plan, some hours back and ahead."""
    return _planned(text, at // HOUR, where) if text else {}


@lru_cache(maxsize=512)
def _planned(text: str, hour: int, where: ZoneInfo) -> dict[str, tuple[Span, ...]]:
    since, until = (shift(Instant(hour * HOUR), by) for by in (-_BACK, _AHEAD))
    try:
        of = plans(text)
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}  # of a form that this version cannot read
    return {counter: tuple(open_intervals(week, since, until, where)) for counter, week in of.items()}


def usual(stays: Iterable[Stay]) -> dict[str, tuple[tuple[int, int], ...]]:
    """The shifts that each counter keeps, in minutes of the local day, as far as three days or more tell.

    A counter that serves nobody while people wait is not open.
    """
    known = list(stays)
    waiting = _waiting(known)
    counters: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for stay in known:
        counters[stay.counter][stay.day].update(_slots(stay.called, stay.ended + _LINGERS))
    found = {name: tuple(_shifts(days, waiting)) for name, days in counters.items() if len(days) >= _DAYS}
    return {name: shifts for name, shifts in found.items() if shifts}


def _waiting(stays: Sequence[Stay]) -> dict[int, set[int]]:
    """The slots of each day in which somebody waited."""
    found: dict[int, set[int]] = defaultdict(set)
    for stay in stays:
        found[stay.day].update(_slots(stay.waited, stay.called))
    return found


def _shifts(days: dict[int, set[int]], waiting: dict[int, set[int]]) -> Iterator[tuple[int, int]]:
    begin: int | None = None
    last = -1
    for slot in range(_DAY // _SLOT):
        there = sum(slot in active for active in days.values())
        asked = sum(slot in active or slot in waiting[day] for day, active in days.items())
        on = there >= max(1, _THERE * asked) if asked >= _DAYS else begin is not None
        if on and begin is not None and (slot - last - 1) * _SLOT >= _SHORTEST_BREAK:
            yield begin * _SLOT, (last + 1) * _SLOT
            begin = slot
        if on:
            begin = slot if begin is None else begin
            last = slot
    if begin is not None:
        yield begin * _SLOT, _last(days) * _SLOT


def _last(days: dict[int, set[int]]) -> int:
    """The end of the usual day: when half of the days were over."""
    ends = sorted(max(active) for active in days.values())
    return ends[len(ends) // 2] + 1


def _slots(since: int, until: int) -> range:
    return range(max(0, since // _SLOT), min(_DAY, until) // _SLOT + 1)
