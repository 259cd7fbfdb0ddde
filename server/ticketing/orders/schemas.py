"""What staff and desks ask of orders, and are told."""

from typing import Annotated, Literal

from pydantic import Field

from server.ticketing.orders.states import Money, OrderState
from server.wire import At, Id, In, LongText, Out, Text


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
    """Money for an order: `taken`, `owed` until it is `returned`, or not paid.

    `stated` is what a kiosk that sold while it was alone says it took, where that is not `amount`.
    """

    id: str
    provider: str
    state: Money
    amount: int
    currency: str
    method: str
    receipt: str | None
    actor: str
    stated: int | None
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


class SeatsIn(In):
    """So many seats of each type a kiosk wants to have in hand; 0 gives back what it has not sold."""

    event: Id
    seats: Annotated[int, Field(ge=0, le=50)]


class SeatLeaseOut(Out):
    """Seats of a type, null for any number, with what a kiosk needs to sell them.

    `seats` counts all that were ever given under this lease, those that are sold too; `available` are those
    that anybody else may have still, null for any number.
    """

    lease_id: str
    type: str
    name: str
    colour: str
    price: int
    currency: str
    perks: list[str]
    seats: int | None
    available: int | None
    expires: At


class SeatLeasesOut(Out):
    items: list[SeatLeaseOut]


class HeldLeaseOut(Out):
    """Seats that a kiosk keeps from others; `sold` are those of them of which the server has heard."""

    id: str
    type: str
    device: str
    seats: int | None
    sold: int
    given: At
    expires: At
