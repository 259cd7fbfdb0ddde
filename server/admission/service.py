"""The door's use cases: check in, and take that back."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.admission import Admitted, Ask, CheckInList, Direction, Found, Reason, Refused, Verdict, decide
from domain.clock import Instant
from domain.errors import Conflict, NotFound
from domain.ids import ListId
from server.admission import records
from server.admission.marks import settle
from server.admission.offline import standing
from server.admission.request import Request, find
from server.admission.store import DoorStore, Recorded, TypeFace
from server.auth.caller import Caller
from server.db.database import Transaction
from server.operations import take_turns


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict with what its answer shows; `face` is None where the ticket is not for the caller to see."""

    verdict: Verdict
    op: str
    at: Instant
    direction: Direction
    list: CheckInList | None
    face: TypeFace | None
    first_device: str = ""
    duplicate: bool = False


def check_in(transaction: Transaction, caller: Caller, request: Request) -> Outcome | NotFound:
    """Decides one scan and records it, unless it only asks or simulates.

    A repeated operation answers as the first time. `NotFound` where there is no list to decide on; that
    somebody tried is recorded, which a raised one would take back. Raises `Conflict` for an operation that
    stands for something else.
    """
    take_turns(transaction.connection, caller.org, [request.op])
    store = DoorStore(transaction.connection, caller.org)
    lists = store.lists(request.lists or _all_lists(store, caller, request))
    mine = [list_ for list_ in lists if caller.covers(f"event:{list_.event}")]
    found = find(transaction.connection, caller.org, store, request, mine)
    past = store.scans((*found.tickets, *found.addons))
    verdict = decide(request.asked, found, mine or lists, past)
    list_ = next((list_ for list_ in lists if list_.id == verdict.list), None)
    where = list_ or next(iter(mine or lists), None)
    writes = not request.simulate and not isinstance(verdict, Ask)
    reason = verdict.reason if isinstance(verdict, Refused) else None
    # Most operations are new: that one is not shows when its scan cannot be written, which saves a look.
    if not (writes and where) or not records.scanned(
        transaction, store, caller, request, where, verdict.ticket, reason=reason
    ):
        before = store.recorded(request.op)
        if before is not None:
            return _again(store, caller, before, found, verdict)
    if where is None:
        records.turned_away(transaction, caller, request)
        return _nowhere(request)
    if writes and isinstance(verdict, Admitted) and past:
        settle(transaction, store, caller.org, verdict.ticket, where)
    return Outcome(verdict, request.op, request.at, request.direction, list_, *_seen(store, caller, verdict))


def undo(
    transaction: Transaction, caller: Caller, op: str, new: str, at: Instant, reason: str, *, offline: bool
) -> Instant:
    """Takes an admission back by a record of its own; the time of the record.

    Raises `NotFound` for a scan that does not exist, `Conflict` for one that admitted nobody or was
    taken back before.
    """
    take_turns(transaction.connection, caller.org, [new])
    store = DoorStore(transaction.connection, caller.org)
    scan = standing(store, op)
    if scan is None or not caller.covers(f"event:{scan.event}"):
        raise NotFound("there is no such scan")
    again = store.recorded(new)
    if again is not None:
        if again.undoes != scan.op:
            raise _taken()
        return again.at
    ticket = store.by_id(scan.ticket)
    if ticket is None or not scan.granted or scan.undoes:
        raise Conflict("this scan admitted nobody, so there is nothing to take back", code="not_admitted")
    if any(other.undoes == scan.op for other in store.scans([ticket])):
        raise Conflict("this scan was taken back before", code="already_undone")
    records.undone(transaction, store, caller, scan, op=new, at=at, reason=reason, offline=offline)
    for list_ in store.lists([scan.list]):
        settle(transaction, store, caller.org, ticket, list_)
    return at


def _all_lists(store: DoorStore, caller: Caller, request: Request) -> Sequence[str]:
    """Those of the ticket's event, of a device with lists of its own those."""
    ticket = store.by_id(request.ticket) if request.ticket else None
    if ticket is None or not caller.covers(f"event:{ticket.event}"):
        return ()
    every = store.lists_of(ticket.event)
    return [id_ for id_ in every if id_ in caller.lists] or every


def _nowhere(request: Request) -> NotFound:
    if request.ticket is not None and not request.lists:
        return NotFound("there is no such ticket, or its event has no check-in list")
    return NotFound("none of these check-in lists exists; choose another at the device", code="list_unknown")


def _again(store: DoorStore, caller: Caller, before: Recorded, found: Found, verdict: Verdict) -> Outcome:
    """The verdict of a scan that was recorded before; `verdict` is what the request would come to now."""
    if not caller.covers(f"event:{before.event}"):
        raise NotFound("there is no such scan")
    known = {ticket.id for ticket in (*found.tickets, *found.addons)}
    if before.undoes or (before.ticket and before.ticket not in known):
        raise _taken()
    ticket, list_ = store.by_id(before.ticket), ListId(before.list)
    reason = Reason(before.reason or Reason.ERROR)
    if before.granted and ticket is not None:
        verdict = Admitted(ticket, list_, before.direction, before.forced)
    elif not (isinstance(verdict, Refused) and verdict.reason is reason):
        verdict = Refused(reason, ticket, list_)
    return Outcome(
        verdict,
        before.op,
        before.at,
        before.direction,
        next(iter(store.lists([before.list])), None),
        *_seen(store, caller, verdict),
        duplicate=True,
    )


def _taken() -> Conflict:
    return Conflict(
        "this opId stands for something else already: make a new one for each scan", code="op_taken"
    )


def _seen(store: DoorStore, caller: Caller, verdict: Verdict) -> tuple[TypeFace | None, str]:
    """What the caller may see of the ticket's type, and the name of the device of the first admission."""
    ticket = verdict.ticket
    face = store.faces.get(ticket.id) if ticket and caller.covers(f"event:{ticket.event}") else None
    first = verdict.first if isinstance(verdict, Refused) else None
    return face, store.device_name(first.device if first else None)
