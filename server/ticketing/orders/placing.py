"""Placing an order: what may be bought now, for how much, and the places that it holds from then on."""

from collections import Counter
from collections.abc import Sequence
from secrets import token_urlsafe

from sqlalchemy import Connection

from domain.clock import Instant, rfc3339, shift
from domain.errors import Conflict, FieldError, Invalid, NotFound
from server.activity.record import record
from server.contacts.book import contact_for
from server.db.database import Transaction
from server.events.life import EventState
from server.events.service import event_of
from server.events.store import Event
from server.ids import new_id, readable
from server.ticketing import issuing, types
from server.ticketing.orders import store
from server.ticketing.orders.states import Money, OrderState
from server.ticketing.orders.values import FREE, HOLD, Buyer, Item, Order, Payment, Wanted
from server.ticketing.schemas import MAX_PER_ORDER
from server.ticketing.types import Tier

MAX_HOLDING = 3
"""So many orders for one event one person may leave unpaid at a time."""


def sale(org: str, event: str) -> str:
    """The scope that is touched when places of an event are held or given back."""
    return f"{org}/sale:{event}"


def place(
    transaction: Transaction,
    buyer: Buyer,
    event: str,
    wanted: Sequence[Wanted],
    provider: str,
    secret: str = "",
) -> Order:
    """A pending order, which holds its places for `HOLD`; what it costs, the types say. Its `secret` is made
    where none is given.

    Raises `NotFound` for an event or type that is not there for customers, `Invalid` for quantities that an
    order cannot hold, `Conflict` for what is not on sale now or sold out.
    """
    connection, now = transaction.connection, transaction.now
    on_sale(connection, buyer.org, event, now)
    tiers = _tiers(connection, buyer.org, event, wanted)
    _check(tiers, wanted, now)
    currency = _currency(tiers)
    asked = Counter({each.type: each.quantity for each in wanted})
    # Whoever comes too late need not wait in the line of those who may still get something.
    issuing.check_room(connection, buyer.org, event, tiers, asked, now)
    contact = contact_for(
        transaction, buyer.org, buyer.actor, email=buyer.email, name=buyer.name, language=buyer.language
    )
    locked = issuing.types_of(connection, buyer.org, event, asked, lock=True)
    unpaid = store.ask_holding(connection, buyer.org, event, buyer.email, now)
    issuing.check_room(connection, buyer.org, event, locked, asked, now)
    if unpaid() >= MAX_HOLDING:
        raise Conflict(
            f"you have {MAX_HOLDING} unpaid orders for this event: pay or cancel one of them first",
            code="orders_pending",
        )
    items = tuple(_item(tier, each) for tier, each in zip(tiers, wanted, strict=True))
    order = _order(transaction, buyer, contact, event, items, currency, provider, secret)
    store.add(connection, order)
    record(
        transaction,
        org=order.org,
        kind="order.placed",
        subject=f"order:{order.id}",
        actor=buyer.actor,
        data={"event": event, "total": order.total, "currency": currency, "types": dict(asked)},
        contact=order.contact,
    )
    transaction.touched.add(sale(order.org, event))
    return order


def on_sale(connection: Connection, org: str, event: str, now: Instant) -> Event:
    """The event, of which tickets can be had now. Raises `NotFound` or `Conflict`."""
    found = shown(connection, org, event)
    if found.state is EventState.CANCELLED:
        raise Conflict("this event is cancelled: no ticket is sold for it", code="event_state")
    if found.ends <= now:
        raise Conflict("this event is over", code="sale_over")
    return found


def shown(connection: Connection, org: str, event: str) -> Event:
    """The event as customers may see it. Raises `NotFound` for a draft, and for one that was put away."""
    found = event_of(connection, org, event)
    if found.state in (EventState.DRAFT, EventState.ARCHIVED):
        raise NotFound("there is no event with this id")
    return found


def begin(transaction: Transaction, order: Order, provider: str, method: str) -> Payment:
    """A payment for an order, which the provider does not know of yet."""
    payment = Payment(
        id=new_id(transaction.now),
        org=order.org,
        order_id=order.id,
        provider=provider,
        reference=None,
        charge="",
        state=Money.BEGUN,
        amount=order.total,
        currency=order.currency,
        method=method,
        receipt=None,
        actor="",
        created=transaction.now,
        changed=transaction.now,
    )
    store.add_payment(transaction.connection, payment)
    return payment


def new_number() -> str:
    """A number of an order, which people read to each other."""
    return readable(8)


def _tiers(connection: Connection, org: str, event: str, wanted: Sequence[Wanted]) -> list[Tier]:
    ids = [each.type for each in wanted]
    if len(set(ids)) < len(ids):
        raise Invalid("name each ticket type once, with how many you want of it", code="type_twice")
    known = {tier.id: tier for tier in types.tiers(connection, org, event, ids) if tier.sold}
    for id_ in ids:
        if id_ not in known:
            raise NotFound(f"there is no ticket type {id_!r} to be bought")
    return [known[id_] for id_ in ids]


def _check(tiers: Sequence[Tier], wanted: Sequence[Wanted], now: Instant) -> None:
    wrong = []
    for n, (tier, each) in enumerate(zip(tiers, wanted, strict=True)):
        _check_window(tier, now)
        if not tier.min_per_order <= each.quantity <= tier.max_per_order:
            few, many = tier.min_per_order, tier.max_per_order
            wrong.append(
                FieldError(("body", "tickets", n, "quantity"), f"{tier.name}: {few} to {many} an order")
            )
    if sum(each.quantity for each in wanted) > MAX_PER_ORDER:
        wrong.append(FieldError(("body", "tickets"), f"an order holds {MAX_PER_ORDER} tickets at most"))
    if wrong:
        raise Invalid(f"an order cannot hold these: {wrong[0].msg}", code="order_limit", errors=wrong)


def _check_window(tier: Tier, now: Instant) -> None:
    if tier.sale_from is not None and now < tier.sale_from:
        raise Conflict(
            f"{tier.name!r} is on sale from {rfc3339(tier.sale_from)}",
            code="sale_not_begun",
            more={"type": tier.id, "saleFrom": rfc3339(tier.sale_from)},
        )
    if tier.sale_until is not None and now >= tier.sale_until:
        raise Conflict(
            f"{tier.name!r} was on sale until {rfc3339(tier.sale_until)}",
            code="sale_over",
            more={"type": tier.id, "saleUntil": rfc3339(tier.sale_until)},
        )


def _currency(tiers: Sequence[Tier]) -> str:
    """What costs nothing costs it in any currency."""
    currencies = {tier.currency for tier in tiers if tier.price}
    if len(currencies) > 1:
        raise Invalid(
            f"these cost {' and '.join(sorted(currencies))}: order what is in one currency at a time",
            code="currency_mixed",
        )
    return currencies.pop() if currencies else tiers[0].currency


def _item(tier: Tier, wanted: Wanted) -> Item:
    return Item(tier.id, tier.name, wanted.quantity, tier.price, wanted.attendees)


def _order(
    transaction: Transaction,
    buyer: Buyer,
    contact: str,
    event: str,
    items: tuple[Item, ...],
    currency: str,
    provider: str,
    secret: str,
) -> Order:
    now = transaction.now
    total = sum(item.price * item.quantity for item in items)
    return Order(
        id=new_id(now),
        org=buyer.org,
        event=event,
        number=new_number(),
        secret=secret or token_urlsafe(24),
        customer=buyer.customer,
        contact=contact,
        email=buyer.email,
        name=buyer.name,
        language=buyer.language,
        state=OrderState.PENDING,
        method=provider if total else FREE,
        total=total,
        currency=currency,
        created=now,
        expires=shift(now, HOLD),
        changed=now,
        items=items,
    )
