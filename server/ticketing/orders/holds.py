"""Places that pending orders hold."""

from collections import Counter

from sqlalchemy import Connection, func, select

from domain.clock import Instant
from server.ticketing.orders.states import OrderState
from server.ticketing.orders.tables import order_items, orders

_O, _I = orders.c, order_items.c


def held(connection: Connection, org: str, event: str, now: Instant) -> Counter[str]:
    """How many places of each type pending orders of an event hold now."""
    asked = (
        select(_I.type, func.sum(_I.quantity))
        .join_from(orders, order_items, _I.order_id == _O.id)
        .where(_O.org == org, _O.event == event, _O.state == OrderState.PENDING.value, _O.expires > now)
        .group_by(_I.type)
    )
    return Counter({type_: int(places) for type_, places in connection.execute(asked)})
