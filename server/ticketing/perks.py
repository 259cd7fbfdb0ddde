"""Perks of a ticket: what is still to hand out, and handing it out."""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from domain.clock import Instant
from domain.ids import OpId
from domain.ticket import perks_left
from server.activity.record import Changed, record
from server.db.database import Transaction
from server.events.service import scope
from server.ticketing import store
from server.ticketing.store import Kept
from server.ticketing.tables import perk_redemptions

_P = perk_redemptions.c


@dataclass(frozen=True, slots=True)
class Given:
    """A perk of a ticket, and when it was handed out."""

    perk: str
    at: Instant | None


@dataclass(frozen=True, slots=True)
class Handed:
    """A perk that was handed out, by one operation. `beyond` tells that there was none left."""

    op: str
    ticket: str
    perk: str
    at: Instant
    device: str
    beyond: bool


def of_ticket(connection: Connection, ticket: Kept) -> list[Given]:
    """Each perk in its place; of several alike, those that were handed out come first."""
    times: dict[str, list[Instant]] = defaultdict(list)
    for handed in handed_out(connection, ticket):
        times[handed.perk].append(handed.at)
    return [Given(perk, times[perk].pop(0) if times[perk] else None) for perk in ticket.perks]


def handed_out(connection: Connection, ticket: Kept) -> list[Handed]:
    """What was handed out of a ticket, the earliest first."""
    asked = select(perk_redemptions).where(_P.org == ticket.org, _P.ticket == ticket.id)
    return [_handed(row) for row in connection.execute(asked.order_by(_P.at, _P.op))]


def by_op(connection: Connection, org: str, op: str) -> Handed | None:
    row = connection.execute(select(perk_redemptions).where(_P.org == org, _P.op == op)).first()
    return None if row is None else _handed(row)


def hand_out(
    transaction: Transaction,
    ticket: Kept,
    perk: str,
    *,
    op: OpId,
    at: Instant,
    actor: str,
    device: str,
    offline: bool,
) -> tuple[Kept, Handed]:
    """Notes that a perk was handed out, of a ticket whose row the caller holds."""
    beyond = perk not in perks_left(ticket.perks, ticket.redeemed)
    handed = Handed(op, ticket.id, perk, at, device, beyond)
    values = {name: getattr(handed, name) for name in Handed.__slots__}
    transaction.connection.execute(
        insert(perk_redemptions).values(
            **values,
            org=ticket.org,
            event=ticket.event,
            received=transaction.now,
            actor=actor,
            offline=offline,
        )
    )
    changed = ticket if beyond else replace(ticket, redeemed=(*ticket.redeemed, perk))
    store.change(transaction.connection, changed)
    record(
        transaction,
        org=ticket.org,
        kind="perk.redeemed",
        subject=f"ticket:{ticket.id}",
        actor=actor,
        data={"event": ticket.event, "perk": perk, "op": op, "beyond": beyond},
        changed=[Changed(scope(ticket.org, ticket.event), "ticket", ticket.id)],
        contact=ticket.contact,
    )
    return changed, handed


def _handed(row: Row[Any]) -> Handed:
    return Handed(**{name: row._mapping[name] for name in Handed.__slots__})
