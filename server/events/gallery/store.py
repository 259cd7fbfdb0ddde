"""Pictures and links of guests: statements, and rows as frozen values."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, tuple_, update

from domain.clock import Instant
from server.auth.tokens import is_token
from server.db.database import Transaction
from server.db.locks import lock
from server.events.gallery.pictures import Pictures
from server.events.gallery.tables import guest_links, media
from server.events.tables import events

_M, _G, _E = media.c, guest_links.c, events.c


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture in a gallery, as it is kept."""

    id: str
    org: str
    event: str
    content: str
    width: int
    height: int
    uploader: str
    hidden: bool
    created: Instant


@dataclass(frozen=True, slots=True)
class Link:
    """A guests' link, as it is kept."""

    id: str
    org: str
    event: str
    token: str
    label: str
    revoked: Instant | None
    created: Instant


def shot(connection: Connection, org: str, event: str, id_: str, *, lock: bool = False) -> Shot | None:
    asked = select(media).where(_M.org == org, _M.event == event, _M.id == id_)
    row = connection.execute(asked.with_for_update() if lock else asked).first()
    return None if row is None else _shot(row)


def beside(connection: Connection, shot: Shot) -> tuple[str | None, str | None]:
    """The ids of the pictures before and after this one in the gallery as all see it."""
    seen = select(_M.id).where(_M.org == shot.org, _M.event == shot.event, _M.hidden.is_(False)).limit(1)
    place, here = tuple_(_M.created, _M.id), tuple_(shot.created, shot.id)
    newer = seen.where(place > here).order_by(_M.created, _M.id)
    older = seen.where(place < here).order_by(_M.created.desc(), _M.id.desc())
    return connection.execute(newer).scalar(), connection.execute(older).scalar()


def same(connection: Connection, org: str, event: str, content: str, uploader: str) -> Shot | None:
    """The picture, where this uploader sent it before."""
    row = connection.execute(
        select(media).where(_M.org == org, _M.event == event, _M.content == content, _M.uploader == uploader)
    ).first()
    return None if row is None else _shot(row)


def is_hidden(connection: Connection, org: str, event: str, content: str) -> bool:
    """Whether the organiser hid this picture, whoever sent it."""
    asked = select(_M.id).where(_M.org == org, _M.event == event, _M.content == content, _M.hidden.is_(True))
    return connection.execute(asked.limit(1)).first() is not None


def listed(
    connection: Connection,
    org: str,
    event: str,
    before: tuple[int, str] | None,
    limit: int,
    *,
    hidden: bool = False,
) -> list[Shot]:
    """Pictures of an event, the newest first; those that were hidden too, where it is asked for."""
    asked = select(media).where(_M.org == org, _M.event == event)
    if not hidden:
        asked = asked.where(_M.hidden.is_(False))
    if before is not None:
        asked = asked.where(tuple_(_M.created, _M.id) < tuple_(*before))
    rows = connection.execute(asked.order_by(_M.created.desc(), _M.id.desc()).limit(limit))
    return list(map(_shot, rows))


def add(connection: Connection, shot: Shot) -> None:
    connection.execute(insert(media).values(**asdict(shot)))


def hide(connection: Connection, shot: Shot, hidden: bool) -> None:
    """Of all who sent this picture to the event."""
    connection.execute(
        update(media)
        .where(_M.org == shot.org, _M.event == shot.event, _M.content == shot.content)
        .values(hidden=hidden)
    )


def remove(connection: Connection, shot: Shot) -> None:
    connection.execute(delete(media).where(_M.id == shot.id))


def unused(connection: Connection, contents: Collection[str]) -> set[str]:
    """Those that no gallery and no event shows."""
    shown = select(_M.content).where(_M.content.in_(contents))
    covers = select(_E.cover).where(_E.cover.in_(contents))
    return {*contents} - {*connection.execute(shown.union(covers)).scalars()}


def hold(transaction: Transaction, content: str) -> None:
    """Lets nobody forget the files of this content before the commit."""
    lock(transaction.connection, f"picture {content}")


def forget(transaction: Transaction, pictures: Pictures, content: str) -> None:
    """Deletes the files of a content that nothing shows."""
    hold(transaction, content)
    if unused(transaction.connection, [content]):
        pictures.forget(content)


def link(connection: Connection, org: str, event: str, id_: str) -> Link | None:
    row = connection.execute(
        select(guest_links).where(_G.org == org, _G.event == event, _G.id == id_)
    ).first()
    return None if row is None else _link(row)


def link_of(connection: Connection, token: str) -> Link | None:
    """The link that ends with this token, unless it was revoked."""
    if not is_token(token):
        return None
    asked = select(guest_links).where(_G.token == token, _G.revoked.is_(None))
    row = connection.execute(asked).first()
    return None if row is None else _link(row)


def links(connection: Connection, org: str, event: str, after: str, limit: int) -> list[Link]:
    asked = select(guest_links).where(_G.org == org, _G.event == event, _G.id > after)
    return [_link(row) for row in connection.execute(asked.order_by(_G.id).limit(limit))]


def add_link(connection: Connection, link: Link) -> None:
    connection.execute(insert(guest_links).values(**asdict(link)))


def revoke(connection: Connection, link: Link, at: Instant) -> None:
    connection.execute(update(guest_links).where(_G.id == link.id, _G.revoked.is_(None)).values(revoked=at))


def _shot(row: Row[Any]) -> Shot:
    return Shot(**{**row._mapping, "hidden": bool(row.hidden)})


def _link(row: Row[Any]) -> Link:
    return Link(**row._mapping)
