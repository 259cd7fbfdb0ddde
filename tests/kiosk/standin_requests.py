"""Service requests at the stand-in server: the usual chain of states, and a label for each."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain import clock
from domain import service_request as rules
from domain.errors import Conflict, Invalid, NotFound
from domain.service_request import USUAL, State
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
    kept = by_id(state, id_)
    if body.get("version", kept["version"]) != kept["version"]:
        raise Conflict("this was changed by somebody else", code="stale_version")
    wanted = State(body["state"]) if "state" in body else None
    if wanted is not None:
        if wanted not in rules.following(USUAL, State(kept["state"])):
            raise Conflict(f"{wanted} does not follow {kept['state']}", code="wrong_transition")
        if missing := rules.lacks(wanted, None, state.now()):
            raise Conflict("there is no estimate: give one first", code=missing)
        kept |= {"state": wanted, "allowed": list(rules.following(USUAL, wanted))}
    now = clock.rfc3339(state.now())
    kept["notes"] = [*kept["notes"], *({"at": now, **note} for note in body.get("notes", ()))]
    kept["version"] += 1
    return kept


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
    }
