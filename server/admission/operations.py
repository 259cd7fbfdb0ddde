"""What a kiosk did at the door while it was alone, applied in its turn."""

from domain import clock
from domain.admission import Reason, Scan
from domain.sync import Answer, Kind, Operation, Status
from server.admission import offline, perks, sales, service
from server.admission.request import Request
from server.admission.schemas import OfflineCheckIn, OfflinePerk, OfflineSale, OfflineSaleBack, OfflineUndo
from server.admission.store import DoorStore, Recorded
from server.auth.caller import MODES, Allow, Caller
from server.db.database import Transaction
from server.operations import Known, payload_of


def check_in(transaction: Transaction, caller: Caller, operation: Operation) -> Answer:
    """Keeps the kiosk's verdict. Where the server had answered the same scan, and otherwise, both stand."""
    payload = payload_of(OfflineCheckIn, operation)
    granted = payload.verdict == "admitted"
    reason = None if granted else payload.reason or Reason.ERROR
    before = DoorStore(transaction.connection, caller.org).recorded(operation.op)
    if before is not None and before.granted == granted:
        return _answer(operation, Status.DUPLICATE, before.granted)
    if before is not None and before.granted:
        return _withdraw(transaction, caller, operation, before)
    request = Request(
        op=operation.op if before is None else offline.kiosks_own(operation.op),
        at=operation.at,
        lists=payload.lists,
        code=payload.code,
        ticket=payload.ticket_id,
        direction=payload.direction,
        gate=payload.gate or caller.gate,
        force=payload.forced,
        answers=payload.answers,
        confirmed=True,
        confirmed_unpaid=True,
    )
    mark, stands = offline.keep(transaction, caller, request, reason=reason, chosen=payload.list)
    status = Status.CONFLICT if mark in ("double", "conflict") else Status.APPLIED
    return _answer(operation, status, granted, mark, stands)


def undo_check_in(transaction: Transaction, caller: Caller, operation: Operation) -> Answer:
    payload = payload_of(OfflineUndo, operation)
    known = DoorStore(transaction.connection, caller.org).recorded(operation.op)
    service.undo(
        transaction, caller, payload.undoes, operation.op, operation.at, payload.reason, offline=True
    )
    return Answer(operation.op, Status.APPLIED if known is None else Status.DUPLICATE, {})


def perk_redeemed(transaction: Transaction, caller: Caller, operation: Operation) -> Answer:
    payload = payload_of(OfflinePerk, operation)
    return perks.keep(transaction, caller, operation, payload.ticket_id, payload.perk)


def sell(transaction: Transaction, caller: Caller, operation: Operation) -> Answer:
    return sales.keep(transaction, caller, operation, payload_of(OfflineSale, operation))


def take_back(transaction: Transaction, caller: Caller, operation: Operation) -> Answer:
    return sales.take_back(transaction, caller, operation, payload_of(OfflineSaleBack, operation))


_AT_THE_DOOR = Allow(staff="door", modes={"door"})
_SELLING = Allow(modes=MODES)
"""A sale is a fact, whatever has become of the kiosk's mode and rights since; its lease says who it was."""

KNOWN = {
    Kind.CHECK_IN: Known(_AT_THE_DOOR, check_in),
    Kind.UNDO_CHECK_IN: Known(_AT_THE_DOOR, undo_check_in),
    Kind.PERK_REDEEMED: Known(_AT_THE_DOOR, perk_redeemed),
    Kind.TICKET_SELL: Known(_SELLING, sell),
    Kind.TICKET_TAKE_BACK: Known(_SELLING, take_back),
}


def _withdraw(transaction: Transaction, caller: Caller, operation: Operation, before: Recorded) -> Answer:
    """The server admitted, but its answer came too late and the kiosk refused: nobody went in."""
    new, reason = offline.kiosks_own(operation.op), "the kiosk refused before the answer arrived"
    service.undo(transaction, caller, before.op, new, operation.at, reason, offline=True)
    return _answer(operation, Status.CONFLICT, granted=False, mark="conflict")


def _answer(
    operation: Operation, status: Status, granted: bool, mark: str = "", stands: Scan | None = None
) -> Answer:
    detail: dict[str, object] = {"verdict": "admitted" if granted else "refused", "mark": mark or None}
    if stands is not None:
        detail["first"] = {
            "opId": stands.op,
            "at": clock.rfc3339(stands.at),
            "gate": stands.gate,
            "device": stands.device or "",
        }
    return Answer(operation.op, status, detail)
