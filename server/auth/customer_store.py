"""Customers and the links that are mailed to them: statements, and rows as frozen values."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from domain.clock import Instant
from server.auth.tables import customer_links, customers

_C, _L = customers.c, customer_links.c


@dataclass(frozen=True, slots=True)
class Customer:
    """An attendee's account; `password` is the digest."""

    id: str
    org: str
    email: str
    name: str
    password: str | None
    language: str
    contact: str | None
    verified: Instant | None
    active: bool
    created: Instant


@dataclass(frozen=True, slots=True)
class Link:
    """What was mailed to an address, and what following it sets."""

    digest: str
    org: str
    email: str
    name: str
    language: str
    password: str | None
    until: Instant
    used: bool = False

    def open(self, now: Instant) -> bool:
        """Whether it still serves."""
        return not self.used and now < self.until


def by_id(connection: Connection, id_: str) -> Customer | None:
    return _customer(connection.execute(select(customers).where(_C.id == id_)).first())


def by_email(connection: Connection, org: str, email: str) -> Customer | None:
    return _customer(connection.execute(select(customers).where(_C.org == org, _C.email == email)).first())


def add(connection: Connection, customer: Customer) -> None:
    connection.execute(insert(customers).values(**asdict(customer)))


def change(connection: Connection, customer: Customer) -> None:
    connection.execute(update(customers).where(_C.id == customer.id).values(**asdict(customer)))


def link(connection: Connection, digest: str, *, lock: bool = False) -> Link | None:
    asked = select(customer_links).where(_L.digest == digest)
    row = connection.execute(asked.with_for_update() if lock else asked).first()
    return None if row is None else Link(**row._mapping)


def add_link(connection: Connection, new: Link) -> None:
    connection.execute(insert(customer_links).values(**asdict(new)))


def use_link(connection: Connection, digest: str) -> None:
    connection.execute(update(customer_links).where(_L.digest == digest).values(used=True))


def _customer(row: Row[Any] | None) -> Customer | None:
    return None if row is None else Customer(**row._mapping)
