"""What becomes of an order: money turns it into tickets, time and people end it, a refund takes it back.

Whoever changes an order or a payment of it holds the order's row first, so that the same money that is
heard of twice, or by two processes at once, is counted once.
"""

import logging
from dataclasses import replace

from domain.clock import Instant
from domain.errors import Conflict, NotFound
from domain.ticket import TicketState
from server.db.database import Transaction
from server.ids import new_id
from server.ticketing import service
from server.ticketing import store as ticket_store
from server.ticketing.holders import holder, mail_void
from server.ticketing.orders import fulfilling, store
from server.ticketing.orders.states import UNPAID, Money, OrderState, Step, Turn, after
from server.ticketing.orders.steps import mail, order_of, step, trail, turn
from server.ticketing.orders.values import Order, Payment
from server.ticketing.payments.desk import DESK
from server.ticketing.payments.provider import Seen, Standing
from server.ticketing.states import Act
from server.ticketing.store import Kept

SYSTEM = "system"
_log = logging.getLogger("usher.orders")


def settle(transaction: Transaction, payment_id: str, seen: Seen, actor: str = SYSTEM) -> Order:
    """Brings an order to what a provider says of one of its payments, as often as it is said."""
    connection = transaction.connection
    known = store.payment(connection, payment_id)
    if known is None:
        raise NotFound("there is no such payment")
    order = order_of(transaction, known.org, known.order_id)
    payment = store.payment(connection, payment_id)
    assert payment is not None
    payment = replace(payment, charge=seen.charge or payment.charge)
    match seen.standing:
        case Standing.PAID if payment.state in UNPAID:
            return _paid(transaction, order, payment, seen, actor)
        case Standing.RETURNED if payment.state is not Money.RETURNED:
            return _returned(transaction, order, payment, actor)
        case Standing.DEAD if payment.state in (Money.BEGUN, Money.DROPPING):
            turn(transaction, payment, Turn.GONE)
    return order


def pay_at_desk(
    transaction: Transaction, order: Order, actor: str, method: str, given: str | None
) -> tuple[Order, Payment]:
    """Staff took the money, and gave a receipt of that number. Raises `Conflict` where the order waits for
    none, or its places are gone."""
    if order.state is OrderState.CANCELLED:
        raise Conflict("this order was cancelled: place another one", code="order_state")
    after(order.state, Step.PAY)
    so_far = store.payments_of(transaction.connection, [order])[order.id]
    payment = over_the_desk(
        transaction, order, actor, method, given or receipt(order, len(so_far) + 1), transaction.now
    )
    confirmed = confirm(transaction, order, actor, {"method": method, "receipt": payment.receipt})
    store.add_payment(transaction.connection, payment)
    return confirmed, payment


def over_the_desk(
    transaction: Transaction, order: Order, actor: str, method: str, receipt: str, at: Instant
) -> Payment:
    """The payment of a whole order whose money staff took at that time."""
    return Payment(
        id=new_id(transaction.now),
        org=order.org,
        order_id=order.id,
        provider=DESK,
        reference=None,
        charge="",
        state=Money.TAKEN,
        amount=order.total,
        currency=order.currency,
        method=method,
        receipt=receipt,
        actor=actor,
        created=at,
        changed=transaction.now,
    )


def receipt(order: Order, payment: int) -> str:
    """The number of a receipt for the order's n-th payment, where staff have none of their own."""
    return f"{order.number}-{payment}"


def confirm(transaction: Transaction, order: Order, actor: str, paid: dict[str, object]) -> Order:
    """The order with its tickets, for money that is there, or that it does not cost.

    Raises `Conflict` where its time was over and its places went to others, or the event is no more.
    """
    tickets = fulfilling.issue(transaction, order, actor)
    order = step(transaction, order, Step.PAY, actor, {"total": order.total, **paid})
    order = step(transaction, order, Step.CONFIRM, actor, {"tickets": [ticket.id for ticket in tickets]})
    mail(transaction, order, "ticket.issued")
    if order.total:
        drop_others(transaction, order)
        mail(transaction, order, "order.paid")
    return order


def expire(transaction: Transaction, order: Order) -> Order:
    """Gives the places of a pending order back once its time is over."""
    if order.state is not OrderState.PENDING or order.holds(transaction.now):
        return order
    return _end(transaction, order, Step.EXPIRE, SYSTEM)


def cancel(transaction: Transaction, order: Order, actor: str) -> Order:
    """Raises `Conflict` for an order that is not pending."""
    return _end(transaction, order, Step.CANCEL, actor)


def refund(transaction: Transaction, order: Order, actor: str, reason: str) -> Order:
    """Takes the tickets back and owes the money. Raises `Conflict` for an order that is not confirmed.

    Money that was taken at the desk is handed back there, at once.
    """
    after(order.state, Step.REFUND)
    for payment in store.payments_of(transaction.connection, [order])[order.id]:
        if payment.state is Money.TAKEN:
            turn(transaction, payment, Turn.RETURN if payment.provider == DESK else Turn.OWE)
    return _refunded(transaction, order, actor, reason)


def drop_others(transaction: Transaction, order: Order, kept: str | None = None) -> None:
    """Lets nobody pay an order in another way than by one payment any more."""
    for payment in store.payments_of(transaction.connection, [order])[order.id]:
        if payment.state is Money.BEGUN and payment.id != kept:
            turn(transaction, payment, Turn.DROP)


def _paid(transaction: Transaction, order: Order, payment: Payment, seen: Seen, actor: str) -> Order:
    if (seen.amount, seen.currency) != (payment.amount, payment.currency):
        _log.error("payment %s is of %s %s, not of what was asked", payment.id, seen.amount, seen.currency)
        return _spare(transaction, order, payment, actor, "amount")
    if order.state in (OrderState.CONFIRMED, OrderState.REFUNDED):
        return _spare(transaction, order, payment, actor, "paid_before")
    if order.state is OrderState.CANCELLED:
        return _too_late(transaction, order, payment, actor, "cancelled")
    try:
        with transaction.step():
            taken = turn(transaction, payment, Turn.TAKE)
            return confirm(transaction, order, actor, {"provider": taken.provider, "payment": taken.id})
    except Conflict as problem:
        return _too_late(transaction, order, payment, actor, problem.code)


def _too_late(transaction: Transaction, order: Order, payment: Payment, actor: str, why: str) -> Order:
    """Money for places that are somebody else's: the customer gets it back, and is told."""
    turn(transaction, payment, Turn.SPARE)
    order = step(transaction, order, Step.PAY, actor, {"total": order.total, "payment": payment.id})
    return _refunded(transaction, order, SYSTEM, why)


def _spare(transaction: Transaction, order: Order, payment: Payment, actor: str, why: str) -> Order:
    """Money that is not wanted goes back, and the order stays what it is."""
    turn(transaction, payment, Turn.SPARE)
    trail(transaction, order, "payment_unwanted", actor, {"payment": payment.id, "reason": why})
    mail(transaction, order, "order.refunded", {"payment": payment.id, "reason": why}, payment.id)
    return order


def _returned(transaction: Transaction, order: Order, payment: Payment, actor: str) -> Order:
    """Money that went back by the provider's own hand; what it was for goes with it."""
    turn(transaction, payment, Turn.RETURN)
    if payment.state is Money.TAKEN and order.state is OrderState.CONFIRMED:
        return _refunded(transaction, order, actor, "provider")
    return order


def _refunded(transaction: Transaction, order: Order, actor: str, reason: str) -> Order:
    for ticket in ticket_store.of_order(transaction.connection, order.org, order.id, lock=True):
        if ticket.state is not TicketState.REFUNDED:
            service.change(transaction, ticket, actor, {}, Act.REFUND)
            _tell_owner(transaction, order, ticket)
    order = step(transaction, order, Step.REFUND, actor, {"reason": reason})
    if order.total:
        mail(transaction, order, "order.refunded", {"reason": reason})
    return order


def _tell_owner(transaction: Transaction, order: Order, ticket: Kept) -> None:
    """Owes a mail to who has the ticket now, where that is somebody else than its buyer."""
    passed_on = ticket.owner not in (None, order.customer)
    owner = holder(transaction.connection, ticket) if passed_on else None
    if owner is not None and owner.email != order.email:
        mail_void(transaction, ticket, "order")


def _end(transaction: Transaction, order: Order, taken: Step, actor: str) -> Order:
    order = step(transaction, order, taken, actor)
    drop_others(transaction, order)
    return order
