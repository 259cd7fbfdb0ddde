"""What an attendee has reserved."""

from server.customer.ticket_schemas import OwnEvent, OwnTicket
from server.wire import At, Out


class HeldOrder(Out):
    """An order that waits to be paid."""

    order_id: str
    number: str
    total: int
    currency: str
    expires_at: At


class OwnPart(Out):
    """The caller's part in an event, invited or taken."""

    id: str
    state: str


class Booking(Out):
    """What the caller has reserved of one event."""

    event: OwnEvent
    tickets: list[OwnTicket]
    orders: list[HeldOrder]
    participation: OwnPart | None


class Bookings(Out):
    """Of events that are not over the next one first; of others the latest. `nextCursor` is null on the last
    page."""

    coming: list[Booking]
    past: list[Booking]
    next_cursor: str | None
