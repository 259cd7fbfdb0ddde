"""What staff and desks ask of orders, and are told."""

from typing import Annotated, Literal

from pydantic import Field

from server.ticketing.orders.states import Money, OrderState
from server.wire import At, In, LongText, Out, Text


class PayIn(In):
    """Staff took the money. `receipt` is the number on the paper handed out; without one, one is made."""

    method: Literal["cash", "card"]
    receipt: Annotated[Text, Field(min_length=1, max_length=64)] | None = None


class RefundIn(In):
    reason: LongText = ""


class AttendeeOut(Out):
    name: str
    email: str


class ItemOut(Out):
    type: str
    name: str
    quantity: int
    price: int
    attendees: list[AttendeeOut]


class PaymentOut(Out):
    """Money for an order: `taken`, `owed` until it is `returned`, or not paid."""

    id: str
    provider: str
    state: Money
    amount: int
    currency: str
    method: str
    receipt: str | None
    actor: str
    created: At
    changed: At


class TicketRef(Out):
    """A ticket of an order; there is none before it is confirmed."""

    id: str
    number: int
    type: str
    name: str
    state: str


class OrderOut(Out):
    id: str
    event: str
    number: str
    state: OrderState
    email: str
    name: str
    language: str
    customer: str | None
    method: str
    total: int
    currency: str
    created: At
    expires: At
    changed: At
    items: list[ItemOut]


class OrderWhole(OrderOut):
    """An order with its payments and tickets."""

    payments: list[PaymentOut]
    tickets: list[TicketRef]


class Paid(OrderWhole):
    """A confirmed order, and the number of the receipt."""

    receipt: str
