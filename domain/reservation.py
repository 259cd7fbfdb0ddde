"""What becomes of a reservation: its states, which of them follow which, and what its visit makes of it."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain import queue
from domain.business_hours import next_midnight
from domain.clock import HOUR, Instant, local_day, shift


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
    State.NO_SHOW: {Event.CHECK_IN: State.CHECKED_IN, Event.COMPLETE: State.COMPLETED},
    State.COMPLETED: {},
    State.CANCELLED: {},
}

HOLDING = frozenset({State.PENDING, State.CONFIRMED, State.CHECKED_IN, State.COMPLETED})
"""States in which its time belongs to it."""
AHEAD = frozenset({State.PENDING, State.CONFIRMED})
"""States in which it is still to come."""
LAPSED = {State.PENDING: Event.CANCEL, State.CONFIRMED: Event.NO_SHOW}
"""What becomes of one whose day has passed: staff never confirmed it, or nobody came."""

NEAR = 6 * HOUR
"""So near to a booked time, midnight makes no other day of it."""

NUMBER_LENGTH = 10
"""Letters and digits of a reservation's number: fifty bits."""


@dataclass(frozen=True, slots=True)
class Leg:
    """A visit at one service point: its state there, and whether anybody was served there in truth."""

    state: queue.State
    served: bool


def plain_number(said: str) -> str:
    """A number as people write it, as it is kept."""
    return said.upper().replace("-", "").replace(" ", "")


def after(state: State, event: Event) -> State | None:
    """The state that follows; None where the event does not fit."""
    return TRANSITIONS[state].get(event)


def of_visit(legs: Collection[Leg]) -> State:
    """What a visit makes of the reservation that it is for, while it goes on and once it has ended.

    Whoever was served got what they booked, however the visit ended. Who left unserved, or was still
    waiting when the day ended, had come: that is no no-show, the appointment fell through.
    """
    states = {leg.state for leg in legs}
    if states & queue.LIVE:
        return State.CHECKED_IN
    if any(leg.served for leg in legs):
        return State.COMPLETED
    return State.NO_SHOW if queue.State.NO_SHOW in states else State.CANCELLED


def is_due(starts: Instant, now: Instant, where: ZoneInfo) -> bool:
    """Whether who booked may check in now: on the day of their time, or near it across midnight."""
    return local_day(starts, where) == local_day(now, where) or abs(starts - now) <= NEAR


def lapse(starts: Instant, ends: Instant, where: ZoneInfo) -> Instant:
    """When nobody waits any more for who booked: from then on they cannot check in."""
    return max(next_midnight(starts, where), shift(ends, NEAR))
