"""Service requests at the stand-in server: the usual chain of states, a label, and an estimate for each."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain import clock
from domain import service_request as rules
from domain.errors import Conflict, Invalid, NotFound
from domain.service_request import USUAL, Decision, Estimate, Labour, Part, State
from domain.sync import Status
from tests.kiosk.standin_state import ServerState

Answer = dict[str, Any]


def join(state: ServerState, payload: Mapping[str, Any]) -> tuple[str, Answer]:
    """The kiosk chose the id; the same one again is the same device."""
    id_, status = payload["requestId"], Status.DUPLICATE
    if id_ not in state.requests:
        state.requests[id_], status = _made(state, payload), Status.APPLIED
    made = state.requests[id_]
    return status, {"requestId": id_, "number": made["number"], "label": made["code"]}


def listed(state: ServerState, point: str, states: Sequence[str]) -> Answer:
    found = [of for of in state.requests.values() if of["servicePoint"] == point and of["state"] in states]
    return {"items": found[::-1], "nextCursor": None}


def by_id(state: ServerState, id_: str) -> Answer:
    if id_ not in state.requests:
        raise NotFound("there is no such service request")
    return state.requests[id_]


def by_code(state: ServerState, code: str) -> Answer:
    for of in state.requests.values():
        if of["code"] == code:
            return of
    raise NotFound("there is no such service request")


def change(state: ServerState, id_: str, body: Mapping[str, Any]) -> Answer:
    """All of it, or nothing."""
    before = by_id(state, id_)
    if body.get("version", before["version"]) != before["version"]:
        raise Conflict("this was changed by somebody else", code="stale_version")
    now = clock.rfc3339(state.now())
    kept = before | {name: body[name] for name in ("parts", "labour", "promised") if name in body}
    if "estimate" in body:
        kept["estimate"] = _estimate(kept, body["estimate"], now)
    if "state" in body:
        _move(state, kept, State(body["state"]))
    if "approval" in body:
        _decide(state, kept, body["approval"])
    waits = kept["promised"] and State(kept["state"]) in rules.PAUSING
    kept["pausedSince"] = (kept["pausedSince"] or now) if waits else None
    terms = _terms(kept)
    kept["overEstimate"] = terms is not None and terms.exceeded_by(_total(kept))
    kept["notes"] = [*kept["notes"], *({"at": now, **note} for note in body.get("notes", ()))]
    kept["version"] += 1
    before |= kept
    return before


def _move(state: ServerState, kept: Answer, wanted: State) -> None:
    if wanted not in rules.following(USUAL, State(kept["state"])):
        raise Conflict(f"{wanted} does not follow {kept['state']}", code="wrong_transition")
    if missing := rules.lacks(wanted, _terms(kept), state.now()):
        raise Conflict("there is no such estimate", code=missing)
    kept |= {"state": wanted, "allowed": list(rules.following(USUAL, wanted))}


def _decide(state: ServerState, kept: Answer, said: Mapping[str, Any]) -> None:
    why = rules.not_now(_terms(kept), State(kept["state"]), said.get("revision"), state.now())
    if why is not None:
        raise Conflict("nothing is to be decided", code=why)
    approval = {**said, "at": clock.rfc3339(state.now()), "by": kept["customer"].get("name", "")}
    kept["estimate"] = {**kept["estimate"], "approval": approval}
    if said["decision"] == Decision.APPROVED:
        _move(state, kept, State.APPROVED)


def _estimate(kept: Answer, said: Mapping[str, Any], now: str) -> Answer:
    total, before = _total(kept), kept["estimate"]
    high = said.get("high")
    if not total and high is None:
        raise Invalid("an estimate needs lines, or a range")
    return {
        "revision": before["revision"] + 1 if before else 1,
        "low": total or high,
        "high": total if high is None else high,
        "validUntil": said.get("validUntil"),
        "given": now,
        "approval": None,
    }


def _terms(kept: Answer) -> Estimate | None:
    given = kept["estimate"]
    if given is None:
        return None
    until, said = given["validUntil"], given["approval"]
    return Estimate(
        given["revision"],
        given["low"],
        given["high"],
        clock.parse(until) if until else None,
        Decision(said["decision"]) if said else None,
    )


def _total(kept: Answer) -> int:
    parts, labour = [Part(**line) for line in kept["parts"]], [Labour(**line) for line in kept["labour"]]
    return rules.total(parts, labour)


def photo(state: ServerState, form: bytes) -> Answer:
    if b'name="picture"' not in form:
        raise Invalid("choose a picture")
    id_ = f"photo{len(state.photos)}"
    state.photos.append(id_)
    return {"id": id_}


def _made(state: ServerState, payload: Mapping[str, Any]) -> Answer:
    photos, count = payload.get("photos", []), len(state.requests)
    if not set(photos) <= set(state.photos):
        raise Invalid("a photo is none that you sent", code="photo_unknown")
    return {
        "id": payload["requestId"],
        "number": f"R{count + 1:03}",
        "code": f"SR-K7Q2M4XP{count + 22:02}",
        "servicePoint": payload["servicePoint"],
        "state": State.INTAKE,
        "allowed": list(rules.following(USUAL, State.INTAKE)),
        "version": 1,
        "device": payload["device"],
        "customer": payload.get("customer", {}),
        "problem": payload["problem"],
        "condition": payload.get("condition", ""),
        "accessories": payload.get("accessories", []),
        "photos": [{"id": id_, "signature": False} for id_ in photos],
        "notes": [],
        "promised": None,
        "pausedSince": None,
        "parts": [],
        "labour": [],
        "currency": "EUR",
        "estimate": None,
        "overEstimate": False,
    }
