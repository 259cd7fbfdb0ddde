"""Who is written to about a ticket, and what they are owed a mail about."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from server.addresses import Unaddressable, typed
from server.auth import customer_store
from server.contacts.tables import contacts
from server.db.database import Transaction
from server.messaging.post import post
from server.texts import spoken
from server.ticketing.store import Kept

_C = contacts.c


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who has a ticket; `customer` is None where nobody's account has it."""

    email: str
    name: str
    language: str
    contact: str | None
    customer: str | None


def holder(connection: Connection, ticket: Kept) -> Holder | None:
    """The owner of a ticket, or else whoever stands on it; None where no mail can reach anybody."""
    owner = customer_store.by_id(connection, ticket.owner) if ticket.owner else None
    if owner is not None:
        return Holder(owner.email, owner.name, owner.language, owner.contact, owner.id)
    try:
        email = typed(ticket.email)
    except Unaddressable:
        return None
    return Holder(email, ticket.name, _language(connection, ticket), ticket.contact, ticket.owner)


def mail_ticket(transaction: Transaction, ticket: Kept) -> None:
    """Owes who has a ticket its present code."""
    _mail(transaction, ticket, "ticket.issued", f"{ticket.id} {ticket.generation}")


def mail_void(transaction: Transaction, ticket: Kept, why: str) -> None:
    """Tells who has a ticket, once, that it lets nobody in any more: its `order` was refunded, or it was
    `canceled` or `refunded` alone."""
    _mail(transaction, ticket, "ticket.voided", ticket.id, why=why)


def _mail(transaction: Transaction, ticket: Kept, kind: str, cause: str, **about: str) -> None:
    known = holder(transaction.connection, ticket)
    if known is None:
        return
    post(
        transaction,
        org=ticket.org,
        kind=kind,
        cause=f"{kind} {cause}",
        to=known.email,
        name=known.name,
        language=known.language,
        about={"ticket": ticket.id, "owner": known.customer, **about},
        event=ticket.event,
        contact=known.contact,
    )


def _language(connection: Connection, ticket: Kept) -> str:
    asked = select(_C.language).where(_C.id == ticket.contact)
    return spoken(connection.execute(asked).scalar() or "en")
