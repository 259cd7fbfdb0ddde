"""Sessions: statements, and rows as frozen values."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Row, delete, func, insert, or_, select, tuple_, update

from domain.clock import Instant
from server.events.sessions.tables import choices, sessions

_S, _C = sessions.c, choices.c
_JSON = ("title", "abstract", "speakers")


@dataclass(frozen=True, slots=True)
class Session:
    """A session as it is kept. `speakers` are their names and what is said about them."""

    org: str
    event: str
    id: str
    title: dict[str, str]
    abstract: dict[str, str]
    room: str
    track: str
    speakers: tuple[tuple[str, str], ...]
    starts: Instant
    ends: Instant
    capacity: int | None
    created: Instant
    changed: Instant


def session(connection: Connection, org: str, event: str, id_: str, *, lock: bool = False) -> Session | None:
    asked = select(sessions).where(_S.org == org, _S.event == event, _S.id == id_)
    row = connection.execute(asked.with_for_update() if lock else asked).first()
    return None if row is None else _session(row)


def some(
    connection: Connection, org: str, event: str, ids: Collection[str], *, lock: bool = False
) -> dict[str, Session]:
    """Those of these sessions that exist, locked in one order for all."""
    asked = select(sessions).where(_S.org == org, _S.event == event, _S.id.in_(ids)).order_by(_S.id)
    rows = connection.execute(asked.with_for_update() if lock else asked)
    return {row.id: _session(row) for row in rows}


def listed(
    connection: Connection,
    org: str,
    event: str,
    after: tuple[int, str] | None = None,
    limit: int | None = None,
) -> list[Session]:
    """Sessions by their start."""
    asked = select(sessions).where(_S.org == org, _S.event == event).order_by(_S.starts, _S.id).limit(limit)
    if after is not None:
        asked = asked.where(tuple_(_S.starts, _S.id) > tuple_(*after))
    return [_session(row) for row in connection.execute(asked)]


def outside(connection: Connection, org: str, event: str, starts: Instant, ends: Instant) -> list[str]:
    """The ids of an event's sessions that do not lie between these times."""
    asked = select(_S.id).where(_S.org == org, _S.event == event, or_(_S.starts < starts, _S.ends > ends))
    return list(connection.execute(asked.order_by(_S.id)).scalars())


def taken(connection: Connection, org: str, event: str, ids: Collection[str] | None = None) -> Counter[str]:
    """How many seats of each session are taken, of all or of some."""
    asked = select(_C.session, func.count()).where(_C.org == org, _C.event == event).group_by(_C.session)
    if ids is not None:
        asked = asked.where(_C.session.in_(ids))
    return Counter({row[0]: row[1] for row in connection.execute(asked)})


def add(connection: Connection, session: Session) -> None:
    connection.execute(insert(sessions).values(**_columns(session)))


def change(connection: Connection, session: Session) -> None:
    connection.execute(update(sessions).where(_mine(session)).values(**_columns(session)))


def remove(connection: Connection, session: Session) -> None:
    """Deletes a session with the choices of it."""
    connection.execute(delete(sessions).where(_mine(session)))


def _mine(session: Session) -> Any:
    return (_S.org == session.org) & (_S.event == session.event) & (_S.id == session.id)


def _session(row: Row[Any]) -> Session:
    values = dict(row._mapping)
    read = {name: orjson.loads(values[name]) for name in _JSON}
    speakers = tuple((name, about) for name, about in read["speakers"])
    return Session(**{**values, **read, "speakers": speakers})


def _columns(session: Session) -> dict[str, Any]:
    values = {name: getattr(session, name) for name in Session.__slots__}
    return {**values, **{name: orjson.dumps(values[name]).decode() for name in _JSON}}
