"""The tickets that an order is for."""

from dataclasses import replace

from domain.errors import Conflict
from domain.ticket import TicketState
from server.contacts.book import contact_for
from server.db.database import Transaction
from server.events.service import event_of
from server.ticketing import issuing
from server.ticketing.issuing import New
from server.ticketing.orders.values import Attendee, Item, Order
from server.ticketing.store import Kept


def issue(transaction: Transaction, order: Order, actor: str) -> list[Kept]:
    """The tickets of an order, its buyer's own.

    Raises `Conflict` where its time was over and its places went to others, or the event is no more.
    """
    in_time = order.holds(transaction.now)
    if not in_time and event_of(transaction.connection, order.org, order.event).ends <= transaction.now:
        raise Conflict("this event is over", code="sale_over")
    asked = [(item, who) for item in order.items for who in _attendees(item)]
    reserved = issuing.reserve(transaction, order.org, order.event, actor, len(asked))
    prepared = issuing.prepare(reserved, [_new(order, item, who) for item, who in asked])
    tickets = [
        replace(
            made.ticket,
            owner=order.customer,
            contact=_contact(transaction, order, who, actor),
            order_id=order.id,
        )
        for made, (_, who) in zip(prepared, asked, strict=True)
    ]
    issuing.issue_ordered(transaction, reserved, tickets, actor, kept=in_time)
    return tickets


def _attendees(item: Item) -> list[Attendee]:
    return [*item.attendees, *[Attendee()] * (item.quantity - len(item.attendees))]


def _new(order: Order, item: Item, who: Attendee) -> New:
    return New(
        type=item.type,
        code="",
        state=TicketState.VALID,
        name=who.name or order.name,
        email=who.email or order.email,
        order=order.number,
        seat="",
        session="",
        note="",
        attention=False,
        perks=None,
        due=None,
        valid_from=None,
        valid_until=None,
        main=None,
    )


def _contact(transaction: Transaction, order: Order, who: Attendee, actor: str) -> str | None:
    if not who.email or who.email == order.email:
        return order.contact
    return contact_for(transaction, order.org, actor, email=who.email, name=who.name)
