"""Issuing tickets, one or very many, in three steps.

`reserve` takes numbers and the signing key in a short transaction; `prepare` signs, which takes longest,
outside of any; `issue` writes all tickets or none, within their quotas.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from domain import ticket_code
from domain.clock import Instant
from domain.errors import Conflict
from domain.ticket import TicketState
from server.activity.record import Changed, record
from server.db import constraints
from server.db.database import Transaction
from server.events.life import OFF
from server.events.service import event_of, scope
from server.ids import new_id
from server.ticketing import store, types
from server.ticketing.codes import Printed, SigningKey, present_key
from server.ticketing.orders.holds import ask_held
from server.ticketing.orders.leases import ask_leased
from server.ticketing.schemas import TicketIn
from server.ticketing.states import TAKES_A_PLACE
from server.ticketing.store import Kept
from server.ticketing.types import Tier


@dataclass(frozen=True, slots=True)
class New:
    """A ticket to be issued. `code` is that of another system, or empty; None leaves it to the type."""

    type: str
    code: str
    state: TicketState
    name: str
    email: str
    order: str
    seat: str
    session: str
    note: str
    attention: bool
    perks: tuple[str, ...] | None
    due: int | None
    valid_from: Instant | None
    valid_until: Instant | None
    main: str | None

    @classmethod
    def of(cls, asked: TicketIn) -> "New":
        values = {name: getattr(asked, name) for name in cls.__slots__}
        perks = None if asked.perks is None else tuple(asked.perks)
        return cls(**{**values, "code": ticket_code.strip(asked.code), "perks": perks})


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one of many tickets, counted from 0, in which field."""

    index: int
    field: str
    msg: str


@dataclass(frozen=True, slots=True)
class Reserved:
    """Numbers from `first` on that are nobody else's, and what is needed to make codes of them."""

    org: str
    event: str
    event_number: int
    first: int
    key: SigningKey
    tiers: Mapping[str, Tier]
    at: Instant


@dataclass(frozen=True, slots=True)
class Prepared:
    """A ticket, and its code, which is not kept."""

    ticket: Kept
    code: str


def wrong_types(asked: Sequence[New], tiers: Mapping[str, Tier]) -> list[Wrong]:
    return [
        Wrong(n, "type", "there is no ticket type with this id")
        for n, new in enumerate(asked)
        if new.type not in tiers
    ]


def wrong_codes(connection: Connection, org: str, event: str, asked: Sequence[New]) -> list[Wrong]:
    """Codes of other systems that stand twice, or that the event knows already; main tickets it has not."""
    first: dict[bytes, int] = {}
    wrong = []
    for n, new in enumerate(asked):
        if new.code and (same := first.setdefault(ticket_code.digest(new.code), n)) != n:
            wrong.append(Wrong(n, "code", f"this code stands in place {same + 1} already"))
    used = store.used_digests(connection, org, event, list(first))
    wrong += [
        Wrong(first[digest], "code", "a ticket of this event has or had this code already") for digest in used
    ]
    mains = {new.main for new in asked if new.main}
    known = store.known_ids(connection, org, event, mains) if mains else set()
    wrong += [
        Wrong(n, "main", "there is no ticket of this event with this id")
        for n, new in enumerate(asked)
        if new.main and new.main not in known
    ]
    return sorted(wrong, key=lambda found: found.index)


def check_quotas(
    connection: Connection, org: str, event: str, asked: Counter[str], now: Instant, *, lock: bool
) -> None:
    """Raises `Conflict` where so many more tickets of each type are too many; `lock` where they follow."""
    check_room(connection, org, event, types_of(connection, org, event, asked, lock=lock), asked, now)


def check_room(
    connection: Connection, org: str, event: str, tiers: Sequence[Tier], asked: Counter[str], now: Instant
) -> None:
    """The same for types that were just read. Whoever writes tickets then checks again, with a lock."""
    room = left(connection, org, event, tiers, now)
    for tier in tiers:
        free = room[tier.id]
        if free is not None and asked[tier.id] > free:
            raise Conflict(
                f"of {tier.name!r} {free} of {tier.quota} are left, {asked[tier.id]} were asked for: "
                "nothing was issued",
                code="sold_out",
                more={"type": tier.id, "quota": tier.quota, "left": free},
            )


def types_of(connection: Connection, org: str, event: str, asked: Counter[str], *, lock: bool) -> list[Tier]:
    """The types asked for, with `lock` held until the end of the transaction.

    Raises `Conflict` where one is no more.
    """
    found = types.tiers(connection, org, event, list(asked), lock=lock)
    if len(found) < len(asked):
        raise Conflict("a ticket type was deleted in the meantime: nothing was issued", code="type_gone")
    return found


def left(
    connection: Connection, org: str, event: str, tiers: Sequence[Tier], now: Instant
) -> dict[str, int | None]:
    """How many tickets of each type can still be issued, beside those that orders hold and kiosks have on
    lease; None: any number."""
    limited = [tier.id for tier in tiers if tier.quota is not None]
    gone: Counter[str] = Counter()
    if limited:
        asked = (
            store.ask_taken(connection, org, event, limited),
            ask_held(connection, org, event, now),
            ask_leased(connection, org, event, now),
        )
        for counted in asked:
            gone += counted()
    return {tier.id: None if tier.quota is None else max(0, tier.quota - gone[tier.id]) for tier in tiers}


def places(tickets: Iterable[New | Kept]) -> Counter[str]:
    """How many places of each type these tickets take."""
    counted: Counter[str] = Counter()
    for ticket in tickets:
        counted[ticket.type] += ticket.state in TAKES_A_PLACE
    return counted


def reserve(
    transaction: Transaction, org: str, event: str, actor: str, count: int, *, done: bool = False
) -> Reserved:
    """Raises `NotFound` for an unknown event, and unless the tickets were handed out already, `Conflict` for
    one that is cancelled or archived."""
    found = event_of(transaction.connection, org, event)
    if found.state in OFF and not done:
        raise Conflict(f"this event is {found.state}: no ticket is issued for it", code="event_state")
    key = present_key(transaction, org, actor)
    number, first = store.reserve_numbers(transaction.connection, org, event, count)
    tiers = {tier.id: tier for tier in types.tiers(transaction.connection, org, event)}
    return Reserved(org, event, number, first, key, tiers, transaction.now)


def prepare(reserved: Reserved, asked: Sequence[New]) -> list[Prepared]:
    """The tickets with their numbers and codes. Their types are known."""
    return [_prepared(reserved, reserved.first + n, new) for n, new in enumerate(asked)]


def issue(transaction: Transaction, reserved: Reserved, new: Sequence[Kept], actor: str) -> None:
    """Writes the tickets, all or none, each with a line of its own in the trail.

    Raises `Conflict` where a quota does not hold them, or a code was taken in the meantime.
    """
    _add_within_quotas(transaction, reserved, new)
    _record_each(transaction, reserved, new, actor)


def issue_imported(transaction: Transaction, reserved: Reserved, new: Sequence[Kept], actor: str) -> None:
    """The same for the very many tickets of a file, which are one line in the trail."""
    _add_within_quotas(transaction, reserved, new)
    org, event = reserved.org, reserved.event
    record(
        transaction,
        org=org,
        kind="ticket.imported",
        subject=f"ticket:{new[0].id}" if len(new) == 1 else f"event:{event}",
        actor=actor,
        data={"event": event, "count": len(new), "first": reserved.first, "types": dict(places(new))},
        changed=[Changed(scope(org, event), "ticket", ticket.id) for ticket in new],
    )


def issue_ordered(
    transaction: Transaction, reserved: Reserved, new: Sequence[Kept], actor: str, *, kept: bool
) -> None:
    """Writes the tickets of an order, all or none, each in its owner's timeline.

    `kept` tells that the order holds its places now; they are its own whatever became of the quota. Whoever
    counts at the same time waits, so that no place is counted as neither held nor taken. Raises `Conflict`
    as `issue` does.
    """
    if kept:
        types_of(transaction.connection, reserved.org, reserved.event, places(new), lock=True)
        _add(transaction.connection, new)
    else:
        _add_within_quotas(transaction, reserved, new)
    _record_each(transaction, reserved, new, actor)


def _add_within_quotas(transaction: Transaction, reserved: Reserved, new: Sequence[Kept]) -> None:
    connection, org, event = transaction.connection, reserved.org, reserved.event
    check_quotas(connection, org, event, places(new), transaction.now, lock=True)
    _add(connection, new)


def _record_each(transaction: Transaction, reserved: Reserved, new: Sequence[Kept], actor: str) -> None:
    org, event = reserved.org, reserved.event
    for ticket in new:
        record(
            transaction,
            org=org,
            kind="ticket.issued",
            subject=f"ticket:{ticket.id}",
            actor=actor,
            data={"event": event, "order": ticket.order_id},
            changed=[Changed(scope(org, event), "ticket", ticket.id)],
            contact=ticket.contact,
        )


def _add(connection: Connection, new: Sequence[Kept]) -> None:
    with constraints.held(
        "a code was given to another ticket, or the event deleted, in the meantime: nothing was issued",
        "code_taken",
    ):
        store.add(connection, new)


def _prepared(reserved: Reserved, number: int, new: New) -> Prepared:
    tier = reserved.tiers[new.type]
    code = new.code or reserved.key.code(
        Printed(reserved.event_number, number, tier.number, 0, new.valid_from, new.valid_until)
    )
    due = new.due if new.due is not None else tier.price if new.state is TicketState.PENDING else 0
    ticket = Kept(
        id=new_id(reserved.at),
        org=reserved.org,
        event=reserved.event,
        type=new.type,
        number=number,
        generation=0,
        digest=ticket_code.digest(code),
        foreign_code=new.code or None,
        state=new.state,
        name=new.name,
        email=new.email,
        order_number=new.order,
        seat=new.seat,
        session=new.session,
        note=new.note,
        attention=new.attention,
        perks=tier.perks if new.perks is None else new.perks,
        redeemed=(),
        due=due,
        currency=tier.currency,
        valid_from=new.valid_from,
        valid_until=new.valid_until,
        main=new.main,
        owner=None,
        contact=None,
        order_id=None,
        created=reserved.at,
    )
    return Prepared(ticket, code)
