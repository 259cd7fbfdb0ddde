"""What a kiosk did with service requests while it was alone, applied in its turn and at its own time.

A device that was taken in is here, and gets its number now. A change is applied where it still fits; where
somebody else was first, the state that stands is answered.
"""

from dataclasses import replace

from pydantic import ConfigDict

from domain.errors import Conflict
from domain.sync import Answer, Kind, Operation, Status
from server.auth.caller import Caller
from server.db.database import Transaction
from server.operations import Known, payload_of
from server.queues.dependencies import AT_THE_DESK, NEAR_THE_DESK
from server.service_requests import changes, intake, store, updating
from server.service_requests.dependencies import check_scope, own
from server.service_requests.schemas import IntakeIn, RequestChange
from server.service_requests.values import Request
from server.wire import Id

_ADDED = {"request_id", "notes", "photos"}
"""What stands beside whatever somebody else did meanwhile."""


class _TakenIn(IntakeIn):
    """What a newer kiosk says beyond this is passed over: what happened still happened."""

    model_config = ConfigDict(extra="ignore")

    request_id: Id


class _Changed(RequestChange):
    model_config = ConfigDict(extra="ignore")

    request_id: Id


def join(transaction: Transaction, caller: Caller, operation: Operation) -> Answer:
    """The kiosk chose the id; the same one again is the same device."""
    fact = payload_of(_TakenIn, operation)
    check_scope(caller, fact.service_point)
    before = store.known(transaction.connection, fact.request_id)
    if before is not None:
        if (before.org, before.service_point) != (caller.org, fact.service_point):
            raise Conflict("this request's id is taken: give it another one", code="id_taken")
        return _answer(transaction, operation, Status.DUPLICATE, before)
    then = replace(transaction, now=operation.at)
    taken = intake.said(then, caller, fact)
    made = intake.take_in(then, caller.org, caller.actor, taken, fact.request_id)
    return _answer(transaction, operation, Status.APPLIED, made)


def update(transaction: Transaction, caller: Caller, operation: Operation) -> Answer:
    """Notes and photos are added whatever came between; all else needs the version that the kiosk saw, and
    fits as a whole or not at all."""
    fact = payload_of(_Changed, operation)
    kept = own(transaction.connection, caller, fact.request_id, lock=True)
    if fact.model_fields_set - _ADDED:
        fact = fact.model_copy(update={"version": operation.base_version})
    then = replace(transaction, now=operation.at)
    try:
        with transaction.step():
            kept = updating.update(then, kept, fact, caller.actor)
    except Conflict as conflict:
        if fact.notes or fact.photos:
            added = RequestChange(notes=fact.notes, photos=fact.photos)
            kept = updating.update(then, kept, added, caller.actor)
        found = _answer(transaction, operation, Status.CONFLICT, kept)
        why = {"code": conflict.code, "detail": conflict.detail}
        return replace(found, detail={**found.detail, **why})
    return _answer(transaction, operation, Status.APPLIED, kept)


def _answer(transaction: Transaction, operation: Operation, status: Status, of: Request) -> Answer:
    detail = {
        "requestId": of.id,
        "servicePoint": of.service_point,
        "number": of.number,
        "label": of.code,
        **changes.found(changes.point_of(transaction.connection, of), of),
    }
    return Answer(operation.op, status, detail)


KNOWN = {
    Kind.SERVICE_REQUEST_JOIN: Known(NEAR_THE_DESK, join),
    Kind.SERVICE_REQUEST_UPDATE: Known(AT_THE_DESK, update),
}
