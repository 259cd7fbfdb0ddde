"""Keeping blocks of queue numbers in hand, so that people can join while the server is away."""

from domain.errors import Problem
from domain.ids import ServicePointId
from kiosk.store.leases import Lease
from kiosk.store.party import ServicePoint
from kiosk.sync.faults import Revoked
from kiosk.sync.session import Session

MODES = frozenset({"desk", "welcome"})
BLOCK = 20
_ENOUGH = 10


async def top_up(session: Session) -> None:
    """Asks for more numbers where few are left of today. A service point that gives none is passed over."""
    if session.credentials.mode not in MODES:
        return
    now = session.store.offset.correct(session.now())
    for point in await session.work(session.store.lines.points):
        day = point.day(now)
        for category in point.settings.categories:
            left = await session.work(session.store.leases.left, point.id, category.id, day)
            if left < _ENOUGH:
                await _lease(session, point, category.id, day)


async def _lease(session: Session, point: ServicePoint, category: str, day: str) -> None:
    body = {"servicePoint": point.id, "category": category, "day": day, "size": BLOCK}
    try:
        read = await session.client.post("/api/sync/leases", body)
    except Revoked:
        raise
    except Problem as problem:
        if problem.status >= 500:
            raise
        return
    lease = Lease(
        str(read["leaseId"]),
        ServicePointId(str(read["servicePoint"])),
        str(read["category"]),
        str(read["letter"]),
        str(read["day"]),
        int(read["first"]),
        int(read["last"]),
    )
    await session.work(session.store.leases.add, lease)
