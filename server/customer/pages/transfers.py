"""Pages on which a ticket goes from one to another: offered by its owner, claimed by who has the link."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from sqlalchemy import Connection

from domain.errors import Conflict, Forbidden, Gone
from server.auth import accounts, customer_service
from server.auth.accounts import Account
from server.auth.customer_store import Link
from server.auth.routes import SignInOf
from server.customer.pages import tickets
from server.customer.pages.passes import own_address, passes
from server.customer.pages.tickets import TicketId
from server.customer.pages.visitor import Holder, known, remember
from server.customer.ticket_routes import CLAIM, OFFER
from server.db.database import Transaction
from server.events.service import event_of
from server.pages import look
from server.pages.forms import Form, own_page
from server.pages.language import language_of
from server.pages.look import LOOK
from server.pages.organizer import Organizer, organizer
from server.ticketing import owning, transfers
from server.ticketing.owning import Owned
from server.ticketing.transfers import Giver, Transfer
from server.wire import Config, Db, Now

router = APIRouter(include_in_schema=False)

Token = Annotated[str, Path(max_length=100)]
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Shown:
    organization: Organizer
    owned: Owned


@router.post("/my/tickets/{ticketId}/offer", dependencies=[Depends(LOOK)])
async def offer(
    ticket_id: TicketId, request: Request, form: Form, db: Db, now: Now, visitor: Holder
) -> Response:
    """Offers a ticket of one's own, and leads back to its page; to an address that will not do, shows that
    page with what is wrong."""
    giver, email, message = known(visitor), form.mail("email"), form.text("message", _LONGEST)

    def job(transaction: Transaction, to: str) -> str:
        owned = owning.one(transaction.connection, giver.org, giver.id, ticket_id, lock=True)
        who = Giver(giver.email, giver.name, giver.language, f"customer:{giver.id}", giver.id)
        transfers.offer(transaction, owned.ticket, who, to, message)
        return _page(transaction.connection, owned)

    async def again(why: str, status: int) -> Response:
        at = now()
        shown = await db.read(
            lambda c: tickets.shown_ticket(c, owning.one(c, giver.org, giver.id, ticket_id), at)
        )
        wrong = language_of(request, shown.event.languages).say(f"wrong.{why}")
        typed = {"email": form.text("email"), "message": message}
        code = shown.held.code or ""
        return tickets.page(request, shown, code, at, giver, typed=typed, wrong=wrong, status=status)

    if email is None:
        return await again("mail", 422)
    OFFER.of(request, f"customer:{giver.id}")
    OFFER.of(request, email)
    try:
        return look.go(await db.write(lambda transaction: job(transaction, email)))
    except Conflict as refusal:
        if refusal.code != "own_ticket":
            raise
        return await again("own_address", refusal.status)


@router.post("/my/tickets/{ticketId}/take-back", dependencies=[Depends(LOOK), Depends(own_page)])
async def take_back(ticket_id: TicketId, db: Db, visitor: Holder) -> Response:
    """Takes the offer back; where there is none any more, its page shows what became of it."""
    giver = known(visitor)

    def job(transaction: Transaction) -> str:
        owned = owning.one(transaction.connection, giver.org, giver.id, ticket_id, lock=True)
        if owned.offered is not None:
            transfers.withdraw(transaction, owned.ticket, f"customer:{giver.id}")
        return _page(transaction.connection, owned)

    return look.go(await db.write(job))


@router.get("/claim/{token}", dependencies=[Depends(LOOK)])
async def offered(token: Token, request: Request, db: Db, now: Now) -> Response:
    """Shows what is offered, without taking it: programs that look through mails open links too."""

    def query(connection: Connection) -> Shown:
        transfer = _standing(connection, token)
        owned = owning.by_id(connection, transfer.org, transfer.ticket)
        if not transfers.is_on(event_of(connection, transfer.org, owned.ticket.event), now()):
            raise _ended()
        return Shown(organizer(connection, transfer.org), owned)

    shown = await db.read(query)
    return look.show(
        request,
        "claim",
        language_of(request),
        organization=shown.organization,
        event=shown.owned.event,
        tier=shown.owned.type,
        token=token,
    )


@router.post("/claim/{token}", dependencies=[Depends(CLAIM), Depends(own_page)])
async def claim(token: Token, request: Request, db: Db, sign_in: SignInOf, config: Config) -> Response:
    """Takes the ticket. The link was mailed to its address alone, so that it signs in too."""
    proven, language = request.app.state.proven, language_of(request).tag
    taken: list[str] = []

    def job(transaction: Transaction) -> Account:
        transfer = _standing(transaction.connection, token)
        link = Link("", transfer.org, transfer.email, "", language, None, transaction.now)
        taker = customer_service.prove(transaction, link, proven)
        account = accounts.of_customer(taker)
        if account is None:
            raise Forbidden("this account was closed; ask the organiser", code="account_closed")
        ticket = transfers.claim(transaction, transfer.org, token, taker)
        taken[:] = [
            _page(transaction.connection, owning.by_id(transaction.connection, ticket.org, ticket.id))
        ]
        return account

    signed_in = await sign_in.begin(job)
    response = look.go(taken[0])
    remember(request, response, signed_in, config)
    return response


def _standing(connection: Connection, token: str) -> Transfer:
    """Raises `Gone` for a link that serves no more or never was one."""
    transfer = transfers.offered(connection, token)
    if transfer is None:
        raise _ended()
    return transfer


def _ended() -> Gone:
    return Gone("this ticket was claimed, or is not offered any more", code="offer_ended")


def _page(connection: Connection, owned: Owned) -> str:
    [held] = passes(connection, [owned])
    return held.address or own_address(owned.ticket)
