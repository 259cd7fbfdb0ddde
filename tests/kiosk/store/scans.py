"""Check-ins of this kiosk, as the door writes them down."""

from domain.admission import Direction, Reason, Scan
from domain.clock import Instant
from domain.ids import DeviceId, EventId, ListId, OpId, TicketId
from domain.sync import Kind
from kiosk.store.journal import Noted
from kiosk.store.outbox import Act
from tests.kiosk.sample import EVENT, LIST


def check_in(
    op: str,
    ticket: str,
    *,
    at: int,
    direction: Direction = Direction.ENTRY,
    reason: Reason | None = None,
    undoes: str | None = None,
) -> tuple[Act, Noted]:
    """The act to send, and the scan that counts here."""
    scan = Scan(
        op=OpId(op),
        at=Instant(at),
        ticket=TicketId(ticket),
        list=ListId(LIST),
        direction=direction,
        granted=reason is None,
        device=DeviceId("me"),
        undoes=OpId(undoes) if undoes else None,
    )
    kind = Kind.UNDO_CHECK_IN if undoes else Kind.CHECK_IN
    return Act(OpId(op), kind, Instant(at), {"ticketId": ticket}), Noted(scan, EventId(EVENT.id), reason)
