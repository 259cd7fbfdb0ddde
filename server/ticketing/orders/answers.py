"""Orders as staff and desks are told of them."""

from typing import Any

from sqlalchemy import Connection

from server.ticketing import store as ticket_store
from server.ticketing.orders import store
from server.ticketing.orders.schemas import AttendeeOut, ItemOut, OrderOut, OrderWhole, PaymentOut, TicketRef
from server.ticketing.orders.values import Item, Order, Payment
from server.ticketing.store import Kept


def order_out(order: Order) -> OrderOut:
    return OrderOut(**_values(order))


def whole(connection: Connection, order: Order) -> OrderWhole:
    payments = store.payments_of(connection, [order])[order.id]
    tickets = ticket_store.of_order(connection, order.org, order.id)
    return OrderWhole(
        **_values(order),
        payments=[_payment(each) for each in payments],
        tickets=[_ticket(t) for t in tickets],
    )


def _values(order: Order) -> dict[str, Any]:
    names = OrderOut.model_fields.keys() - {"items"}
    return {**{name: getattr(order, name) for name in names}, "items": [_item(item) for item in order.items]}


def _item(item: Item) -> ItemOut:
    return ItemOut(
        type=item.type,
        name=item.name,
        quantity=item.quantity,
        price=item.price,
        attendees=[AttendeeOut(name=each.name, email=each.email) for each in item.attendees],
    )


def _payment(payment: Payment) -> PaymentOut:
    return PaymentOut(**{name: getattr(payment, name) for name in PaymentOut.model_fields})


def _ticket(ticket: Kept) -> TicketRef:
    return TicketRef(**{name: getattr(ticket, name) for name in TicketRef.model_fields})
