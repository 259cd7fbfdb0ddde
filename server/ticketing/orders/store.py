"""Orders, their items and payments: statements, and rows as frozen values."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, func, insert, or_, select, update

from domain.clock import Instant
from server.db.prepared import Prepared
from server.ticketing.orders.states import Money, OrderState
from server.ticketing.orders.tables import order_items, orders, payments
from server.ticketing.orders.values import FREE, Attendee, Item, Order, Payment

_O, _I, _P = orders.c, order_items.c, payments.c
_ORDER = tuple(name for name in Order.__slots__ if name != "items")


@dataclass(frozen=True, slots=True)
class Filters:
    """Which orders a list holds; `text` is a number, or part of a name or an e-mail address."""

    state: OrderState | None = None
    text: str = ""


_ADD, _ADD_ITEM = Prepared(insert(orders)), Prepared(insert(order_items))


def add(connection: Connection, order: Order) -> None:
    """Adds it with the next statement, which may be told that its number or its event is not to be had."""
    _ADD.later(connection, **_columns(order))
    for place, item in enumerate(order.items):
        _ADD_ITEM.later(
            connection,
            order_id=order.id,
            place=place,
            org=order.org,
            event=order.event,
            type=item.type,
            name=item.name,
            quantity=item.quantity,
            price=item.price,
            attendees=orjson.dumps([asdict(each) for each in item.attendees]).decode(),
        )


_CHANGE = Prepared(
    update(orders).where(_O.id == bindparam("of")).values({name: bindparam(name) for name in _ORDER})
)


def change(connection: Connection, order: Order) -> None:
    _CHANGE.later(connection, of=order.id, **_columns(order))


def order(connection: Connection, org: str, id_: str, *, lock: bool = False) -> Order | None:
    return _one(connection, select(orders).where(_O.id == id_, _O.org == org), lock=lock)


def by_secret(connection: Connection, secret: str) -> Order | None:
    return _one(connection, select(orders).where(_O.secret == secret))


def number_taken(connection: Connection, org: str, number: str) -> bool:
    asked = select(_O.id).where(_O.org == org, _O.number == number)
    return connection.execute(asked).first() is not None


def listed(
    connection: Connection,
    org: str,
    events: Collection[str] | None,
    filters: Filters,
    before: str | None,
    limit: int,
) -> list[Order]:
    """The orders of some events, or of all, the newest first."""
    asked = select(orders).where(_O.org == org).order_by(_O.id.desc()).limit(limit)
    if events is not None:
        asked = asked.where(_O.event.in_(events))
    if before is not None:
        asked = asked.where(_O.id < before)
    if filters.state is not None:
        asked = asked.where(_O.state == filters.state.value)
    for word in filters.text.split():
        asked = asked.where(_says(word))
    return _orders(connection, asked)


def held_by(connection: Connection, org: str, customer: str, now: Instant) -> list[Order]:
    """A customer's orders that hold places now, the newest first."""
    pending = (_O.state == OrderState.PENDING.value) & (_O.expires > now)
    asked = select(orders).where(_O.org == org, _O.customer == customer, pending)
    return _orders(connection, asked.order_by(_O.id.desc()))


def free_orders(connection: Connection, org: str, event: str, email: str) -> list[Order]:
    """What somebody ordered of an event that costs nothing, the newest first."""
    asked = select(orders).where(_O.org == org, _O.email == email, _O.event == event, _O.method == FREE)
    return _orders(connection, asked.order_by(_O.id.desc()))


_HOLDING = Prepared(
    select(func.count()).where(
        _O.org == bindparam("org"),
        _O.event == bindparam("event"),
        _O.state == OrderState.PENDING.value,
        _O.expires > bindparam("now"),
        _O.email == bindparam("email"),
    )
)


def ask_holding(connection: Connection, org: str, event: str, email: str, now: Instant) -> Callable[[], int]:
    """Asks along with what comes next how many orders of somebody hold places of an event now."""
    rows = _HOLDING.soon(connection, org=org, event=event, email=email, now=now)
    return lambda: int(rows()[0][0])


def expiring(connection: Connection, limit: int) -> list[Order]:
    """Pending orders, those first whose time is over first."""
    pending = select(orders).where(_O.state == OrderState.PENDING.value)
    return _orders(connection, pending.order_by(_O.expires).limit(limit))


def add_payment(connection: Connection, payment: Payment) -> None:
    connection.execute(insert(payments).values(**_payment_columns(payment)))


def change_payment(connection: Connection, payment: Payment) -> None:
    connection.execute(update(payments).where(_P.id == payment.id).values(**_payment_columns(payment)))


def payment(connection: Connection, id_: str) -> Payment | None:
    row = connection.execute(select(payments).where(_P.id == id_)).first()
    return None if row is None else _payment(row)


def payments_of(connection: Connection, orders_: Iterable[Order]) -> dict[str, list[Payment]]:
    """The payments of some orders by the order's id, the oldest first."""
    found: dict[str, list[Payment]] = {each.id: [] for each in orders_}
    asked = select(payments).where(_P.order_id.in_(found)).order_by(_P.id)
    for row in connection.execute(asked):
        found[row.order_id].append(_payment(row))
    return found


def unsettled(connection: Connection, limit: int) -> list[Payment]:
    """Payments about which a provider is still to be told something."""
    states = [Money.OWED.value, Money.DROPPING.value]
    asked = select(payments).where(_P.state.in_(states)).order_by(_P.changed).limit(limit)
    return [_payment(row) for row in connection.execute(asked)]


def _says(word: str) -> ColumnElement[bool]:
    return or_(
        _O.number == word.upper(),
        *(func.lower(column).contains(word.lower(), autoescape=True) for column in (_O.name, _O.email)),
    )


def _one(connection: Connection, asked: Select[Any], *, lock: bool = False) -> Order | None:
    found = _orders(connection, asked.with_for_update() if lock else asked)
    return found[0] if found else None


def _orders(connection: Connection, asked: Select[Any]) -> list[Order]:
    rows = connection.execute(asked).all()
    if not rows:
        return []
    items: dict[str, list[Item]] = {row.id: [] for row in rows}
    within = select(order_items).where(_I.order_id.in_(items)).order_by(_I.order_id, _I.place)
    for row in connection.execute(within):
        attendees = tuple(Attendee(**each) for each in orjson.loads(row.attendees))
        items[row.order_id].append(Item(row.type, row.name, row.quantity, row.price, attendees))
    return [_order(row, tuple(items[row.id])) for row in rows]


def _order(row: Row[Any], items: tuple[Item, ...]) -> Order:
    values = {name: row._mapping[name] for name in _ORDER}
    return Order(**{**values, "state": OrderState(values["state"]), "items": items})


def _payment(row: Row[Any]) -> Payment:
    values = dict(row._mapping)
    return Payment(**{**values, "state": Money(values["state"])})


def _columns(order: Order) -> dict[str, Any]:
    return {**{name: getattr(order, name) for name in _ORDER}, "state": order.state.value}


def _payment_columns(payment: Payment) -> dict[str, Any]:
    values = {name: getattr(payment, name) for name in Payment.__slots__}
    return {**values, "state": payment.state.value}
