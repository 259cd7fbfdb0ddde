"""The walk-up queue: its states, who may go where, who is next, numbers, undo.

The same on the server and in an offline kiosk. A visit is one `Entry` per service point that it passes
through; who stores entries writes each stay in a state `[changed, next changed)` as a stretch of its
own, so that history and statistics need no guessing. Source: the specification's queue rules.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from operator import attrgetter

from domain.clock import MINUTE, Instant
from domain.ids import EntryId, ServicePointId


class State(StrEnum):
    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    HELD = "held"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    LEFT = "left"
    TRANSFERRED = "transferred"
    EXPIRED = "expired"


class Event(StrEnum):
    CALL = "call"
    RECALL = "recall"
    CHECK_IN = "check_in"
    START = "start"
    COMPLETE = "complete"
    NO_SHOW = "no_show"
    HOLD = "hold"
    RESUME = "resume"
    CONTINUE = "continue"
    RETURN = "return"
    LEAVE = "leave"
    TRANSFER = "transfer"
    EXPIRE = "expire"


TRANSITIONS: dict[State, dict[Event, State]] = {
    State.WAITING: {
        Event.CALL: State.CALLED,
        Event.CHECK_IN: State.WAITING,
        Event.HOLD: State.HELD,
        Event.NO_SHOW: State.NO_SHOW,
        Event.LEAVE: State.LEFT,
        Event.TRANSFER: State.TRANSFERRED,
        Event.EXPIRE: State.EXPIRED,
    },
    State.CALLED: {
        Event.RECALL: State.CALLED,
        Event.CHECK_IN: State.CALLED,
        Event.START: State.SERVING,
        Event.NO_SHOW: State.NO_SHOW,
        Event.LEAVE: State.LEFT,
        Event.TRANSFER: State.TRANSFERRED,
        Event.EXPIRE: State.EXPIRED,
    },
    State.SERVING: {
        Event.COMPLETE: State.COMPLETED,
        Event.HOLD: State.HELD,
        Event.TRANSFER: State.TRANSFERRED,
        Event.EXPIRE: State.EXPIRED,
    },
    State.HELD: {
        Event.RESUME: State.WAITING,
        Event.CONTINUE: State.SERVING,
        Event.TRANSFER: State.TRANSFERRED,
        Event.EXPIRE: State.EXPIRED,
    },
    State.NO_SHOW: {Event.RETURN: State.WAITING},
    State.COMPLETED: {},
    State.LEFT: {},
    State.TRANSFERRED: {},
    State.EXPIRED: {},
}

LIVE = frozenset({State.WAITING, State.CALLED, State.SERVING, State.HELD})
STAYS = frozenset({Event.RECALL, Event.CHECK_IN})
"""Events that change something about an entry, but not its state: they begin no new stretch."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What an entry was before its last transition, for undo."""

    state: State
    joined: Instant
    counter: str | None
    called: Instant | None
    calls: int
    front: bool
    arrived: bool
    held_from: State | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One person or party in the line of one service point.

    `joined` never runs backwards within a service point (`join_time`), `sequence` counts its joins.
    `changed` is when the present state began. `front` puts a returned no-show ahead of everybody.
    `called` is the time of the last call, from which grace runs. `arrived`: the person is on the spot.
    """

    id: EntryId
    service_point: ServicePointId
    number: str
    category: str
    joined: Instant
    sequence: int
    changed: Instant
    priority: str = "normal"
    state: State = State.WAITING
    counter: str | None = None
    called: Instant | None = None
    calls: int = 0
    front: bool = False
    arrived: bool = True
    held_from: State | None = None
    prior: Prior | None = None

    def __hash__(self) -> int:
        # Lines of thousands are looked up by what stands in them: these two tell almost all apart.
        return hash((self.id, self.changed))


@dataclass(frozen=True, slots=True)
class Moved:
    entry: Entry


@dataclass(frozen=True, slots=True)
class WrongTransition:
    """The event does not fit the state found; `allowed` are those that do."""

    found: State
    allowed: frozenset[Event]


@dataclass(frozen=True, slots=True)
class GraceRunning:
    """A no-show is not yet one: `left` milliseconds of grace remain."""

    left: int


@dataclass(frozen=True, slots=True)
class Rules:
    """How one service point runs its line. Times in milliseconds.

    `quota` is the repeating pattern of priority classes, such as ("priority", "priority", "normal").
    Whoever waits longer than `age_limit` goes before any class.
    """

    quota: tuple[str, ...] = ("priority", "priority", "normal")
    age_limit: int = 60 * MINUTE
    grace: int = 3 * MINUTE
    return_tolerance: int = 15 * MINUTE
    service: int = 10 * MINUTE


def join_time(now: Instant, last: Instant | None) -> Instant:
    """The join time to record: a clock that steps back changes no order."""
    return now if last is None else Instant(max(now, last))


def allowed(entry: Entry) -> frozenset[Event]:
    """The events that fit the entry as it is.

    A held one resumes to where it was held: `resume` of a service means `continue`.
    """
    events = frozenset(TRANSITIONS[entry.state])
    return events if entry.held_from is State.SERVING else events - {Event.CONTINUE}


def move(
    entry: Entry,
    event: Event,
    at: Instant,
    rules: Rules,
    *,
    counter: str | None = None,
    force: bool = False,
    last: Instant | None = None,
) -> Moved | WrongTransition | GraceRunning:
    """The entry after an event. `force` marks a no-show before the grace has run out.

    `last` is the latest join time at the service point: who returns too late goes behind it.
    """
    if event not in allowed(entry):
        return WrongTransition(entry.state, allowed(entry))
    if event is Event.RESUME and Event.CONTINUE in allowed(entry):
        event = Event.CONTINUE
    if event is Event.NO_SHOW and not force:
        left = grace_left(entry, at, rules)
        if left is not None and left > 0:
            return GraceRunning(left)
    moved = _returned(entry, at, rules, last) if event is Event.RETURN else _effect(entry, event, at, counter)
    if event in STAYS:
        return Moved(moved)
    state, changed = TRANSITIONS[entry.state][event], Instant(max(at, entry.changed))
    return Moved(replace(moved, state=state, changed=changed, prior=_prior(entry)))


def grace_left(entry: Entry, at: Instant, rules: Rules) -> int | None:
    """Milliseconds of grace left, 0 when it is over; None for an entry that is not called."""
    if entry.state is not State.CALLED or entry.called is None:
        return None
    # A clock that stepped back does not lengthen what was promised.
    return min(rules.grace, max(0, entry.called + rules.grace - at))


def undo(entry: Entry, at: Instant) -> Entry | None:
    """The entry as it was before its last transition, or None where nothing is left to take back.

    Once: after an undo there is nothing to undo until the next transition.
    """
    was = entry.prior
    if was is None:
        return None
    return replace(
        entry,
        state=was.state,
        joined=was.joined,
        counter=was.counter,
        called=was.called,
        calls=was.calls,
        front=was.front,
        arrived=was.arrived,
        held_from=was.held_from,
        changed=Instant(max(at, entry.changed)),
        prior=None,
    )


def call_order(waiting: Iterable[Entry], rules: Rules, at: Instant, turn: int = 0) -> tuple[Entry, ...]:
    """Everybody who waits, in the order in which they will be called.

    `turn` is the place in the quota's pattern at which the next call stands (`next_turn` of the last).
    """
    left = [entry for entry in waiting if entry.state is State.WAITING]
    left.sort(key=_JOINED)
    if in_front := [entry for entry in left if entry.front]:
        left = in_front + [entry for entry in left if not entry.front]
    first = next((place for place, entry in enumerate(left) if not _overtakes(entry, rules, at)), len(left))
    classes = {_class(priority, rules) for priority in {entry.priority for entry in left[first:]}}
    if len(classes) < 2:
        return tuple(left)
    lines: dict[str, list[Entry]] = {name: [] for name in classes}
    for entry in left[first:]:
        lines[_class(entry.priority, rules)].append(entry)
    return (*left[:first], *_by_quota(lines, rules, turn))


def next_turn(called: Entry, rules: Rules, at: Instant, turn: int) -> int:
    """The turn after calling this entry, given as it waited; who is in front or aged uses up no turn."""
    if _overtakes(called, rules, at) or not rules.quota:
        return turn
    for step in range(len(rules.quota)):
        if rules.quota[(turn + step) % len(rules.quota)] == _class(called.priority, rules):
            return (turn + step + 1) % len(rules.quota)
    return turn


def label(letter: str, number: int) -> str:
    """`A001`; after `A999` comes `A1000`."""
    return f"{letter}{number:03}"


def fallback_wait(position: int, rules: Rules, open_counters: int) -> int:
    """Milliseconds until the person at `position` (1 is next) is called, without any history.

    Position × configured duration / open counters, as the specification says.
    """
    return position * rules.service // max(1, open_counters)


def _effect(entry: Entry, event: Event, at: Instant, counter: str | None) -> Entry:
    match event:
        case Event.CALL:
            return replace(entry, called=at, calls=1, counter=counter, front=False)
        case Event.RECALL:
            return replace(entry, called=at, calls=entry.calls + 1, counter=counter or entry.counter)
        case Event.CHECK_IN:
            return replace(entry, arrived=True)
        case Event.START:
            return replace(entry, counter=counter or entry.counter, arrived=True)
        case Event.HOLD:
            return replace(entry, held_from=entry.state)
        case Event.RESUME:
            return replace(entry, counter=None, called=None, held_from=None)
        case Event.CONTINUE:
            return replace(entry, held_from=None)
        case _:
            return entry


def _returned(entry: Entry, at: Instant, rules: Rules, last: Instant | None) -> Entry:
    """To the front within the tolerance, else to the tail."""
    in_time = at - entry.changed <= rules.return_tolerance
    # One more than the last: with its old sequence number it would win the tie.
    tail = max(at, entry.joined) if last is None else max(at, entry.joined, last + 1)
    joined = entry.joined if in_time else Instant(tail)
    return replace(entry, front=in_time, joined=joined, counter=None, called=None, arrived=True)


def _prior(entry: Entry) -> Prior:
    return Prior(
        entry.state,
        entry.joined,
        entry.counter,
        entry.called,
        entry.calls,
        entry.front,
        entry.arrived,
        entry.held_from,
    )


_JOINED = attrgetter("joined", "sequence", "id")


def _overtakes(entry: Entry, rules: Rules, at: Instant) -> bool:
    """Whether the entry goes before any class."""
    return entry.front or at - entry.joined > rules.age_limit


def _class(priority: str, rules: Rules) -> str:
    """A class that the pattern does not name waits in the pattern's last class."""
    if not rules.quota:
        return ""
    return priority if priority in rules.quota else rules.quota[-1]


def _by_quota(lines: dict[str, list[Entry]], rules: Rules, turn: int) -> Sequence[Entry]:
    order: list[Entry] = []
    heads = {name: iter(line) for name, line in lines.items()}
    total, skipped = sum(map(len, lines.values())), 0
    while len(order) < total and skipped < len(rules.quota):
        entry = next(heads.get(rules.quota[turn % len(rules.quota)], iter(())), None)
        turn += 1
        skipped = 0 if entry else skipped + 1
        if entry:
            order.append(entry)
    return order
