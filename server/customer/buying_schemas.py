"""What an attendee's app sends to buy, and is told."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from server.customer.ticket_schemas import OwnTicket
from server.ticketing.orders.states import OrderState
from server.ticketing.orders.values import Attendee, Wanted
from server.ticketing.schemas import MAX_PER_ORDER
from server.wire import At, Id, In, MailAddress, Out, Page, Text


class AttendeeIn(In):
    """Who a ticket is for. Their e-mail address finds it at the door."""

    name: Text = ""
    email: MailAddress | None = None

    def value(self) -> Attendee:
        return Attendee(self.name, self.email or "")


class WantedIn(In):
    """So many tickets of a type, for these people in turn; the rest are in the buyer's name."""

    ticket_type_id: Id
    quantity: Annotated[int, Field(strict=True, ge=1, le=MAX_PER_ORDER)]
    attendees: Annotated[list[AttendeeIn], Field(max_length=MAX_PER_ORDER)] = []

    @model_validator(mode="after")
    def _has_room(self) -> Self:
        if len(self.attendees) > self.quantity:
            raise ValueError("there are more attendees than tickets")
        return self

    def value(self) -> Wanted:
        return Wanted(self.ticket_type_id, self.quantity, tuple(each.value() for each in self.attendees))


class PurchaseIn(In):
    event_id: Id
    tickets: Annotated[list[WantedIn], Field(min_length=1, max_length=20)]
    coupon: Text | None = None


class Purchased(Out):
    """A pending order. Its places are held until `expiresAt`; `paymentIntentSecret` is null where staff take
    the money, or there is nothing to pay."""

    order_id: str
    number: str
    payment_intent_secret: str | None
    total: int
    currency: str
    expires_at: At


class OrderIdIn(In):
    order_id: Id


class OrderStateOut(Out):
    order_id: str
    state: OrderState


class Confirmed(Out):
    """An order with its tickets."""

    order_id: str
    number: str
    state: OrderState
    total: int
    currency: str
    tickets: list[OwnTicket]


class RegisterIn(In):
    event_id: Id
    ticket_type_id: Id
    attendees: Annotated[list[AttendeeIn], Field(max_length=MAX_PER_ORDER)] = []


class TierOut(Out):
    """A tier as a buyer sees it. `available` is null where there are as many as anybody wants."""

    id: str
    name: str
    description: dict[str, str]
    colour: str
    price: int
    currency: str
    available: int | None
    on_sale: bool
    sale_from: At | None
    sale_until: At | None
    min_per_order: int
    max_per_order: int
    perks: list[str]


class Tiers(Page[TierOut]):
    """Tiers in the organiser's order."""
