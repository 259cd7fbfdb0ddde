"""Who is expected at a service point for a booking: they may go ahead of those who wait already."""

from sqlalchemy import Connection, delete, insert, select

from domain.clock import HOUR, Instant, shift
from domain.forecast_situation import Booking
from server.db.database import Transaction
from server.queues.tables import expected_visits
from server.queues.values import Point, scope

_LATE, _AHEAD, _MOST = 1 * HOUR, 8 * HOUR, 40

v = expected_visits.c


def expect(transaction: Transaction, org: str, service_point: str, id_: str, at: Instant) -> None:
    """Somebody has booked a time; the id is the booking's."""
    forget(transaction, id_)
    values = {"id": id_, "org": org, "service_point": service_point, "at": at}
    transaction.connection.execute(insert(expected_visits).values(values))
    transaction.touched.add(scope(org, service_point))


def forget(transaction: Transaction, id_: str) -> None:
    """Who booked is here, or will not come."""
    transaction.connection.execute(delete(expected_visits).where(v.id == id_))


def coming(connection: Connection, point: Point, now: Instant) -> tuple[Booking, ...]:
    """Those who are to come within some hours, where they go first; elsewhere they overtake nobody."""
    if not (point.settings.bookings_first and point.rules.quota):
        return ()
    query = select(v.at).where(v.org == point.org, v.service_point == point.id)
    query = query.where(v.at > shift(now, -_LATE), v.at < shift(now, _AHEAD))
    found = connection.execute(query.order_by(v.at, v.id).limit(_MOST)).scalars()
    return tuple(Booking(at, point.rules.quota[0]) for at in found)
