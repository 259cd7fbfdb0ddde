"""What goes with a ticket when its owner loses it: their part in the event, and the seats they chose."""

from sqlalchemy import select

from domain.ticket import TicketState
from server.auth import customer_store
from server.db.database import Transaction
from server.events.participants import service as participants
from server.ticketing.store import Kept
from server.ticketing.tables import tickets

_T = tickets.c


def lost(transaction: Transaction, ticket: Kept, actor: str) -> None:
    """Ends the participation of the owner that a ticket had, unless another one lets them in."""
    owner = customer_store.by_id(transaction.connection, ticket.owner) if ticket.owner else None
    if owner is None or owner.contact is None:
        return
    others = select(_T.seq).where(
        _T.org == ticket.org,
        _T.event == ticket.event,
        _T.owner == owner.id,
        _T.id != ticket.id,
        _T.state == TicketState.VALID.value,
    )
    if transaction.connection.execute(others.limit(1)).first() is None:
        participants.leave(transaction, ticket.org, ticket.event, owner.contact, actor)
