"""What somebody holds, before they ask for it: tickets in their name that are nobody's yet become theirs.

However such a ticket came about, issued, imported, sold at the door or ordered by who had not signed in,
this is the one way to it: nobody else ever looks for its owner, and who never signs in needs none.
"""

from contextlib import suppress
from typing import TypeGuard

from sqlalchemy import Connection

from domain.errors import StorageFull
from server.auth import customer_store
from server.auth.customer_store import Customer
from server.db.database import Database, Transaction
from server.ticketing import owning


async def adopted(database: Database, customer: str) -> None:
    """Gives a customer what waits for them; a look alone where that is nothing, and on a full disk, where
    what they have can still be read."""

    def job(transaction: Transaction) -> None:
        known = customer_store.by_id(transaction.connection, customer)
        if _may_hold(known):
            owning.adopt(transaction, known)

    def waits(connection: Connection) -> bool:
        known = customer_store.by_id(connection, customer)
        return _may_hold(known) and bool(owning.waiting(connection, known))

    if await database.read(waits):
        with suppress(StorageFull):
            await database.write(job)


def _may_hold(customer: Customer | None) -> TypeGuard[Customer]:
    return customer is not None and customer.active
