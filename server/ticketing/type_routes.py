"""Routes of ticket types, and of the keys that sign ticket codes."""

from base64 import b64encode
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from sqlalchemy import Connection, select

from server.auth.staff_routes import Admin, organization
from server.db.database import Transaction
from server.etags import IfMatch, check, tag
from server.events.routes import EventId, Organiser
from server.events.service import event_of
from server.ticketing import codes, types
from server.ticketing.schemas import KeyOut, TypeIn, TypeOut, TypePatch
from server.ticketing.tables import ticket_keys
from server.ticketing.types import Tier, shown
from server.wire import Cursor, Db, Id, Limit, Page, cursor_values, next_cursor

router = APIRouter(
    prefix="/api/organizations/{orgId}", tags=["ticketing"], dependencies=[Depends(organization)]
)

TypeId = Annotated[Id, Path(alias="typeId", description="The ticket type's id.")]


@router.get("/events/{eventId}/ticket-types")
async def listed(
    event_id: EventId, caller: Organiser, database: Db, limit: Limit = 50, cursor: Cursor = None
) -> Page[TypeOut]:
    """The ticket types of an event, in the order in which they were made. Staff `events`."""
    after = int(cursor_values(cursor, int)[0]) if cursor else 0

    def query(connection: Connection) -> list[Tier]:
        event_of(connection, caller.org, event_id)
        return types.listed(connection, caller.org, event_id, after, limit + 1)

    found = await database.read(query)
    return Page[TypeOut](
        items=[shown(tier) for tier in found[:limit]],
        next_cursor=next_cursor(found, limit, lambda tier: (tier.number,)),
    )


@router.post("/events/{eventId}/ticket-types", status_code=201)
async def add(event_id: EventId, caller: Organiser, database: Db, response: Response, new: TypeIn) -> TypeOut:
    """Makes a ticket type. A client may choose the id. Staff `events`."""
    tier = await database.write(lambda t: types.add(t, caller.org, event_id, caller.actor, new))
    tag(response, shown(tier))
    return shown(tier)


@router.get("/events/{eventId}/ticket-types/{typeId}")
async def one(
    event_id: EventId, type_id: TypeId, caller: Organiser, database: Db, response: Response
) -> TypeOut:
    """One ticket type. Staff `events`."""
    tier = await database.read(lambda c: types.tier_of(c, caller.org, event_id, type_id))
    tag(response, shown(tier))
    return shown(tier)


@router.patch("/events/{eventId}/ticket-types/{typeId}")
async def change(
    event_id: EventId,
    type_id: TypeId,
    caller: Organiser,
    database: Db,
    response: Response,
    patch: TypePatch,
    if_match: IfMatch = None,
) -> TypeOut:
    """Changes what is given; a smaller quota takes nothing back. Staff `events`."""

    def job(transaction: Transaction) -> Tier:
        tier = types.tier_of(transaction.connection, caller.org, event_id, type_id, lock=True)
        check(if_match, shown(tier))
        return types.change(transaction, tier, caller.actor, patch.given())

    tier = await database.write(job)
    tag(response, shown(tier))
    return shown(tier)


@router.delete("/events/{eventId}/ticket-types/{typeId}", status_code=204)
async def remove(event_id: EventId, type_id: TypeId, caller: Organiser, database: Db) -> None:
    """Deletes a type of which no ticket was ever issued. Staff `events`."""

    def job(transaction: Transaction) -> None:
        tier = types.tier_of(transaction.connection, caller.org, event_id, type_id, lock=True)
        types.remove(transaction, tier, caller.actor)

    await database.write(job)


@router.get("/ticket-keys")
async def keys(caller: Admin, database: Db) -> list[KeyOut]:
    """The public keys that verify this organisation's ticket codes, the newest first. Staff `admin`."""

    def query(connection: Connection) -> list[KeyOut]:
        asked = select(ticket_keys).where(ticket_keys.c.org == caller.org)
        return [
            KeyOut(number=row.number, public=b64encode(row.public).decode(), created=row.created)
            for row in connection.execute(asked.order_by(ticket_keys.c.number.desc()))
        ]

    return await database.read(query)


@router.post("/ticket-keys/rotate", status_code=201)
async def rotate(caller: Admin, database: Db) -> list[KeyOut]:
    """Signs with a new key from now on; codes signed before stay good. Staff `admin`."""
    await database.write(lambda t: codes.rotate(t, caller.org, caller.actor))
    return await keys(caller, database)
