"""Which reservations something is to be done about by itself, and when the next one will be.

Each answers with organisations and ids, by id, behind `after`, so that whoever takes page after page
passes nobody over.
"""

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from domain.clock import Instant
from domain.reservation import AHEAD, State
from server.queues.tables import queue_entries, service_points
from server.reservations.tables import reservations

Keys = list[tuple[str, str]]
_E, _P, _R = queue_entries.c, service_points.c, reservations.c


def reminders(connection: Connection, now: Instant, after: str, limit: int) -> Keys:
    """Of which the customer is to be reminded."""
    return _page(connection, _those(_R.remind <= now), after, limit)


def visits(connection: Connection, now: Instant, after: str, limit: int) -> Keys:
    """Whose visit has changed since it was looked at."""
    first = queue_entries.alias("first").c
    changes = select(func.sum(_E.version)).where(_E.visit == first.visit, _E.org == first.org)
    moved = _those(_R.watched.is_not(None), changes.scalar_subquery() != _R.seen)
    return _page(connection, moved.join(first.id.table, first.id == _R.entry), after, limit)


def lapsed(connection: Connection, now: Instant, after: str, limit: int) -> Keys:
    """For which nobody came."""
    return _page(connection, _those(_R.lapses <= now), after, limit)


def settled(connection: Connection, now: Instant, after: str, limit: int) -> Keys:
    """Whose visit is long over."""
    return _page(connection, _those(_R.watched <= now, _R.state != State.CHECKED_IN.value), after, limit)


def homeless(connection: Connection, now: Instant, after: str, limit: int) -> Keys:
    """Still to come to a service point that is no more."""
    ahead = _those(_R.starts > now, _R.state.in_([state.value for state in AHEAD]))
    gone = and_(_P.org == _R.org, _P.id == _R.service_point, _P.deleted.is_not(None))
    return _page(connection, ahead.join(service_points, gone), after, limit)


def next_(connection: Connection, now: Instant) -> Instant | None:
    """When the next thing falls due."""
    times = [
        connection.execute(select(func.min(at)).where(at > now, _R.deleted.is_(None))).scalar()
        for at in (_R.remind, _R.lapses, _R.watched)
    ]
    return min((Instant(at) for at in times if at is not None), default=None)


def _those(*which: ColumnElement[bool]) -> Select[tuple[str, str]]:
    return select(_R.org, _R.id).where(_R.deleted.is_(None), *which)


def _page(connection: Connection, found: Select[tuple[str, str]], after: str, limit: int) -> Keys:
    rows = connection.execute(found.where(_R.id > after).order_by(_R.id).limit(limit))
    return [(row.org, row.id) for row in rows]
