"""Moving an order or a payment by one step: in its table, in the trail, in the mail."""

from dataclasses import replace

from domain.errors import NotFound
from server.activity.record import record
from server.db.database import Transaction
from server.messaging.post import post
from server.ticketing.orders import store
from server.ticketing.orders.placing import sale
from server.ticketing.orders.states import Step, Turn, after, money_after
from server.ticketing.orders.values import Order, Payment

SCOPE = "orders"
"""What a transaction touches after which a provider may have to be told something."""


def order_of(transaction: Transaction, org: str, id_: str, event: str | None = None) -> Order:
    """The order, held until the end of the transaction. Raises `NotFound`."""
    order = store.order(transaction.connection, org, id_, lock=True)
    if order is None or (event is not None and order.event != event):
        raise NotFound("there is no order with this id")
    return order


def step(
    transaction: Transaction, order: Order, taken: Step, actor: str, data: dict[str, object] | None = None
) -> Order:
    changed = replace(order, state=after(order.state, taken), changed=transaction.now)
    store.change(transaction.connection, changed)
    trail(transaction, changed, changed.state.value, actor, data or {})
    transaction.touched |= {SCOPE, sale(order.org, order.event)}
    return changed


def turn(transaction: Transaction, payment: Payment, taken: Turn) -> Payment:
    changed = replace(payment, state=money_after(payment.state, taken), changed=transaction.now)
    store.change_payment(transaction.connection, changed)
    transaction.touched.add(SCOPE)
    return changed


def trail(transaction: Transaction, order: Order, what: str, actor: str, data: dict[str, object]) -> None:
    record(
        transaction,
        org=order.org,
        kind=f"order.{what}",
        subject=f"order:{order.id}",
        actor=actor,
        data={"event": order.event, **data},
        contact=order.contact,
    )


def mail(
    transaction: Transaction,
    order: Order,
    kind: str,
    about: dict[str, object] | None = None,
    cause: str | None = None,
) -> None:
    """Owes the buyer a mail about the order; walk-ins may have given no address."""
    if order.email:
        post(
            transaction,
            org=order.org,
            kind=kind,
            cause=f"{kind} {cause or order.id}",
            to=order.email,
            name=order.name,
            language=order.language,
            about={"order": order.id, **(about or {})},
            event=order.event,
            contact=order.contact,
        )
