"""Leasing seats to kiosks, so that a door sells while the server is away.

A kiosk keeps a few seats of each type that is sold at the door in hand. They count against the quota as
held places do, until they are sold, given back, or the lease runs out, which each renewal puts off. What was
sold under a lease is a fact: it is taken in whenever the kiosk comes back (`walk_in.sell`), also after the
lease ran out and its seats went to others.

So a quota can be passed, but only by what kiosks sold under leases that ran out before they could tell:
at most `MOST` seats of a type for each kiosk that was away for longer than `LASTS`. A kiosk sells nothing
under a lease that has run out by its own clock, and never more than the lease holds; while every lease is
renewed in time, nothing is oversold.
"""

from dataclasses import dataclass, replace

from domain.clock import HOUR, Instant, shift
from domain.errors import Forbidden, NotFound
from server.activity.record import record
from server.auth.caller import Caller
from server.db.database import Transaction
from server.events.life import EventState
from server.events.service import event_of
from server.ids import new_id
from server.ticketing import issuing, types
from server.ticketing.orders import leases
from server.ticketing.orders.leases import Lease
from server.ticketing.orders.placing import sale
from server.ticketing.types import Tier

LASTS = 4 * HOUR
MOST = 50
"""So many seats of a type a kiosk has in hand at most."""


@dataclass(frozen=True, slots=True)
class Granted:
    """A lease of seats of a type; `available` are those that anybody else may have still."""

    lease: Lease
    tier: Tier
    available: int | None


def renew(transaction: Transaction, caller: Caller, event: str, seats: int) -> list[Granted]:
    """A kiosk's leases of what is sold at the door, each with so many seats in hand again, as far as there
    are any, and with its time begun anew; with 0 seats it gives back what it has not sold.

    Of a lease that lasts, `seats` only grows: a kiosk that lost an answer, or has yet to tell of sales, never
    has more in hand than the server counts. Raises `NotFound` for an event that is not the caller's,
    `Forbidden` for a device that may not sell.
    """
    if not caller.sells:
        raise Forbidden("this device may not sell: an administrator can allow it", code="may_not_sell")
    if not caller.covers(f"event:{event}"):
        raise NotFound("there is no event with this id")
    connection, now = transaction.connection, transaction.now
    found = event_of(connection, caller.org, event)
    # Whoever counts what is left takes turns.
    tiers = types.tiers(connection, caller.org, event, lock=True)
    mine = {lease.type: lease for lease in leases.standing(connection, caller.org, event, now, caller.id)}
    if found.state is not EventState.PUBLISHED or found.ends <= now:
        seats = 0
    room = issuing.left(connection, caller.org, event, tiers, now)
    granted: list[Granted] = []
    for tier in tiers:
        lease = mine.get(tier.id)
        if seats and tier.at_door:
            granted.append(_grant(transaction, caller, tier, lease, seats, room[tier.id]))
        elif lease is not None:
            _end(transaction, lease, caller.actor)
    transaction.touched.add(sale(caller.org, event))
    return granted


def end(transaction: Transaction, org: str, event: str, id_: str, actor: str) -> None:
    """Takes what a kiosk has not sold back, such as from one that broke. Raises `NotFound`."""
    types.tiers(transaction.connection, org, event, lock=True)
    lease = leases.by_id(transaction.connection, org, id_)
    if lease is None or lease.event != event:
        raise NotFound("there is no lease with this id")
    _end(transaction, lease, actor)


def _grant(
    transaction: Transaction, caller: Caller, tier: Tier, lease: Lease | None, seats: int, room: int | None
) -> Granted:
    until = shift(transaction.now, LASTS)
    more = 0 if room is None else min(room, max(0, seats - (lease.left if lease else 0)))
    if lease is None or (lease.seats is None) != (room is None):
        begun = _begin(transaction, caller, tier, lease, until, None if room is None else more)
        return Granted(begun, tier, None if room is None else room - more)
    total = None if lease.seats is None else lease.seats + more
    given = transaction.now if more else lease.given
    changed = replace(lease, seats=total, given=given, expires=until)
    leases.change(transaction.connection, changed)
    if more:
        _trail(transaction, changed, "seats.leased", caller.actor, more)
    return Granted(changed, tier, None if room is None else room - more)


def _begin(
    transaction: Transaction,
    caller: Caller,
    tier: Tier,
    before: Lease | None,
    until: Instant,
    seats: int | None,
) -> Lease:
    """A new lease, also where a quota was set or taken away since the one before."""
    if before is not None:
        _end(transaction, before, caller.actor)
    now = transaction.now
    made = Lease(
        id=new_id(now),
        org=caller.org,
        event=tier.event,
        type=tier.id,
        device=caller.id,
        seats=seats,
        sold=0,
        given=now,
        expires=until,
    )
    leases.add(transaction.connection, made)
    if seats:
        _trail(transaction, made, "seats.leased", caller.actor, seats)
    return made


def _end(transaction: Transaction, lease: Lease, actor: str) -> None:
    if lease.expires <= transaction.now:
        return
    leases.change(transaction.connection, replace(lease, expires=transaction.now))
    transaction.touched.add(sale(lease.org, lease.event))
    _trail(transaction, lease, "seats.given_back", actor, lease.left)


def _trail(transaction: Transaction, lease: Lease, kind: str, actor: str, seats: int) -> None:
    record(
        transaction,
        org=lease.org,
        kind=kind,
        subject=f"ticket_type:{lease.event}/{lease.type}",
        actor=actor,
        data={"lease": lease.id, "device": lease.device, "seats": seats},
    )
