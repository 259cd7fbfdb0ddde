"""The line of the stand-in server: moves online, and acts that kiosks bring."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import orjson

from domain import clock, queue
from domain.clock import Instant
from domain.errors import Conflict, NotFound
from domain.queue import Entry, Event, GraceRunning, Moved, WrongTransition
from domain.sync import Status
from kiosk.store import line_rows
from kiosk.store.party import Party
from tests.kiosk.standin_state import Device, ServerState

Answer = dict[str, Any]
Body = Mapping[str, Any]

_LETTERS = {"general": "A", "repair": "B"}


def lease(state: ServerState, device: Device, body: Body) -> Answer:
    if body["category"] not in _LETTERS:
        raise NotFound("there is no such category")
    first = state.issued + 1
    state.issued += int(body["size"])
    return {
        "leaseId": f"lease-{device.id}-{first}",
        "servicePoint": body["servicePoint"],
        "category": body["category"],
        "letter": _LETTERS[body["category"]],
        "day": body["day"],
        "first": first,
        "last": state.issued,
    }


def join(state: ServerState, payload: Body, at: Instant) -> tuple[str, Answer]:
    """With the number that a kiosk gave out, or the next."""
    number = payload.get("number")
    if number is None:
        state.issued += 1
        number = queue.label(_LETTERS[payload["category"]], state.issued)
    state.put(
        "queue_entry",
        id=payload["entryId"],
        visit=payload["entryId"],
        service_point=payload["servicePoint"],
        number=number,
        category=payload["category"],
        priority=payload.get("priority") or "normal",
        state="waiting",
        joined=at,
        sequence=1 + len(state.rows("queue_entry")),
        changed=at,
        calls=0,
        front=0,
        arrived=1,
        name=payload.get("name", ""),
        call_by_name=int(payload.get("callByName", False)),
        party=payload.get("party", 1),
        note=payload.get("note", ""),
        version=1,
    )
    return Status.APPLIED, {"number": number, "state": "waiting", "version": 1}


def moved(state: ServerState, event: str, at: Instant, payload: Body) -> tuple[str, Answer]:
    try:
        party = move(state, payload["entryId"], event, at, payload)
    except Conflict as conflict:
        return Status.CONFLICT, {"code": conflict.code, "detail": conflict.detail, **conflict.more}
    return Status.APPLIED, {"state": party.entry.state, "version": party.version}


def call_next(state: ServerState, counter: str) -> Party:
    parties = [line_rows.party_of(list(row.values())) for row in state.rows("queue_entry")]
    order = queue.call_order((party.entry for party in parties), queue.Rules(), state.now())
    if not order:
        raise Conflict("nobody is waiting here", code="nobody_waiting")
    return move(state, order[0].id, "call", state.now(), {"counter": counter})


def move(state: ServerState, id_: str, event: str, at: Instant, payload: Body) -> Party:
    """Moves an entry, or raises `Conflict` with the state that stands."""
    row = state.tables.get("queue_entry", {}).get(id_)
    if row is None:
        raise NotFound("there is no such queue entry")
    party = line_rows.party_of(list(row.values()))
    if payload.get("version") not in (None, party.version):
        raise _conflict(party, "stale_version")
    if event == "undo":
        before = queue.undo(party.entry, at)
        if before is None:
            raise _conflict(party, "nothing_to_undo")
        return _keep(state, party, before)
    counter, force = payload.get("counter"), bool(payload.get("force"))
    result = queue.move(party.entry, Event(event), at, queue.Rules(), counter=counter, force=force)
    match result:
        case Moved(entry):
            left = _keep(state, party, entry)
            return _arrive(state, party, payload, at) if event == "transfer" else left
        case WrongTransition():
            raise _conflict(party, "wrong_transition")
        case GraceRunning(left_over):
            raise _conflict(party, "grace_running", secondsLeft=-(-left_over // 1_000))


def entry_json(party: Party) -> Answer:
    entry = party.entry
    return {
        "id": entry.id,
        "visit": party.visit,
        "servicePoint": entry.service_point,
        "number": entry.number,
        "category": entry.category,
        "priority": entry.priority,
        "state": entry.state,
        "joined": clock.rfc3339(entry.joined),
        "sequence": entry.sequence,
        "changed": clock.rfc3339(entry.changed),
        "counter": entry.counter,
        "called": None if entry.called is None else clock.rfc3339(entry.called),
        "calls": entry.calls,
        "front": entry.front,
        "arrived": entry.arrived,
        "heldFrom": entry.held_from,
        "name": party.name,
        "callByName": party.call_by_name,
        "party": party.party,
        "note": party.note,
        "version": party.version,
        "allowed": sorted(queue.allowed(entry)),
        "canUndo": party.can_undo,
    }


def _arrive(state: ServerState, party: Party, payload: Body, at: Instant) -> Party:
    row = state.tables["queue_entry"][party.id]
    changed = {"service_point": payload["servicePoint"], "state": "waiting", "joined": at, "changed": at}
    new = {**row, **changed, "id": payload["newEntryId"], "version": 1, "prior": None}
    state.put("queue_entry", **new)
    return line_rows.party_of(list(new.values()))


def _keep(state: ServerState, party: Party, entry: Entry) -> Party:
    prior = None if entry.prior is None else orjson.dumps(asdict(entry.prior)).decode()
    names = ("state", "joined", "changed", "counter", "called", "calls", "held_from")
    values = {name: getattr(entry, name) for name in names}
    flags = {"front": int(entry.front), "arrived": int(entry.arrived)}
    state.put("queue_entry", id=entry.id, **values, **flags, prior=prior, version=party.version + 1)
    return replace(party, entry=entry, version=party.version + 1, can_undo=prior is not None)


def _conflict(party: Party, code: str, **more: object) -> Conflict:
    found = {
        "state": party.entry.state,
        "allowed": sorted(queue.allowed(party.entry)),
        "version": party.version,
    }
    return Conflict(f"{party.entry.number} is {party.entry.state}", code=code, more={**found, **more})
