"""Who is expected at a service point for a booking: they may go ahead of those who wait already."""

from sqlalchemy import Connection, delete, insert, select

from domain.clock import DAY, Instant, shift
from server.activity.record import Changed, changes
from server.db.database import Transaction
from server.queues.tables import expected_visits
from server.queues.values import Point, scope

_MOST = 500

v = expected_visits.c


def expect(transaction: Transaction, org: str, service_point: str, id_: str, at: Instant) -> None:
    """Somebody has booked a time; the id is the booking's."""
    values = {"org": org, "service_point": service_point, "at": at}
    known = transaction.connection.execute(select(v.org, v.service_point, v.at).where(v.id == id_)).first()
    if known is not None and known._asdict() == values:
        return
    if known is not None:
        forget(transaction, id_)
    transaction.connection.execute(insert(expected_visits).values(id=id_, **values))
    _log(transaction, org, service_point, id_)


def forget(transaction: Transaction, id_: str) -> None:
    """Who booked is here, or will not come."""
    known = transaction.connection.execute(select(v.org, v.service_point).where(v.id == id_)).first()
    if known is not None:
        transaction.connection.execute(delete(expected_visits).where(v.id == id_))
        _log(transaction, known.org, known.service_point, id_, gone=True)


def coming(connection: Connection, point: Point, now: Instant) -> tuple[Instant, ...]:
    """The booked times of this day's people who have not come yet, where that changes any wait."""
    if not point.settings.bookings_first:
        return ()
    query = select(v.at).where(v.org == point.org, v.service_point == point.id)
    query = query.where(v.at > shift(now, -DAY), v.at < shift(now, DAY))
    return tuple(connection.execute(query.order_by(v.at, v.id).limit(_MOST)).scalars())


def ahead(connection: Connection, org: str, service_point: str, now: Instant) -> list[Instant]:
    """The booked times that are still to come, the first first."""
    query = select(v.at).where(v.org == org, v.service_point == service_point, v.at > now)
    return list(connection.execute(query.order_by(v.at)).scalars())


def _log(transaction: Transaction, org: str, service_point: str, id_: str, gone: bool = False) -> None:
    changes(transaction, [Changed(scope(org, service_point), "expected_visit", id_, gone)])
