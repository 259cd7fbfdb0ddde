"""Tickets: statements, and rows as frozen values."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Row, and_, bindparam, func, insert, or_, select, update

from domain.clock import Instant
from domain.ticket import TicketState
from server.db.database import Transaction
from server.db.prepared import Prepared
from server.events.tables import events
from server.ticketing.codes import Printed
from server.ticketing.search import filled_at_once, matches
from server.ticketing.states import TAKES_A_PLACE
from server.ticketing.tables import revoked_codes, ticket_types, tickets

_T = tickets.c
_ADD = Prepared(
    insert(tickets).values({c.name: bindparam(c.name) for c in tickets.columns if c.name != "seq"})
)
_TAKEN = Prepared(
    select(func.count()).where(
        _T.org == bindparam("org"),
        _T.event == bindparam("event"),
        _T.type == bindparam("type"),
        or_(*(_T.state == state.value for state in TAKES_A_PLACE)),
    )
)
_AT_ONCE = 500
_MANY = 1000


@dataclass(frozen=True, slots=True)
class Kept:
    """A ticket as it is kept."""

    id: str
    org: str
    event: str
    type: str
    number: int
    generation: int
    digest: bytes
    foreign_code: str | None
    state: TicketState
    name: str
    email: str
    order_number: str
    seat: str
    session: str
    note: str
    attention: bool
    perks: tuple[str, ...]
    redeemed: tuple[str, ...]
    due: int
    currency: str
    valid_from: Instant | None
    valid_until: Instant | None
    main: str | None
    owner: str | None
    contact: str | None
    order_id: str | None
    created: Instant


@dataclass(frozen=True, slots=True)
class Filters:
    """Which tickets a list holds; `text` is words of name, e-mail address and order number."""

    state: TicketState | None = None
    type: str | None = None
    text: str = ""


def ticket(connection: Connection, org: str, event: str, id_: str, *, lock: bool = False) -> Kept | None:
    asked = select(tickets).where(_T.id == id_, _T.org == org, _T.event == event)
    row = connection.execute(asked.with_for_update() if lock else asked).first()
    return None if row is None else kept(row)


def by_id(connection: Connection, org: str, id_: str, *, lock: bool = False) -> Kept | None:
    """A ticket of whichever event."""
    asked = select(tickets).where(_T.id == id_, _T.org == org)
    row = connection.execute(asked.with_for_update() if lock else asked).first()
    return None if row is None else kept(row)


def of_order(connection: Connection, org: str, order: str, *, lock: bool = False) -> list[Kept]:
    """The tickets of an order by their numbers."""
    asked = select(tickets).where(_T.org == org, _T.order_id == order).order_by(_T.number)
    return [kept(row) for row in connection.execute(asked.with_for_update() if lock else asked)]


def listed(
    connection: Connection, org: str, event: str, filters: Filters, after: int, limit: int
) -> list[Kept]:
    """Tickets by their numbers."""
    asked = select(tickets).where(_T.org == org, _T.event == event, _T.number > after)
    if filters.state is not None:
        asked = asked.where(_T.state == filters.state)
    if filters.type is not None:
        asked = asked.where(_T.type == filters.type)
    if filters.text:
        words = matches(connection, filters.text)
        if words is None:
            return []
        asked = asked.where(words)
    return [kept(row) for row in connection.execute(asked.order_by(_T.number).limit(limit))]


def printed(connection: Connection, ticket: Kept) -> Printed:
    """What a ticket's code says."""
    numbers = connection.execute(
        select(events.c.number, ticket_types.c.number)
        .join_from(
            events,
            ticket_types,
            and_(ticket_types.c.org == events.c.org, ticket_types.c.event == events.c.id),
        )
        .where(events.c.org == ticket.org, events.c.id == ticket.event, ticket_types.c.id == ticket.type)
    ).one()
    return Printed(
        event=numbers[0],
        ticket=ticket.number,
        type=numbers[1],
        generation=ticket.generation,
        valid_from=ticket.valid_from,
        valid_until=ticket.valid_until,
        foreign=ticket.foreign_code,
    )


def add(connection: Connection, new: Sequence[Kept]) -> None:
    add_rows(connection, len(new), map(columns, new))


def add_rows(connection: Connection, count: int, rows: Iterable[Mapping[str, Any]]) -> None:
    """Adds so many tickets that are columns already."""
    with filled_at_once(connection) if count > _MANY else nullcontext():
        _ADD.many(connection, rows)


def change(connection: Connection, ticket: Kept) -> None:
    connection.execute(update(tickets).where(_T.id == ticket.id).values(**columns(ticket)))


def revoke_code(transaction: Transaction, ticket: Kept) -> None:
    """Notes that the ticket's present code is replaced."""
    transaction.connection.execute(
        insert(revoked_codes).values(
            org=ticket.org,
            digest=ticket.digest,
            event=ticket.event,
            ticket=ticket.id,
            at=transaction.now,
        )
    )


def ask_taken(
    connection: Connection, org: str, event: str, types: Collection[str]
) -> Callable[[], Counter[str]]:
    """Asks along with what comes next how many tickets of each of some types count against its quota."""
    counts = {type_: _TAKEN.soon(connection, org=org, event=event, type=type_) for type_ in types}
    return lambda: Counter({type_: int(rows()[0][0]) for type_, rows in counts.items()})


def used_digests(connection: Connection, org: str, event: str, digests: Sequence[bytes]) -> set[bytes]:
    """Those of some codes' digests that are or were codes of the event."""
    found: set[bytes] = set()
    for start in range(0, len(digests), _AT_ONCE):
        part = digests[start : start + _AT_ONCE]
        for c in (_T, revoked_codes.c):
            asked = select(c.digest).where(c.org == org, c.event == event, c.digest.in_(part))
            found.update(bytes(digest) for digest in connection.execute(asked).scalars())
    return found


def known_ids(connection: Connection, org: str, event: str, ids: Collection[str]) -> set[str]:
    asked = select(_T.id).where(_T.org == org, _T.event == event, _T.id.in_(ids))
    return set(connection.execute(asked).scalars())


def reserve_numbers(connection: Connection, org: str, event: str, count: int) -> tuple[int, int]:
    """The event's own number, and the first of `count` ticket numbers that nobody else will get."""
    row = connection.execute(
        update(events)
        .where(events.c.org == org, events.c.id == event)
        .values(numbered=events.c.numbered + count)
        .returning(events.c.number, events.c.numbered)
    ).one()
    return row.number, row.numbered - count + 1


def columns(ticket: Kept) -> Mapping[str, Any]:
    values = {name: getattr(ticket, name) for name in Kept.__slots__}
    lists = {name: orjson.dumps(values[name]).decode() for name in ("perks", "redeemed")}
    return {**values, "state": ticket.state.value, **lists}


def kept(row: Row[Any]) -> Kept:
    """The ticket of a row that has its columns."""
    values = {name: row._mapping[name] for name in Kept.__slots__}
    return Kept(
        **{
            **values,
            "digest": bytes(values["digest"]),
            "state": TicketState(values["state"]),
            "perks": tuple(orjson.loads(values["perks"])),
            "redeemed": tuple(orjson.loads(values["redeemed"])),
        }
    )
