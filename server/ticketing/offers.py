"""Offers of tickets to others: what becomes of one, and that it ends with its ticket."""

from sqlalchemy import update

from server.db.database import Transaction
from server.ticketing.store import Kept
from server.ticketing.tables import ticket_transfers

OFFERED, CLAIMED, WITHDRAWN, REPLACED = "offered", "claimed", "withdrawn", "replaced"
_X = ticket_transfers.c


def end(transaction: Transaction, ticket: Kept, state: str) -> bool:
    """Ends the offer that stands; whether there was one."""
    standing = update(ticket_transfers).where(_X.ticket == ticket.id, _X.state == OFFERED)
    ends = {"state": state, "ended": transaction.now}
    return transaction.connection.execute(standing.values(**ends)).rowcount > 0
