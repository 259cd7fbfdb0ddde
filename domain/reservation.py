"""What becomes of a reservation: its states, and which of them follow which."""

from enum import StrEnum


class State(StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class Event(StrEnum):
    CONFIRM = "confirm"
    MOVE = "move"
    CHECK_IN = "check_in"
    COMPLETE = "complete"
    CANCEL = "cancel"
    NO_SHOW = "no_show"


TRANSITIONS: dict[State, dict[Event, State]] = {
    State.PENDING: {
        Event.CONFIRM: State.CONFIRMED,
        Event.MOVE: State.PENDING,
        Event.CANCEL: State.CANCELLED,
    },
    State.CONFIRMED: {
        Event.MOVE: State.CONFIRMED,
        Event.CHECK_IN: State.CHECKED_IN,
        Event.CANCEL: State.CANCELLED,
        Event.NO_SHOW: State.NO_SHOW,
    },
    State.CHECKED_IN: {Event.COMPLETE: State.COMPLETED, Event.NO_SHOW: State.NO_SHOW},
    State.NO_SHOW: {Event.CHECK_IN: State.CHECKED_IN},
    State.COMPLETED: {},
    State.CANCELLED: {},
}

HOLDING = frozenset({State.PENDING, State.CONFIRMED, State.CHECKED_IN, State.COMPLETED})
"""States in which its time belongs to it."""
AHEAD = frozenset({State.PENDING, State.CONFIRMED})
"""States in which it is still to come."""


NUMBER_LENGTH = 10
"""Letters and digits of a reservation's number: fifty bits."""


def plain_number(said: str) -> str:
    """A number as people write it, as it is kept."""
    return said.upper().replace("-", "").replace(" ", "")


def after(state: State, event: Event) -> State | None:
    """The state that follows; None where the event does not fit."""
    return TRANSITIONS[state].get(event)
