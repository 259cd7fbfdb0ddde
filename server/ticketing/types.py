"""Ticket types of an event: kept, made, changed, deleted."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from domain.clock import Instant
from domain.errors import Conflict, FieldError, Invalid, NotFound
from server.activity.record import Changed, record
from server.db.constraints import held
from server.db.database import Transaction
from server.events.service import event_of, scope
from server.ids import new_id
from server.ticketing.orders.tables import order_items, seat_leases
from server.ticketing.schemas import TypeIn, TypeOut
from server.ticketing.tables import ticket_types, tickets

_T = ticket_types.c


@dataclass(frozen=True, slots=True)
class Tier:
    """A ticket type as it is kept."""

    org: str
    event: str
    id: str
    number: int
    name: str
    colour: str
    price: int
    currency: str
    quota: int | None
    perks: tuple[str, ...]
    rotating: bool
    created: Instant
    description: Mapping[str, str] = field(default_factory=dict)
    sold: bool = True
    at_door: bool = False
    sale_from: Instant | None = None
    sale_until: Instant | None = None
    min_per_order: int = 1
    max_per_order: int = 10

    def on_sale(self, now: Instant) -> bool:
        """Whether customers may buy it now, as far as its sale window goes."""
        begun = self.sale_from is None or self.sale_from <= now
        return self.sold and begun and (self.sale_until is None or now < self.sale_until)


def tier_of(connection: Connection, org: str, event: str, id_: str, *, lock: bool = False) -> Tier:
    """Raises `NotFound`, for a type of another organisation too. `lock` where it is to be changed."""
    found = tiers(connection, org, event, [id_], lock=lock)
    if not found:
        raise NotFound("there is no ticket type with this id")
    return found[0]


def tiers(
    connection: Connection, org: str, event: str, ids: Collection[str] | None = None, *, lock: bool = False
) -> list[Tier]:
    """The types of an event in the order in which they were made, or those of some ids."""
    asked = select(ticket_types).where(_T.org == org, _T.event == event).order_by(_T.number)
    if ids is not None:
        asked = asked.where(_T.id.in_(ids))
    return [_tier(row) for row in connection.execute(asked.with_for_update() if lock else asked)]


def of_events(connection: Connection, org: str, events: Collection[str]) -> dict[str, list[Tier]]:
    """The types of each of these events."""
    asked = select(ticket_types).where(_T.org == org, _T.event.in_(events)).order_by(_T.number)
    found: dict[str, list[Tier]] = {event: [] for event in events}
    for row in connection.execute(asked):
        found[row.event].append(_tier(row))
    return found


def listed(
    connection: Connection, org: str, event: str, after: int, limit: int, *, sold: bool = False
) -> list[Tier]:
    """The types of an event in the order in which they were made; those that customers see, where asked."""
    asked = (
        select(ticket_types)
        .where(_T.org == org, _T.event == event, _T.number > after)
        .order_by(_T.number)
        .limit(limit)
    )
    if sold:
        asked = asked.where(_T.sold)
    return [_tier(row) for row in connection.execute(asked)]


def add(transaction: Transaction, org: str, event: str, actor: str, new: TypeIn) -> Tier:
    """Raises `Conflict` where the id is taken, `NotFound` where there is no such event, `Invalid` where it
    could never be sold."""
    connection = transaction.connection
    event_of(connection, org, event, lock=True)
    highest = connection.execute(select(func.max(_T.number)).where(_T.org == org, _T.event == event)).scalar()
    tier = Tier(
        org=org,
        event=event,
        id=new.id or new_id(transaction.now),
        number=int(highest or 0) + 1,
        name=new.name,
        colour=new.colour,
        price=new.price,
        currency=new.currency,
        quota=new.quota,
        perks=tuple(new.perks),
        rotating=new.rotating,
        description=new.description,
        sold=new.sold,
        at_door=new.at_door,
        sale_from=new.sale_from,
        sale_until=new.sale_until,
        min_per_order=new.min_per_order,
        max_per_order=new.max_per_order,
        created=transaction.now,
    )
    _check(tier)
    with held(f"there is a ticket type {tier.id!r} already: take another id", "id_taken"):
        connection.execute(insert(ticket_types).values(**_columns(tier)))
    _record(transaction, tier, "made", actor, {"name": tier.name, "quota": tier.quota})
    return tier


def change(transaction: Transaction, tier: Tier, actor: str, fields: Mapping[str, Any]) -> Tier:
    """A smaller quota than was issued already takes nothing back.

    Raises `Invalid` where it could never be sold any more.
    """
    values: dict[str, Any] = {k: tuple(v) if k == "perks" else v for k, v in fields.items()}
    changed = replace(tier, **values)
    _check(changed)
    transaction.connection.execute(update(ticket_types).where(_mine(tier)).values(**_columns(changed)))
    _record(transaction, changed, "changed", actor, fields)
    return changed


def remove(transaction: Transaction, tier: Tier, actor: str) -> None:
    """Raises `Conflict` once there are tickets of this type, orders for them, or seats that a kiosk sells."""
    for table in (tickets, order_items, seat_leases):
        used = select(table.c.org).where(
            table.c.org == tier.org, table.c.event == tier.event, table.c.type == tier.id
        )
        if transaction.connection.execute(used.limit(1)).first() is not None:
            raise Conflict(
                "tickets of this type were issued or ordered: set its quota to 0 instead",
                code="type_has_tickets",
            )
    transaction.connection.execute(delete(ticket_types).where(_mine(tier)))
    _record(transaction, tier, "deleted", actor, {"name": tier.name}, gone=True)


def shown(tier: Tier) -> TypeOut:
    return TypeOut(
        id=tier.id,
        event=tier.event,
        number=tier.number,
        name=tier.name,
        colour=tier.colour,
        price=tier.price,
        currency=tier.currency,
        quota=tier.quota,
        perks=list(tier.perks),
        rotating=tier.rotating,
        description=dict(tier.description),
        sold=tier.sold,
        at_door=tier.at_door,
        sale_from=tier.sale_from,
        sale_until=tier.sale_until,
        min_per_order=tier.min_per_order,
        max_per_order=tier.max_per_order,
        created=tier.created,
    )


def _check(tier: Tier) -> None:
    wrong = []
    if tier.sale_from is not None and tier.sale_until is not None and tier.sale_until <= tier.sale_from:
        wrong.append(FieldError(("body", "saleUntil"), "the sale ends after it begins"))
    if tier.max_per_order < tier.min_per_order:
        wrong.append(FieldError(("body", "maxPerOrder"), "an order may hold as many as it must, or more"))
    if tier.at_door and tier.rotating:
        wrong.append(FieldError(("body", "atDoor"), "a code that a door hands out cannot rotate"))
    if wrong:
        raise Invalid(f"nobody could buy this type: {wrong[0].msg}", errors=wrong)


def _mine(tier: Tier) -> Any:
    return (_T.org == tier.org) & (_T.event == tier.event) & (_T.id == tier.id)


def _tier(row: Row[Any]) -> Tier:
    values = dict(row._mapping)
    read = {
        "perks": tuple(orjson.loads(values["perks"])),
        "description": orjson.loads(values["description"]),
    }
    return Tier(**{**values, **read})


def _columns(tier: Tier) -> dict[str, Any]:
    values = {name: getattr(tier, name) for name in Tier.__slots__}
    texts = {name: orjson.dumps(values[name]).decode() for name in ("perks", "description")}
    return {**values, **texts}


def _record(
    transaction: Transaction,
    tier: Tier,
    what: str,
    actor: str,
    data: Mapping[str, object],
    *,
    gone: bool = False,
) -> None:
    record(
        transaction,
        org=tier.org,
        kind=f"ticket_type.{what}",
        subject=f"ticket_type:{tier.event}/{tier.id}",
        actor=actor,
        data=data,
        changed=[Changed(scope(tier.org, tier.event), "ticket_type", tier.id, gone)],
    )
