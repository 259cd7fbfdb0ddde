"""What staff do with a ticket: which act leads from which state to which."""

from enum import StrEnum

from domain.errors import Conflict
from domain.ticket import TicketState


class Act(StrEnum):
    """`pay` settles what is due; `approve` is the organiser's; `unblock` takes `block` back."""

    PAY = "pay"
    APPROVE = "approve"
    BLOCK = "block"
    UNBLOCK = "unblock"
    CANCEL = "cancel"
    REFUND = "refund"


_S = TicketState
TRANSITIONS: dict[TicketState, dict[Act, TicketState]] = {
    _S.VALID: {Act.BLOCK: _S.BLOCKED, Act.CANCEL: _S.CANCELED, Act.REFUND: _S.REFUNDED},
    _S.PENDING: {Act.PAY: _S.VALID, Act.BLOCK: _S.BLOCKED, Act.CANCEL: _S.CANCELED},
    _S.UNAPPROVED: {Act.APPROVE: _S.VALID, Act.CANCEL: _S.CANCELED},
    _S.BLOCKED: {Act.UNBLOCK: _S.VALID, Act.CANCEL: _S.CANCELED, Act.REFUND: _S.REFUNDED},
    _S.CANCELED: {Act.REFUND: _S.REFUNDED},
    _S.REFUNDED: {},
}

TAKES_A_PLACE = (_S.VALID, _S.PENDING, _S.UNAPPROVED, _S.BLOCKED)
"""The states that count against a quota."""
VOID = (_S.CANCELED, _S.REFUNDED)
"""The states from which no ticket becomes good again."""


def after(state: TicketState, act: Act, due: int) -> TicketState:
    """The state after an act; what is still due keeps a ticket pending.

    Raises `Conflict` with the state found and what is allowed.
    """
    allowed = TRANSITIONS[state]
    if act not in allowed:
        acts = ", ".join(allowed) or "nothing"
        raise Conflict(
            f"this ticket is {state}: what can be done with it is {acts}",
            code="ticket_state",
            more={"state": state, "allowed": list(allowed)},
        )
    reached = allowed[act]
    waits = reached is _S.VALID and act is not Act.PAY and due > 0
    return _S.PENDING if waits else reached
