"""The stretches of an entry, and what follows from them: how long somebody waited and was served."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.clock import Instant
from domain.queue import State

SYSTEM = "system"
"""The actor of what the server does by itself: the end of grace, the end of the day."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stay in one state, `[since, until)`; `until` None while it lasts. `undone`: it was a mistake."""

    state: State
    since: Instant
    until: Instant | None
    undone: bool = False
    counter: str | None = None
    actor: str = SYSTEM


def effective(history: Iterable[Stretch]) -> Iterator[tuple[State, Instant, Instant | None]]:
    """What was the case in truth: while a mistake stood, the state before it went on."""
    before: State | None = None
    for stretch in history:
        if not stretch.undone or before is None:
            before = stretch.state
        yield before, stretch.since, stretch.until


def waited(history: Iterable[Stretch]) -> int | None:
    """Milliseconds spent waiting before the first call; None for somebody who was never called."""
    total = 0
    for state, since, until in effective(history):
        if state is State.CALLED:
            return total
        if state is State.WAITING and until is not None:
            total += max(0, until - since)
    return None


def served(history: Iterable[Stretch]) -> int | None:
    """Milliseconds of service; None while it is not complete."""
    total, last = 0, None
    for state, since, until in effective(history):
        last = state
        if state is State.SERVING and until is not None:
            total += max(0, until - since)
    return total if last is State.COMPLETED else None
