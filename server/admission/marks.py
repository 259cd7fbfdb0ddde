"""What is to be said of scans in the light of each other: who was admitted twice, late, against the rules."""

from sqlalchemy import delete, select

from domain import replica
from domain.admission import CheckInList, Scan, presence
from domain.ids import OpId, TicketId
from domain.ticket import Ticket
from server.activity.record import Changed, changes, record
from server.admission.store import DoorStore
from server.admission.tables import scan_marks
from server.db.database import Transaction


def settle(
    transaction: Transaction, store: DoorStore, org: str, ticket: Ticket, list_: CheckInList
) -> dict[OpId, Scan]:
    """Works out anew who was admitted twice; the scans of it, each with the admission that stands."""
    pairs = presence(store.scans([ticket]), list_).double
    wanted = {op: other for first, second in pairs for op, other in ((first.op, second), (second.op, first))}
    marks = select(scan_marks.c.op).where(
        scan_marks.c.org == org,
        scan_marks.c.ticket == ticket.id,
        scan_marks.c.list == list_.id,
        scan_marks.c.mark == "double",
    )
    marked = {OpId(row.op) for row in transaction.connection.execute(marks)}
    for op in marked - wanted.keys():
        _unmark(transaction, org, list_, op)
    for op in wanted.keys() - marked:
        mark(transaction, org, ticket.id, list_, op, "double", other=wanted[op].op)
    if wanted.keys() - marked:
        record(
            transaction, org=org, kind="ticket.admitted_twice", subject=f"ticket:{ticket.id}", actor="system"
        )
    return {scan.op: pair[0] for pair in pairs for scan in pair}


def mark(
    transaction: Transaction,
    org: str,
    ticket: TicketId,
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
            ticket=ticket,
            event=list_.event,
            list=list_.id,
        )
    )


def _unmark(transaction: Transaction, org: str, list_: CheckInList, op: str) -> None:
    transaction.connection.execute(delete(scan_marks).where(scan_marks.c.org == org, scan_marks.c.op == op))
    changes(transaction, [Changed(f"{org}/event:{list_.event}", replica.SCAN.name, op)])
