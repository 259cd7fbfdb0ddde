"""Registering for what costs nothing: an order that is confirmed as soon as it is placed."""

from domain.errors import Invalid
from server.db.database import Transaction
from server.db.locks import lock
from server.ticketing import store as ticket_store
from server.ticketing import types
from server.ticketing.orders import placing, settling, store
from server.ticketing.orders.late import SoldOut
from server.ticketing.orders.states import OrderState
from server.ticketing.orders.values import FREE, Attendee, Buyer, Order, Wanted
from server.ticketing.states import VOID


def register(
    transaction: Transaction,
    buyer: Buyer,
    event: str,
    type_: str,
    attendees: tuple[Attendee, ...],
    sold_out: SoldOut,
) -> tuple[Order, bool]:
    """A confirmed order with a ticket for each attendee, one without any; whether it is new.

    Whoever is registered for the event already keeps that. Raises what `placing.place` does, and `Invalid`
    for a type that costs something.
    """
    connection = transaction.connection
    lock(connection, f"{buyer.org}/register {event} {buyer.email}")
    placing.on_sale(connection, buyer.org, event, transaction.now)
    known = _registration(transaction, buyer, event)
    wanted = [Wanted(type_, max(1, len(attendees)), attendees)]
    with sold_out.known(buyer.org, event, wanted if known is None else (), transaction.now):
        if types.tier_of(connection, buyer.org, event, type_).price:
            raise Invalid("this costs something: purchase it", code="not_free")
        if known is not None:
            return known, False
        order = placing.place(transaction, buyer, event, wanted, FREE)
    return settling.confirm(transaction, order, buyer.actor, {}), True


def _registration(transaction: Transaction, buyer: Buyer, event: str) -> Order | None:
    """What somebody has registered for the event, as long as a ticket of it is good."""
    connection = transaction.connection
    for order in store.free_orders(connection, buyer.org, event, buyer.email):
        tickets = ticket_store.of_order(connection, buyer.org, order.id)
        if order.state is OrderState.CONFIRMED and any(ticket.state not in VOID for ticket in tickets):
            return order
    return None
