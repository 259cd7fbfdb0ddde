"""The page of a ticket: its code, large and bright, and what it is good for."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from sqlalchemy import Connection

from domain.clock import Instant
from domain.errors import Forbidden, NotFound
from server.auth.customer_store import Customer
from server.auth.limits import RateLimit
from server.customer.pages import passes
from server.customer.pages.passes import Digits, Pass
from server.customer.pages.visitor import Holder, Visitor, known
from server.customer.paper import tickets as paper
from server.events.life import EventState
from server.events.store import Event
from server.pages import look
from server.pages.language import language_of
from server.pages.look import LOOK
from server.pages.organizer import Organizer, organizer
from server.ticketing import owning, perks, transfers
from server.ticketing.owning import Owned
from server.ticketing.perks import Given
from server.ticketing.service import shown_code
from server.wire import Db, Id, Now

router = APIRouter(include_in_schema=False)

PAPER = RateLimit("page paper", "240/minute", "20/minute")
TicketId = Annotated[Id, Path(alias="ticketId")]
# All pages that are open in a venue, which may look from one address, each four times a minute.
WATCH = RateLimit("page ticket look", "12000/minute", "60/minute")
Code = Annotated[str, Path(alias="ticketCode", max_length=255)]
_AGAIN = 15
"""Without scripts a rotating code is asked for again after so many seconds."""


@dataclass(frozen=True, slots=True)
class Shown:
    organization: Organizer
    event: Event
    held: Pass
    code: str
    digits: Digits | None
    entered: Instant | None
    perks: tuple[Given, ...]
    mark: str


@router.get("/t/{ticketCode:path}/ticket.pdf", dependencies=[Depends(PAPER)])
async def on_paper(code: Code, request: Request, db: Db) -> Response:
    """A ticket to be printed, as long as it is good, for who has its code."""
    PAPER.of(request, code)

    def query(connection: Connection) -> tuple[Organizer, Event, Pass]:
        owned = passes.found(connection, code)
        [held] = passes.passes(connection, [owned])
        if not held.printable:
            raise NotFound("this ticket is not one for paper")
        return organizer(connection, owned.ticket.org), passes.event_of_pass(connection, owned), held

    host, event, held = await db.read(query)
    return await printed(request, host, event, [held])


@router.get("/t/{ticketCode:path}/now", dependencies=[Depends(WATCH)])
async def mark(
    code: Code,
    request: Request,
    db: Db,
    visitor: Visitor,
    k: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """What an open page compares with what it was given: anything else, and there is news of the ticket."""
    WATCH.of(request, code)

    def query(connection: Connection) -> str:
        owned = _opened(connection, code, visitor, k)
        if owned is None:
            raise Forbidden("open the page by its whole address")
        return _mark(owned, passes.entered(connection, owned.ticket))

    headers = {**look.HEADERS, "Cache-Control": "no-store"}
    return Response(await db.read(query), media_type="text/plain", headers=headers)


@router.get("/t/{ticketCode:path}", dependencies=[Depends(LOOK)])
async def one(
    code: Code,
    request: Request,
    db: Db,
    now: Now,
    visitor: Holder,
    k: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """A ticket, for who has its code; where the code rotates, for its owner and who has its whole address."""
    at = now()

    def query(connection: Connection) -> Shown | Organizer:
        owned = _opened(connection, code, visitor, k)
        if owned is None:
            return organizer(connection, passes.found(connection, code).ticket.org)
        return shown_ticket(connection, owned, at)

    shown = await db.read(query)
    if isinstance(shown, Organizer):
        return look.show(request, "closed_ticket", language_of(request), status=403, organization=shown)
    return page(request, shown, code, at, visitor)


@router.get("/my/tickets/{ticketId}", dependencies=[Depends(LOOK)])
async def own(ticket_id: TicketId, request: Request, db: Db, now: Now, visitor: Holder) -> Response:
    """A ticket of one's own, also one whose code another system made."""
    owner, at = known(visitor), now()
    shown = await db.read(lambda c: shown_ticket(c, owning.one(c, owner.org, owner.id, ticket_id), at))
    return page(request, shown, shown.held.code or "", at, owner)


def shown_ticket(connection: Connection, owned: Owned, at: Instant) -> Shown:
    [held] = passes.passes(connection, [owned])
    entered = passes.entered(connection, owned.ticket)
    return Shown(
        organizer(connection, owned.ticket.org),
        passes.event_of_pass(connection, owned),
        held,
        shown_code(connection, owned.ticket, at) if held.good else "",
        passes.digits(connection, owned.ticket, at) if owned.type.rotating and held.good else None,
        entered,
        tuple(perks.of_ticket(connection, owned.ticket)),
        _mark(owned, entered),
    )


def _opened(connection: Connection, code: str, visitor: Customer | None, key: str) -> Owned | None:
    """The ticket of a code; None where the code rotates, for who is not its owner and has not its key."""
    owned = passes.found(connection, code)
    own = visitor is not None and visitor.id == owned.ticket.owner
    return owned if own or passes.opens(connection, owned, key) else None


def _mark(owned: Owned, entered: Instant | None) -> str:
    """A text that is another one after every change of a ticket."""
    return blake2b(repr((owned, entered)).encode(), digest_size=8).hexdigest()


def page(
    request: Request,
    shown: Shown,
    code: str,
    at: Instant,
    visitor: Customer | None,
    *,
    typed: Mapping[str, str] | None = None,
    wrong: str = "",
    status: int = 200,
) -> Response:
    """The page of a ticket; `wrong` says why it could not be offered to whom was `typed`."""
    owner = visitor if visitor and visitor.id == shown.held.ticket.owner else None
    past = shown.event.ends <= at
    return look.show(
        request,
        "ticket",
        language_of(request, shown.event.languages),
        status=status,
        organization=shown.organization,
        event=shown.event,
        held=shown.held,
        ticket=shown.held.ticket,
        tier=shown.held.owned.type,
        code=shown.code,
        plain=code,
        digits=shown.digits,
        now=at,
        past=past,
        on=transfers.is_on(shown.event, at),
        coming=not past and shown.event.state is EventState.PUBLISHED,
        entered=shown.entered,
        perks=shown.perks,
        mark=shown.mark,
        again=_AGAIN,
        owner=owner,
        typed=typed or {},
        wrong=wrong,
    )


async def printed(request: Request, host: Organizer, event: Event, held: Sequence[Pass]) -> Response:
    """Tickets of an event as a file to print."""
    tag = language_of(request, event.languages).tag
    sheets = await asyncio.to_thread(paper.pdf, host.name, event, held, tag)
    named = {"Content-Disposition": f'attachment; filename="{paper.file_name(tag)}"'}
    headers = {**look.HEADERS, **named, "Cache-Control": "no-store"}
    return Response(sheets, headers=headers, media_type="application/pdf")
