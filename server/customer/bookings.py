"""What a customer has reserved, event by event."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select, union

from domain.clock import Instant
from server.auth.tables import customers
from server.events.participants.tables import participants
from server.events.tables import events
from server.ticketing import owning
from server.ticketing.orders import store
from server.ticketing.orders.states import OrderState
from server.ticketing.orders.tables import orders
from server.ticketing.orders.values import Order
from server.ticketing.owning import Owned, Place
from server.ticketing.tables import tickets

_E, _T, _O, _P, _C = events.c, tickets.c, orders.c, participants.c, customers.c


@dataclass(slots=True)
class Booked:
    """One event with what a customer has of it; `part` is the id and the state of their participation."""

    event: Place
    tickets: list[Owned] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    part: tuple[str, str] | None = None


Spot = tuple[int, str]
"""Where an event stands among others: its start and its id."""
FIRST: tuple[Spot, Spot] = ((-(2**62), ""), (2**62, ""))
"""Before the first event to come, and before the first that is over."""


def read(
    connection: Connection,
    org: str,
    customer: str,
    now: Instant,
    limit: int,
    after: tuple[Spot, Spot] = FIRST,
) -> tuple[list[Booked], list[Booked]]:
    """Events that are not over, the next one first, and those that are, the latest first; `limit` of each,
    `after` a place among each."""
    (begun, begun_id), (over, over_id) = after
    coming = or_(_E.starts > begun, and_(_E.starts == begun, _E.id > begun_id))
    past = or_(_E.starts < over, and_(_E.starts == over, _E.id < over_id))
    earliest, latest = (_E.starts, _E.id), (_E.starts.desc(), _E.id.desc())
    return (
        _read(connection, org, customer, now, and_(_E.ends > now, coming), earliest, limit),
        _read(connection, org, customer, now, and_(_E.ends <= now, past), latest, limit),
    )


def _read(
    connection: Connection,
    org: str,
    customer: str,
    now: Instant,
    when: ColumnElement[bool],
    order: Sequence[ColumnElement[object]],
    limit: int,
) -> list[Booked]:
    holding = and_(_O.state == OrderState.PENDING.value, _O.expires > now)
    reserved = union(
        select(_T.event).where(_T.org == org, _T.owner == customer),
        select(_O.event).where(_O.org == org, _O.customer == customer, holding),
        select(_P.event).where(_P.org == org, _P.contact.in_(_contact(customer))),
    )
    rows = connection.execute(
        select(events).where(_E.org == org, _E.id.in_(reserved), when).order_by(*order).limit(limit)
    )
    found = {row.id: Booked(owning.place_of(row)) for row in rows}
    for owned in owning.of_events(connection, org, customer, found):
        found[owned.ticket.event].tickets.append(owned)
    for held in store.held_by(connection, org, customer, now):
        if held.event in found:
            found[held.event].orders.append(held)
    parts = select(_P.event, _P.id, _P.state).where(
        _P.org == org, _P.event.in_(found), _P.contact.in_(_contact(customer))
    )
    for row in connection.execute(parts):
        found[row.event].part = (row.id, row.state)
    return list(found.values())


def _contact(customer: str) -> Select[tuple[str]]:
    return select(_C.contact).where(_C.id == customer, _C.contact.is_not(None))
