"""Routes of tickets: `/api/organizations/{orgId}/events/{eventId}/tickets`."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Response
from sqlalchemy import Connection

from domain.errors import FieldError, Invalid
from domain.ticket import TicketState
from server.auth.staff_routes import organization
from server.db.database import Transaction
from server.etags import IfMatch, check, tag
from server.events.routes import EventId, Organiser
from server.events.service import event_of
from server.ticketing import issuing, pictures, service, store, types
from server.ticketing.holders import mail_ticket, mail_void
from server.ticketing.issuing import New, Wrong
from server.ticketing.schemas import CodeOut, Issued, TicketOut, TicketPatch, TicketsIn, TicketWithCode
from server.ticketing.service import shown
from server.ticketing.states import VOID
from server.ticketing.store import Filters, Kept
from server.wire import Cursor, Db, Id, Limit, Now, Page, Text, cursor_values, next_cursor

router = APIRouter(
    prefix="/api/organizations/{orgId}/events/{eventId}/tickets",
    tags=["ticketing"],
    dependencies=[Depends(organization)],
)

TicketId = Annotated[Id, Path(alias="ticketId", description="The ticket's id.")]


@router.post("", status_code=201)
async def issue(event_id: EventId, caller: Organiser, database: Db, body: TicketsIn) -> Issued:
    """Issues tickets, all or none, and answers them with their codes. Staff `events`.

    A quota holds under any number of requests at once: past it the answer is `409 sold_out`.
    """
    asked = [New.of(ticket) for ticket in body.tickets]

    def query(connection: Connection) -> list[Wrong]:
        event_of(connection, caller.org, event_id)
        tiers = {tier.id: tier for tier in types.tiers(connection, caller.org, event_id)}
        unknown = issuing.wrong_types(asked, tiers)
        return unknown or issuing.wrong_codes(connection, caller.org, event_id, asked)

    _refuse(await database.read(query))
    reserved = await database.write(
        lambda t: issuing.reserve(t, caller.org, event_id, caller.actor, len(asked))
    )
    _refuse(issuing.wrong_types(asked, reserved.tiers))
    made = await asyncio.to_thread(issuing.prepare, reserved, asked)
    tickets = [each.ticket for each in made]
    await database.write(lambda t: issuing.issue(t, reserved, tickets, caller.actor))
    return Issued(items=[_with_code(each.ticket, each.code) for each in made])


@router.get("")
async def listed(
    event_id: EventId,
    caller: Organiser,
    database: Db,
    state: TicketState | None = None,
    type: Id | None = None,
    text: Annotated[
        Text, Query(description="Beginnings of words of name, e-mail address or order number.")
    ] = "",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[TicketOut]:
    """The tickets of an event by their numbers, without their codes. Staff `events`."""
    after = int(cursor_values(cursor, int)[0]) if cursor else 0
    filters = Filters(state, type, text)

    def query(connection: Connection) -> list[Kept]:
        event_of(connection, caller.org, event_id)
        return store.listed(connection, caller.org, event_id, filters, after, limit + 1)

    found = await database.read(query)
    return Page[TicketOut](
        items=[shown(ticket) for ticket in found[:limit]],
        next_cursor=next_cursor(found, limit, lambda ticket: (ticket.number,)),
    )


@router.get("/{ticketId}")
async def one(
    event_id: EventId, ticket_id: TicketId, caller: Organiser, database: Db, response: Response
) -> TicketWithCode:
    """One ticket with its code. Staff `events`."""

    def query(connection: Connection) -> tuple[Kept, str]:
        ticket = service.ticket_of(connection, caller.org, event_id, ticket_id)
        return ticket, service.code_of(connection, ticket)

    ticket, code = await database.read(query)
    tag(response, shown(ticket))
    return _with_code(ticket, code)


@router.get("/{ticketId}/qr", response_model=CodeOut, responses=pictures.RESPONSES)
async def picture(
    event_id: EventId,
    ticket_id: TicketId,
    caller: Organiser,
    database: Db,
    now: Now,
    accept: Annotated[str, Header()] = "",
) -> Response:
    """The code as a QR picture: SVG, or by `Accept` PNG, or JSON with the text. Staff `events`."""

    def query(connection: Connection) -> tuple[str, str]:
        ticket = service.ticket_of(connection, caller.org, event_id, ticket_id)
        return service.code_of(connection, ticket), service.shown_code(connection, ticket, now())

    return await pictures.answer(*await database.read(query), accept)


@router.patch("/{ticketId}")
async def change(
    event_id: EventId,
    ticket_id: TicketId,
    caller: Organiser,
    database: Db,
    response: Response,
    patch: TicketPatch,
    if_match: IfMatch = None,
) -> TicketOut:
    """Changes what a ticket says; `act` pays, approves, blocks, unblocks, cancels or refunds it.

    Staff `events`. An act that its state does not allow is `409 ticket_state`, with what is allowed. An act
    is about this ticket alone: it moves no money, so that what an order paid goes back by the refund of the
    order. Who has a ticket is told once it is void.
    """
    fields = {name: value for name, value in patch.given().items() if name != "act"}

    def job(transaction: Transaction) -> Kept:
        ticket = service.ticket_of(transaction.connection, caller.org, event_id, ticket_id, lock=True)
        check(if_match, shown(ticket))
        changed = service.change(transaction, ticket, caller.actor, fields, patch.act)
        if changed.state in VOID and ticket.state not in VOID:
            mail_void(transaction, changed, changed.state.value)
        return changed

    ticket = await database.write(job)
    tag(response, shown(ticket))
    return shown(ticket)


@router.post("/{ticketId}/reissue")
async def reissue(
    event_id: EventId, ticket_id: TicketId, caller: Organiser, database: Db, response: Response
) -> TicketWithCode:
    """Gives a ticket a new code, which is mailed to who has it; the old one is refused as `revoked` from now
    on. Staff `events`."""

    def job(transaction: Transaction) -> tuple[Kept, str]:
        ticket = service.ticket_of(transaction.connection, caller.org, event_id, ticket_id, lock=True)
        changed, code = service.reissue(transaction, ticket, caller.actor)
        mail_ticket(transaction, changed)
        return changed, code

    ticket, code = await database.write(job)
    tag(response, shown(ticket))
    return _with_code(ticket, code)


def _with_code(ticket: Kept, code: str) -> TicketWithCode:
    return TicketWithCode(**shown(ticket).model_dump(), code=code)


def _refuse(wrong: list[Wrong]) -> None:
    """Raises `Invalid` with the place of each fault."""
    if wrong:
        errors = [FieldError(("body", "tickets", each.index, each.field), each.msg) for each in wrong]
        first = wrong[0]
        raise Invalid(f"ticket {first.index + 1}: {first.msg}; nothing was issued", errors=errors)
