"""Routes of an organisation's events: `/api/organizations/{orgId}/events`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from server.auth.caller import Allow, Caller
from server.auth.staff_routes import organization
from server.db.database import Transaction
from server.etags import IfMatch, check, tag
from server.events import service, store
from server.events.life import EventState, Step
from server.events.schemas import EventIn, EventOut, EventPatch
from server.events.service import shown
from server.events.store import Filters
from server.wire import At, Cursor, Db, Id, Limit, Page, Text, cursor_values, next_cursor

router = APIRouter(
    prefix="/api/organizations/{orgId}/events", tags=["events"], dependencies=[Depends(organization)]
)

Organiser = Annotated[Caller, Depends(Allow(staff="events"))]
EventId = Annotated[Id, Path(alias="eventId", description="The event's id.")]


@router.get("")
async def listed(
    caller: Organiser,
    database: Db,
    since: Annotated[At | None, Query(alias="from", description="Not over by then.")] = None,
    until: Annotated[At | None, Query(alias="to", description="Begun before then.")] = None,
    state: EventState | None = None,
    text: Annotated[Text, Query(description="Words in its name, place or id.")] = "",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[EventOut]:
    """The events by their start, the earliest first. Staff `events`."""
    after = cursor_values(cursor, int, str) if cursor else None
    place = (int(after[0]), str(after[1])) if after else None
    filters = Filters(since, until, state, text)
    found = await database.read(lambda c: store.listed(c, caller.org, filters, place, limit + 1))
    return Page[EventOut](
        items=[shown(event) for event in found[:limit]],
        next_cursor=next_cursor(found, limit, lambda event: (event.starts, event.id)),
    )


@router.post("", status_code=201)
async def add(caller: Organiser, database: Db, response: Response, new: EventIn) -> EventOut:
    """Makes a draft. A client may choose the id. Staff `events`."""
    event = shown(await database.write(lambda t: service.add(t, caller.org, caller.actor, new)))
    tag(response, event)
    return event


@router.get("/{eventId}")
async def one(event_id: EventId, caller: Organiser, database: Db, response: Response) -> EventOut:
    """One event. Staff `events`."""
    event = shown(await database.read(lambda c: service.event_of(c, caller.org, event_id)))
    tag(response, event)
    return event


@router.patch("/{eventId}")
async def change(
    event_id: EventId,
    caller: Organiser,
    database: Db,
    response: Response,
    patch: EventPatch,
    if_match: IfMatch = None,
) -> EventOut:
    """Changes what is given. Staff `events`."""

    def job(transaction: Transaction) -> EventOut:
        event = service.event_of(transaction.connection, caller.org, event_id, lock=True)
        check(if_match, shown(event))
        return shown(service.change(transaction, event, caller.actor, patch.given()))

    event = await database.write(job)
    tag(response, event)
    return event


@router.delete("/{eventId}", status_code=204)
async def remove(event_id: EventId, caller: Organiser, database: Db) -> None:
    """Deletes an event for which no ticket was ever issued. Staff `events`."""

    def job(transaction: Transaction) -> None:
        event = service.event_of(transaction.connection, caller.org, event_id, lock=True)
        service.remove(transaction, event, caller.actor)

    await database.write(job)


@router.post("/{eventId}/publish")
async def publish(event_id: EventId, caller: Organiser, database: Db, response: Response) -> EventOut:
    """From draft to published. Staff `events`."""
    return await _step(event_id, caller, database, response, Step.PUBLISH)


@router.post("/{eventId}/cancel")
async def cancel(event_id: EventId, caller: Organiser, database: Db, response: Response) -> EventOut:
    """From draft or published to cancelled. Staff `events`."""
    return await _step(event_id, caller, database, response, Step.CANCEL)


@router.post("/{eventId}/archive")
async def archive(event_id: EventId, caller: Organiser, database: Db, response: Response) -> EventOut:
    """Puts away a draft, a cancelled event, or one that is over. Staff `events`."""
    return await _step(event_id, caller, database, response, Step.ARCHIVE)


async def _step(event_id: str, caller: Caller, database: Db, response: Response, step: Step) -> EventOut:
    def job(transaction: Transaction) -> EventOut:
        event = service.event_of(transaction.connection, caller.org, event_id, lock=True)
        return shown(service.step(transaction, event, caller.actor, step))

    event = await database.write(job)
    tag(response, event)
    return event
