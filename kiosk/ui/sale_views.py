"""What selling at the door shows and asks, as frozen values. Amounts are in minor units of `currency`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OfferView:
    """A ticket type that is sold here. `left` is None for any number; `here` tells that `left` are those in
    this kiosk's hand, since nobody can say how many there are beside."""

    type: str
    name: str
    colour: str = ""
    price: int = 0
    currency: str = ""
    left: int | None = None
    here: bool = False


@dataclass(frozen=True, slots=True)
class SaleRequest:
    """One ticket for somebody who stands there. `method` is `cash`, `card` or `free`, `price` what staff saw
    it costs."""

    type: str
    method: str
    price: int = 0
    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class SoldView:
    """A ticket that was sold: its code, and what stands on the receipt."""

    code: str
    number: str
    price: int = 0
    currency: str = ""
    method: str = "free"
    may_print: bool = False
