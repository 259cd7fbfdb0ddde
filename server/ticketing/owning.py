"""Whose tickets are whose: what a customer holds, and what becomes theirs with a proven address."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import Connection, Row, Select, and_, func, select

from domain.clock import Instant
from domain.errors import NotFound
from server.activity.record import record
from server.auth.customer_store import Customer
from server.db.database import Transaction
from server.events.tables import events
from server.ticketing import store
from server.ticketing.orders.tables import orders
from server.ticketing.search import matches
from server.ticketing.store import Kept
from server.ticketing.tables import ticket_transfers, ticket_types, tickets

_T, _E, _Y, _X, _O = tickets.c, events.c, ticket_types.c, ticket_transfers.c, orders.c


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when a ticket lets one in."""

    id: str
    name: dict[str, str]
    starts: Instant
    ends: Instant
    zone: str
    place: str
    state: str
    slug: str


@dataclass(frozen=True, slots=True)
class Face:
    """A ticket's type."""

    id: str
    name: str
    colour: str
    rotating: bool


@dataclass(frozen=True, slots=True)
class Owned:
    """A ticket with what its owner sees along with it; `offered` to whom, since when; `buyer` is the customer
    who ordered it."""

    ticket: Kept
    event: Place
    type: Face
    offered: tuple[str, Instant] | None
    buyer: str | None


def mine(
    connection: Connection, org: str, customer: str, after: tuple[int, str] | None, limit: int
) -> list[Owned]:
    """A customer's tickets of all events, by the events' start, the latest first."""
    asked = _owned().where(_T.org == org, _T.owner == customer)
    if after is not None:
        starts, id_ = after
        asked = asked.where((_E.starts < starts) | and_(_E.starts == starts, _T.id < id_))
    rows = connection.execute(asked.order_by(_E.starts.desc(), _T.id.desc()).limit(limit))
    return list(map(_read, rows))


def one(connection: Connection, org: str, customer: str, id_: str, *, lock: bool = False) -> Owned:
    """A ticket of this customer. Raises `NotFound`, for anybody else's too."""
    asked = _owned().where(_T.org == org, _T.owner == customer, _T.id == id_)
    row = connection.execute(asked.with_for_update(of=tickets) if lock else asked).first()
    if row is None:
        raise NotFound("there is no ticket with this id")
    return _read(row)


def by_id(connection: Connection, org: str, id_: str) -> Owned:
    """A ticket, whoever has it. Raises `NotFound`."""
    row = connection.execute(_owned().where(_T.org == org, _T.id == id_)).first()
    if row is None:
        raise NotFound("there is no ticket with this id")
    return _read(row)


def of_order(connection: Connection, org: str, order: str) -> list[Owned]:
    """The tickets of an order by their numbers, whoever has them now."""
    rows = connection.execute(_owned().where(_T.org == org, _T.order_id == order).order_by(_T.number))
    return list(map(_read, rows))


def of_events(
    connection: Connection, org: str, customer: str, events_: Collection[str], *, lock: bool = False
) -> list[Owned]:
    """What a customer holds of some events; `lock` where it is to stay so until the commit."""
    asked = _owned().where(_T.org == org, _T.owner == customer, _T.event.in_(events_)).order_by(_T.number)
    return list(map(_read, connection.execute(asked.with_for_update(of=tickets) if lock else asked)))


def place_of(event: Row[Any]) -> Place:
    """The place of a row of `events`."""
    return Place(
        event.id,
        orjson.loads(event.name),
        event.starts,
        event.ends,
        event.zone,
        event.place,
        event.state,
        event.slug,
    )


def waiting(connection: Connection, customer: Customer) -> list[tuple[str, str]]:
    """The tickets with the address of a customer, who has proven it, that are nobody's yet: events and ids.

    What somebody has by an order or a claim stays theirs, whatever address stands on it.
    """
    words = matches(connection, customer.email, whole=True)
    if words is None or customer.verified is None:
        return []
    # Not by the index of organisations, which SQLite would take for the shorter way.
    unowned = and_(_T.org.concat("") == customer.org, _T.owner.is_(None))
    asked = select(_T.event, _T.id).where(words, unowned, func.lower(_T.email) == customer.email)
    return sorted((row.event, row.id) for row in connection.execute(asked))


def adopt(transaction: Transaction, customer: Customer) -> None:
    """Gives a customer the tickets in their name that are nobody's yet."""
    connection = transaction.connection
    for event, id_ in waiting(connection, customer):
        ticket = store.ticket(connection, customer.org, event, id_, lock=True)
        if ticket is None or ticket.owner is not None:
            continue
        contact = ticket.contact or customer.contact
        store.change(connection, replace(ticket, owner=customer.id, contact=contact))
        record(
            transaction,
            org=customer.org,
            kind="ticket.adopted",
            subject=f"ticket:{ticket.id}",
            actor=f"customer:{customer.id}",
            data={"event": ticket.event},
            contact=contact,
        )


def _owned() -> Select[Any]:
    return (
        select(
            tickets,
            _E.name.label("event_name"), _E.starts, _E.ends, _E.zone, _E.place,
            _E.state.label("event_state"), _E.slug,
            _Y.name.label("type_name"), _Y.colour, _Y.rotating,
            _X.email.label("offered_to"), _X.created.label("offered_at"), _O.customer.label("buyer"),
        )
        .join_from(tickets, events, and_(_E.org == _T.org, _E.id == _T.event))
        .join(ticket_types, and_(_Y.org == _T.org, _Y.event == _T.event, _Y.id == _T.type))
        .outerjoin(ticket_transfers, and_(_X.ticket == _T.id, _X.state == "offered"))
        .outerjoin(orders, _O.id == _T.order_id)
    )  # fmt: skip


def _read(row: Any) -> Owned:
    ticket = store.kept(row)
    return Owned(
        ticket,
        Place(
            ticket.event, orjson.loads(row.event_name), row.starts, row.ends, row.zone, row.place,
            row.event_state, row.slug,
        ),
        Face(ticket.type, row.type_name, row.colour, bool(row.rotating)),
        None if row.offered_to is None else (row.offered_to, row.offered_at),
        row.buyer,
    )  # fmt: skip
