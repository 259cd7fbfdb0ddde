"""Moves of people who are in a line: decided by `domain.queue`, then written with their history.

Every move locks its service point first, so that of two clients one comes after the other.
"""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from domain.clock import SECOND, Instant
from domain.errors import Conflict, Invalid, NotFound
from domain.queue import (
    Entry,
    Event,
    GraceRunning,
    Moved,
    State,
    WrongTransition,
    allowed,
    call_order,
    move,
    next_turn,
    undo,
)
from server.activity.record import Changed, changes, record
from server.auth.caller import Caller
from server.db.database import Transaction
from server.queues import store
from server.queues.stretches import served, waited
from server.queues.values import Counter, Place, Point

_DONE = {
    Event.CALL: "called",
    Event.RECALL: "recalled",
    Event.CHECK_IN: "checked_in",
    Event.START: "started",
    Event.COMPLETE: "completed",
    Event.NO_SHOW: "not_shown",
    Event.HOLD: "held",
    Event.RESUME: "resumed",
    Event.CONTINUE: "resumed",
    Event.RETURN: "returned",
    Event.LEAVE: "left",
    Event.TRANSFER: "transferred",
    Event.EXPIRE: "expired",
}


_AT_A_COUNTER = frozenset({Event.CALL, Event.RECALL, Event.START})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a caller asks for. `version` is the entry's version that it saw; `at` is when it happened.

    `counter` is the id or the name of a counter. `fact`: it has happened already, at a counter that may
    be no more.
    """

    event: Event
    at: Instant
    actor: str
    counter: str | None = None
    force: bool = False
    version: int | None = None
    outcome: str = ""
    note: str = ""
    fact: bool = False


def find(transaction: Transaction, org: str | None, id_: str, caller: Caller | None) -> tuple[Point, Place]:
    """An entry and its service point, locked. Raises `NotFound`."""
    seen = store.place(transaction.connection, id_, org)
    if seen is None or (caller and not caller.covers(f"servicePoint:{seen.entry.service_point}")):
        raise NotFound("there is no such queue entry")
    point = store.point(transaction.connection, seen.org, seen.entry.service_point, lock=True)
    place = store.place(transaction.connection, id_, seen.org)
    assert place is not None, "queue entries are never dropped"
    return point, place


def act(transaction: Transaction, point: Point, place: Place, wanted: Wanted) -> Place:
    """The entry after an event. Raises `Conflict` with the state that was found."""
    check_version(place, wanted.version)
    entry = decide(point, place, wanted)
    if wanted.event in _AT_A_COUNTER:
        entry = replace(entry, counter=_counter(transaction, point, entry, wanted))
    extra: dict[str, object] = {}
    if wanted.event is Event.CALL:
        turn = next_turn(place.entry, point.rules, wanted.at, point.turn)
        extra = {"turn_before": point.turn, "turn_after": turn, "spared": False}
        set_turn(transaction, point, turn)
    if wanted.event is Event.RECALL:
        extra = {"spared": False}
    if wanted.event is Event.COMPLETE:
        extra = {"outcome": wanted.outcome, "service_note": wanted.note}
    if wanted.event is Event.RETURN and entry.joined > (point.joined or 0):
        store.advance(transaction, point, joined=entry.joined)
    return settle(transaction, point, place, entry, _DONE[wanted.event], wanted.actor, **extra)


def call_next(transaction: Transaction, point: Point, wanted: Wanted) -> Place:
    """Calls whom the rules pick. Raises `Conflict` where nobody waits."""
    present, _ = store.present(transaction.connection, point)
    order = call_order(present, point.rules, wanted.at, point.turn)
    if not order:
        raise Conflict("nobody is waiting here", code="nobody_waiting")
    place = store.place(transaction.connection, order[0].id)
    assert place is not None, "queue entries are never dropped"
    return act(transaction, point, place, wanted)


def leave(transaction: Transaction, id_: str) -> Place:
    """Whoever holds an entry's link leaves the line. Raises `NotFound`, `Conflict`."""
    point, place = find(transaction, None, id_, None)
    return act(transaction, point, place, Wanted(Event.LEAVE, transaction.now, "public"))


def undo_last(transaction: Transaction, point: Point, place: Place, at: Instant, actor: str) -> Place:
    """The entry with its last transition taken back. Raises `Conflict` where nothing is left to take back."""
    before = undo(place.entry, at)
    if before is None:
        raise _conflict(place, "nothing is left to take back: undo goes one step, once", "nothing_to_undo")
    extra: dict[str, object] = {}
    if place.entry.state is State.CALLED and point.turn == place.turn_after:
        set_turn(transaction, point, place.turn_before or 0)
    if place.entry.state is State.NO_SHOW:
        extra = {"spared": True}
    return settle(transaction, point, place, before, "undone", actor, **extra)


def decide(point: Point, place: Place, wanted: Wanted) -> Entry:
    """Asks the rules. Raises `Conflict`: `wrong_transition` or `grace_running`."""
    result = move(place.entry, wanted.event, wanted.at, point.rules, force=wanted.force, last=point.joined)
    match result:
        case Moved(entry):
            return entry
        case WrongTransition(found):
            raise _conflict(place, f"{place.entry.number} is {found}, so that {wanted.event} does not fit")
        case GraceRunning(left):
            seconds = -(-left // SECOND)
            raise Conflict(
                f"{place.entry.number} still has {seconds} s to come: wait, or force it",
                code="grace_running",
                more={"secondsLeft": seconds, **found_state(place)},
            )


def settle(
    transaction: Transaction,
    point: Point,
    place: Place,
    entry: Entry,
    done: str,
    actor: str,
    **extra: object,
) -> Place:
    """Writes an entry that moved: its row, its stretches, the trail and the change log."""
    after = replace(place, entry=entry, **extra)  # type: ignore[arg-type]
    if entry.state is not place.entry.state:
        after = store.next_stretch(transaction, after, actor, undo=done == "undone")
        history = store.stretches(transaction.connection, entry.id)
        after = replace(after, waited=waited(history), served=served(history))
    after = store.keep(transaction, after)
    record(
        transaction,
        org=point.org,
        kind=f"queue.{done}",
        subject=f"queue_entry:{entry.id}",
        actor=actor,
        data={
            "servicePoint": point.id,
            "number": entry.number,
            "from": place.entry.state,
            "state": entry.state,
            "counter": entry.counter,
        },
        changed=[Changed(point.scope, "queue_entry", entry.id)],
    )
    return after


def set_turn(transaction: Transaction, point: Point, turn: int) -> None:
    if turn != point.turn:
        store.advance(transaction, point, turn=turn)
        log(transaction, point, "service_point", point.id)


def open_counter(transaction: Transaction, point: Point, counter: Counter) -> None:
    """Whoever calls people to a counter is there."""
    if counter.state != "open":
        store.set_counter(transaction, point.org, counter.id, state="open")
        log(transaction, point, "counter", counter.id)


def counter_of(connection: Connection, point: Point, name: str | None) -> Counter:
    """The counter of that id or name, or the only one. Raises `Invalid` with those that there are."""
    counters = store.counters_of(connection, point.org, point.id)
    if name is None and len(counters) == 1:
        return counters[0]
    found = next((c for c in counters if c.id == name), None) or next(
        (c for c in counters if c.name == name), None
    )
    if found is None:
        names = ", ".join(f"{counter.id} ({counter.name})" for counter in counters)
        raise Invalid(f"name a counter of this service point: {names}", code="counter_unknown")
    return found


def check_version(place: Place, version: int | None) -> None:
    """Raises `Conflict` where somebody moved the entry since that version."""
    if version is not None and version != place.version:
        raise _conflict(place, f"{place.entry.number} was moved by somebody else", "stale_version")


def found_state(place: Place) -> dict[str, object]:
    """What a caller is told of the state that stands."""
    return {
        "state": place.entry.state,
        "allowed": events_for_people(place.entry),
        "version": place.version,
    }


def events_for_people(entry: Entry) -> list[Event]:
    """The events that fit and that a person may cause: the end of the day comes by itself."""
    return sorted(allowed(entry) - {Event.EXPIRE})


def _conflict(place: Place, words: str, code: str = "wrong_transition") -> Conflict:
    found = found_state(place)
    events = ", ".join(events_for_people(place.entry)) or "nothing"
    return Conflict(f"{words}; it is {place.entry.state}, and allows {events}", code=code, more=found)


def _counter(transaction: Transaction, point: Point, entry: Entry, wanted: Wanted) -> str | None:
    """The counter of an event: a call needs one and opens it, others keep the one that they have."""
    if wanted.counter is None and wanted.event is not Event.CALL:
        return entry.counter
    try:
        counter = counter_of(transaction.connection, point, wanted.counter)
    except Invalid:
        if wanted.fact:
            return wanted.counter
        raise
    if wanted.event is Event.CALL:
        open_counter(transaction, point, counter)
    return counter.id


def log(transaction: Transaction, point: Point, table: str, key: str, gone: bool = False) -> None:
    """Tells kiosks of a row of the service point, without a trace in the trail."""
    changes(transaction, [Changed(point.scope, table, key, gone)])
