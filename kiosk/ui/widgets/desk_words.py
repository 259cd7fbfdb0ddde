"""The words and icons of the line: events, states, waits, and what is said when something is in the way."""

from typing import assert_never

from domain.queue import Event, State
from kiosk.ui import spans
from kiosk.ui.desk_views import (
    CardView,
    DeskNotice,
    Faster,
    GraceNotice,
    Joined,
    NobodyWaiting,
    NumbersGone,
    Trouble,
    Wait,
)
from kiosk.ui.text import joined, text
from kiosk.ui.views import NoticeView, Tone
from kiosk.ui.widgets.desk_actions import continues

ICONS = {
    Event.CALL: "megaphone",
    Event.RECALL: "bell",
    Event.CHECK_IN: "mark",
    Event.START: "serve",
    Event.COMPLETE: "check",
    Event.NO_SHOW: "person_off",
    Event.HOLD: "hold",
    Event.RESUME: "play",
    Event.CONTINUE: "play",
    Event.RETURN: "return",
    Event.LEAVE: "exit",
    Event.TRANSFER: "transfer",
    Event.EXPIRE: "clock",
}


def event_words(event: Event, card: CardView | None = None) -> str:
    """What a button does; a service that was held is continued, not resumed."""
    if event is Event.RESUME and card is not None and continues(card):
        event = Event.CONTINUE
    return text(f"desk.event.{event}")


def minutes_words(span: int) -> str:
    """`12 min`, `under a minute`."""
    minutes = spans.minutes(span)
    return text("desk.minutes", count=minutes) if minutes else text("desk.minutes.none")


def wait_words(wait: Wait) -> str:
    """`10–20 min`, `up to 5 min`; a rough one `≈10–20 min`."""
    low, high = spans.wait_range(wait)
    words = text("desk.wait.range", low=low, high=high) if low else text("desk.wait.upto", high=high)
    return text("desk.wait.rough", time=words) if wait.rough else words


def card_facts(card: CardView) -> str:
    """What for, how many, how long."""
    return joined((wait_ahead(card), waited_words(card), *_purpose(card)))


def card_name(card: CardView) -> str:
    """Who it is; what they come for, where they said no name and wait."""
    return card.name or ("" if card.state is not State.WAITING else joined(_purpose(card)))


def card_line(card: CardView) -> str:
    """The small line of a card, times first: its end is cut where it is too long. Who waits has the time
    waited elsewhere on it."""
    if card.state is State.WAITING:
        return joined((wait_ahead(card), *(_purpose(card) if card.name else ())))
    return joined((waited_words(card), *_purpose(card)))


def wait_ahead(card: CardView) -> str:
    if card.wait is None:
        return ""
    low, high = spans.wait_range(card.wait)
    return text("desk.card.wait", low=low, high=high) if low else text("desk.card.soon", high=high)


def waited_words(card: CardView) -> str:
    return text("desk.card.waited", time=minutes_words(card.waited))


def _purpose(card: CardView) -> tuple[str, str]:
    return card.category, text("desk.card.party", count=card.party) if card.party > 1 else ""


def card_spoken(card: CardView) -> str:
    """The whole card for who hears it."""
    state = text(f"desk.state.{card.state}")
    return ", ".join(part for part in (card.number, card.name, state, card.counter, card_facts(card)) if part)


def grace_words(left: int) -> str:
    clock = spans.countdown(left)
    return text("desk.grace.left", clock=clock) if left else text("desk.grace.over")


def notice(of: DeskNotice) -> NoticeView:
    """A notice with its words."""
    match of:
        case Faster(number, state, counter):
            return NoticeView(text("desk.faster.title"), _stands(number, state, counter), Tone.WARN)
        case GraceNotice(_, number, left):
            clock = spans.countdown(left)
            return NoticeView(text("desk.grace.title", number=number), text("desk.grace.body", clock=clock))
        case Joined(number, ahead, wait):
            said = joined(
                (
                    "" if ahead is None else text("desk.joined.ahead", count=ahead),
                    text("desk.joined.wait", time=wait_words(wait)) if wait else "",
                )
            )
            return NoticeView(text("desk.joined.title", number=number), said, Tone.GOOD)
        case NobodyWaiting():
            return NoticeView(text("desk.nobody.title"), text("desk.nobody.body"))
        case NumbersGone():
            return NoticeView(text("desk.numbers.title"), text("desk.numbers.body"), Tone.BAD, lasting=True)
        case Trouble(words):
            return NoticeView(text("desk.trouble.title"), words, Tone.BAD, lasting=True)
        case _:
            assert_never(of)


def _stands(number: str, state: State | None, counter: str) -> str:
    if state is None:
        return text("desk.faster.gone", number=number)
    if counter and state in (State.CALLED, State.SERVING):
        return text(f"desk.faster.{state}_at", number=number, counter=counter)
    return text(f"desk.faster.{state}", number=number)
