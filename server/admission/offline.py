"""What a kiosk decided while it was alone: a fact, kept and marked."""

from domain.admission import Reason, Refused, Scan, Verdict, decide
from domain.errors import NotFound
from domain.ids import OpId
from server.admission import records
from server.admission.marks import mark, settle
from server.admission.request import Request, find
from server.admission.store import DoorStore, Recorded
from server.auth.caller import Caller
from server.db.database import Transaction


def kiosks_own(op: str) -> str:
    """The operation under which a kiosk's verdict is kept where the server had given another."""
    return f"{op}-kiosk"


def standing(store: DoorStore, op: str) -> Recorded | None:
    """The scan of an operation: what the kiosk did, where the server's answer came too late for it."""
    scan = store.recorded(op)
    if scan is None or scan.granted:
        return scan
    own = store.recorded(kiosks_own(op))
    return own if own is not None and own.granted and not own.undoes else scan


def keep(
    transaction: Transaction, caller: Caller, request: Request, *, reason: Reason | None, chosen: str
) -> tuple[str, Scan | None]:
    """Keeps a verdict, whatever would be decided here: admitted, or refused for a reason.

    `chosen` is the list that the kiosk decided on. Answers with the mark of the scan and, where the
    ticket was in already, the admission that stands.
    """
    store = DoorStore(transaction.connection, caller.org)
    lists = store.lists([chosen, *request.lists])
    mine = [list_ for list_ in lists if caller.covers(f"event:{list_.event}")]
    if not mine:
        raise NotFound("none of these check-in lists is this device's any more", code="list_unknown")
    found = find(transaction.connection, caller.org, store, request, mine)
    past = store.scans((*found.tickets, *found.addons))
    verdict, list_ = decide(request.asked, found, mine, past), mine[0]
    ticket = verdict.ticket
    records.scanned(transaction, store, caller, request, list_, ticket, reason=reason, offline=True)
    if reason is not None:
        return "", None
    # The first scan of a ticket is nothing in the light of others.
    stands = None
    if ticket and any(scan.ticket == ticket.id for scan in past):
        double = settle(transaction, store, caller.org, ticket, list_, _fault(request, verdict))
        stands = double.get(OpId(request.op))
    if stands is not None:
        return "double", stands
    if isinstance(verdict, Refused):
        mark(transaction, caller.org, ticket, list_, request.op, "conflict", reason=verdict.reason.value)
        return "conflict", verdict.first
    if any(scan.at > request.at for scan in past):
        mark(transaction, caller.org, ticket, list_, request.op, "late")
        return "late", None
    return "", None


def _fault(request: Request, verdict: Verdict) -> dict[OpId, str]:
    """What is against the rules in a scan by itself, whoever else went in on the ticket."""
    if isinstance(verdict, Refused) and verdict.reason is not Reason.ALREADY_IN:
        return {OpId(request.op): verdict.reason.value}
    return {}
