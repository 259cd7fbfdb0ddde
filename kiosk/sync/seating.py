"""Keeping a few seats in hand of every type that is sold at the door, so that a door sells while the server
is away."""

from collections.abc import Collection
from typing import Any

from domain import clock
from domain.clock import SECOND
from domain.errors import Problem
from domain.ids import EventId, TicketTypeId
from domain.sync import Scope
from kiosk.store.seats import SeatLease
from kiosk.sync.faults import Revoked
from kiosk.sync.session import Session
from kiosk.sync.status import Changed

IN_HAND = 5
_AGAIN = 60 * SECOND
"""So often the server is asked also where nothing was sold: prices and what is sold may have changed."""

_ASKED = "seats:"
_SOLD_BY = frozenset({"event", "ticket_type"})


async def top_up(session: Session) -> None:
    """Renews this kiosk's leases, unless a sale is still to be told of: then the server would count too few
    as sold. Where it may not sell, or not any more, nothing is left in hand."""
    known = session.credentials
    if await session.work(session.store.outbox.sale_waits):
        return
    for scope in known.scopes:
        if scope.kind != "event":
            continue
        if known.sells and known.mode == "door":
            await _renew(session, scope)
        else:
            await _keep(session, scope, ())


async def heard(session: Session, scope: Scope, tables: Collection[str]) -> None:
    """Asks at once where what is sold, for how much, or whether at all may have changed."""
    if scope.kind == "event" and not _SOLD_BY.isdisjoint(tables):
        session.store.settings.put(f"{_ASKED}{scope.id}", "0")
        await top_up(session)


async def _renew(session: Session, scope: Scope) -> None:
    event, now = EventId(scope.id), session.now()
    leases = await session.work(session.store.seats.of, event)
    short = any(lease.left is not None and lease.left < IN_HAND for lease in leases)
    asked = int(session.store.settings.get(f"{_ASKED}{event}", "0"))
    if not short and 0 <= now - asked < _AGAIN:
        return
    try:
        read = await session.client.post("/api/sync/seat-leases", {"event": event, "seats": IN_HAND})
    except Revoked:
        raise
    except Problem as problem:
        if problem.status >= 500:
            raise
        read = {"items": []}
    session.store.settings.put(f"{_ASKED}{event}", str(now))
    await _keep(session, scope, tuple(_lease(event, each) for each in read["items"]))


async def _keep(session: Session, scope: Scope, leases: tuple[SeatLease, ...]) -> None:
    if await session.work(session.store.seats.keep, EventId(scope.id), leases):
        session.tell(Changed(scope, frozenset({"seat_lease"})))


def _lease(event: EventId, read: dict[str, Any]) -> SeatLease:
    return SeatLease(
        id=str(read["leaseId"]),
        event=event,
        type=TicketTypeId(str(read["type"])),
        name=str(read["name"]),
        colour=str(read["colour"]),
        price=int(read["price"]),
        currency=str(read["currency"]),
        perks=tuple(map(str, read["perks"])),
        seats=None if read["seats"] is None else int(read["seats"]),
        available=None if read["available"] is None else int(read["available"]),
        expires=clock.parse(str(read["expires"])),
    )
