"""What a payment provider does for an order. Its answers are about money; what follows of them is ours.

Every call may be repeated: `Due.payment` and the keys given make it one at the provider. All of them raise
`Unavailable` where the provider cannot be asked now, and `Conflict` where it refuses.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from domain.errors import Conflict


class Standing(StrEnum):
    """`open` may still be paid, `dead` never will be; `returned` was paid, and given back as a whole."""

    OPEN = "open"
    PAID = "paid"
    DEAD = "dead"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Line:
    """So many of something at one price, as a hosted page lists it."""

    name: str
    quantity: int
    price: int


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be paid. `payment` and `order` are ids, `number` is for people."""

    payment: str
    org: str
    order: str
    number: str
    amount: int
    currency: str
    email: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Begun:
    """A payment as the provider knows it: to be paid with `secret` in a form, or at `address`."""

    reference: str
    secret: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What the provider says of a payment now. `charge` is what a refund names."""

    standing: Standing
    amount: int = 0
    currency: str = ""
    charge: str = ""
    secret: str | None = None


class Provider(Protocol):
    name: str
    online: bool
    """Whether customers pay it themselves; otherwise staff take the money."""

    async def begin(self, due: Due) -> Begun:
        """A payment for an embedded form."""

    async def checkout(self, due: Due, success: str, cancel: str) -> Begun:
        """A payment on the provider's own page, which leads to one of two addresses afterwards."""

    async def look_up(self, reference: str) -> Seen: ...

    async def give_up(self, reference: str) -> Seen:
        """Lets nobody pay any more, where that is still to be had; what stands then."""

    async def refund(self, payment: str, charge: str) -> None:
        """Gives all of it back."""

    def heard(self, payload: bytes, signature: str) -> str | None:
        """The id of the payment that a message of the provider's own is about; None: no payment of ours.

        Raises `Unreadable` for a message that it did not sign.
        """

    async def close(self) -> None: ...


def at_the_desk() -> Conflict:
    return Conflict("here staff take the money at the desk: pay there", code="pay_at_desk")
