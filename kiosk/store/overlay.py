"""Lays queue operations over a line: the same moves that the server makes once it hears of them.

An operation names the version of the entry that it was done on. Once the replica's entry is past that,
the server has decided, and the operation changes nothing any more.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from domain import queue
from domain.clock import Instant
from domain.ids import EntryId
from domain.queue import Entry, Event, Moved
from domain.sync import Kind, Operation
from kiosk.store.party import Counter, Line, Party

_PREFIX = "queue."

Elsewhere = Callable[[EntryId], Party | None]
"""Finds a party in the lines of other service points: somebody who is transferred from there."""


def overlay(line: Line, acts: Iterable[Operation], elsewhere: Elsewhere) -> Line:
    """The line as it is once all these acts have come through, oldest first."""
    for act in acts:
        line = _lay(line, act, elsewhere)
    return line


def moved(line: Line, party: Party, event: Event, at: Instant, counter: str | None = None) -> Line:
    """The line after an event of one of its parties; unchanged where the event does not fit."""
    rules = line.point.settings.rules
    result = queue.move(party.entry, event, at, rules, counter=counter, force=True, last=line.last_joined())
    if not isinstance(result, Moved):
        return line
    after = _with(line, _changed(party, result.entry))
    if event is not Event.CALL:
        return after
    turn = queue.next_turn(party.entry, rules, at, line.point.turn)
    counters = tuple(replace(c, state="open") if c.id == counter else c for c in line.counters)
    return replace(after, point=replace(line.point, turn=turn), counters=counters)


def _lay(line: Line, act: Operation, elsewhere: Elsewhere) -> Line:
    match act.kind:
        case Kind.QUEUE_JOIN:
            return _joined(line, act, number=_text(act, "number"), category=_text(act, "category"))
        case Kind.QUEUE_COUNTER:
            return _counter_set(line, act)
        case Kind.QUEUE_TRANSFER:
            return _transferred(line, act, elsewhere)
        case Kind.QUEUE_UNDO:
            return _undone(line, act)
        case _:
            return _event(line, act)


def _event(line: Line, act: Operation) -> Line:
    """A kind that this version does not know is not laid."""
    name = act.kind.removeprefix(_PREFIX)
    party = _current(line, act)
    if party is None or name not in set(Event):
        return line
    return moved(line, party, Event(name), act.at, _text(act, "counter") or None)


def _transferred(line: Line, act: Operation, elsewhere: Elsewhere) -> Line:
    party = line.party(_entry_id(act)) or elsewhere(_entry_id(act))
    line = _event(line, act)
    if party is None:
        return line
    arriving = replace(
        act, payload={"party": party.party, "note": party.note, "name": party.name, **act.payload}
    )
    category = _text(act, "category") or party.entry.category
    return _joined(
        line, arriving, number=party.entry.number, category=category, of=party, entry=_text(act, "newEntryId")
    )


def _joined(
    line: Line, act: Operation, *, number: str, category: str, of: Party | None = None, entry: str = ""
) -> Line:
    id_ = EntryId(entry or _entry_id(act))
    if _text(act, "servicePoint") != line.point.id or line.party(id_) is not None:
        return line
    joining = Entry(
        id=id_,
        service_point=line.point.id,
        number=number,
        category=category,
        joined=queue.join_time(act.at, line.last_joined()),
        sequence=1 + max((party.entry.sequence for party in line.parties), default=0),
        changed=act.at,
        priority=_text(act, "priority") or _priority(line, category),
    )
    return _with(line, _party(joining, of.visit if of else id_, act.payload))


def _undone(line: Line, act: Operation) -> Line:
    party = _current(line, act)
    before = queue.undo(party.entry, act.at) if party else None
    if party is None or before is None:
        return line
    return _with(line, _changed(party, before))


def _counter_set(line: Line, act: Operation) -> Line:
    if _text(act, "servicePoint") != line.point.id:
        return line
    return replace(line, counters=tuple(_counter(counter, act) for counter in line.counters))


def _counter(counter: Counter, act: Operation) -> Counter:
    if counter.id != _text(act, "counter"):
        return counter
    return replace(counter, state=_text(act, "state"), staff=_text(act, "staff") or counter.staff)


def _current(line: Line, act: Operation) -> Party | None:
    """The party that the act is about, if it still is as the act found it."""
    party = line.party(_entry_id(act))
    if party is None or (act.base_version is not None and party.version != act.base_version):
        return None
    return party


def _priority(line: Line, category: str) -> str:
    known = line.point.settings.category(category)
    return known.priority if known else "normal"


def _party(entry: Entry, visit: str, payload: Mapping[str, object]) -> Party:
    return Party(
        entry,
        visit,
        name=str(payload.get("name") or ""),
        party=int(str(payload.get("party") or 1)),
        call_by_name=bool(payload.get("callByName")),
        note=str(payload.get("note") or ""),
        version=1,
    )


def _changed(party: Party, entry: Entry) -> Party:
    return replace(party, entry=entry, version=party.version + 1, can_undo=entry.prior is not None)


def _with(line: Line, party: Party) -> Line:
    return replace(line, parties=(*(other for other in line.parties if other.id != party.id), party))


def _entry_id(act: Operation) -> EntryId:
    return EntryId(_text(act, "entryId"))


def _text(act: Operation, name: str) -> str:
    value = act.payload.get(name)
    return "" if value is None else str(value)
