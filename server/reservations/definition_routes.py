"""Routes of bookable services."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from sqlalchemy import Connection

from server.auth.caller import ANYBODY, Allow, Caller
from server.db.database import Transaction
from server.etags import IfMatch, tag
from server.queues.dependencies import PREFIX, Clerk, PathId
from server.reservations import definitions, store
from server.reservations.schemas import DefinitionIn, DefinitionOut, DefinitionSettings
from server.wire import Config, Cursor, Db, Limit, Page, cursor_values, next_cursor

router = APIRouter(prefix=f"{PREFIX}/definitions", tags=["reservations"])

Known = Annotated[Caller, Depends(Allow(staff=ANYBODY, modes={"desk", "welcome", "display"}, customer=True))]


@router.get("")
async def get_all(
    caller: Known, db: Db, config: Config, limit: Limit = 50, cursor: Cursor = None
) -> Page[DefinitionOut]:
    """What can be booked, by id. Staff, customers; devices what is at their service points."""
    after = str(cursor_values(cursor, str)[0]) if cursor else None

    def query(connection: Connection) -> Page[DefinitionOut]:
        found = store.definitions_of(connection, caller.org, limit + 1, after, caller.own())
        items = [definitions.shown(connection, each, config.base_url) for each in found[:limit]]
        return Page(items=items, next_cursor=next_cursor(found, limit, lambda each: (each.id,)))

    return await db.read(query)


@router.post("", status_code=201)
async def create(
    body: DefinitionIn, caller: Clerk, db: Db, config: Config, response: Response
) -> DefinitionOut:
    """Makes a service that can be booked. Staff with `desk`."""

    def job(transaction: Transaction) -> DefinitionOut:
        made = definitions.create(transaction, caller.org, caller.actor, body)
        return definitions.shown(transaction.connection, made, config.base_url)

    made = await db.write(job)
    tag(response, made)
    return made


@router.put("/{id}")
async def change(
    id_: PathId,
    body: DefinitionSettings,
    caller: Clerk,
    db: Db,
    config: Config,
    response: Response,
    if_match: IfMatch = None,
) -> DefinitionOut:
    """Changes a service as a whole; what is booked stays as it was booked, only its reminders go by the new
    schedule. Staff with `desk`."""

    def job(transaction: Transaction) -> DefinitionOut:
        changed = definitions.change(
            transaction, caller.org, caller.actor, id_, body, if_match, config.base_url
        )
        return definitions.shown(transaction.connection, changed, config.base_url)

    changed = await db.write(job)
    tag(response, changed)
    return changed


@router.delete("/{id}", status_code=204)
async def delete(id_: PathId, caller: Clerk, db: Db) -> None:
    """Nobody can book it any more; what is booked stays. Staff with `desk`."""
    await db.write(lambda transaction: definitions.drop(transaction, caller.org, caller.actor, id_))
