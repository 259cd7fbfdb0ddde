"""Pictures that attendees and guests send: who may, how one gets into a gallery, and out of it again."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Request
from sqlalchemy import Connection

from domain.errors import Forbidden, NotFound
from server.auth.caller import Caller
from server.auth.limits import RateLimit
from server.customer.standing import standing
from server.db.database import Database, Transaction
from server.events.gallery import intake, service, store
from server.events.gallery.pictures import Pictures
from server.events.gallery.service import shot_of
from server.events.gallery.store import Link, Shot

# All guests of a venue may come from one address, and have one link.
SEND = RateLimit("gallery upload", "60/minute", "120/minute")


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody who may add pictures to an event's gallery."""

    org: str
    event: str
    actor: str
    contact: str | None = None


def member(connection: Connection, caller: Caller, event: str) -> Sender:
    """A customer who takes part. Raises `Forbidden` for anybody else, `NotFound`."""
    found = standing(connection, caller, event)
    found.check()
    return Sender(caller.org, event, caller.actor, found.contact or None)


def guest(connection: Connection, event: str, token: str) -> Sender:
    """Whoever has a guests' link of this event. Raises `NotFound`."""
    link = link_of(connection, event, token)
    return Sender(link.org, link.event, f"guest:{link.id}")


def link_of(connection: Connection, event: str, token: str) -> Link:
    """The link that guests have. Raises `NotFound` for one that was revoked, too."""
    link = store.link_of(connection, token)
    if link is None or link.event != event:
        raise NotFound("there is no such gallery, or its link serves no more")
    return link


async def receive(
    request: Request, database: Database, pictures: Pictures, sender_of: Callable[[Connection], Sender]
) -> tuple[Shot, bool]:
    """The picture of a form, in the gallery, and whether it is new. Who may not send is told before anything
    is read, and asked again when the picture is there.

    Raises what `intake`, `Pictures.keep` and `sender_of` do.
    """
    SEND.of(request, (await database.read(sender_of)).actor)
    async with intake.picture(request, pictures.arriving) as file:
        picture = await pictures.keep(file)

    def job(transaction: Transaction) -> tuple[Shot, bool]:
        sender = sender_of(transaction.connection)
        return service.add(
            transaction, pictures, sender.org, sender.event, picture, sender.actor, sender.contact
        )

    return await database.write(job)


async def take_back(database: Database, pictures: Pictures, caller: Caller, event: str, picture: str) -> None:
    """Deletes a picture that this customer sent, for good. Raises `Forbidden` for somebody else's."""

    def job(transaction: Transaction) -> Shot:
        standing(transaction.connection, caller, event)
        shot = shot_of(transaction.connection, caller.org, event, picture, lock=True)
        if shot.uploader != caller.actor:
            raise Forbidden("this picture is somebody else's", code="not_own")
        service.remove(transaction, shot, caller.actor)
        return shot

    await service.forget(database, pictures, (await database.write(job)).content)
