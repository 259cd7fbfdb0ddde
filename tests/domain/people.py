"""People of a line, for tests of its rules."""

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import strategies as st

from domain.clock import MINUTE, Instant, parse
from domain.ids import EntryId, ServicePointId
from domain.queue import Entry, Event, Moved, Rules, State, move

NOON = parse("2026-05-10T12:00:00Z")
RULES = Rules()


def later(minutes: float) -> Instant:
    return Instant(NOON + int(minutes * MINUTE))


def entry(name: str = "a", joined: Instant = NOON, sequence: int = 1, **more: object) -> Entry:
    made = Entry(EntryId(name), ServicePointId("desk"), "A001", "general", joined, sequence, changed=joined)
    return replace(made, **more)  # type: ignore[arg-type]


def after(start: Entry, *events: Event, at: Instant = NOON, counter: str | None = None) -> Entry:
    for event in events:
        moved = move(start, event, at, RULES, counter=counter, force=True)
        assert isinstance(moved, Moved)
        start = moved.entry
    return start


def line(*classes: str) -> list[Entry]:
    """People of these classes who joined in this order, named after both: `p1`, `n2`."""
    return [
        entry(f"{priority[0]}{place}", later(place), place, priority=priority)
        for place, priority in enumerate(classes, 1)
    ]


def names(entries: Iterable[Entry]) -> list[str]:
    return [one.id for one in entries]


REACH = {
    State.WAITING: (),
    State.CALLED: (Event.CALL,),
    State.SERVING: (Event.CALL, Event.START),
    State.HELD: (Event.HOLD,),
    State.COMPLETED: (Event.CALL, Event.START, Event.COMPLETE),
    State.NO_SHOW: (Event.CALL, Event.NO_SHOW),
    State.LEFT: (Event.LEAVE,),
    State.TRANSFERRED: (Event.TRANSFER,),
    State.EXPIRED: (Event.EXPIRE,),
}
"""What leads to each state."""

CLASSES = st.sampled_from(["priority", "normal", "staff", "vip"])
