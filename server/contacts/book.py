"""Finding who somebody is, or writing them down."""

from sqlalchemy import insert, select, update

from server.activity.record import record
from server.auth.customer_store import Customer
from server.auth.tables import customers
from server.contacts.tables import contacts
from server.db.database import Transaction
from server.db.locks import lock
from server.ids import new_id

_C = contacts.c


def contact_for(
    transaction: Transaction, org: str, actor: str, *, email: str, name: str = "", language: str = ""
) -> str:
    """The id of the contact with this e-mail address, made where there is none.

    A name or language that the contact lacks is filled in; what is known of them stays.
    """
    connection, email = transaction.connection, email.lower()
    lock(connection, f"{org}/contact {email}")
    known = connection.execute(
        select(_C.id, _C.name, _C.language).where(_C.org == org, _C.email == email)
    ).first()
    if known is not None:
        fills = {"name": known.name or name, "language": known.language or language}
        if fills != {"name": known.name, "language": known.language}:
            connection.execute(
                update(contacts).where(_C.id == known.id).values(**fills, changed=transaction.now)
            )
        return str(known.id)
    id_, now = new_id(transaction.now), transaction.now
    values = {"id": id_, "org": org, "email": email, "name": name, "language": language}
    connection.execute(insert(contacts).values(**values, created=now, changed=now))
    record(transaction, org=org, kind="contact.made", subject=f"contact:{id_}", actor=actor, contact=id_)
    return id_


def tie(transaction: Transaction, customer: Customer) -> None:
    """Ties a customer, whose address is proven, to the contact with that address, for good."""
    if customer.contact is not None:
        return
    contact = contact_for(
        transaction,
        customer.org,
        f"customer:{customer.id}",
        email=customer.email,
        name=customer.name,
        language=customer.language,
    )
    transaction.connection.execute(
        update(customers).where(customers.c.id == customer.id).values(contact=contact)
    )
