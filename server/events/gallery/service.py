"""Adding pictures to an event's gallery, hiding and deleting them; the cover; links for guests."""

from dataclasses import replace

from sqlalchemy import Connection

from domain.errors import NotFound, Unavailable
from server.activity.record import record
from server.auth.tokens import new_token
from server.db.database import Database, Transaction
from server.events import store as events_store
from server.events.gallery import store
from server.events.gallery.pictures import Picture, Pictures
from server.events.gallery.store import Link, Shot
from server.events.service import event_of, listing
from server.events.store import Event
from server.ids import new_id


def add(
    transaction: Transaction,
    pictures: Pictures,
    org: str,
    event: str,
    picture: Picture,
    uploader: str,
    contact: str | None = None,
) -> tuple[Shot, bool]:
    """The picture in the gallery, and whether it is new: who sends one again has it there once.

    What the organiser hid stays hidden, whoever sends it again. Raises `Unavailable` where its files are
    gone.
    """
    connection = transaction.connection
    _hold(transaction, pictures, picture)
    known = store.same(connection, org, event, picture.content, uploader)
    if known is not None:
        return known, False
    shot = Shot(
        id=new_id(transaction.now),
        org=org,
        event=event,
        content=picture.content,
        width=picture.width,
        height=picture.height,
        uploader=uploader,
        hidden=store.is_hidden(connection, org, event, picture.content),
        created=transaction.now,
    )
    store.add(connection, shot)
    _record(transaction, shot, "added", uploader, contact)
    return shot, True


def hide(transaction: Transaction, shot: Shot, actor: str, hidden: bool) -> Shot:
    """Hides a picture from everybody but staff, or shows it again."""
    if shot.hidden is not hidden:
        store.hide(transaction.connection, shot, hidden)
        _record(transaction, shot, "hidden" if hidden else "shown", actor)
    return replace(shot, hidden=hidden)


def remove(transaction: Transaction, shot: Shot, actor: str) -> None:
    store.remove(transaction.connection, shot)
    _record(transaction, shot, "deleted", actor)


def shot_of(connection: Connection, org: str, event: str, id_: str, *, lock: bool = False) -> Shot:
    """Raises `NotFound`, for a picture of another event or organisation too."""
    found = store.shot(connection, org, event, id_, lock=lock)
    if found is None:
        raise _no_picture()
    return found


def seen(connection: Connection, org: str, event: str, id_: str) -> Shot:
    """A picture that attendees see. Raises `NotFound`, for one that was hidden too."""
    found = shot_of(connection, org, event, id_)
    if found.hidden:
        raise _no_picture()
    return found


def cover(
    transaction: Transaction, pictures: Pictures, event: Event, actor: str, picture: Picture | None
) -> Event:
    """Gives an event, which is locked, this cover, or none."""
    if picture is not None:
        _hold(transaction, pictures, picture)
    content = picture.content if picture else None
    changed = replace(event, cover=content, changed=transaction.now)
    events_store.change(transaction.connection, changed)
    transaction.touched.add(listing(event.org))
    record(
        transaction,
        org=event.org,
        kind="event.changed",
        subject=f"event:{event.id}",
        actor=actor,
        data={"cover": content},
    )
    return changed


async def forget(database: Database, pictures: Pictures, content: str) -> None:
    """Deletes the files of a picture once nothing shows it: after what showed it is gone for good."""
    await database.write(lambda transaction: store.forget(transaction, pictures, content))


def add_link(transaction: Transaction, org: str, event: str, actor: str, label: str) -> Link:
    """Raises `NotFound` where there is no such event."""
    event_of(transaction.connection, org, event)
    link = Link(
        id=new_id(transaction.now),
        org=org,
        event=event,
        token=new_token(),
        label=label,
        revoked=None,
        created=transaction.now,
    )
    store.add_link(transaction.connection, link)
    _record_link(transaction, link, "made", actor)
    return link


def revoke(transaction: Transaction, org: str, event: str, id_: str, actor: str) -> None:
    """Lets a link serve no more. Raises `NotFound`."""
    link = store.link(transaction.connection, org, event, id_)
    if link is None:
        raise NotFound("there is no link with this id")
    if link.revoked is None:
        store.revoke(transaction.connection, link, transaction.now)
        _record_link(transaction, link, "revoked", actor)


def _hold(transaction: Transaction, pictures: Pictures, picture: Picture) -> None:
    store.hold(transaction, picture.content)
    if not pictures.has(picture.content):
        raise Unavailable("the picture was lost on the way; nothing was saved: send it again")


def _no_picture() -> NotFound:
    return NotFound("there is no picture with this id")


def _record(transaction: Transaction, shot: Shot, what: str, actor: str, contact: str | None = None) -> None:
    record(
        transaction,
        org=shot.org,
        kind=f"picture.{what}",
        subject=f"picture:{shot.id}",
        actor=actor,
        data={"event": shot.event},
        contact=contact,
    )


def _record_link(transaction: Transaction, link: Link, what: str, actor: str) -> None:
    record(
        transaction,
        org=link.org,
        kind=f"guest_link.{what}",
        subject=f"guest_link:{link.id}",
        actor=actor,
        data={"event": link.event, "label": link.label},
    )
