"""A verdict of this kiosk as facts: the operation that the server will hear of, the scan that counts here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain import ticket_code
from domain.admission import Admitted, Asked, CheckInList, Reason, Refused, Scan
from domain.clock import Instant
from domain.ids import DeviceId, ListId, OpId, TicketId
from domain.sync import Kind
from kiosk.store.journal import Noted
from kiosk.store.lookup import is_unseen
from kiosk.store.outbox import Act

_LONGEST = 4_096


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked at the door: about a code, or about a ticket that was picked from a search."""

    code: str = ""
    picked: TicketId | None = None
    force: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)
    confirmed: bool = False
    confirmed_unpaid: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """A verdict that stands. `asked.at` is by the server's clock."""

    op: OpId
    asked: Asked
    lists: tuple[CheckInList, ...]
    made: Admitted | Refused

    @property
    def list(self) -> ListId:
        """The list it was decided on, or of those that were tried the first."""
        return self.made.list or (self.lists[0].id if self.lists else ListId(""))

    @property
    def reason(self) -> Reason | None:
        return self.made.reason if isinstance(self.made, Refused) else None


def act(decided: Decided, at: Instant, request: Request) -> Act:
    """`at` is by the kiosk's own clock. There must be a list."""
    asked = decided.asked
    payload: dict[str, object] = {
        "lists": [list_.id for list_ in decided.lists],
        "list": decided.list,
        "direction": asked.direction,
        "gate": asked.gate,
        "verdict": "refused" if decided.reason else "admitted",
        "reason": decided.reason,
        "forced": asked.force,
        "answers": dict(asked.answers),
    }
    return Act(decided.op, Kind.CHECK_IN, at, payload | _which(request, decided.made))


def noted(decided: Decided, at: Instant, device: DeviceId | None) -> Noted:
    """`at` is by the server's clock."""
    asked, ticket = decided.asked, decided.made.ticket
    scan = Scan(
        op=decided.op,
        at=at,
        ticket=ticket.id if ticket else TicketId(""),
        list=decided.list,
        direction=asked.direction,
        granted=decided.reason is None,
        gate=asked.gate,
        device=device,
        forced=asked.force,
    )
    event = next((list_.event for list_ in decided.lists if list_.id == decided.list), None)
    return Noted(scan, event, decided.reason)


def _which(request: Request, made: Admitted | Refused) -> dict[str, object]:
    """The ticket, where one is known by its id; else the code, for the server to look up."""
    several = isinstance(made, Refused) and made.reason is Reason.AMBIGUOUS
    if made.ticket is not None and not is_unseen(made.ticket.id) and not (several and request.code):
        return {"ticketId": made.ticket.id}
    if request.picked is not None:
        return {"ticketId": request.picked}
    return {"code": sendable(request.code)}


def sendable(code: str) -> str:
    """A code as JSON can carry it: cut off where no code is that long, halves of characters replaced."""
    plain = ticket_code.strip(code)[:_LONGEST]
    return plain.encode("utf-8", "replace").decode()
