"""Health and metrics: is the process up, can it work, what has it done."""

import time

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Gauge,
    Histogram,
    generate_latest,
)
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.errors import Unavailable
from server.auth.caller import Allow
from server.migrations.migrate import at_head
from server.wire import Db

router = APIRouter(tags=["health"])


class Metrics:
    """The figures of one application, counted around it: an ASGI middleware."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        self._seconds = Histogram(
            "usher_request_seconds",
            "Time to the beginning of an answer.",
            ["method", "status"],
            registry=registry,
        )
        self._answers: dict[tuple[str, int], Histogram] = {}
        self._open = Gauge("usher_requests_open", "Requests and live streams going on.", registry=registry)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()

        async def timed(message: Message) -> None:
            if message["type"] == "http.response.start":
                kind = (scope["method"], message["status"])
                seconds = self._answers.get(kind)
                if seconds is None:
                    seconds = self._answers[kind] = self._seconds.labels(kind[0], str(kind[1]))
                seconds.observe(time.perf_counter() - started)
            await send(message)

        self._open.inc()
        try:
            await self._app(scope, receive, timed)
        finally:
            self._open.dec()


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
    """The machine itself, or staff. What a proxy on this machine hands on comes from elsewhere."""
    forwarded = any(name in request.headers for name in ("forwarded", "x-forwarded-for"))
    if forwarded or request.client is None or request.client.host not in ("127.0.0.1", "::1"):
        await Allow(staff="admin")(request)


@router.get("/metrics", dependencies=[Depends(_local_or_staff)], response_class=Response)
async def metrics(request: Request) -> Response:
    """Figures in Prometheus' text form. The machine itself, or staff with `admin`."""
    registry: CollectorRegistry = request.app.state.registry
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
