"""What is to be said of scans in the light of each other: who was admitted twice, late, against the rules."""

from collections.abc import Mapping

from sqlalchemy import bindparam, delete, select

from domain import replica
from domain.admission import CheckInList, Scan, presence
from domain.ids import OpId
from domain.ticket import Ticket
from server.activity.record import Changed, changes, record
from server.admission.store import DoorStore
from server.admission.tables import scan_marks
from server.db.database import Transaction
from server.db.prepared import Prepared

_M = scan_marks.c
_MARKS = Prepared(
    select(_M.op, _M.mark, _M.other, _M.reason).where(
        _M.org == bindparam("org"), _M.ticket == bindparam("ticket"), _M.list == bindparam("list")
    )
)


def settle(
    transaction: Transaction,
    store: DoorStore,
    org: str,
    ticket: Ticket,
    list_: CheckInList,
    faults: Mapping[OpId, str] = {},
) -> dict[OpId, Scan]:
    """Works out anew who was admitted twice; the scans of it, each with the admission that stands.

    `faults` say of scans that bear no mark yet why they were against the rules.

    A scan that was against the rules is so again once it is no longer one of two.
    """
    pairs = presence(store.scans([ticket]), list_).double
    wanted = {
        op: other.op for first, second in pairs for op, other in ((first.op, second), (second.op, first))
    }
    known = _MARKS.rows(transaction.connection, org=org, ticket=ticket.id, list=list_.id)
    marked = {OpId(op): other for op, kind, other, _ in known if kind == "double"}
    reasons = {OpId(op): reason for op, _, _, reason in known} | dict(faults)
    for op in marked.keys() - wanted.keys():
        if reasons[op]:
            mark(transaction, org, ticket, list_, op, "conflict", reason=reasons[op])
        else:
            _unmark(transaction, org, list_, op)
    for op, other in wanted.items():
        if marked.get(op) != other:
            reason = reasons.get(op, "")
            mark(transaction, org, ticket, list_, op, "double", other=other, reason=reason)
    if wanted.keys() - marked.keys():
        record(
            transaction,
            org=org,
            kind="ticket.admitted_twice",
            subject=f"ticket:{ticket.id}",
            actor="system",
            data={"event": list_.event, "list": list_.id, "scans": sorted(wanted)},
        )
    return {scan.op: pair[0] for pair in pairs for scan in pair}


def mark(
    transaction: Transaction,
    org: str,
    ticket: Ticket | None,
    list_: CheckInList,
    op: str,
    kind: str,
    *,
    other: str = "",
    reason: str = "",
) -> None:
    _unmark(transaction, org, list_, op)
    transaction.connection.execute(
        scan_marks.insert().values(
            org=org,
            op=op,
            mark=kind,
            other=other,
            reason=reason,
            ticket=ticket.id if ticket else "",
            event=list_.event,
            list=list_.id,
        )
    )


def _unmark(transaction: Transaction, org: str, list_: CheckInList, op: str) -> None:
    transaction.connection.execute(delete(scan_marks).where(scan_marks.c.org == org, scan_marks.c.op == op))
    changes(transaction, [Changed(f"{org}/event:{list_.event}", replica.SCAN.name, op)])
