"""What taking payments for orders shows, as frozen values. Amounts are in minor units of `currency`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OrderLineView:
    name: str
    quantity: int
    price: int


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order. `state` is one of the server's words; `receipt` and `method` are those of money that was
    taken. `may_pay` and `may_refund` tell what can be done with it here."""

    id: str
    number: str
    who: str = ""
    state: str = "pending"
    total: int = 0
    currency: str = ""
    lines: tuple[OrderLineView, ...] = ()
    receipt: str = ""
    method: str = ""
    may_pay: bool = False
    may_refund: bool = False


@dataclass(frozen=True, slots=True)
class FoundOrders:
    """What a search came to. `text` is what was searched for; `trouble` says why nothing could be."""

    text: str = ""
    orders: tuple[OrderView, ...] = ()
    trouble: str = ""
