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
    transaction: Transaction,
    org: str,
    actor: str,
    *,
    email: str = "",
    phone: str = "",
    name: str = "",
    language: str = "",
) -> str:
    """The id of the contact with this e-mail address, or, without one, with this phone number; made where
    there is none.

    A name, language or phone that the contact lacks is filled in; what is known of them stays.
    """
    connection, email = transaction.connection, email.lower()
    lock(connection, f"{org}/contact {email or phone}")
    same = _C.email == email if email else _C.phone == phone
    query = select(_C.id, _C.name, _C.language, _C.phone).where(_C.org == org, same)
    known = connection.execute(query.order_by(_C.created, _C.id).limit(1)).first()
    if known is not None:
        said = {"name": name, "language": language, "phone": phone}
        fills = {what: value for what, value in said.items() if value and not getattr(known, what)}
        if fills:
            connection.execute(
                update(contacts).where(_C.id == known.id).values(**fills, changed=transaction.now)
            )
        return str(known.id)
    id_, now = new_id(transaction.now), transaction.now
    values = {"id": id_, "org": org, "email": email or None, "phone": phone or None, "name": name}
    connection.execute(insert(contacts).values(**values, language=language, created=now, changed=now))
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
