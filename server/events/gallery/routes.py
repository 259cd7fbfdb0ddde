"""Routes of an event's gallery and cover: `/api/organizations/{orgId}/events/{eventId}/media`, `/cover`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from sqlalchemy import Connection

from server.auth.staff_routes import organization
from server.db.database import Transaction
from server.etags import tag
from server.events.gallery import files, intake, service, store
from server.events.gallery.answers import link_out, staff_shot
from server.events.gallery.files import SizeName
from server.events.gallery.pictures import Pictures
from server.events.gallery.schemas import LinkIn, LinkOut, ShotPatch, StaffShotOut
from server.events.gallery.service import shot_of
from server.events.gallery.store import Link, Shot
from server.events.routes import EventId, Organiser
from server.events.schemas import EventOut
from server.events.service import event_of, shown
from server.events.store import Event
from server.wire import Config, Cursor, Db, Id, Limit, Page, cursor_values, next_cursor

router = APIRouter(
    prefix="/api/organizations/{orgId}/events/{eventId}",
    tags=["events"],
    dependencies=[Depends(organization)],
)

MediaId = Annotated[Id, Path(alias="mediaId", description="The picture's id.")]
LinkId = Annotated[Id, Path(alias="linkId", description="The link's id.")]


async def _pictures(request: Request) -> Pictures:
    pictures: Pictures = request.app.state.pictures
    return pictures


PicturesOf = Annotated[Pictures, Depends(_pictures)]


@router.put("/cover", openapi_extra=intake.FORM)
async def set_cover(
    event_id: EventId,
    caller: Organiser,
    request: Request,
    database: Db,
    pictures: PicturesOf,
    response: Response,
) -> EventOut:
    """Gives an event this picture: JPEG, PNG, WebP or HEIC, up to 20 MB and 50 megapixels. Staff `events`."""
    await database.read(lambda c: event_of(c, caller.org, event_id))
    async with intake.picture(request, pictures.arriving) as file:
        picture = await pictures.keep(file)

    def job(transaction: Transaction) -> tuple[Event, Event]:
        before = event_of(transaction.connection, caller.org, event_id, lock=True)
        return before, service.cover(transaction, pictures, before, caller.actor, picture)

    before, event = await database.write(job)
    if before.cover is not None and before.cover != event.cover:
        await service.forget(database, pictures, before.cover)
    tag(response, shown(event))
    return shown(event)


@router.delete("/cover", status_code=204)
async def drop_cover(event_id: EventId, caller: Organiser, database: Db, pictures: PicturesOf) -> None:
    """Leaves an event without a picture. Staff `events`."""

    def job(transaction: Transaction) -> str | None:
        before = event_of(transaction.connection, caller.org, event_id, lock=True)
        service.cover(transaction, pictures, before, caller.actor, None)
        return before.cover

    content = await database.write(job)
    if content is not None:
        await service.forget(database, pictures, content)


@router.get("/media")
async def listed(
    event_id: EventId, caller: Organiser, database: Db, limit: Limit = 50, cursor: Cursor = None
) -> Page[StaffShotOut]:
    """The pictures of an event, the newest first, hidden ones too. Staff `events`."""
    values = cursor_values(cursor, int, str) if cursor else None
    before = (int(values[0]), str(values[1])) if values else None

    def query(connection: Connection) -> list[Shot]:
        event_of(connection, caller.org, event_id)
        return store.listed(connection, caller.org, event_id, before, limit + 1, hidden=True)

    found = await database.read(query)
    return Page[StaffShotOut](
        items=[staff_shot(shot, caller.actor) for shot in found[:limit]],
        next_cursor=next_cursor(found, limit, lambda shot: (shot.created, shot.id)),
    )


@router.post("/media", status_code=201, openapi_extra=intake.FORM)
async def upload(
    event_id: EventId,
    caller: Organiser,
    request: Request,
    database: Db,
    pictures: PicturesOf,
    response: Response,
) -> StaffShotOut:
    """Adds a picture: JPEG, PNG, WebP or HEIC, up to 20 MB and 50 megapixels. Staff `events`.

    Who sends one again gets it again, with `200`.
    """
    await database.read(lambda c: event_of(c, caller.org, event_id))
    async with intake.picture(request, pictures.arriving) as file:
        picture = await pictures.keep(file)

    def job(transaction: Transaction) -> tuple[Shot, bool]:
        event_of(transaction.connection, caller.org, event_id)
        return service.add(transaction, pictures, caller.org, event_id, picture, caller.actor)

    shot, new = await database.write(job)
    response.status_code = 201 if new else 200
    return staff_shot(shot, caller.actor)


@router.patch("/media/{mediaId}")
async def change(
    event_id: EventId, media_id: MediaId, caller: Organiser, database: Db, patch: ShotPatch
) -> StaffShotOut:
    """Hides a picture from everybody but staff, or shows it again, whoever sent it. Staff `events`."""

    def job(transaction: Transaction) -> Shot:
        shot = shot_of(transaction.connection, caller.org, event_id, media_id, lock=True)
        if patch.hidden is None:
            return shot
        return service.hide(transaction, shot, caller.actor, patch.hidden)

    return staff_shot(await database.write(job), caller.actor)


@router.delete("/media/{mediaId}", status_code=204)
async def remove(
    event_id: EventId, media_id: MediaId, caller: Organiser, database: Db, pictures: PicturesOf
) -> None:
    """Deletes a picture, for good. Staff `events`."""

    def job(transaction: Transaction) -> Shot:
        shot = shot_of(transaction.connection, caller.org, event_id, media_id, lock=True)
        service.remove(transaction, shot, caller.actor)
        return shot

    await service.forget(database, pictures, (await database.write(job)).content)


@router.get("/media/{mediaId}/{size}", response_class=Response, responses=files.RESPONSES)
async def file(
    event_id: EventId,
    media_id: MediaId,
    size: SizeName,
    caller: Organiser,
    request: Request,
    database: Db,
    pictures: PicturesOf,
) -> Response:
    """A picture's file, a JPEG, of a hidden one too. Staff `events`."""
    shot = await database.read(lambda c: shot_of(c, caller.org, event_id, media_id))
    return files.sent(request, pictures, shot.content, size)


@router.get("/guest-links")
async def links(
    event_id: EventId,
    caller: Organiser,
    database: Db,
    config: Config,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[LinkOut]:
    """The links by which guests see and add pictures, the oldest first. Staff `events`."""
    after = str(cursor_values(cursor, str)[0]) if cursor else ""

    def query(connection: Connection) -> list[Link]:
        event_of(connection, caller.org, event_id)
        return store.links(connection, caller.org, event_id, after, limit + 1)

    found = await database.read(query)
    return Page[LinkOut](
        items=[link_out(link, config.base_url) for link in found[:limit]],
        next_cursor=next_cursor(found, limit, lambda link: (link.id,)),
    )


@router.post("/guest-links", status_code=201)
async def add_link(
    event_id: EventId, caller: Organiser, database: Db, config: Config, new: LinkIn
) -> LinkOut:
    """Makes a link by which people without an account see and add pictures. Staff `events`."""
    link = await database.write(lambda t: service.add_link(t, caller.org, event_id, caller.actor, new.label))
    return link_out(link, config.base_url)


@router.delete("/guest-links/{linkId}", status_code=204)
async def revoke(event_id: EventId, link_id: LinkId, caller: Organiser, database: Db) -> None:
    """Lets a link serve no more; the pictures that came by it stay. Staff `events`."""
    await database.write(lambda t: service.revoke(t, caller.org, event_id, link_id, caller.actor))
