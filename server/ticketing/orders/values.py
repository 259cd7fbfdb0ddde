"""Orders as frozen values."""

from dataclasses import dataclass, field

from domain.clock import MINUTE, Instant
from server.ticketing.orders.states import Money, OrderState

HOLD = 15 * MINUTE
"""So long a pending order keeps its places."""
FREE = "free"
"""The method of an order that costs nothing."""


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who orders: a customer who has signed in, or somebody who gave an e-mail address."""

    org: str
    email: str
    name: str = ""
    language: str = "en"
    customer: str | None = None

    @property
    def actor(self) -> str:
        return _actor(self.customer)


@dataclass(frozen=True, slots=True)
class Attendee:
    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many tickets of a type; who they are for, as far as it is known."""

    type: str
    quantity: int
    attendees: tuple[Attendee, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A line of an order, with the type's name and price as they were."""

    type: str
    name: str
    quantity: int
    price: int
    attendees: tuple[Attendee, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it is kept. `secret` lets whoever knows it see the order."""

    id: str
    org: str
    event: str
    number: str
    secret: str = field(repr=False)
    customer: str | None
    contact: str | None
    email: str
    name: str
    language: str
    state: OrderState
    method: str
    total: int
    currency: str
    created: Instant
    expires: Instant
    changed: Instant
    items: tuple[Item, ...]

    @property
    def actor(self) -> str:
        """Whoever placed it, for the trail."""
        return _actor(self.customer)

    def holds(self, now: Instant) -> bool:
        """Whether its places are still kept for it."""
        return self.state is OrderState.PENDING and self.expires > now


@dataclass(frozen=True, slots=True)
class Payment:
    """Money for an order as it is kept."""

    id: str
    org: str
    order_id: str
    provider: str
    reference: str | None
    charge: str
    state: Money
    amount: int
    currency: str
    method: str
    receipt: str | None
    actor: str
    created: Instant
    changed: Instant
    stated: int | None = None


def _actor(customer: str | None) -> str:
    return f"customer:{customer}" if customer else "public"
