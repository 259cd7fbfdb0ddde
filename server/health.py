"""Health and metrics: is the process up, can it work, what has it done."""

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from domain.errors import Unavailable
from server.auth.caller import Allow
from server.migrations.migrate import at_head
from server.wire import Db

router = APIRouter(tags=["health"])


class Metrics:
    """The figures of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.scans = Counter("usher_scans", "Scans decided here.", ["verdict"], registry=self.registry)
        self.operations = Counter(
            "usher_sync_operations", "Operations of kiosks.", ["status"], registry=self.registry
        )
        self.requests = Histogram(
            "usher_request_seconds", "Time to answer.", ["status"], registry=self.registry
        )
        self.streams = Gauge("usher_streams", "Open live streams.", registry=self.registry)


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process is up. Public."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(db: Db) -> dict[str, str]:
    """The database answers and has the newest schema; else `503`. Public."""
    if not await db.read(at_head):
        raise Unavailable("the database has not the newest schema; restart this server")
    return {"status": "ready"}


async def _local_or_staff(request: Request) -> None:
    """The machine itself, or staff."""
    if request.client is None or request.client.host not in ("127.0.0.1", "::1"):
        await Allow(staff="admin")(request)


@router.get("/metrics", dependencies=[Depends(_local_or_staff)], response_class=Response)
async def metrics(request: Request) -> Response:
    """Figures in Prometheus' text form. The machine itself, or staff with `admin`."""
    found: Metrics = request.app.state.metrics
    return Response(generate_latest(found.registry), media_type=CONTENT_TYPE_LATEST)
