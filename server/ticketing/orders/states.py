"""The life of an order, and of the money that is paid for it: which step leads from which state to which."""

from enum import StrEnum
from typing import TypeVar

from domain.errors import Conflict


class OrderState(StrEnum):
    """`pending` holds its places until it expires; `confirmed` has its tickets. `paid` lasts no longer than
    it takes to find out whether there are places: nobody sees money without tickets."""

    PENDING = "pending"
    PAID = "paid"
    CONFIRMED = "confirmed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


class Step(StrEnum):
    PAY = "pay"
    CONFIRM = "confirm"
    EXPIRE = "expire"
    CANCEL = "cancel"
    REFUND = "refund"


_S = OrderState
TRANSITIONS: dict[OrderState, dict[Step, OrderState]] = {
    _S.PENDING: {Step.PAY: _S.PAID, Step.EXPIRE: _S.EXPIRED, Step.CANCEL: _S.CANCELLED},
    _S.PAID: {Step.CONFIRM: _S.CONFIRMED, Step.REFUND: _S.REFUNDED},
    _S.CONFIRMED: {Step.REFUND: _S.REFUNDED},
    # Money may come late: a provider takes it when the places are somebody else's already.
    _S.EXPIRED: {Step.PAY: _S.PAID},
    _S.CANCELLED: {Step.PAY: _S.PAID},
    _S.REFUNDED: {},
}


class Money(StrEnum):
    """`begun` with a provider; `taken`, and tickets given for it; `owed` to the customer until it was
    `returned`; `dropping` until the provider has `dropped` what nobody shall pay any more."""

    BEGUN = "begun"
    TAKEN = "taken"
    OWED = "owed"
    RETURNED = "returned"
    DROPPING = "dropping"
    DROPPED = "dropped"


class Turn(StrEnum):
    """What happens to money. `spare` is money that came although it was not wanted any more."""

    TAKE = "take"
    SPARE = "spare"
    DROP = "drop"
    GONE = "gone"
    OWE = "owe"
    RETURN = "return"


_M = Money
# Money may come whatever was agreed, and a provider may give it back before anybody here heard of it.
_COMES: dict[Turn, Money] = {Turn.TAKE: _M.TAKEN, Turn.SPARE: _M.OWED, Turn.RETURN: _M.RETURNED}
MONEY: dict[Money, dict[Turn, Money]] = {
    _M.BEGUN: {**_COMES, Turn.DROP: _M.DROPPING, Turn.GONE: _M.DROPPED},
    _M.DROPPING: {**_COMES, Turn.GONE: _M.DROPPED},
    _M.DROPPED: {**_COMES, Turn.DROP: _M.DROPPING},
    _M.TAKEN: {Turn.OWE: _M.OWED, Turn.RETURN: _M.RETURNED},
    _M.OWED: {Turn.RETURN: _M.RETURNED},
    _M.RETURNED: {},
}
UNPAID = (_M.BEGUN, _M.DROPPING, _M.DROPPED)

S = TypeVar("S", OrderState, Money)
T = TypeVar("T", Step, Turn)


def after(state: OrderState, step: Step) -> OrderState:
    """Raises `Conflict` with the state found and what is allowed."""
    return _after(TRANSITIONS, state, step, "order")


def money_after(state: Money, turn: Turn) -> Money:
    """Raises `Conflict` with the state found and what is allowed."""
    return _after(MONEY, state, turn, "payment")


def _after(table: dict[S, dict[T, S]], state: S, step: T, what: str) -> S:
    allowed = table[state]
    if step not in allowed:
        steps = ", ".join(allowed) or "nothing"
        raise Conflict(
            f"this {what} is {state}: what can be done with it is {steps}",
            code=f"{what}_state",
            more={"state": state, "allowed": list(allowed)},
        )
    return allowed[step]
