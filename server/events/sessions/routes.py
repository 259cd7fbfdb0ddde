"""Routes of an event's sessions: `/api/organizations/{orgId}/events/{eventId}/sessions`."""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from sqlalchemy import Connection

from server.auth.staff_routes import organization
from server.db.database import Transaction
from server.etags import IfMatch, check, tag
from server.events.routes import EventId, Organiser
from server.events.service import event_of
from server.events.sessions import service, store
from server.events.sessions.schemas import SessionIn, SessionOut, SessionPatch
from server.events.sessions.service import session_of, shown, unchosen
from server.events.sessions.store import Session
from server.wire import Cursor, Db, Id, Limit, Page, cursor_values, next_cursor

router = APIRouter(
    prefix="/api/organizations/{orgId}/events/{eventId}/sessions",
    tags=["events"],
    dependencies=[Depends(organization)],
)

SessionId = Annotated[Id, Path(alias="sessionId", description="The session's id.")]


@router.get("")
async def listed(
    event_id: EventId, caller: Organiser, database: Db, limit: Limit = 50, cursor: Cursor = None
) -> Page[SessionOut]:
    """The sessions of an event by their start, the earliest first. Staff `events`."""
    after = cursor_values(cursor, int, str) if cursor else None
    place = (int(after[0]), str(after[1])) if after else None

    def query(connection: Connection) -> tuple[list[Session], Counter[str]]:
        event_of(connection, caller.org, event_id)
        found = store.listed(connection, caller.org, event_id, place, limit + 1)
        return found, store.taken(connection, caller.org, event_id, [session.id for session in found])

    found, taken = await database.read(query)
    return Page[SessionOut](
        items=[shown(session, taken[session.id]) for session in found[:limit]],
        next_cursor=next_cursor(found, limit, lambda session: (session.starts, session.id)),
    )


@router.post("", status_code=201)
async def add(
    event_id: EventId, caller: Organiser, database: Db, response: Response, new: SessionIn
) -> SessionOut:
    """Makes a session. A client may choose the id. Staff `events`."""
    session = await database.write(lambda t: service.add(t, caller.org, event_id, caller.actor, new))
    tag(response, unchosen(session))
    return unchosen(session)


@router.get("/{sessionId}")
async def one(
    event_id: EventId, session_id: SessionId, caller: Organiser, database: Db, response: Response
) -> SessionOut:
    """One session. Staff `events`."""

    def query(connection: Connection) -> tuple[Session, int]:
        session = session_of(connection, caller.org, event_id, session_id)
        return session, _taken(connection, session)

    session, taken = await database.read(query)
    tag(response, unchosen(session))
    return shown(session, taken)


@router.patch("/{sessionId}")
async def change(
    event_id: EventId,
    session_id: SessionId,
    caller: Organiser,
    database: Db,
    response: Response,
    patch: SessionPatch,
    if_match: IfMatch = None,
) -> SessionOut:
    """Changes what is given; a smaller capacity takes no seat away. Staff `events`."""

    def job(transaction: Transaction) -> tuple[Session, int]:
        connection = transaction.connection
        session = session_of(connection, caller.org, event_id, session_id, lock=True)
        check(if_match, unchosen(session))
        changed = service.change(transaction, session, caller.actor, patch.given())
        return changed, _taken(connection, changed)

    session, taken = await database.write(job)
    tag(response, unchosen(session))
    return shown(session, taken)


@router.delete("/{sessionId}", status_code=204)
async def remove(event_id: EventId, session_id: SessionId, caller: Organiser, database: Db) -> None:
    """Drops a session; the seats that were chosen in it are gone. Staff `events`."""

    def job(transaction: Transaction) -> None:
        session = session_of(transaction.connection, caller.org, event_id, session_id, lock=True)
        service.remove(transaction, session, caller.actor)

    await database.write(job)


def _taken(connection: Connection, session: Session) -> int:
    return store.taken(connection, session.org, session.event, [session.id])[session.id]
