"""A line played through a few hundred times at once: when is each who waits called?

Whoever is next goes to the counter that is free first and keeps it as long as people of that category did;
some do not come, some leave before they are called, and others who come later go ahead of them by the quota.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from domain.clock import HOUR, MINUTE
from domain.forecast_situation import Desk, Situation
from domain.forecast_spans import PLAYS, Floats, Ints, Spans, draws, spans_of
from domain.ids import EntryId
from domain.queue import Entry, State, call_order
from domain.wait_history import LEEWAY, QUANTILES

LONGEST_LINE = 60
"""Places that are played; what is behind them goes on as they do."""

_MOST_OVERTAKERS = 40
_NEVER = float(10_000 * HOUR)
_RETURNS, _LATE, _BOOKING_SPREAD = 12 * MINUTE, 1 * MINUTE, 5 * MINUTE
_BOOKED_COME = 0.85
_LONGEST = 12 * HOUR

Triple = tuple[int, int, int]
"""Milliseconds that half, 80 % and 90 % of the waits stay below."""

Closings = Sequence[tuple[Floats, Floats]]
"""When each counter closes and opens again, its first closing first."""


def quantiles(now: Situation, order: Sequence[Entry]) -> list[tuple[Triple, Triple]]:
    """Of the calls of the whole order, as they are told, and before the correction that earlier waits
    taught; past the longest line that is played, as it goes on."""
    played, history, places = calls(now, order), now.history, len(order)
    model = np.quantile(played, QUANTILES, axis=1)
    most, half = len(played), len(played) // 2
    if places > most:
        step = (model[:, -1:] - model[:, half : half + 1]) / (most - 1 - half)
        model = np.hstack((model, model[:, -1:] + step * np.arange(1, places - most + 1)))
    model = np.minimum(model, _LONGEST)
    told = (model + LEEWAY) * np.array(history.correction)[:, None] - LEEWAY
    told = np.maximum.accumulate(np.clip(told, 0, _LONGEST), axis=0)
    return list(zip(_whole(told), _whole(model), strict=True))


def _whole(rows: Floats) -> list[Triple]:
    return [(p50, p80, p90) for p50, p80, p90 in rows.round().astype(int).T.tolist()]


def calls(now: Situation, order: Sequence[Entry]) -> Floats:
    """When each of the order is called, in milliseconds from now, a row each and a column for each play."""
    people = order[:LONGEST_LINE]
    spans = spans_of(now.history, now.rules.service, now.hour)
    free, closings = _seats(now, spans)
    kept = spans.drawn(np.array([spans.table(entry.category) for entry in people]), np.arange(len(people)))
    leaves = _patience(now, len(people))
    streams = [s for k in _classes(now) if (s := _stream(now, people, spans, k)) is not None]
    speeds = np.array([now.history.speeds.get(desk.id, 1.0) for desk in now.desks] or [1.0])
    if not streams:
        return _straight(free, closings, speeds, kept, leaves)
    aged = np.array([entry.joined + now.rules.age_limit - now.at for entry in people] + [0.0])
    return _overtaken(free, closings, speeds, kept, leaves, streams, aged)


@dataclass
class _Stream:
    """People of one class who will come: when, how many of them may go ahead of each who waits, how long
    they keep a counter. `next` is the first who has not been called."""

    times: Floats
    ahead: Ints
    kept: Floats
    next: Ints


def _straight(free: Floats, closings: Closings, speeds: Floats, kept: Floats, leaves: Floats) -> Floats:
    called = np.empty_like(kept)
    plays = np.arange(PLAYS)
    for row in range(len(kept)):
        counter = free.argmin(axis=0)
        at = free[counter, plays]
        called[row] = at
        end = np.where(leaves[row] < at, at, at + kept[row] * speeds[counter])
        free[counter, plays] = _after_closing(end, counter, closings)
    return called


def _overtaken(
    free: Floats,
    closings: Closings,
    speeds: Floats,
    kept: Floats,
    leaves: Floats,
    streams: Sequence[_Stream],
    aged: Floats,
) -> Floats:
    places = len(kept)
    called = np.zeros((places + 1, PLAYS))
    kept, leaves = (np.concatenate((rows, np.zeros((1, PLAYS)))) for rows in (kept, leaves))
    plays, place = np.arange(PLAYS), np.zeros(PLAYS, np.int64)
    for _ in range(places + _MOST_OVERTAKERS * len(streams)):
        counter = free.argmin(axis=0)
        at = free[counter, plays]
        stays = np.where(leaves[place, plays] < at, 0.0, kept[place, plays])
        young, other = at < aged[place], np.zeros(PLAYS, np.bool_)
        for stream in streams:
            goes = young & ~other & (stream.times[stream.next, plays] <= at)
            goes &= stream.next < stream.ahead[place]
            stays = np.where(goes, stream.kept[stream.next, plays], stays)
            stream.next += goes
            other |= goes
        called[place, plays] = np.where(other, called[place, plays], at)
        place = np.minimum(place + ~other, places)
        if place.min() == places:
            break
        free[counter, plays] = _after_closing(at + stays * speeds[counter], counter, closings)
    return called[:places]


def _after_closing(end: Floats, counter: Ints, closings: Closings) -> Floats:
    """When the counter calls again: where it closes meanwhile, when it has opened again."""
    for closes, opens in closings:
        shut = closes[counter]
        again = opens[counter]
        end = np.where((end >= shut) & (end < again), again, end)
    return end


def _seats(now: Situation, spans: Spans) -> tuple[Floats, Closings]:
    """When each counter is free first, and the times in which counters are closed, first closings first."""
    busy = {entry.counter: entry for entry in now.people if entry.state in (State.CALLED, State.SERVING)}
    free = np.zeros((max(1, len(now.desks)), PLAYS))
    closed: list[list[tuple[float, float]]] = []
    shifts = [now.shifts(desk) for desk in now.desks]
    last = max((end for each in shifts for _, end in each), default=0.0)
    for row, desk in enumerate(now.desks):
        opens, times = _plan(desk, shifts[row], last, draws(row + 3))
        entry = busy.get(desk.id)
        if entry is not None:
            been = max(0, now.at - (entry.called or entry.changed))
            opens = np.maximum(opens, spans.left(entry.category, been, draws(row + 20)))
        free[row] = opens
        closed.append(times)
    if not now.open_counters and free.min() >= _NEVER:
        free[0] = 0.0
    width = max(map(len, closed), default=0)
    padded = [times + [(_NEVER * 9, _NEVER * 9)] * (width - len(times)) for times in closed]
    closings = [
        (np.array([times[i][0] for times in padded]), np.array([times[i][1] for times in padded]))
        for i in range(width)
    ]
    for row, _ in enumerate(now.desks):
        free[row] = _after_closing(free[row], np.full(PLAYS, row), closings)
    return free, closings


def _plan(
    desk: Desk, shifts: Sequence[tuple[float, float]], last: float, draw: Floats
) -> tuple[Floats, list[tuple[float, float]]]:
    """When a counter opens first, and when it is closed after that. Who is there now overrides the plan.

    Those who wait when the `last` shift ends are still served.
    """
    on = bool(shifts) and shifts[0][0] <= 0
    starts = [start for start, _ in shifts[1:]] + [_NEVER]
    closings = [
        (end, start + _LATE)
        for (_, end), start in zip(shifts, starts, strict=False)
        if end < last or start < _NEVER
    ]
    if desk.state == "open":
        return np.zeros(PLAYS), closings
    if desk.state == "paused" and (on or not shifts):
        return -_RETURNS * np.log(draw), closings
    if on:
        # Whoever should be there and is not: the longer they have been away, the longer it may take.
        return (_LATE - shifts[0][0]) * (1 / draw - 1), closings
    return np.full(PLAYS, shifts[0][0] + _LATE if shifts else _NEVER), closings


def _patience(now: Situation, places: int) -> Floats:
    """When each would leave, if nobody called."""
    if not now.history.leaving:
        return np.full((places, PLAYS), _NEVER)
    return -np.log(draws(np.arange(places) + 11)) / now.history.leaving


def _classes(now: Situation) -> list[str]:
    """The classes of people who may come and go ahead."""
    if not now.rules.quota:
        return []
    booked = {booking.priority for booking in now.bookings}
    return [
        name for name in dict.fromkeys(now.rules.quota) if name in booked or now.history.arrivals.get(name)
    ]


def _stream(now: Situation, people: Sequence[Entry], spans: Spans, name: str) -> _Stream | None:
    """Those of a class who will come; None where they go ahead of nobody."""
    point, last = people[0].service_point, max(entry.sequence for entry in people)
    joined = max(now.at, *(entry.joined for entry in people))
    coming = [
        Entry(EntryId(f"+{i}"), point, "", "", joined, last + 1 + i, joined, name)
        for i in range(_MOST_OVERTAKERS)
    ]
    order = call_order((*people, *coming), now.rules, now.at, now.turn)
    passed, ahead = 0, {}
    for entry in order:
        passed += entry.sequence > last
        ahead[entry.id] = passed
    counts = np.array([ahead[entry.id] for entry in people] + [0])
    if not counts.any():
        return None
    times = _times(now, name)
    kept = spans.drawn(spans.table("")[None], np.arange(len(times)) + 31)
    return _Stream(times, counts, kept, np.zeros(PLAYS, np.int64))


def _times(now: Situation, name: str) -> Floats:
    """When those of a class come: the booked ones about their time, others at the usual rate of the hour."""
    rates = now.history.arrivals.get(name, (0.0,) * 24)
    rate = (rates[now.hour] + rates[(now.hour + 1) % 24]) / 2
    waits = -np.log(draws(np.arange(_MOST_OVERTAKERS) * 5 + 3)) / max(rate, 1 / _NEVER)
    times = [np.cumsum(waits, axis=0)]
    for row, booking in enumerate(b for b in now.bookings if b.priority == name):
        late = (draws(row + 17) - 0.6) * 2 * _BOOKING_SPREAD
        comes = draws(row + 41) < _BOOKED_COME
        times.append(np.where(comes, np.maximum(0.0, booking.at - now.at + late), _NEVER)[None])
    first = np.sort(np.concatenate(times), axis=0)[:_MOST_OVERTAKERS]
    return np.concatenate((first, np.full((1, PLAYS), _NEVER)))
