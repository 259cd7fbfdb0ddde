"""What happened at the door, written down: the scan, its line in the trail, its change for the kiosks."""

from collections.abc import Mapping

import orjson

from domain import replica
from domain.admission import CheckInList, Direction, Reason
from domain.clock import Instant
from domain.ticket import Ticket, TicketState
from server.activity.record import Changed, record
from server.admission.request import Request
from server.admission.store import DoorStore, Recorded
from server.auth.caller import Caller, Role
from server.db.database import Transaction

_NOTE_CHARS = 1000
_CODE_CHARS = 255


def scanned(
    transaction: Transaction,
    store: DoorStore,
    caller: Caller,
    request: Request,
    list_: CheckInList,
    ticket: Ticket | None,
    *,
    reason: Reason | None,
    offline: bool = False,
) -> bool:
    """A scan that was granted, or refused for a reason; what was read is kept where it led to no ticket.

    False, and nothing is written, where the operation was recorded before.
    """
    granted = reason is None
    new = store.add(
        op=request.op, at=request.at, received=transaction.now, event=list_.event, list=list_.id,
        ticket=ticket.id if ticket else "", direction=request.direction.value, granted=granted,
        reason=reason.value if reason else "", gate=request.gate, forced=granted and request.force,
        offline=offline, undoes=None, note="", code="" if ticket else _storable(request.code or ""),
        answers=orjson.dumps(dict(request.answers)).decode(), **_who(caller),
    )  # fmt: skip
    if not new:
        return False
    data: dict[str, object] = {"reason": reason.value} if reason else {}
    if offline:
        data["offline"] = True
    if granted and ticket and ticket.state is TicketState.PENDING:
        data |= {"due": ticket.due, "currency": ticket.currency}
    kind = "checked_in" if request.direction is Direction.ENTRY else "checked_out"
    _trail(
        transaction, store, caller, kind if granted else "refused", ticket.id if ticket else "", list_.event,
        request.op, data,
    )  # fmt: skip
    return True


def undone(
    transaction: Transaction,
    store: DoorStore,
    caller: Caller,
    scan: Recorded,
    *,
    op: str,
    at: Instant,
    reason: str,
    offline: bool,
) -> None:
    """An undo, which is a record of its own."""
    store.add(
        op=op, at=at, received=transaction.now, event=scan.event, list=scan.list, ticket=scan.ticket,
        direction=scan.direction.value, granted=True, reason="", gate="", forced=False, offline=offline,
        undoes=scan.op, note=reason[:_NOTE_CHARS], code="", answers="{}", **_who(caller),
    )  # fmt: skip
    data = {"undoes": scan.op, "reason": reason[:_NOTE_CHARS]}
    _trail(transaction, store, caller, "check_in_undone", scan.ticket, scan.event, op, data)


def turned_away(transaction: Transaction, caller: Caller, request: Request) -> None:
    """An attempt at what is not the caller's, or is not there: no scan of any event, and yet in the trail."""
    subject = (
        f"ticket:{request.ticket}" if request.ticket else f"check_in_list:{next(iter(request.lists), '')}"
    )
    data = {"op": request.op, "reason": "unknown", "lists": list(request.lists)}
    record(
        transaction,
        org=caller.org,
        kind="ticket.refused",
        subject=subject,
        actor=caller.actor,
        data=data,
    )


def _trail(
    transaction: Transaction,
    store: DoorStore,
    caller: Caller,
    what: str,
    ticket: str,
    event: str,
    op: str,
    data: Mapping[str, object],
) -> None:
    record(
        transaction,
        org=caller.org,
        kind=f"ticket.{what}",
        subject=f"ticket:{ticket}" if ticket else f"event:{event}",
        actor=caller.actor,
        data={"op": op, "event": event, **data},
        changed=[Changed(f"{caller.org}/event:{event}", replica.SCAN.name, op)],
        contact=store.contacts.get(ticket),
    )


def _who(caller: Caller) -> dict[str, str]:
    return {"actor": caller.actor, "device": caller.id if caller.role is Role.DEVICE else ""}


def _storable(code: str) -> str:
    """Any characters as text that a database keeps."""
    return code[:_CODE_CHARS].encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")
