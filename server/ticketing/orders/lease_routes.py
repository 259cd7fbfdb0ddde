"""Routes of the seats that kiosks lease to sell at the door."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from sqlalchemy import Connection

from server.auth.caller import Allow, Caller
from server.auth.staff_routes import organization
from server.events.routes import EventId, Organiser
from server.events.service import event_of
from server.ticketing.orders import leases, leasing
from server.ticketing.orders.leases import Lease
from server.ticketing.orders.leasing import Granted
from server.ticketing.orders.schemas import HeldLeaseOut, SeatLeaseOut, SeatLeasesOut, SeatsIn
from server.wire import Cursor, Db, Id, Limit, Now, Page, cursor_values, next_cursor

kiosks = APIRouter(prefix="/api/sync", tags=["sync"])
staff = APIRouter(
    prefix="/api/organizations/{orgId}/events/{eventId}/seat-leases",
    tags=["orders"],
    dependencies=[Depends(organization)],
)

Seller = Annotated[Caller, Depends(Allow(modes={"door"}))]
LeaseId = Annotated[Id, Path(alias="leaseId", description="The lease's id.")]


@kiosks.post("/seat-leases")
async def renew(body: SeatsIn, caller: Seller, db: Db) -> SeatLeasesOut:
    """Seats that this device alone may sell at the door, also offline, of every type that is sold there, for
    as long as `expires` says. Devices of the door that may sell."""
    made = await db.write(lambda t: leasing.renew(t, caller, body.event, body.seats))
    return SeatLeasesOut(items=list(map(_lease, made)))


@staff.get("")
async def listed(
    event_id: EventId, caller: Organiser, db: Db, now: Now, limit: Limit = 50, cursor: Cursor = None
) -> Page[HeldLeaseOut]:
    """Which kiosks keep seats from others now. Staff `events`."""
    after = str(cursor_values(cursor, str)[0]) if cursor else ""

    def query(connection: Connection) -> list[Lease]:
        event_of(connection, caller.org, event_id)
        return leases.listed(connection, caller.org, event_id, now(), after, limit + 1)

    found = await db.read(query)
    return Page[HeldLeaseOut](
        items=[_held(lease) for lease in found[:limit]],
        next_cursor=next_cursor(found, limit, lambda lease: (lease.id,)),
    )


@staff.delete("/{leaseId}", status_code=204)
async def end(event_id: EventId, lease_id: LeaseId, caller: Organiser, db: Db) -> None:
    """Takes back what a kiosk has not sold, such as one that broke. What it did sell is still taken in.
    Staff `events`."""
    await db.write(lambda t: leasing.end(t, caller.org, event_id, lease_id, caller.actor))


def _held(lease: Lease) -> HeldLeaseOut:
    return HeldLeaseOut(**{name: getattr(lease, name) for name in HeldLeaseOut.model_fields})


def _lease(granted: Granted) -> SeatLeaseOut:
    lease, tier = granted.lease, granted.tier
    return SeatLeaseOut(
        lease_id=lease.id,
        type=tier.id,
        name=tier.name,
        colour=tier.colour,
        price=tier.price,
        currency=tier.currency,
        perks=list(tier.perks),
        seats=lease.seats,
        available=granted.available,
        expires=lease.expires,
    )
