"""Routes of an event's program: its sessions, and the schedule that they make."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response
from sqlalchemy import Connection

from domain.clock import Instant
from server import ics
from server.auth.caller import Caller
from server.customer.dependencies import PREFIX, EventId, Holder
from server.customer.event_answers import schedule, schedule_ics, session_card
from server.customer.event_schemas import Schedule, SessionCard
from server.customer.standing import standing
from server.db.database import Database
from server.events.sessions import store
from server.events.sessions.store import Session
from server.events.store import Event
from server.settings import Settings
from server.texts import preferred
from server.wire import Config, Cursor, Db, Language, Limit, Now, Page, cursor_values, next_cursor

router = APIRouter(prefix=f"{PREFIX}/{{eventId}}", tags=["attendees"])

Accept = Annotated[str, Header()]
AcceptLanguage = Annotated[str, Header()]
Asked = Annotated[Language | None, Query(description="Of a calendar; without it as `Accept-Language` says.")]
_CALENDAR: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}
}


@router.get("/sessions")
async def sessions(
    event_id: EventId, caller: Holder, db: Db, limit: Limit = 50, cursor: Cursor = None
) -> Page[SessionCard]:
    """The sessions of an event by their start, with the seats that are left. Customers."""
    after = cursor_values(cursor, int, str) if cursor else None
    place = (int(after[0]), str(after[1])) if after else None

    def query(connection: Connection) -> list[tuple[Session, int]]:
        standing(connection, caller, event_id)
        return _counted(connection, store.listed(connection, caller.org, event_id, place, limit + 1))

    found = await db.read(query)
    return Page[SessionCard](
        items=[session_card(session, taken) for session, taken in found[:limit]],
        next_cursor=next_cursor(found, limit, lambda each: (each[0].starts, each[0].id)),
    )


@router.get("/schedule", response_model=Schedule, responses=_CALENDAR)
async def by_day(
    event_id: EventId,
    caller: Holder,
    db: Db,
    now: Now,
    config: Config,
    language: Asked = None,
    accept: Accept = "",
    accept_language: AcceptLanguage = "",
) -> Response:
    """The sessions day by day in the event's zone, and track by track. Customers.

    By `Accept: text/calendar` a calendar, as at `/schedule.ics`.
    """
    event, found = await _program(db, caller, event_id)
    headers = {"Vary": "Accept, Accept-Language", "Cache-Control": "private, no-cache"}
    if "text/calendar" in accept:
        wanted = language or preferred(accept_language)
        return _calendar(event, found, wanted, now(), config, headers)
    body = schedule(event, found).model_dump_json(by_alias=True)
    return Response(body, media_type="application/json", headers=headers)


@router.get("/schedule.ics", response_class=Response, responses=_CALENDAR)
async def as_calendar(
    event_id: EventId,
    caller: Holder,
    db: Db,
    now: Now,
    config: Config,
    language: Asked = None,
    accept_language: AcceptLanguage = "",
) -> Response:
    """The sessions as a calendar that calendar programs read. Customers."""
    event, found = await _program(db, caller, event_id)
    headers = {"Vary": "Accept-Language", "Cache-Control": "private, no-cache"}
    return _calendar(event, found, language or preferred(accept_language), now(), config, headers)


async def _program(db: Database, caller: Caller, event: str) -> tuple[Event, list[tuple[Session, int]]]:
    def query(connection: Connection) -> tuple[Event, list[tuple[Session, int]]]:
        found = standing(connection, caller, event).event
        return found, _counted(connection, store.listed(connection, caller.org, event))

    return await db.read(query)


def _counted(connection: Connection, found: list[Session]) -> list[tuple[Session, int]]:
    """Each with the seats that are taken."""
    if not found:
        return []
    taken = store.taken(connection, found[0].org, found[0].event, [session.id for session in found])
    return [(session, taken[session.id]) for session in found]


def _calendar(
    event: Event,
    found: list[tuple[Session, int]],
    language: str,
    now: Instant,
    config: Settings,
    headers: dict[str, str],
) -> Response:
    text = schedule_ics(event, [session for session, _ in found], language, now, config.base_url)
    disposition = f'attachment; filename="{event.slug}.ics"'
    return Response(text, media_type=ics.MEDIA_TYPE, headers={**headers, "Content-Disposition": disposition})
