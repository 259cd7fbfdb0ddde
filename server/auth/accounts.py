"""Who can be signed in: members of staff and customers, as one kind of value."""

from dataclasses import dataclass

from sqlalchemy import Connection

from server.auth import customer_store, store
from server.auth.caller import Role
from server.auth.customer_store import Customer
from server.auth.store import Person


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in now. `contact` is a customer's record in the contact book."""

    role: Role
    org: str
    id: str
    permissions: tuple[str, ...] = ()
    contact: str | None = None

    @property
    def subject(self) -> str:
        """`staff:…` or `customer:…`, as in the trail."""
        return f"{self.role}:{self.id}"


@dataclass(frozen=True, slots=True)
class Login:
    """An account, and the digest of its password; None where it has none."""

    account: Account
    password: str | None


def by_subject(connection: Connection, subject: str) -> Account | None:
    """The account of a sign-in, unless it was closed."""
    role, _, id_ = subject.partition(":")
    if role == Role.CUSTOMER:
        return of_customer(customer_store.by_id(connection, id_))
    return of_person(store.person(connection, id_))


def of_person(person: Person | None) -> Account | None:
    """The account of a member of staff, unless it was closed."""
    if person is None or not person.active:
        return None
    return Account(Role.STAFF, person.org, person.id, person.permissions)


def of_customer(customer: Customer | None) -> Account | None:
    """The account of a customer whose address is proven, unless it was closed."""
    if customer is None or not customer.active or customer.verified is None:
        return None
    return Account(Role.CUSTOMER, customer.org, customer.id, contact=customer.contact)


def staff_login(connection: Connection, email: str) -> Login | None:
    person = store.person_by_email(connection, email)
    account = of_person(person)
    return Login(account, person.password) if person and account else None


def customer_login(connection: Connection, org: str, email: str) -> Login | None:
    customer = customer_store.by_email(connection, org, email)
    account = of_customer(customer)
    return Login(account, customer.password) if customer and account else None
