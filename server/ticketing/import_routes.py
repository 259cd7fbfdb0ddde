"""The route that imports tickets from a file."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Connection

from domain.clock import Instant
from domain.errors import FieldError, Invalid, NotFound, Unreadable
from server.auth.caller import Caller
from server.auth.staff_routes import organization
from server.db.database import Database
from server.events.routes import EventId, Organiser
from server.events.service import event_of
from server.ticketing import issuing, sheet, types
from server.ticketing.schemas import ImportOut
from server.ticketing.sheet import Sheet
from server.ticketing.types import Tier
from server.wire import Db, Id, Now

router = APIRouter(
    prefix="/api/organizations/{orgId}/events/{eventId}/tickets",
    tags=["ticketing"],
    dependencies=[Depends(organization)],
)

_FILE = {
    "requestBody": {
        "required": True,
        "content": {"text/csv": {"schema": {"type": "string", "example": "name,type\nAda,vip\n"}}},
    }
}


@router.post("/import", openapi_extra=_FILE)
async def import_(
    request: Request,
    event_id: EventId,
    caller: Organiser,
    database: Db,
    now: Now,
    dry_run: Annotated[bool, Query(alias="dryRun", description="Only say what would happen.")] = False,
    type: Annotated[Id | None, Query(description="The type of lines that name none.")] = None,
) -> ImportOut:
    """Imports tickets from a CSV file, the body of the request: all of them or none. Staff `events`.

    The first line names the columns: code, name, email, order, type, seat, session, state, note. A code
    may be any text of another system, up to 255 characters; without one a code is signed. Where lines
    are wrong the answer is `422 import_broken`, with line, column and what to do in `report`.
    """
    body = await _body(request)
    tiers = await database.read(lambda c: _tiers(c, caller.org, event_id, type))
    read = await asyncio.to_thread(sheet.read, body, tiers, type)
    read.wrong_tickets(
        await database.read(lambda c: issuing.wrong_codes(c, caller.org, event_id, read.tickets))
    )
    lines = len(read.tickets)
    if dry_run:
        at = now()
        await database.read(lambda c: _check_quotas(c, caller.org, event_id, read, at))
    elif read.errors:
        raise _broken(read)
    elif read.tickets:
        await _issue(database, caller, event_id, read)
    return ImportOut(
        lines=lines,
        imported=0 if dry_run else lines,
        dry_run=dry_run,
        errors=read.errors,
        report=read.report,
    )


async def _issue(database: Database, caller: Caller, event: str, read: Sheet) -> None:
    reserved = await database.write(
        lambda t: issuing.reserve(t, caller.org, event, caller.actor, len(read.tickets))
    )
    if issuing.wrong_types(read.tickets, reserved.tiers):
        raise Invalid("a ticket type was deleted in the meantime: nothing was imported")
    made = await asyncio.to_thread(issuing.prepare, reserved, read.tickets)
    # Very many tickets are held once only: here, then in the database.
    read.tickets.clear()
    tickets = [each.ticket for each in made]
    made.clear()
    await database.write(lambda t: issuing.issue_imported(t, reserved, tickets, caller.actor))


async def _body(request: Request) -> bytes:
    if request.headers.get("content-type", "").startswith("multipart/"):
        raise Unreadable("send the file itself as the body, with Content-Type: text/csv")
    body = bytearray()
    async for part in request.stream():
        body += part
    return bytes(body)


def _tiers(connection: Connection, org: str, event: str, default: str | None) -> list[Tier]:
    event_of(connection, org, event)
    tiers = types.tiers(connection, org, event)
    if default is not None and default not in {tier.id for tier in tiers}:
        raise NotFound("there is no ticket type with this id")
    return tiers


def _check_quotas(connection: Connection, org: str, event: str, read: Sheet, now: Instant) -> None:
    issuing.check_quotas(connection, org, event, issuing.places(read.tickets), now, lock=False)


def _broken(read: Sheet) -> Invalid:
    many = f"{read.errors} lines are" if read.errors > 1 else "1 line is"
    first = read.report[0]
    place = f"line {first.line}" + (f", {first.column}" if first.column else "")
    return Invalid(
        f"{many} wrong and nothing was imported; the first: {place}: {first.msg}",
        code="import_broken",
        errors=[FieldError(("line", error.line, error.column), error.msg) for error in read.report],
        more={"errorsInAll": read.errors, "report": [error.model_dump() for error in read.report]},
    )
