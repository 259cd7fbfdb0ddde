"""What became of everybody who joined a line within some days: how many there were, and how long it took.

The database counts: a quarter of a year of a busy line is read into no memory.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, literal, select

from domain import clock
from domain.clock import MINUTE, SECOND, Instant
from domain.errors import Invalid
from domain.queue import State
from server.queues import store
from server.queues.schemas import Figures, Grouped, Quantiles, Spread, StatisticsOut
from server.queues.tables import queue_entries
from server.queues.values import Point

MOST_DAYS = 92
_USUAL_DAYS = 7
_QUARTER = 15 * MINUTE
"""Every zone is whole quarters of an hour away from UTC."""

e = queue_entries.c
_DONE = e.state == State.COMPLETED.value
_ENDS = (State.COMPLETED, State.NO_SHOW, State.LEFT, State.EXPIRED, State.TRANSFERRED)


@dataclass(slots=True)
class Tally:
    """Counts of visits by their end; waits and services as how many, their sum and the longest."""

    joined: int = 0
    ends: dict[State, int] = field(default_factory=lambda: dict.fromkeys(_ENDS, 0))
    forgotten: int = 0
    waits: tuple[int, int, int] = (0, 0, 0)
    services: tuple[int, int, int] = (0, 0, 0)

    def add(self, joined: Any, forgotten: Any, *rest: Any) -> None:
        """A row of `_counts`."""
        ends, times = rest[: len(_ENDS)], [int(value or 0) for value in rest[len(_ENDS) :]]
        self.joined += int(joined)
        self.forgotten += int(forgotten or 0)
        for state, count in zip(_ENDS, ends, strict=True):
            self.ends[state] += int(count or 0)
        self.waits = _added(self.waits, times[:3])
        self.services = _added(self.services, times[3:])


def statistics(
    connection: Connection, point: Point, now: Instant, since: str | None, until: str | None
) -> StatisticsOut:
    """The local days from `since` to `until`, both of them; the last week without. Raises `Invalid`."""
    first, last = _span(clock.local_day(now, point.where), since, until)
    within = (e.org == point.org, e.service_point == point.id, e.day >= first, e.day <= last)
    counters = {c.id: c.name for c in store.counters_of(connection, point.org, point.id)}

    def by(
        column: ColumnElement[Any], key: Callable[[Any], str] = str, names: Mapping[str, str] | None = None
    ) -> list[Grouped]:
        tallies: dict[str, Tally] = defaultdict(Tally)
        query = select(column, *_counts(point)).where(*within, column.is_not(None)).group_by(column)
        for row in connection.execute(query):
            tallies[key(row[0])].add(*row[1:])
        told = names or {}
        return [
            Grouped(key=key, name=told.get(key, key), **dict(_figures(tallies[key])))
            for key in sorted(tallies)
        ]

    def hour(quarter: Any) -> str:
        return f"{clock.local(Instant(int(quarter) * _QUARTER), point.where):%H}"

    total = Tally()
    total.add(*connection.execute(select(*_counts(point)).where(*within)).one())
    real = and_(_DONE, e.served <= point.settings.forgotten)
    return StatisticsOut(
        service_point=point.id,
        since=first,
        until=last,
        total=_figures(total),
        wait_quantiles=_quantiles(connection, e.waited, total.waits[0], *within, _DONE),
        service_quantiles=_quantiles(connection, e.served, total.services[0], *within, real),
        days=by(e.day),
        hours=by(e.joined // literal(_QUARTER), hour),
        categories=by(e.category),
        counters=by(e.counter, names=counters),
    )


def _counts(point: Point) -> list[ColumnElement[Any]]:
    """Only who was served to the end counts in the times, and whose service was not forgotten in its own."""
    forgotten = point.settings.forgotten
    real = and_(_DONE, e.served <= forgotten)
    ends = [func.sum(case((e.state == state.value, 1), else_=0)) for state in _ENDS]
    return [
        func.count(),
        func.sum(case((and_(_DONE, e.served > forgotten), 1), else_=0)),
        *ends,
        *_times(_DONE, e.waited),
        *_times(real, e.served),
    ]


def _times(counted: ColumnElement[bool], time: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    known = case((counted, time))
    return [func.count(known), func.sum(known), func.max(known)]


def _quantiles(
    connection: Connection, time: ColumnElement[Any], count: int, *counted: ColumnElement[bool]
) -> Quantiles:
    def at(share: float) -> float | None:
        query = select(time).where(*counted, time.is_not(None)).order_by(time)
        return _seconds(connection.execute(query.offset(int(share * (count - 1))).limit(1)).scalar_one())

    return Quantiles(p50=at(0.5), p90=at(0.9)) if count else Quantiles(p50=None, p90=None)


def _span(today: str, since: str | None, until: str | None) -> tuple[str, str]:
    try:
        last = date.fromisoformat(until or today)
        first = date.fromisoformat(since) if since else last - timedelta(days=_USUAL_DAYS - 1)
    except (ValueError, OverflowError):
        raise Invalid("write days that exist, such as 2026-05-10", code="day_unknown") from None
    if not 0 <= (last - first).days < MOST_DAYS:
        raise Invalid(f"ask for 1 to {MOST_DAYS} days, the first before the last", code="span_invalid")
    return first.isoformat(), last.isoformat()


def _added(before: tuple[int, int, int], more: list[int]) -> tuple[int, int, int]:
    return before[0] + more[0], before[1] + more[1], max(before[2], more[2])


def _figures(of: Tally) -> Figures:
    return Figures(
        joined=of.joined,
        served=of.ends[State.COMPLETED],
        no_shows=of.ends[State.NO_SHOW],
        left=of.ends[State.LEFT],
        expired=of.ends[State.EXPIRED],
        transferred=of.ends[State.TRANSFERRED],
        forgotten=of.forgotten,
        wait=_spread(*of.waits),
        service=_spread(*of.services),
    )


def _spread(count: int, total: int, longest: int) -> Spread:
    if not count:
        return Spread(count=0, mean=None, longest=None)
    return Spread(count=count, mean=_seconds(total / count), longest=_seconds(longest))


def _seconds(milliseconds: float) -> float:
    return round(milliseconds / SECOND, 1)
