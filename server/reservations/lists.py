"""What somebody has booked, by mail: an address alone is never answered with data."""

from sqlalchemy import Connection, select

from domain.clock import MINUTE, Instant
from domain.reservation import AHEAD
from server.auth.tables import organizations
from server.db.database import Transaction
from server.messaging.post import post
from server.reservations import store
from server.reservations.store import Filters
from server.reservations.values import Reservation

KIND = "reservation.list"
MOST = 50
_AGAIN = 10 * MINUTE
"""So often one address gets its list."""


def mail(transaction: Transaction, org: str | None, email: str) -> None:
    """Owes a list of what is to come, from each organisation where there is something."""
    connection = transaction.connection
    ids = [org] if org else list(connection.execute(select(organizations.c.id)).scalars())
    for each in ids:
        found = coming(connection, each, email, transaction.now)
        if found:
            post(
                transaction,
                org=each,
                kind=KIND,
                cause=f"reservations of {email} {transaction.now // _AGAIN}",
                to=email,
                name=found[0].customer.name,
                language=found[0].customer.language,
                about={"email": email},
                contact=found[0].contact,
            )


def coming(connection: Connection, org: str, email: str, now: Instant) -> list[Reservation]:
    wanted = Filters(since=now, email=email, states=AHEAD)
    return store.listed(connection, org, wanted, None, MOST)
