"""Operations that kiosks bring to the stand-in server, each answered once."""

from collections.abc import Mapping
from typing import Any

from domain import clock
from domain.errors import Problem
from domain.sync import Kind, Status
from tests.kiosk import standin_requests
from tests.kiosk.standin_door import keep, kiosks_own, undo_check_in
from tests.kiosk.standin_line import join, moved
from tests.kiosk.standin_state import Device, ServerState

Answer = dict[str, Any]


def apply(state: ServerState, device: Device, act: Mapping[str, Any]) -> Answer:
    """One operation; the same again gets its first answer."""
    op = str(act["opId"])
    state.received.append(op)
    if op in state.answers:
        return {"opId": op, "status": Status.DUPLICATE, "detail": state.answers[op][1]}
    try:
        status, detail = _apply(state, device, act)
    except Problem as problem:
        stated = {"code": problem.code, "detail": problem.detail, **problem.more}
        return {"opId": op, "status": Status.REJECTED, "detail": stated}
    state.answers[op] = status, detail
    return {"opId": op, "status": status, "detail": detail}


def _apply(state: ServerState, device: Device, act: Mapping[str, Any]) -> tuple[str, Answer]:
    payload, kind, at = act["payload"], str(act["kind"]), clock.parse(act["at"])
    match kind:
        case Kind.CHECK_IN:
            known, granted = state.tables.get("scan", {}).get(act["opId"]), payload["verdict"] == "admitted"
            if known is None:
                return keep(state, device, act["opId"], at, payload)
            if bool(known["granted"]) == granted:
                return Status.DUPLICATE, {"verdict": payload["verdict"], "mark": None}
            # The server's answer came too late, and the kiosk had decided otherwise.
            if granted:
                return keep(state, device, kiosks_own(act["opId"]), at, payload)
            undo_check_in(state, device, act["opId"], kiosks_own(act["opId"]), at)
            return Status.CONFLICT, {"verdict": "refused", "mark": "conflict"}
        case Kind.UNDO_CHECK_IN:
            undo_check_in(state, device, payload["undoes"], act["opId"], at)
            return Status.APPLIED, {}
        case Kind.QUEUE_JOIN:
            return join(state, payload, at)
        case Kind.SERVICE_REQUEST_JOIN:
            return standin_requests.join(state, payload)
        case Kind.QUEUE_COUNTER:
            state.put("counter", id=payload["counter"], state=payload["state"])
            return Status.APPLIED, {}
        case _ if kind.startswith("queue."):
            return moved(state, kind.removeprefix("queue."), at, payload)
        case _:
            raise Problem(f"this server does not know {kind!r}", code="kind_unknown")
