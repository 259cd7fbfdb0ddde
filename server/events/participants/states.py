"""The life of a participation: which act leads from which state to which."""

from enum import StrEnum

from domain.errors import Conflict


class State(StrEnum):
    """`accepted` came of an invitation, `confirmed` of a ticket."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class Act(StrEnum):
    """The organiser invites and withdraws; the invited accept and decline; whoever holds a ticket joins, and
    leaves with it."""

    INVITE = "invite"
    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    DECLINE = "decline"
    JOIN = "join"
    LEAVE = "leave"


class Visibility(StrEnum):
    """What other participants see of one: nothing, the name, the name and the sessions."""

    HIDDEN = "hidden"
    NAME = "name"
    SESSIONS = "sessions"


_S = State
TRANSITIONS: dict[State, dict[Act, State]] = {
    _S.INVITED: {
        Act.ACCEPT: _S.ACCEPTED,
        Act.DECLINE: _S.DECLINED,
        Act.WITHDRAW: _S.CANCELLED,
        Act.JOIN: _S.ACCEPTED,
    },
    _S.ACCEPTED: {
        Act.ACCEPT: _S.ACCEPTED,
        Act.DECLINE: _S.DECLINED,
        Act.WITHDRAW: _S.CANCELLED,
        Act.JOIN: _S.ACCEPTED,
    },
    _S.DECLINED: {
        Act.ACCEPT: _S.ACCEPTED,
        Act.DECLINE: _S.DECLINED,
        Act.WITHDRAW: _S.CANCELLED,
        Act.INVITE: _S.INVITED,
        Act.JOIN: _S.CONFIRMED,
    },
    _S.CONFIRMED: {Act.JOIN: _S.CONFIRMED, Act.LEAVE: _S.CANCELLED},
    _S.CANCELLED: {Act.INVITE: _S.INVITED, Act.JOIN: _S.CONFIRMED},
}

TAKES_PART = (State.ACCEPTED, State.CONFIRMED)


def after(state: State, act: Act) -> State:
    """Raises `Conflict` with the state found and what is allowed."""
    allowed = TRANSITIONS[state]
    if act not in allowed:
        acts = ", ".join(allowed)
        raise Conflict(
            f"this participation is {state}: what can be done with it is {acts}",
            code="participation_state",
            more={"state": state, "allowed": list(allowed)},
        )
    return allowed[act]
