"""What became of everybody who joined a line within some days: how many there were, and how long it took."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, select

from domain import clock
from domain.clock import SECOND, Instant
from domain.errors import Invalid
from domain.queue import State
from server.queues import store
from server.queues.schemas import Figures, Grouped, Spread, StatisticsOut
from server.queues.tables import queue_entries
from server.queues.values import Point

MOST_DAYS = 92
_USUAL_DAYS = 7

e = queue_entries.c


@dataclass(frozen=True, slots=True)
class Visit:
    """An entry as it ended, or as it is. `waited` and `served` are milliseconds, where they are known."""

    day: str
    joined: Instant
    category: str
    counter: str | None
    state: State
    waited: int | None
    served: int | None


def statistics(
    connection: Connection, point: Point, now: Instant, since: str | None, until: str | None
) -> StatisticsOut:
    """The local days from `since` to `until`, both of them; the last week without. Raises `Invalid`."""
    first, last = _span(clock.local_day(now, point.where), since, until)
    visits = _visits(connection, point, first, last)
    forgotten = point.settings.forgotten

    def by(group: Callable[[Visit], str | None], names: Mapping[str, str]) -> list[Grouped]:
        parts: dict[str, list[Visit]] = {}
        for visit in visits:
            if (key := group(visit)) is not None:
                parts.setdefault(key, []).append(visit)
        return [
            Grouped(key=key, name=names.get(key, key), **dict(_figures(parts[key], forgotten)))
            for key in sorted(parts)
        ]

    counters = {c.id: c.name for c in store.counters_of(connection, point.org, point.id)}
    return StatisticsOut(
        service_point=point.id,
        since=first,
        until=last,
        total=_figures(visits, forgotten),
        days=by(lambda visit: visit.day, {}),
        hours=by(lambda visit: f"{clock.local(visit.joined, point.where):%H}", {}),
        categories=by(lambda visit: visit.category, {}),
        counters=by(lambda visit: visit.counter, counters),
    )


def _span(today: str, since: str | None, until: str | None) -> tuple[str, str]:
    try:
        last = date.fromisoformat(until or today)
        first = date.fromisoformat(since) if since else last - timedelta(days=_USUAL_DAYS - 1)
    except (ValueError, OverflowError):
        raise Invalid("write days that exist, such as 2026-05-10", code="day_unknown") from None
    if not 0 <= (last - first).days < MOST_DAYS:
        raise Invalid(f"ask for 1 to {MOST_DAYS} days, the first before the last", code="span_invalid")
    return first.isoformat(), last.isoformat()


def _visits(connection: Connection, point: Point, first: str, last: str) -> list[Visit]:
    query = select(e.day, e.joined, e.category, e.counter, e.state, e.waited, e.served).where(
        e.org == point.org, e.service_point == point.id, e.day >= first, e.day <= last
    )
    return [Visit(*row[:4], State(row[4]), *row[5:]) for row in connection.execute(query)]


def _figures(visits: Iterable[Visit], forgotten: int) -> Figures:
    """Only who was served to the end counts in the times, and whose service was not forgotten in its own."""
    visits = list(visits)
    done = [visit for visit in visits if visit.state is State.COMPLETED]
    services = [visit.served for visit in done if visit.served is not None]
    ended = {state: sum(visit.state is state for visit in visits) for state in State}
    return Figures(
        joined=len(visits),
        served=len(done),
        no_shows=ended[State.NO_SHOW],
        left=ended[State.LEFT],
        expired=ended[State.EXPIRED],
        transferred=ended[State.TRANSFERRED],
        forgotten=sum(service > forgotten for service in services),
        wait=_spread([visit.waited for visit in done if visit.waited is not None]),
        service=_spread([service for service in services if service <= forgotten]),
    )


def _spread(times: list[int]) -> Spread:
    times.sort()

    def at(share: float) -> float | None:
        return _seconds(times[int(share * (len(times) - 1))]) if times else None

    mean = _seconds(sum(times) / len(times)) if times else None
    return Spread(count=len(times), mean=mean, p50=at(0.5), p90=at(0.9), longest=at(1.0))


def _seconds(milliseconds: float) -> float:
    return round(milliseconds / SECOND, 1)
