"""Routes of CRM events."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlalchemy import Connection

from server.contacts.agenda import service
from server.contacts.agenda.schemas import About, CrmEventChange, CrmEventIn, CrmEventOut
from server.contacts.agenda.service import Filters
from server.contacts.routes import NearPeople, PathId
from server.etags import IfMatch, tag
from server.wire import At, Cursor, Db, Id, Limit, Page, cursor_values, next_cursor

router = APIRouter(prefix="/api/crm/events", tags=["crm events"])


@router.get("/get")
async def get_all(
    caller: NearPeople,
    db: Db,
    about: Annotated[About | None, Query(alias="subjectType")] = None,
    subject: Annotated[Id | None, Query(description="The id of a contact, lead or merchant.")] = None,
    owner: Annotated[Id | None, Query(description="A member of staff.")] = None,
    since: Annotated[At | None, Query(alias="from")] = None,
    until: Annotated[At | None, Query(alias="to")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[CrmEventOut]:
    """Events by their starts; `from` and `to` frame a time that they meet. Staff `support`, `events` or
    `desk`."""
    after = cursor_values(cursor, int, str) if cursor else None
    place = (int(after[0]), str(after[1])) if after else None
    wanted = Filters(about, subject, owner, since, until)

    def query(connection: Connection) -> Page[CrmEventOut]:
        found = service.listed(connection, caller.org, wanted, place, limit + 1)
        more = next_cursor(found, limit, lambda each: (each.start, each.id))
        return Page(items=found[:limit], next_cursor=more)

    return await db.read(query)


@router.get("/get/{id}")
async def get_one(id_: PathId, caller: NearPeople, db: Db, response: Response) -> CrmEventOut:
    """One event. Staff `support`, `events` or `desk`."""
    found = await db.read(lambda connection: service.one(connection, caller.org, id_))
    tag(response, found)
    return found


@router.post("/create", status_code=201)
async def create(body: CrmEventIn, caller: NearPeople, db: Db, response: Response) -> CrmEventOut:
    """Makes an event, which the contact's timeline tells. Staff `support`, `events` or `desk`."""
    made = await db.write(lambda transaction: service.create(transaction, caller, body))
    tag(response, made)
    return made


@router.put("/update")
async def change(
    body: CrmEventChange, caller: NearPeople, db: Db, response: Response, if_match: IfMatch = None
) -> CrmEventOut:
    """Changes what the body names. Staff `support`, `events` or `desk`."""
    changed = await db.write(lambda transaction: service.change(transaction, caller, body, if_match))
    tag(response, changed)
    return changed


@router.delete("/delete/{id}", status_code=204)
async def delete(id_: PathId, caller: NearPeople, db: Db) -> None:
    """Deletes an event. Staff `support`, `events` or `desk`."""
    await db.write(lambda transaction: service.drop(transaction, caller, id_))
