"""Figures of a service point: its day so far, and how good its forecasts were."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from domain import clock
from domain.clock import SECOND, Instant
from domain.forecast import basis
from domain.queue import State
from server.queues.schemas import HitRate, QualityOut, Today
from server.queues.tables import queue_entries
from server.queues.values import Point

e = queue_entries.c


def today(connection: Connection, point: Point, now: Instant) -> Today:
    """The local day. Only who was served to the end counts in the means."""
    day = clock.local_day(now, point.where)
    states = _by_state(connection, point, day)
    done = and_(e.state == State.COMPLETED.value, e.served.is_not(None))
    real = and_(done, e.served <= point.settings.forgotten)
    wait, longest, service, forgotten = connection.execute(
        select(
            func.avg(case((done, e.waited))),
            func.max(case((done, e.waited))),
            func.avg(case((real, e.served))),
            func.count(case((and_(done, e.served > point.settings.forgotten), e.id))),
        ).where(*_on(point, day))
    ).one()
    return Today(
        day=day,
        joined=sum(states.values()),
        waiting=states.get(State.WAITING, 0),
        called=states.get(State.CALLED, 0),
        serving=states.get(State.SERVING, 0),
        held=states.get(State.HELD, 0),
        completed=states.get(State.COMPLETED, 0),
        no_shows=states.get(State.NO_SHOW, 0),
        left=states.get(State.LEFT, 0),
        transferred=states.get(State.TRANSFERRED, 0),
        expired=states.get(State.EXPIRED, 0),
        forgotten=forgotten,
        mean_wait=_seconds(wait),
        longest_wait=_seconds(longest),
        mean_service=_seconds(service),
    )


def quality(connection: Connection, point: Point, now: Instant, days: int) -> QualityOut:
    """What was foretold at the join against what came, for everybody who was called."""
    first = date.fromisoformat(clock.local_day(now, point.where)) - timedelta(days=days - 1)
    count, p50, p80, p90, error = connection.execute(
        select(
            func.count(),
            *(func.avg(case((e.waited <= q, 1.0), else_=0.0)) for q in _QUANTILES),
            func.avg(func.abs(e.waited - e.forecast_p50)),
        ).where(
            e.org == point.org,
            e.service_point == point.id,
            e.day >= first.isoformat(),
            e.waited.is_not(None),
            e.forecast_p50.is_not(None),
        )
    ).one()
    return QualityOut(
        service_point=point.id,
        since=first.isoformat(),
        basis=basis(point.history),
        services=point.history.known,
        outcomes=point.history.outcomes,
        correction=_rate(*point.history.correction),
        forecasts=count,
        hit_rate=_rate(p50, p80, p90),
        mean_error=_seconds(error),
    )


_QUANTILES = (e.forecast_p50, e.forecast_p80, e.forecast_p90)


def _rate(p50: object, p80: object, p90: object) -> HitRate:
    return HitRate(p50=_share(p50), p80=_share(p80), p90=_share(p90))


def _by_state(connection: Connection, point: Point, day: str) -> dict[str, int]:
    query = select(e.state, func.count()).where(*_on(point, day)).group_by(e.state)
    return {row[0]: row[1] for row in connection.execute(query)}


def _on(point: Point, day: str) -> tuple[ColumnElement[bool], ...]:
    return (e.org == point.org, e.service_point == point.id, e.day == day)


def _seconds(milliseconds: object) -> float | None:
    return None if milliseconds is None else round(float(str(milliseconds)) / SECOND, 1)


def _share(value: object) -> float | None:
    return None if value is None else round(float(str(value)), 4)
