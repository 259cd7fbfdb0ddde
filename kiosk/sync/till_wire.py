"""Orders as JSON, as the desk sees them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_PAID = ("taken", "owed", "returned")


@dataclass(frozen=True, slots=True)
class OrderLine:
    """So many of one kind; `price` is that of one."""

    name: str
    quantity: int
    price: int


@dataclass(frozen=True, slots=True)
class OrderSeen:
    """An order. `state` is the server's word; money is in minor units of `currency`.

    `receipt` is the number of the last payment that was taken and not given back, `method` how, both empty
    where there is none; `by_hand` tells that staff took it, and hand it back. `taken_by` says who took the
    last payment, also where it was given back since: `device:…` or `staff:…`.
    """

    id: str
    event: str
    number: str
    state: str
    name: str
    email: str
    total: int
    currency: str
    lines: tuple[OrderLine, ...] = ()
    receipt: str = ""
    method: str = ""
    by_hand: bool = False
    taken_by: str = ""


def order(read: Mapping[str, Any]) -> OrderSeen:
    """Raises `ValueError`, `KeyError` or `TypeError` for an answer that is not one."""
    paid = [each for each in read.get("payments") or () if each["state"] in _PAID]
    taken = [each for each in paid if each["state"] == "taken"]
    last: Mapping[str, Any] = taken[-1] if taken else {}
    return OrderSeen(
        id=str(read["id"]),
        event=str(read["event"]),
        number=str(read["number"]),
        state=str(read["state"]),
        name=str(read.get("name") or ""),
        email=str(read.get("email") or ""),
        total=int(read["total"]),
        currency=str(read["currency"]),
        lines=tuple(map(_line, read["items"])),
        receipt=str(last.get("receipt") or ""),
        method=str(last.get("method") or ""),
        by_hand=last.get("provider") == "desk",
        taken_by=str(paid[-1].get("actor") or "") if paid else "",
    )


def orders(read: Mapping[str, Any]) -> tuple[OrderSeen, ...]:
    return tuple(map(order, read["items"]))


def _line(read: Mapping[str, Any]) -> OrderLine:
    return OrderLine(str(read["name"]), int(read["quantity"]), int(read["price"]))
