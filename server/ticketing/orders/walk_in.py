"""What a kiosk sold at its door under a lease: an order with its money and its ticket, written down.

The kiosk chose the ids, the order's number and the ticket's code, and somebody went in with it: nothing that
came about since takes that back.
"""

from dataclasses import dataclass, replace
from secrets import token_urlsafe

from domain.clock import Instant
from domain.errors import Conflict, Forbidden
from domain.ticket import TicketState
from server.activity.record import record
from server.auth import store as auth
from server.auth.caller import Caller
from server.contacts.book import contact_for
from server.db.constraints import held
from server.db.database import Transaction
from server.ticketing import issuing, types
from server.ticketing.issuing import New
from server.ticketing.orders import leases, settling, store
from server.ticketing.orders.leases import Lease
from server.ticketing.orders.placing import new_number, sale
from server.ticketing.orders.states import OrderState, Step
from server.ticketing.orders.steps import mail, step
from server.ticketing.orders.values import FREE, Attendee, Item, Order
from server.ticketing.payments.desk import DESK
from server.ticketing.store import Kept
from server.ticketing.types import Tier


@dataclass(frozen=True, slots=True)
class Walk:
    """One sale as the kiosk tells it. `taken` is the money it took, `method` `cash`, `card` or `free`."""

    lease: str
    event: str
    type: str
    order: str
    number: str
    ticket: str
    code: str
    name: str
    email: str
    language: str
    method: str
    taken: int
    perks: tuple[str, ...]
    at: Instant


@dataclass(frozen=True, slots=True)
class Sold:
    """`beyond` tells that the lease had run out and its seat went to somebody else: the quota is passed."""

    order: Order
    ticket: Kept
    beyond: bool


def sell(transaction: Transaction, caller: Caller, walk: Walk) -> Sold:
    """The sale, taken in. Its total is the type's price; what the kiosk took stands beside it where that is
    something else.

    Raises `Forbidden` for seats that this kiosk has not leased, be it as another device before, `Conflict`
    for more than it has, and for ids and codes that are somebody else's.
    """
    connection, actor = transaction.connection, caller.actor
    lease = _lease(transaction, caller, walk)
    contact = None
    if walk.email:
        contact = contact_for(
            transaction, caller.org, actor, email=walk.email, name=walk.name, language=walk.language
        )
    [tier] = types.tiers(connection, caller.org, lease.event, [lease.type], lock=True)
    lease = _lease(transaction, caller, walk)
    if lease.seats is not None and lease.sold >= lease.seats:
        raise Conflict(f"all {lease.seats} seats of this lease are sold", code="lease_used_up")
    standing = leases.standing(connection, caller.org, lease.event, transaction.now, lease.device)
    kept = lease.seats is not None and lease.id in {each.id for each in standing}
    free = issuing.left(connection, caller.org, lease.event, [tier], transaction.now)[tier.id]
    order = _order(transaction, lease, tier, walk, contact)
    with held("this order, ticket or code is somebody else's already", "sale_taken"):
        store.add(connection, order)
        ticket = _issue(transaction, order, tier, walk, actor)
        _pay(transaction, order, walk, actor)
    leases.change(connection, replace(lease, sold=lease.sold + 1))
    beyond = not kept and free is not None and free < 1
    order = _settled(transaction, order, walk, actor, beyond=beyond)
    transaction.touched.add(sale(order.org, order.event))
    return Sold(order, ticket, beyond)


def _lease(transaction: Transaction, caller: Caller, walk: Walk) -> Lease:
    lease = leases.by_id(transaction.connection, caller.org, walk.lease)
    mine = lease is not None and auth.is_or_was(transaction.connection, caller.id, lease.device)
    if lease is None or not mine or (lease.event, lease.type) != (walk.event, walk.type):
        raise Forbidden("this device has no such lease of seats", code="seat_not_leased")
    return lease


def _order(transaction: Transaction, lease: Lease, tier: Tier, walk: Walk, contact: str | None) -> Order:
    taken = store.number_taken(transaction.connection, lease.org, walk.number)
    return Order(
        id=walk.order,
        org=lease.org,
        event=lease.event,
        number=new_number() if taken else walk.number,
        secret=token_urlsafe(24),
        customer=None,
        contact=contact,
        email=walk.email,
        name=walk.name,
        language=walk.language,
        state=OrderState.PENDING,
        method=DESK if tier.price else FREE,
        total=tier.price,
        currency=tier.currency,
        created=walk.at,
        expires=walk.at,
        changed=walk.at,
        items=(Item(tier.id, tier.name, 1, tier.price, (Attendee(walk.name, walk.email),)),),
    )


def _issue(transaction: Transaction, order: Order, tier: Tier, walk: Walk, actor: str) -> Kept:
    new = New(
        type=tier.id,
        code=walk.code,
        state=TicketState.VALID,
        name=walk.name,
        email=walk.email,
        order=order.number,
        seat="",
        session="",
        note="",
        attention=False,
        perks=walk.perks,
        due=None,
        valid_from=None,
        valid_until=None,
        main=None,
    )
    reserved = issuing.reserve(transaction, order.org, order.event, actor, 1, done=True)
    [made] = issuing.prepare(reserved, [new])
    ticket = replace(made.ticket, id=walk.ticket, contact=order.contact, order_id=order.id)
    issuing.issue_ordered(transaction, reserved, [ticket], actor, kept=True)
    return ticket


def _pay(transaction: Transaction, order: Order, walk: Walk, actor: str) -> None:
    if not order.total and not walk.taken:
        return
    payment = settling.over_the_desk(
        transaction, order, actor, walk.method, settling.receipt(order, 1), walk.at
    )
    if walk.taken != order.total:
        payment = replace(payment, stated=walk.taken)
    store.add_payment(transaction.connection, payment)


def _settled(transaction: Transaction, order: Order, walk: Walk, actor: str, *, beyond: bool) -> Order:
    data: dict[str, object] = {"event": order.event, "types": {order.items[0].type: 1}, "lease": walk.lease}
    record(
        transaction,
        org=order.org,
        kind="order.placed",
        subject=f"order:{order.id}",
        actor=actor,
        data={**data, "total": order.total, "currency": order.currency, "beyond": beyond},
        contact=order.contact,
    )
    paid = {"total": order.total, "method": walk.method, "taken": walk.taken}
    order = step(transaction, order, Step.PAY, actor, paid)
    order = step(transaction, order, Step.CONFIRM, actor, {"tickets": [walk.ticket]})
    mail(transaction, order, "ticket.issued")
    if order.total:
        mail(transaction, order, "order.paid")
    return order
