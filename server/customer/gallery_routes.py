"""Routes of galleries: for who takes part, and for guests who have a link; and the cover, for everybody."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from sqlalchemy import Connection, select

from domain.errors import NotFound
from server.auth.limits import RateLimit
from server.customer import uploads
from server.customer.dependencies import PREFIX, EventId, Holder
from server.customer.standing import standing
from server.customer.uploads import SEND, link_of, member
from server.events.gallery import files, intake, store
from server.events.gallery.answers import shot_out
from server.events.gallery.files import SizeName
from server.events.gallery.routes import MediaId, PicturesOf
from server.events.gallery.schemas import ShotOut
from server.events.gallery.service import seen
from server.events.gallery.store import Shot
from server.events.life import EventState
from server.events.tables import events
from server.wire import Cursor, Db, Limit, Page, cursor_values, next_cursor

router = APIRouter(prefix=f"{PREFIX}/{{eventId}}", tags=["attendees"])

# All guests of a venue may come from one address, and have one link.
LOOK = RateLimit("gallery look", "3000/minute", "6000/minute")
COVER = RateLimit("cover", "3000/minute")
GuestId = Annotated[str, Path(alias="guestId", max_length=100, description="The token of a guests' link.")]
Content = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="As the event's `cover` says.")]
_PUBLIC = (EventState.PUBLISHED, EventState.CANCELLED, EventState.ARCHIVED)


@router.get("/media")
async def listed(
    event_id: EventId, caller: Holder, db: Db, limit: Limit = 50, cursor: Cursor = None
) -> Page[ShotOut]:
    """The gallery, the newest picture first. Customers who take part; others get `403 not_taking_part`."""
    place = before(cursor)

    def query(connection: Connection) -> list[Shot]:
        standing(connection, caller, event_id).check()
        return store.listed(connection, caller.org, event_id, place, limit + 1)

    return _page(await db.read(query), limit, _gallery(event_id), caller.actor)


@router.post("/media/upload", status_code=201, openapi_extra=intake.FORM)
async def upload(
    event_id: EventId,
    caller: Holder,
    request: Request,
    db: Db,
    pictures: PicturesOf,
    response: Response,
) -> ShotOut:
    """Adds a picture: JPEG, PNG, WebP or HEIC, up to 20 MB and 50 megapixels. Customers who take part.

    It is decoded, and kept without anything that stood beside its pixels. Who sends one again gets it again,
    with `200`. `415`, or `422`: `picture_broken`, `picture_mixed`, `picture_too_many_pixels`.
    """
    shot, new = await uploads.receive(request, db, pictures, lambda c: member(c, caller, event_id))
    response.status_code = 201 if new else 200
    return shot_out(shot, _gallery(event_id), caller.actor)


@router.delete("/media/{mediaId}", status_code=204)
async def remove(event_id: EventId, media_id: MediaId, caller: Holder, db: Db, pictures: PicturesOf) -> None:
    """Deletes a picture that the caller sent, for good. Customers."""
    await uploads.take_back(db, pictures, caller, event_id, media_id)


@router.get("/media/guest/{guestId}", dependencies=[Depends(LOOK)])
async def for_guests(
    event_id: EventId, guest: GuestId, request: Request, db: Db, limit: Limit = 50, cursor: Cursor = None
) -> Page[ShotOut]:
    """The gallery, the newest picture first, for whoever has a guests' link. Public."""
    place = before(cursor)

    def query(connection: Connection) -> list[Shot]:
        link = link_of(connection, event_id, guest)
        return store.listed(connection, link.org, link.event, place, limit + 1)

    found = await db.read(query)
    LOOK.of(request, guest)
    return _page(found, limit, f"{_gallery(event_id)}/guest/{guest}", "")


@router.post(
    "/media/upload/{guestId}", status_code=201, openapi_extra=intake.FORM, dependencies=[Depends(SEND)]
)
async def upload_as_guest(
    event_id: EventId,
    guest: GuestId,
    request: Request,
    db: Db,
    pictures: PicturesOf,
    response: Response,
) -> ShotOut:
    """Adds a picture, as `/media/upload` does, for whoever has a guests' link. Public."""
    shot, new = await uploads.receive(request, db, pictures, lambda c: uploads.guest(c, event_id, guest))
    response.status_code = 201 if new else 200
    return shot_out(shot, f"{_gallery(event_id)}/guest/{guest}")


@router.get(
    "/media/guest/{guestId}/{mediaId}/{size}",
    response_class=Response,
    responses=files.RESPONSES,
    dependencies=[Depends(LOOK)],
)
async def file_for_guests(
    event_id: EventId,
    guest: GuestId,
    media_id: MediaId,
    size: SizeName,
    request: Request,
    db: Db,
    pictures: PicturesOf,
) -> Response:
    """A picture's file, a JPEG, for whoever has a guests' link. Public."""

    def query(connection: Connection) -> Shot:
        link = link_of(connection, event_id, guest)
        return seen(connection, link.org, link.event, media_id)

    return files.sent(request, pictures, (await db.read(query)).content, size)


@router.get("/media/{mediaId}/{size}", response_class=Response, responses=files.RESPONSES)
async def file(
    event_id: EventId,
    media_id: MediaId,
    size: SizeName,
    caller: Holder,
    request: Request,
    db: Db,
    pictures: PicturesOf,
) -> Response:
    """A picture's file, a JPEG. Customers who take part; others get `403 not_taking_part`."""

    def query(connection: Connection) -> Shot:
        standing(connection, caller, event_id).check()
        return seen(connection, caller.org, event_id, media_id)

    return files.sent(request, pictures, (await db.read(query)).content, size)


@router.get(
    "/cover/{content}/{size}",
    response_class=Response,
    responses=files.RESPONSES,
    dependencies=[Depends(COVER)],
)
async def cover(
    event_id: EventId, content: Content, size: SizeName, request: Request, db: Db, pictures: PicturesOf
) -> Response:
    """An event's cover, a JPEG. Public, once the event was published."""
    await db.read(lambda c: _check_cover(c, event_id, content))
    return files.sent(request, pictures, content, size, public=True)


def _check_cover(connection: Connection, event: str, content: str) -> None:
    """Content tells apart events of several organisations that have one id."""
    asked = select(events.c.id).where(
        events.c.id == event,
        events.c.cover == content,
        events.c.state.in_([state.value for state in _PUBLIC]),
    )
    if connection.execute(asked.limit(1)).first() is None:
        raise NotFound("there is no such picture")


def before(cursor: str | None) -> tuple[int, str] | None:
    """The place in a gallery from which a cursor goes on."""
    values = cursor_values(cursor, int, str) if cursor else None
    return (int(values[0]), str(values[1])) if values else None


def _gallery(event: str) -> str:
    return f"{PREFIX}/{event}/media"


def _page(found: list[Shot], limit: int, base: str, actor: str) -> Page[ShotOut]:
    return Page[ShotOut](
        items=[shot_out(shot, base, actor) for shot in found[:limit]],
        next_cursor=next_cursor(found, limit, lambda shot: (shot.created, shot.id)),
    )
