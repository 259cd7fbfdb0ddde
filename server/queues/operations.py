"""What a kiosk did with a line while it was alone, applied in its turn and at its own time.

What it did is a fact. Where it still fits it is applied; where somebody else was first, the state that
stands is answered; and what the server did by itself meanwhile, because it heard of nobody, gives way.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Annotated

from pydantic import ConfigDict, Field

from domain.errors import Conflict, NotFound
from domain.queue import TRANSITIONS, Event, allowed, undo
from domain.sync import Answer, Kind, Operation, Status
from server.auth.caller import Caller
from server.db.database import Transaction
from server.operations import Known, payload_of
from server.queues import joining, moves, numbers, service_points, store
from server.queues.dependencies import AT_THE_DESK, NEAR_THE_DESK
from server.queues.joining import Issued, Joiner
from server.queues.line import line
from server.queues.schemas import Class, CounterSet, CounterState
from server.queues.stretches import SYSTEM
from server.queues.values import Person, Place, Point
from server.wire import Id, In, LongText, Text

_REACHED = {
    event: frozenset(moves_[event] for moves_ in TRANSITIONS.values() if event in moves_) for event in Event
}
_REACHED[Event.RESUME] |= _REACHED[Event.CONTINUE]

Given = Text | None


class _Fact(In):
    """A payload. What a newer kiosk says beyond this is passed over: what happened still happened."""

    model_config = ConfigDict(extra="ignore")


class Joined(_Fact):
    entry_id: Id
    service_point: Id
    category: Id | None = None
    number: Given = None
    lease: Given = None
    name: Given = None
    call_by_name: bool = False
    phone: Given = None
    email: Given = None
    language: Given = None
    party: Annotated[int, Field(ge=1, le=1000)] | None = None
    note: LongText | None = None
    priority: Class | None = None


class Happened(_Fact):
    entry_id: Id
    counter: Given = None
    force: bool = False
    outcome: Given = None
    note: LongText | None = None


class Transferred(_Fact):
    entry_id: Id
    service_point: Id
    category: Id | None = None
    new_entry_id: Id | None = None


class Undone(_Fact):
    entry_id: Id


class CounterChanged(_Fact):
    service_point: Id
    counter: Text
    state: CounterState
    staff: Given = None


def join(transaction: Transaction, caller: Caller, operation: Operation) -> Answer:
    """A number that the kiosk gave out from its lease stands; without one, it gets the next."""
    fact = payload_of(Joined, operation)
    point = _point(transaction, caller, fact.service_point)
    known = store.place(transaction.connection, fact.entry_id)
    if known is not None:
        return _joined_before(caller, operation, point, known)
    issued = _issued(transaction, caller, point, fact)
    if issued is None and caller.mode == "welcome":
        joining.check_self_join(line(transaction.connection, point, transaction.now))
    place = joining.join(
        transaction,
        point,
        Joiner(_person(fact), fact.category, fact.priority),
        caller.actor,
        entry_id=fact.entry_id,
        at=operation.at,
        issued=issued,
    )
    return _answer(operation, Status.APPLIED, place)


def happened(event: Event, transaction: Transaction, caller: Caller, operation: Operation) -> Answer:
    fact = payload_of(Happened, operation)
    point, place = moves.find(transaction, caller.org, fact.entry_id, caller)
    wanted = moves.Wanted(
        event,
        operation.at,
        caller.actor,
        counter=fact.counter,
        force=fact.force,
        outcome=fact.outcome or "",
        note=fact.note or "",
        fact=True,
    )
    if _is_done(transaction, place, event, caller, operation):
        return _answer(operation, Status.DUPLICATE, place)
    place = _give_way(transaction, point, place, event, operation)
    try:
        return _answer(operation, Status.APPLIED, moves.act(transaction, point, place, wanted))
    except Conflict as conflict:
        return _conflict(operation, place, conflict)


def transfer(transaction: Transaction, caller: Caller, operation: Operation) -> Answer:
    fact = payload_of(Transferred, operation)
    new = store.place(transaction.connection, fact.new_entry_id, caller.org) if fact.new_entry_id else None
    before = store.place(transaction.connection, fact.entry_id, caller.org)
    if new is not None and before is not None and new.visit == before.visit:
        return _answer(operation, Status.DUPLICATE, new)
    joining.refuse_taken(transaction.connection, fact.new_entry_id)
    point, place, target = joining.find_both(
        transaction, caller.org, fact.entry_id, fact.service_point, caller
    )
    place = _give_way(transaction, point, place, Event.TRANSFER, operation)
    wanted = moves.Wanted(Event.TRANSFER, operation.at, caller.actor)
    try:
        new = joining.transfer(transaction, point, place, target, fact.category, wanted, fact.new_entry_id)
    except Conflict as conflict:
        return _conflict(operation, place, conflict)
    return _answer(operation, Status.APPLIED, new)


def undone(transaction: Transaction, caller: Caller, operation: Operation) -> Answer:
    """Takes back what this kiosk did last, never what somebody else has done since."""
    point, place = moves.find(transaction, caller.org, payload_of(Undone, operation).entry_id, caller)
    mine = _last_actor(transaction, place) == caller.actor
    moved = operation.base_version not in (None, place.version)
    if moved and mine and place.entry.prior is None:
        return _answer(operation, Status.DUPLICATE, place)
    if moved and not mine:
        return _answer(operation, Status.CONFLICT, place, code="stale_version")
    try:
        before = joining.undo(transaction, point, place, operation.at, caller.actor)
    except Conflict as conflict:
        return _conflict(operation, place, conflict)
    return _answer(operation, Status.APPLIED, before)


def counter(transaction: Transaction, caller: Caller, operation: Operation) -> Answer:
    fact = payload_of(CounterChanged, operation)
    point = _point(transaction, caller, fact.service_point)
    wanted = CounterSet(counter=fact.counter, state=fact.state, staff=fact.staff)
    made = service_points.set_counter(transaction, point, caller.actor, wanted)
    return Answer(operation.op, Status.APPLIED, {"counter": made.id, "state": made.state})


_EVENTS = {
    Kind.QUEUE_CALL: Event.CALL,
    Kind.QUEUE_RECALL: Event.RECALL,
    Kind.QUEUE_START: Event.START,
    Kind.QUEUE_COMPLETE: Event.COMPLETE,
    Kind.QUEUE_NO_SHOW: Event.NO_SHOW,
    Kind.QUEUE_HOLD: Event.HOLD,
    Kind.QUEUE_RESUME: Event.RESUME,
    Kind.QUEUE_RETURN: Event.RETURN,
}
KNOWN = {
    Kind.QUEUE_JOIN: Known(NEAR_THE_DESK, join),
    Kind.QUEUE_CHECK_IN: Known(NEAR_THE_DESK, partial(happened, Event.CHECK_IN)),
    Kind.QUEUE_LEAVE: Known(NEAR_THE_DESK, partial(happened, Event.LEAVE)),
    **{kind: Known(AT_THE_DESK, partial(happened, event)) for kind, event in _EVENTS.items()},
    Kind.QUEUE_TRANSFER: Known(AT_THE_DESK, transfer),
    Kind.QUEUE_UNDO: Known(AT_THE_DESK, undone),
    Kind.QUEUE_COUNTER: Known(AT_THE_DESK, counter),
}


def _is_done(
    transaction: Transaction, place: Place, event: Event, caller: Caller, operation: Operation
) -> bool:
    """Whether this was done before: by this kiosk, whose question the server answered too late, or by the
    server itself."""
    entry = place.entry
    if event is Event.CHECK_IN:
        return entry.arrived
    if event is Event.RECALL:
        return entry.called is not None and entry.called > operation.at
    if event in allowed(entry) or entry.state not in _REACHED[event]:
        return False
    by = (caller.actor, SYSTEM) if event is Event.NO_SHOW else (caller.actor,)
    return _last_actor(transaction, place) in by


def _last_actor(transaction: Transaction, place: Place) -> str:
    """Who moved an entry to where it is."""
    return store.stretches(transaction.connection, place.entry.id)[-1].actor


def _give_way(
    transaction: Transaction, point: Point, place: Place, event: Event, operation: Operation
) -> Place:
    """What the server did by itself is taken back where a person was there and somebody saw to them."""
    if event in allowed(place.entry) or event in (Event.NO_SHOW, Event.EXPIRE):
        return place
    before = undo(place.entry, operation.at)
    if before is None or event not in allowed(before) or _last_actor(transaction, place) != SYSTEM:
        return place
    return moves.undo_last(transaction, point, place, operation.at, SYSTEM)


def _joined_before(caller: Caller, operation: Operation, point: Point, known: Place) -> Answer:
    """The same join under another operation, as after a kiosk's restart; anything else is not the same."""
    if known.org != caller.org or known.entry.service_point != point.id:
        raise Conflict("this entry's id is taken: give the entry another one", code="id_taken")
    return _answer(operation, Status.DUPLICATE, known)


def _issued(transaction: Transaction, caller: Caller, point: Point, fact: Joined) -> Issued | None:
    if fact.number is None:
        return None
    day, since = numbers.leased(transaction.connection, caller, point, fact.lease or "", fact.number)
    if numbers.is_issued(transaction.connection, point, day, fact.number):
        raise Conflict(
            f"{fact.number} was given to somebody else on {day}: give this person a new number",
            code="number_taken",
        )
    return Issued(fact.number, day, since)


def _point(transaction: Transaction, caller: Caller, id_: str) -> Point:
    if not caller.covers(f"servicePoint:{id_}"):
        raise NotFound("there is no such service point")
    return store.point(transaction.connection, caller.org, id_, lock=True)


def _person(fact: Joined) -> Person:
    return Person(
        name=fact.name or "",
        call_by_name=fact.call_by_name,
        party=fact.party or 1,
        note=fact.note or "",
        phone=joining.plain_phone(fact.phone or ""),
        email=(fact.email or "").casefold(),
        language=fact.language or "",
    )


def _answer(operation: Operation, status: Status, place: Place, code: str | None = None) -> Answer:
    detail: dict[str, object] = {
        "entryId": place.entry.id,
        "servicePoint": place.entry.service_point,
        "number": place.entry.number,
        **moves.found_state(place),
    }
    return Answer(operation.op, status, detail if code is None else {**detail, "code": code})


def _conflict(operation: Operation, place: Place, conflict: Conflict) -> Answer:
    answer = _answer(operation, Status.CONFLICT, place, conflict.code)
    more: Mapping[str, object] = conflict.more
    return replace(answer, detail={**answer.detail, **more, "detail": conflict.detail})
