"""Places that pending orders hold."""

from collections import Counter
from collections.abc import Callable

from sqlalchemy import Connection, bindparam, func, select

from domain.clock import Instant
from server.db.prepared import Prepared
from server.ticketing.orders.states import OrderState
from server.ticketing.orders.tables import order_items, orders

_O, _I = orders.c, order_items.c
_HELD = Prepared(
    select(_I.type, func.sum(_I.quantity))
    .join_from(orders, order_items, _I.order_id == _O.id)
    .where(
        _O.org == bindparam("org"),
        _O.event == bindparam("event"),
        _O.state == OrderState.PENDING.value,
        _O.expires > bindparam("now"),
    )
    .group_by(_I.type)
)


def ask_held(connection: Connection, org: str, event: str, now: Instant) -> Callable[[], Counter[str]]:
    """Asks along with what comes next how many places of each type pending orders of an event hold now."""
    rows = _HELD.soon(connection, org=org, event=event, now=now)
    return lambda: Counter({type_: int(places) for type_, places in rows()})
