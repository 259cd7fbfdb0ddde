"""Tickets as their owners are told of them."""

from server.customer.ticket_schemas import Offer, OwnEvent, OwnTicket, OwnType
from server.ticketing.owning import Owned, Place


def own_event(event: Place) -> OwnEvent:
    return OwnEvent(
        id=event.id,
        name=event.name,
        starts=event.starts,
        ends=event.ends,
        zone=event.zone,
        place=event.place,
        state=event.state,
    )


def own_ticket(owned: Owned, caller: str) -> OwnTicket:
    """The ticket as one customer sees it; of one that went to somebody else, not who that is."""
    ticket = owned.ticket
    own = ticket.owner == caller
    offered = owned.offered if own else None
    return OwnTicket(
        id=ticket.id,
        event=own_event(owned.event),
        type=OwnType(id=owned.type.id, name=owned.type.name, colour=owned.type.colour),
        number=ticket.number,
        state=ticket.state,
        name=ticket.name if own else "",
        email=ticket.email if own else "",
        seat=ticket.seat,
        session=ticket.session,
        perks=list(ticket.perks),
        rotating=owned.type.rotating,
        due=ticket.due,
        currency=ticket.currency,
        valid_from=ticket.valid_from,
        valid_until=ticket.valid_until,
        order_id=ticket.order_id if owned.buyer == caller else None,
        offer=Offer(email=offered[0], since=offered[1]) if offered else None,
    )
