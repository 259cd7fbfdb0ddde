"""Routes of an attendee's tickets: all, one, its code, its perks, giving it away, claiming one."""

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from sqlalchemy import Connection

from domain.errors import Conflict
from server.auth.caller import Caller
from server.auth.limits import RateLimit
from server.customer.dependencies import PREFIX, Customer, Holder, TicketId, account
from server.customer.ticket_answers import own_ticket
from server.customer.ticket_schemas import ClaimIn, OfferIn, OwnTicket, PerkOut, Perks
from server.db.database import Transaction
from server.ticketing import owning, perks, pictures, service, transfers
from server.ticketing.owning import Owned
from server.ticketing.schemas import CodeOut
from server.ticketing.states import VOID
from server.ticketing.transfers import Giver
from server.wire import Cursor, Db, Limit, Now, Page, cursor_values, next_cursor

router = APIRouter(prefix=f"{PREFIX}/tickets", tags=["attendees"])

# A mail to anybody, in words of the caller's own.
OFFER = RateLimit("ticket offer", "60/hour", "30/hour")
CLAIM = RateLimit("ticket claim", "60/minute")


@router.get("/mine")
async def mine(caller: Holder, db: Db, limit: Limit = 50, cursor: Cursor = None) -> Page[OwnTicket]:
    """The caller's tickets of all events, by the events' start, the latest first. Customers."""
    values = cursor_values(cursor, int, str) if cursor else None
    after = (int(values[0]), str(values[1])) if values else None
    found = await db.read(lambda c: owning.mine(c, caller.org, caller.id, after, limit + 1))
    return Page[OwnTicket](
        items=[own_ticket(each, caller.id) for each in found[:limit]],
        next_cursor=next_cursor(found, limit, lambda each: (each.event.starts, each.ticket.id)),
    )


@router.get("/{ticketId}")
async def one(ticket_id: TicketId, caller: Holder, db: Db) -> OwnTicket:
    """One ticket of the caller. Customers."""
    return own_ticket(await db.read(lambda c: _own(c, caller, ticket_id)), caller.id)


@router.get("/{ticketId}/qr", response_model=CodeOut, responses=pictures.RESPONSES)
async def picture(
    ticket_id: TicketId, caller: Holder, db: Db, now: Now, accept: Annotated[str, Header()] = ""
) -> Response:
    """The entry code as a QR picture: SVG, or by `Accept` PNG, or JSON `{code}`. Customers.

    `409 ticket_state` for a ticket that was cancelled or refunded.
    """

    def query(connection: Connection) -> tuple[str, str]:
        ticket = _own(connection, caller, ticket_id).ticket
        if ticket.state in VOID:
            raise Conflict(f"this ticket is {ticket.state} and has no code", code="ticket_state")
        return service.code_of(connection, ticket), service.shown_code(connection, ticket, now())

    return await pictures.answer(*await db.read(query), accept)


@router.get("/{ticketId}/perks")
async def given(ticket_id: TicketId, caller: Holder, db: Db) -> Perks:
    """What the tier gives, each with whether it was handed out. Customers."""

    def query(connection: Connection) -> Perks:
        ticket = _own(connection, caller, ticket_id).ticket
        found = perks.of_ticket(connection, ticket)
        return Perks(
            items=[PerkOut(perk=each.perk, redeemed=each.at is not None, at=each.at) for each in found]
        )

    return await db.read(query)


@router.post("/{ticketId}/transfer")
async def offer(ticket_id: TicketId, body: OfferIn, caller: Holder, request: Request, db: Db) -> OwnTicket:
    """Offers a ticket to somebody, who is mailed a link to claim it. Customers.

    It lets its owner in until then; a new offer replaces the one before. `409`: `ticket_state`, `own_ticket`,
    `event_state`, `event_over`.
    """
    OFFER.of(request, caller.actor)
    OFFER.of(request, body.email)

    def job(transaction: Transaction) -> Owned:
        who = account(transaction.connection, caller)
        giver = Giver(who.email, who.name, who.language, caller.actor, caller.id)
        ticket = _own(transaction.connection, caller, ticket_id, lock=True).ticket
        transfers.offer(transaction, ticket, giver, body.email, body.message)
        return _own(transaction.connection, caller, ticket_id)

    return own_ticket(await db.write(job), caller.id)


@router.delete("/{ticketId}/transfer", status_code=204)
async def withdraw(ticket_id: TicketId, caller: Holder, db: Db) -> None:
    """Takes the offer back: its link serves no more. Customers."""

    def job(transaction: Transaction) -> None:
        ticket = _own(transaction.connection, caller, ticket_id, lock=True).ticket
        transfers.withdraw(transaction, ticket, caller.actor)

    await db.write(job)


@router.post("/claim")
async def claim(body: ClaimIn, caller: Customer, request: Request, db: Db) -> OwnTicket:
    """Makes an offered ticket the caller's, with a new code; the old one is void from then on. Customers.

    `410 offer_ended` for one that was claimed before or taken back, or whose event is called off or over.
    """
    await CLAIM(request)

    def job(transaction: Transaction) -> Owned:
        taker = account(transaction.connection, caller)
        ticket = transfers.claim(transaction, caller.org, body.token, taker)
        return _own(transaction.connection, caller, ticket.id)

    return own_ticket(await db.write(job), caller.id)


def _own(connection: Connection, caller: Caller, id_: str, *, lock: bool = False) -> Owned:
    return owning.one(connection, caller.org, caller.id, id_, lock=lock)
