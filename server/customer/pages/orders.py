"""The page of an order: whoever holds its address sees it, pays it, gives it up."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from sqlalchemy import Connection

from domain.errors import Conflict, Gone, NotFound
from server.auth.limits import RateLimit
from server.customer.dependencies import Selling
from server.customer.pages import passes, tickets
from server.customer.pages.passes import Pass
from server.customer.pages.tickets import PAPER, TicketId, printed
from server.customer.pages.visitor import Visitor
from server.db.database import Transaction
from server.events.life import EventState
from server.events.service import event_of
from server.events.store import Event
from server.pages import look
from server.pages.forms import own_page
from server.pages.language import language_of
from server.pages.look import LOOK
from server.pages.organizer import Organizer, organizer
from server.ticketing.orders import settling, store
from server.ticketing.orders.states import OrderState
from server.ticketing.orders.steps import order_of
from server.ticketing.orders.values import Order
from server.wire import Config, Db, Now

router = APIRouter(prefix="/order/{secret}", include_in_schema=False)

CHANGE = RateLimit("page order change", "120/minute", "20/minute")
_WAIT = 20
"""Without scripts the page asks again after so many seconds while it waits for money."""

Secret = Annotated[str, Path(max_length=100)]


@dataclass(frozen=True, slots=True)
class Shown:
    """An order with what its page says along with it."""

    organization: Organizer
    event: Event
    order: Order
    passes: tuple[Pass, ...]


@router.get("", dependencies=[Depends(LOOK)])
async def one(
    secret: Secret,
    request: Request,
    db: Db,
    now: Now,
    sales: Selling,
    paid: Annotated[str, Query(max_length=9)] = "",
) -> Response:
    """What was ordered, until when it is held and how it is paid; once it is paid, its tickets.

    `paid` says that somebody comes back from the payment provider, which is asked then.
    """
    shown = await db.read(lambda connection: _shown(connection, secret))
    order, at = shown.order, now()
    if paid and order.state is OrderState.PENDING and order.total:
        shown = await _asked(db, sales, shown, secret)
        order = shown.order
    state = "expired" if order.state is OrderState.PENDING and not order.holds(at) else order.state.value
    speech = language_of(request, (order.language,))
    return look.show(
        request,
        "order",
        speech,
        organization=shown.organization,
        event=shown.event,
        cancelled=shown.event.state is EventState.CANCELLED,
        order=order,
        passes=shown.passes,
        state=state,
        seconds=max(0, (order.expires - at) // 1000),
        wait=_WAIT,
        online=sales.payments.chosen.online,
    )


@router.get("/tickets.pdf", dependencies=[Depends(PAPER)])
async def on_paper(secret: Secret, request: Request, db: Db) -> Response:
    """Those tickets of an order that can be printed."""
    PAPER.of(request, secret)
    shown = await db.read(lambda connection: _shown(connection, secret))
    held = [each for each in shown.passes if each.printable]
    if not held:
        raise NotFound("none of these tickets is one for paper")
    return await printed(request, shown.organization, shown.event, held)


@router.get("/tickets/{ticketId}", dependencies=[Depends(LOOK)])
async def ticket(
    secret: Secret, ticket_id: TicketId, request: Request, db: Db, now: Now, visitor: Visitor
) -> Response:
    """A ticket of an order that is still the buyer's, also one whose code another system or a kiosk made."""
    at = now()

    def query(connection: Connection) -> tickets.Shown:
        for held in passes.of_order(connection, _order(connection, secret)):
            if held.ticket.id == ticket_id:
                return tickets.shown_ticket(connection, held.owned, at)
        raise NotFound("there is no such ticket in this order")

    shown = await db.read(query)
    return tickets.page(request, shown, shown.held.code or "", at, visitor)


@router.post("/pay", dependencies=[Depends(CHANGE), Depends(own_page)])
async def pay(secret: Secret, request: Request, db: Db, sales: Selling, config: Config) -> Response:
    """Leads to the payment provider's own page; by a page of ours, which may lead to another site."""
    CHANGE.of(request, secret)
    shown = await db.read(lambda connection: _shown(connection, secret))
    back = f"{config.base_url}/order/{secret}"
    begun = await sales.page(shown.order.org, shown.order.id, f"{back}?paid=1", back)
    if begun.address is None:
        raise Conflict("this payment has no page of its own", code="payment_page")
    speech = language_of(request, (shown.order.language,))
    return look.show(
        request, "pay", speech, organization=shown.organization, order=shown.order, address=begun.address
    )


@router.post("/cancel", dependencies=[Depends(CHANGE), Depends(own_page)])
async def cancel(secret: Secret, request: Request, db: Db) -> Response:
    """Gives the places back at once, as long as nothing is paid."""
    CHANGE.of(request, secret)

    def job(transaction: Transaction) -> None:
        found = _order(transaction.connection, secret)
        order = order_of(transaction, found.org, found.id)
        if order.state is OrderState.PENDING:
            settling.cancel(transaction, order, "public")

    await db.write(job)
    return look.go(f"/order/{secret}")


async def _asked(db: Db, sales: Selling, shown: Shown, secret: str) -> Shown:
    """The order after the payment provider was asked, for who comes back from its page."""
    with suppress(Conflict, Gone):
        await sales.confirm(shown.order.org, shown.order.id)
    return await db.read(lambda connection: _shown(connection, secret))


def _shown(connection: Connection, secret: str) -> Shown:
    order = _order(connection, secret)
    return Shown(
        organizer(connection, order.org),
        event_of(connection, order.org, order.event),
        order,
        passes.of_order(connection, order),
    )


def _order(connection: Connection, secret: str) -> Order:
    """Raises `NotFound`: who has no address of an order learns nothing of orders."""
    order = store.by_secret(connection, secret)
    if order is None:
        raise NotFound("there is no such order")
    return order
