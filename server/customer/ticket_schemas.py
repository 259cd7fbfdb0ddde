"""An attendee's ticket as its owner sees it."""

from server.wire import At, Out


class OwnType(Out):
    id: str
    name: str
    colour: str


class OwnEvent(Out):
    """Where and when a ticket lets one in."""

    id: str
    name: dict[str, str]
    starts: At
    ends: At
    zone: str
    place: str
    state: str


class Offer(Out):
    """A ticket is offered to somebody, and stays the owner's until it is claimed."""

    email: str
    since: At


class OwnTicket(Out):
    """A ticket. `rotating` tells that its picture changes every half minute; `orderId` is of the order by
    which this caller bought it."""

    id: str
    event: OwnEvent
    type: OwnType
    number: int
    state: str
    name: str
    email: str
    seat: str
    session: str
    perks: list[str]
    rotating: bool
    due: int
    currency: str
    valid_from: At | None
    valid_until: At | None
    order_id: str | None
    offer: Offer | None
