"""Photos of devices, and signatures: taken in before or after the request that names them, and let go of."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from itertools import islice

from sqlalchemy import Connection, delete, insert, select, update

from domain.clock import DAY, Instant, shift
from domain.errors import FieldError, Invalid, NotFound, Unavailable
from server.auth.caller import Caller
from server.db.database import Database, Transaction
from server.db.locks import lock
from server.events.gallery.pictures import Picture, Pictures
from server.ids import new_id
from server.service_requests.schemas import PHOTOS
from server.service_requests.tables import photos
from server.service_requests.values import Photo, Request

_P = photos.c
_AT_ONCE = 500
_UNNAMED = DAY
"""So long a photo waits for the request that names it."""


def add(transaction: Transaction, pictures: Pictures, caller: Caller, picture: Picture) -> Photo:
    """Raises `Unavailable` where its files are gone by now."""
    _hold(transaction, picture.content)
    if not pictures.has(picture.content):
        raise Unavailable("the picture was lost on the way; nothing was saved: send it again")
    photo = Photo(
        id=new_id(transaction.now),
        org=caller.org,
        request=None,
        signature=False,
        content=picture.content,
        width=picture.width,
        height=picture.height,
        uploader=caller.actor,
        created=transaction.now,
    )
    transaction.connection.execute(insert(photos).values(asdict(photo)))
    return photo


def tie(
    transaction: Transaction, of: Request, ids: Sequence[str], actor: str, *, signature: bool = False
) -> None:
    """Gives photos that the caller sent to a request. Raises `Invalid` for others, and for too many."""
    wanted = list(dict.fromkeys(ids))
    named = update(photos).where(
        _P.org == of.org, _P.uploader == actor, _P.request.is_(None), _P.id.in_(wanted)
    )
    changed = transaction.connection.execute(named.values(request=of.id, signature=signature)).rowcount
    if wanted and changed < len(wanted):
        field = "signature" if signature else "photos"
        words = "a photo is none that you sent, or a request has it already: send it anew"
        raise Invalid(words, code="photo_unknown", errors=[FieldError(("body", field), words)])
    if len(of_requests(transaction.connection, [of.id])) > PHOTOS + 1:
        raise Invalid(f"a request has at most {PHOTOS} photos", code="too_many_photos")


def of_requests(connection: Connection, ids: Sequence[str]) -> list[Photo]:
    """In the order in which they were sent."""
    query = select(photos).where(_P.request.in_(list(ids))).order_by(_P.id)
    return [Photo(*row) for row in connection.execute(query)]


def photo(connection: Connection, org: str, id_: str) -> Photo:
    """Raises `NotFound`, for one that no request has too."""
    query = select(photos).where(_P.org == org, _P.id == id_, _P.request.is_not(None))
    row = connection.execute(query).first()
    if row is None:
        raise NotFound("there is no such photo")
    return Photo(*row)


async def sweep(database: Database, pictures: Pictures) -> None:
    """Lets go of photos that no request ever named, and of the files that no photo has any more."""
    await database.write(_drop_unnamed)
    settled = pictures.settled()
    while contents := await asyncio.to_thread(lambda: list(islice(settled, _AT_ONCE))):
        for content in await database.read(partial(_unused, contents=contents)):
            await database.write(partial(_forget, pictures=pictures, content=content))


def _drop_unnamed(transaction: Transaction) -> None:
    before: Instant = shift(transaction.now, -_UNNAMED)
    transaction.connection.execute(delete(photos).where(_P.request.is_(None), _P.created < before))


def _unused(connection: Connection, contents: Sequence[str]) -> set[str]:
    return {*contents} - {*connection.execute(select(_P.content).where(_P.content.in_(contents))).scalars()}


def _forget(transaction: Transaction, pictures: Pictures, content: str) -> None:
    _hold(transaction, content)
    if _unused(transaction.connection, [content]):
        pictures.forget(content)


def _hold(transaction: Transaction, content: str) -> None:
    """Lets nobody forget the files of this content before the commit."""
    lock(transaction.connection, f"service request picture {content}")
