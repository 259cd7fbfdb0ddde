"""Which of the events that fit a party its card offers at once, and which behind *more*."""

from dataclasses import dataclass

from domain.queue import Event, State
from kiosk.ui.desk_views import CardView

_MAIN = {
    State.WAITING: Event.CALL,
    State.CALLED: Event.START,
    State.SERVING: Event.COMPLETE,
    State.HELD: Event.RESUME,
    State.NO_SHOW: Event.RETURN,
}
_BESIDE = {
    State.CALLED: (Event.RECALL, Event.NO_SHOW),
    State.SERVING: (Event.HOLD,),
}
_NEVER = frozenset({Event.EXPIRE, Event.CONTINUE})
"""The end of the day expires; `resume` continues a service that was held."""


@dataclass(frozen=True, slots=True)
class Actions:
    """`main` is what usually comes next; `more` stands in the order of the table of events."""

    main: Event | None
    beside: tuple[Event, ...]
    more: tuple[Event, ...]


def actions(card: CardView) -> Actions:
    main = _MAIN.get(card.state)
    beside = tuple(event for event in _BESIDE.get(card.state, ()) if event in card.allowed)
    shown = _NEVER | {main, *beside} | ({Event.CHECK_IN} if card.arrived else frozenset())
    more = tuple(event for event in Event if event in card.allowed and event not in shown)
    return Actions(main if main in card.allowed else None, beside, more)


def continues(card: CardView) -> bool:
    """Whether resuming goes on with a service, not back to the line."""
    return Event.CONTINUE in card.allowed
