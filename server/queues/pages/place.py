"""The page on which somebody follows their own place, and leaves the line; its address is secret."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from sqlalchemy import Connection

from domain.errors import Conflict
from server.db.database import Transaction
from server.pages import look
from server.pages.forms import own_page
from server.pages.language import language_of
from server.pages.look import LOOK
from server.pages.organizer import Organizer, organizer
from server.queues import moves, store
from server.queues.answers import around
from server.queues.dependencies import PathId
from server.queues.pages.live import PlacePart, framed, stream
from server.queues.values import Point
from server.queues.visitors import FOLLOW
from server.wire import Config, Db, Now

router = APIRouter(prefix="/q/entry/{id}", include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Shown:
    organization: Organizer
    point: Point
    html: str


@router.get("", dependencies=[Depends(LOOK)])
async def one(id_: PathId, request: Request, db: Db, now: Now, config: Config) -> Response:
    """One's number, who is ahead, how long it takes, and what to do when it is called."""
    speech = language_of(request)
    part = PlacePart(speech.tag, config.base_url, id_)

    def query(connection: Connection) -> Shown:
        place = store.visit(connection, id_)
        there = around(connection, place, now())
        html = part.html(connection, there)
        assert html is not None, "this is the line of the entry"
        return Shown(organizer(connection, place.org), there.point, html)

    shown = await db.read(query)
    return look.show(
        request,
        "queue_place",
        speech,
        organization=shown.organization,
        point=shown.point,
        id=id_,
        live=shown.html,
        seen=framed(shown.html).id,
    )


@router.get("/stream", dependencies=[Depends(FOLLOW)])
async def live(
    id_: PathId,
    request: Request,
    db: Db,
    config: Config,
    seen: Annotated[str, Query(max_length=100)] = "",
    last_event_id: Annotated[str | None, Header(max_length=100)] = None,
) -> Response:
    """The page's part that changes, live; it ends when the visit goes on at another service point."""
    place = await db.read(lambda connection: store.visit(connection, id_))
    part = PlacePart(language_of(request).tag, config.base_url, id_)
    return stream(request, place.org, place.entry.service_point, part, last_event_id, seen)


@router.post("/leave", dependencies=[Depends(LOOK), Depends(own_page)])
async def leave(id_: PathId, db: Db) -> Response:
    """Leaves the line; who cannot any more is shown why by the page."""

    def job(transaction: Transaction) -> None:
        current = store.visit(transaction.connection, id_)
        moves.leave(transaction, current.entry.id)

    try:
        await db.write(job)
    except Conflict as refusal:
        if refusal.code != "wrong_transition":
            raise
    return look.go(f"/q/entry/{id_}")
