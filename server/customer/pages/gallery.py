"""Pages of an event's pictures: for who takes part, and for guests who have a link."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from sqlalchemy import Connection

from domain.errors import Forbidden, Gone, Invalid, TooLarge, Unsupported
from server.auth.caller import Caller
from server.auth.customer_store import Customer
from server.customer import uploads
from server.customer.dependencies import PREFIX
from server.customer.gallery_routes import LOOK as FILES
from server.customer.gallery_routes import before
from server.customer.pages.events import Slug, public_event
from server.customer.pages.visitor import Holder, caller_of, known
from server.customer.standing import standing
from server.customer.uploads import SEND, Sender
from server.events import store as events_store
from server.events.gallery import files, store
from server.events.gallery.answers import shot_out
from server.events.gallery.files import SizeName
from server.events.gallery.routes import MediaId, PicturesOf
from server.events.gallery.service import seen
from server.events.gallery.sizes import BYTES
from server.events.gallery.store import Shot
from server.events.service import event_of
from server.events.store import Event
from server.pages import look
from server.pages.forms import own_page
from server.pages.language import language_of
from server.pages.look import LOOK
from server.pages.organizer import Organizer, organizer
from server.wire import Cursor, Db, next_cursor

router = APIRouter(include_in_schema=False)

_A_PAGE = 48
Token = Annotated[str, Path(max_length=100)]
Added = Annotated[str, Query(max_length=9)]


@dataclass(frozen=True, slots=True)
class Gallery:
    """An event's pictures for somebody: their pages begin with `address`, their files with `files`."""

    organization: Organizer
    event: Event
    address: str
    files: str
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """A gallery that somebody may not see."""

    organization: Organizer
    event: Event


Find = Callable[[Connection], Gallery | Closed]


@router.get("/e/{slug}/gallery", dependencies=[Depends(LOOK)])
async def members(
    slug: Slug, request: Request, db: Db, visitor: Holder, cursor: Cursor = None, added: Added = ""
) -> Response:
    """The pictures, the newest first, for who takes part; others are asked to sign in."""
    return await _show(request, db, lambda c: _members(c, slug, visitor), cursor, added=bool(added))


@router.post("/e/{slug}/gallery", dependencies=[Depends(SEND), Depends(own_page)])
async def add(slug: Slug, request: Request, db: Db, pictures: PicturesOf, visitor: Holder) -> Response:
    """Adds a picture of who takes part."""

    def find(connection: Connection) -> Gallery | Closed:
        return _members(connection, slug, visitor)

    def sender(connection: Connection) -> Sender:
        found = find(connection)
        return uploads.member(connection, _known(visitor), found.event.id)

    return await _add(request, db, pictures, find, sender)


@router.get("/e/{slug}/gallery/{mediaId}", dependencies=[Depends(LOOK)])
async def one(slug: Slug, media_id: MediaId, request: Request, db: Db, visitor: Holder) -> Response:
    """One picture, as large as there is room."""
    return await _show_one(request, db, lambda c: _members(c, slug, visitor), media_id)


@router.post("/e/{slug}/gallery/{mediaId}/delete", dependencies=[Depends(LOOK), Depends(own_page)])
async def remove(
    slug: Slug, media_id: MediaId, request: Request, db: Db, pictures: PicturesOf, visitor: Holder
) -> Response:
    """Deletes a picture of one's own."""
    found = await db.read(lambda c: _members(c, slug, visitor))
    if isinstance(found, Closed):
        return _closed(request, found)
    await uploads.take_back(db, pictures, _known(visitor), found.event.id, media_id)
    return look.go(found.address)


@router.get("/e/{slug}/gallery/{mediaId}/{size}", dependencies=[Depends(FILES)])
async def file(
    slug: Slug,
    media_id: MediaId,
    size: SizeName,
    request: Request,
    db: Db,
    pictures: PicturesOf,
    visitor: Holder,
) -> Response:
    """A picture's file, for who takes part."""

    def query(connection: Connection) -> Shot:
        found = _members(connection, slug, visitor)
        if isinstance(found, Closed):
            raise Forbidden("this is for who takes part", code="not_taking_part")
        return seen(connection, found.event.org, found.event.id, media_id)

    return files.sent(request, pictures, (await db.read(query)).content, size)


@router.get("/g/{token}", dependencies=[Depends(LOOK)])
async def guests(
    token: Token, request: Request, db: Db, cursor: Cursor = None, added: Added = ""
) -> Response:
    """The pictures for whoever has a guests' link."""
    return await _show(request, db, lambda c: _guests(c, token), cursor, added=bool(added))


@router.post("/g/{token}", dependencies=[Depends(SEND), Depends(own_page)])
async def add_as_guest(token: Token, request: Request, db: Db, pictures: PicturesOf) -> Response:
    """Adds a picture of a guest."""

    def sender(connection: Connection) -> Sender:
        return uploads.guest(connection, _guests(connection, token).event.id, token)

    return await _add(request, db, pictures, lambda c: _guests(c, token), sender)


@router.get("/g/{token}/{mediaId}", dependencies=[Depends(LOOK)])
async def one_for_guests(token: Token, media_id: MediaId, request: Request, db: Db) -> Response:
    """One picture, for whoever has a guests' link."""
    return await _show_one(request, db, lambda c: _guests(c, token), media_id)


def _members(connection: Connection, slug: str, visitor: Customer | None) -> Gallery | Closed:
    """Raises `NotFound` for an event that this visitor may not see at all."""
    event = events_store.by_slug(connection, slug)
    if event is None or visitor is None or visitor.org != event.org:
        shown = public_event(connection, slug)
        return Closed(organizer(connection, shown.org), shown)
    host, address = organizer(connection, event.org), f"/e/{slug}/gallery"
    caller = caller_of(visitor)
    if not standing(connection, caller, event.id).takes_part:
        return Closed(host, event)
    return Gallery(host, event, address, address, caller.actor)


def _guests(connection: Connection, token: str) -> Gallery:
    """Raises `Gone` for a link that serves no more or never was one."""
    link = store.link_of(connection, token)
    if link is None:
        raise Gone("this link serves no more: ask the organiser for another", code="link_ended")
    event = event_of(connection, link.org, link.event)
    media = f"{PREFIX}/{event.id}/media/guest/{token}"
    return Gallery(organizer(connection, event.org), event, f"/g/{token}", media)


def _known(visitor: Customer | None) -> Caller:
    return caller_of(known(visitor))


async def _show(
    request: Request,
    db: Db,
    find: Find,
    cursor: str | None,
    *,
    added: bool = False,
    wrong: str = "",
    status: int = 200,
) -> Response:
    """The gallery; `wrong` names what is said beside the field for a picture."""
    place = before(cursor)

    def query(connection: Connection) -> tuple[Gallery | Closed, list[Shot]]:
        found = find(connection)
        if isinstance(found, Closed):
            return found, []
        return found, store.listed(connection, found.event.org, found.event.id, place, _A_PAGE + 1)

    gallery, found = await db.read(query)
    if isinstance(gallery, Closed):
        return _closed(request, gallery)
    speech = language_of(request, gallery.event.languages)
    return look.show(
        request,
        "gallery",
        speech,
        status=status,
        organization=gallery.organization,
        event=gallery.event,
        gallery=gallery,
        shots=[shot_out(shot, gallery.files, gallery.actor) for shot in found[:_A_PAGE]],
        more=next_cursor(found, _A_PAGE, lambda shot: (shot.created, shot.id)),
        later=cursor is not None,
        added=added,
        wrong=speech.say(f"gallery.{wrong}") if wrong else "",
        most=BYTES,
    )


async def _add(
    request: Request, db: Db, pictures: PicturesOf, find: Find, sender_of: Callable[[Connection], Sender]
) -> Response:
    """Adds the picture of the form, and leads to the gallery; where it is none, says so beside its field."""
    found = await db.read(find)
    if isinstance(found, Closed):
        return _closed(request, found)
    try:
        await uploads.receive(request, db, pictures, sender_of)
    except (TooLarge, Unsupported, Invalid) as refusal:
        return await _show(request, db, find, None, wrong=_why(refusal), status=refusal.status)
    return look.go(f"{found.address}?added=1")


def _why(refusal: TooLarge | Unsupported | Invalid) -> str:
    if isinstance(refusal, TooLarge) or refusal.code == "picture_too_many_pixels":
        return "large"
    return "choose" if refusal.errors else "wrong"


async def _show_one(request: Request, db: Db, find: Find, id_: str) -> Response:
    def query(connection: Connection) -> tuple[Gallery, Shot, tuple[str | None, str | None]] | Closed:
        found = find(connection)
        if isinstance(found, Closed):
            return found
        shot = seen(connection, found.event.org, found.event.id, id_)
        return found, shot, store.beside(connection, shot)

    shown = await db.read(query)
    if isinstance(shown, Closed):
        return _closed(request, shown)
    gallery, shot, (newer, older) = shown
    return look.show(
        request,
        "picture",
        language_of(request, gallery.event.languages),
        organization=gallery.organization,
        event=gallery.event,
        gallery=gallery,
        shot=shot_out(shot, gallery.files, gallery.actor),
        newer=newer,
        older=older,
    )


def _closed(request: Request, closed: Closed) -> Response:
    return look.show(
        request,
        "closed_gallery",
        language_of(request, closed.event.languages),
        status=403,
        organization=closed.organization,
        event=closed.event,
    )
