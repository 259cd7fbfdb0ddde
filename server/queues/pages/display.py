"""The lobby display in a browser: who is called where, who waits, and how to join."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from sqlalchemy import Connection

from server.pages import look
from server.pages.language import language_of
from server.pages.look import LOOK
from server.pages.organizer import organizer
from server.queues import store
from server.queues.dependencies import Organization, PointId
from server.queues.line import Line, line
from server.queues.pages.live import DisplayPart, framed, stream
from server.queues.values import Point
from server.queues.visitors import FOLLOW
from server.wire import Config, Db, Now

router = APIRouter(include_in_schema=False)


@router.get("/q/{servicePoint}/display", dependencies=[Depends(LOOK)])
async def beside(point: PointId, request: Request) -> Response:
    """Leads to the display, also from beside the page that joins."""
    return look.go(f"/display/{point}{'?' if request.url.query else ''}{request.url.query}")


@router.get("/display/{servicePoint}", dependencies=[Depends(LOOK)])
async def display(
    point: PointId, org: Organization, request: Request, db: Db, now: Now, config: Config
) -> Response:
    """The line for a screen that nobody touches."""
    speech = language_of(request)

    def query(connection: Connection) -> tuple[Line, str]:
        found = store.public_point(connection, point, org)
        there = line(connection, found, now())
        part = DisplayPart(speech.tag, config.base_url, organizer(connection, found.org).name)
        return there, part.html(connection, there)

    there, html = await db.read(query)
    asked = urlencode({"orgid": there.point.org, "lang": speech.tag, "seen": framed(html).id})
    return look.show(
        request,
        "display",
        speech,
        shared=speech.shared,
        organization=None,
        point=there.point,
        address=f"/display/{there.point.id}/stream?{asked}",
        live=html,
        now=there.at,
    )


@router.get("/display/{servicePoint}/stream", dependencies=[Depends(FOLLOW)])
async def live(
    point: PointId,
    org: Organization,
    request: Request,
    db: Db,
    config: Config,
    seen: Annotated[str, Query(max_length=100)] = "",
    last_event_id: Annotated[str | None, Header(max_length=100)] = None,
) -> Response:
    """What the display shows, live."""

    def query(connection: Connection) -> tuple[Point, str]:
        found = store.public_point(connection, point, org)
        return found, organizer(connection, found.org).name

    found, name = await db.read(query)
    part = DisplayPart(language_of(request).tag, config.base_url, name)
    return stream(request, found.org, found.id, part, last_event_id, seen)
