"""The door's use cases: check in, undo, and what a kiosk decided while it was alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson

from domain import lookup, replica
from domain.admission import (
    Admitted,
    Ask,
    Asked,
    CheckInList,
    Direction,
    Found,
    Reason,
    Refused,
    Scan,
    Verdict,
    decide,
    presence,
)
from domain.clock import Instant
from domain.errors import Conflict, NotFound
from domain.ids import DeviceId, ListId, OpId
from domain.ticket import Ticket
from server.activity.record import Changed, record
from server.admission.marks import mark, settle
from server.admission.store import DoorStore, Recorded, TypeFace
from server.auth.caller import Caller, Role
from server.db.database import Transaction
from server.operations import take_turns
from server.ticketing import codes


@dataclass(frozen=True, slots=True)
class Request:
    """One scan as asked for: by `code`, or of one `ticket` by its id."""

    op: str
    at: Instant
    lists: Sequence[str]
    code: str | None = None
    ticket: str | None = None
    direction: Direction = Direction.ENTRY
    gate: str = ""
    force: bool = False
    simulate: bool = False
    answers: dict[str, str] = field(default_factory=dict)
    confirmed: bool = False
    confirmed_unpaid: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict with what its answer shows."""

    verdict: Verdict
    op: str
    at: Instant
    direction: Direction
    list: CheckInList | None
    face: TypeFace | None
    first_device: str = ""
    duplicate: bool = False


def check_in(transaction: Transaction, caller: Caller, request: Request) -> Outcome:
    """Decides one scan and records it, unless it only asks or simulates.

    A repeated operation answers as the first time. Raises `NotFound` where none of the lists exists.
    """
    take_turns(transaction.connection, caller.org, [request.op])
    store = DoorStore(transaction.connection, caller.org)
    before = store.recorded(request.op)
    if before is not None:
        return _again(store, caller, before)
    lists = store.lists(request.lists)
    if not lists:
        raise NotFound(
            "none of these check-in lists exists; choose another at the device", code="list_unknown"
        )
    mine = [list_ for list_ in lists if caller.covers(f"event:{list_.event}")]
    found = _find(transaction, store, caller, request, mine)
    past = store.scans((*found.tickets, *found.addons))
    verdict = decide(_asked(request), found, mine or lists, past)
    if not request.simulate and not isinstance(verdict, Ask):
        _record(transaction, store, caller, request, verdict, lists[0])
        if isinstance(verdict, Admitted) and past:
            settle(transaction, store, caller.org, verdict.ticket, _list_of(verdict, lists))
    return _outcome(store, request.op, request.at, request.direction, verdict, lists)


def undo(
    transaction: Transaction, caller: Caller, op: str, new: str, at: Instant, reason: str, *, offline: bool
) -> Instant:
    """Takes an admission back by a record of its own; the time of the record.

    Raises `NotFound` for a scan that does not exist, `Conflict` for one that admitted nobody or was
    taken back before.
    """
    take_turns(transaction.connection, caller.org, [new])
    store = DoorStore(transaction.connection, caller.org)
    scan = _standing(store, op)
    if scan is None or not caller.covers(f"event:{scan.event}"):
        raise NotFound("there is no such scan")
    op, again = scan.op, store.recorded(new)
    if again is not None and again.undoes == op:
        return again.at
    ticket = store.by_id(scan.ticket)
    if again is not None or ticket is None or not scan.granted or scan.undoes:
        raise Conflict("this scan admitted nobody, so there is nothing to take back", code="not_admitted")
    if any(other.undoes == op for other in store.scans([ticket])):
        raise Conflict("this scan was taken back before", code="already_undone")
    _add(
        transaction, store, caller, op=new, at=at, event=scan.event, list=scan.list, ticket=scan.ticket,
        direction=scan.direction, granted=True, undoes=op, note=reason[:1000], offline=offline,
    )  # fmt: skip
    _trail(transaction, store, caller, "ticket.check_in_undone", scan.ticket, scan.event, new, {"undoes": op})
    lists = store.lists([scan.list])
    if lists:
        settle(transaction, store, caller.org, ticket, lists[0])
    return at


def kiosks_own(op: str) -> str:
    """The operation under which a kiosk's verdict is kept where the server had given another."""
    return f"{op}-kiosk"


def _standing(store: DoorStore, op: str) -> Recorded | None:
    """The scan of an operation: what the kiosk did, where the server's answer came too late for it."""
    scan = store.recorded(op)
    if scan is None or scan.granted:
        return scan
    own = store.recorded(kiosks_own(op))
    return own if own is not None and own.granted and not own.undoes else scan


def keep(
    transaction: Transaction, caller: Caller, request: Request, *, granted: bool, reason: str, chosen: str
) -> tuple[str, Scan | None]:
    """Keeps what a kiosk decided while it was alone: a fact, whatever would be decided here.

    `chosen` is the list that the kiosk decided on. Answers with the mark of the scan and, where the
    ticket was in already, the admission that stands.
    """
    store = DoorStore(transaction.connection, caller.org)
    lists = store.lists([chosen, *request.lists])
    mine = [list_ for list_ in lists if caller.covers(f"event:{list_.event}")]
    if not mine:
        raise NotFound("none of these check-in lists is this device's any more", code="list_unknown")
    found = _find(transaction, store, caller, request, mine)
    past = store.scans((*found.tickets, *found.addons))
    verdict = decide(_asked(request), found, mine, past)
    ticket = verdict.ticket
    _add(
        transaction, store, caller, op=request.op, at=request.at, event=mine[0].event, list=mine[0].id,
        ticket=ticket.id if ticket else "", direction=request.direction, granted=granted, reason=reason,
        gate=request.gate, forced=request.force, offline=True, answers=request.answers,
        code="" if ticket else request.code,
    )  # fmt: skip
    _trail(
        transaction, store, caller, _kind(granted, request.direction), ticket.id if ticket else "",
        mine[0].event, request.op, {"reason": reason, "offline": True},
    )  # fmt: skip
    if not granted or ticket is None:
        return ("conflict" if granted else ""), None
    stands = settle(transaction, store, caller.org, ticket, mine[0]).get(OpId(request.op))
    if stands is not None:
        return "double", stands
    if isinstance(verdict, Refused) and not request.force and verdict.reason is not Reason.ALREADY_IN:
        mark(transaction, caller.org, ticket.id, mine[0], request.op, "conflict", reason=verdict.reason)
        return "conflict", None
    if any(scan.at > request.at for scan in past):
        mark(transaction, caller.org, ticket.id, mine[0], request.op, "late")
        return "late", None
    return "", None


def _find(
    transaction: Transaction, store: DoorStore, caller: Caller, request: Request, lists: list[CheckInList]
) -> Found:
    addons = any(list_.addons for list_ in lists)
    if not lists:
        return Found()
    if request.ticket is None:

        def verify(number: int, message: bytes, signature: bytes) -> bool | None:
            return codes.verify(transaction.connection, caller.org)(number, message, signature)

        return lookup.look_up(request.code or "", store, verify, request.at, addons=addons)
    ticket = store.by_id(request.ticket)
    if ticket is None:
        return Found()
    return Found((ticket,), tuple(store.addons(ticket)) if addons else ())


def _asked(request: Request) -> Asked:
    return Asked(
        at=request.at,
        direction=request.direction,
        gate=request.gate,
        force=request.force,
        answers=request.answers,
        confirmed=request.confirmed,
        confirmed_unpaid=request.confirmed_unpaid,
    )


def _record(
    transaction: Transaction,
    store: DoorStore,
    caller: Caller,
    request: Request,
    verdict: Admitted | Refused,
    first: CheckInList,
) -> None:
    granted = isinstance(verdict, Admitted)
    reason = "" if isinstance(verdict, Admitted) else verdict.reason.value
    ticket = verdict.ticket.id if verdict.ticket else ""
    _add(
        transaction, store, caller, op=request.op, at=request.at, event=first.event,
        list=verdict.list or first.id, ticket=ticket, direction=request.direction, granted=granted,
        reason=reason, gate=request.gate, forced=granted and request.force, answers=request.answers,
        code="" if ticket else request.code,
    )  # fmt: skip
    kind = _kind(granted, request.direction)
    said: dict[str, object] = {"reason": reason} if reason else {}
    _trail(transaction, store, caller, kind, ticket, first.event, request.op, said)


def _add(
    transaction: Transaction,
    store: DoorStore,
    caller: Caller,
    *,
    op: str,
    at: Instant,
    event: str,
    list: str,
    ticket: str,
    direction: Direction,
    granted: bool,
    reason: str = "",
    gate: str = "",
    forced: bool = False,
    offline: bool = False,
    undoes: str | None = None,
    note: str = "",
    code: str | None = "",
    answers: dict[str, str] | None = None,
) -> None:
    store.add(
        op=op, at=at, received=transaction.now, event=event, list=list, ticket=ticket,
        direction=direction.value, granted=granted, reason=reason, gate=gate, actor=caller.actor,
        device=caller.id if caller.role is Role.DEVICE else "", offline=offline, forced=forced,
        undoes=undoes, code=_storable(code or ""), note=note,
        answers=orjson.dumps(answers).decode() if answers else "{}",
    )  # fmt: skip


def _trail(
    transaction: Transaction,
    store: DoorStore,
    caller: Caller,
    kind: str,
    ticket: str,
    event: str,
    op: str,
    data: dict[str, object],
) -> None:
    record(
        transaction,
        org=caller.org,
        kind=kind,
        subject=f"ticket:{ticket}",
        actor=caller.actor,
        data={"op": op, "event": event, **data},
        changed=[Changed(f"{caller.org}/event:{event}", replica.SCAN.name, op)],
        contact=store.contacts.get(ticket),
    )


def _kind(granted: bool, direction: Direction) -> str:
    if not granted:
        return "ticket.refused"
    return "ticket.checked_in" if direction is Direction.ENTRY else "ticket.checked_out"


def _again(store: DoorStore, caller: Caller, scan: Recorded) -> Outcome:
    """The verdict of a scan that was recorded before."""
    if not caller.covers(f"event:{scan.event}"):
        raise NotFound("there is no such scan")
    lists = store.lists([scan.list])
    ticket = store.by_id(scan.ticket) if scan.ticket else None
    verdict: Verdict
    if scan.granted and ticket is not None:
        verdict = Admitted(ticket, ListId(scan.list), scan.direction, scan.forced)
    else:
        first = _first(store, ticket, lists, scan) if scan.reason == Reason.ALREADY_IN else None
        verdict = Refused(Reason(scan.reason or Reason.ERROR), ticket, ListId(scan.list), first=first)
    return _outcome(store, scan.op, scan.at, scan.direction, verdict, lists, duplicate=True)


def _first(store: DoorStore, ticket: Ticket | None, lists: list[CheckInList], scan: Recorded) -> Scan | None:
    if ticket is None or not lists:
        return None
    return presence(store.scans([ticket]), lists[0], scan.at).standing


def _outcome(
    store: DoorStore,
    op: str,
    at: Instant,
    direction: Direction,
    verdict: Verdict,
    lists: list[CheckInList],
    *,
    duplicate: bool = False,
) -> Outcome:
    ticket = verdict.ticket
    device: DeviceId | None = None
    if isinstance(verdict, Refused) and verdict.first:
        device = verdict.first.device
    return Outcome(
        verdict,
        op,
        at,
        direction,
        next((list_ for list_ in lists if list_.id == verdict.list), None),
        store.faces.get(ticket.id) if ticket else None,
        store.device_name(device),
        duplicate,
    )


def _list_of(verdict: Admitted, lists: list[CheckInList]) -> CheckInList:
    return next(list_ for list_ in lists if list_.id == verdict.list)


def _storable(code: str) -> str:
    """Any characters as text that a database keeps."""
    return code[:255].encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")
