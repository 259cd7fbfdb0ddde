"""Cancelling by number and address, as a link in a mail does it: a page that asks, then a POST."""

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from server.db.database import Transaction
from server.queues.dependencies import PREFIX
from server.reservations import answers, booking, store
from server.reservations.pages import booking as pages
from server.reservations.public_routes import FIND, Email, Number
from server.reservations.schemas import PublicReservation
from server.wire import Config, Db, Now

router = APIRouter(
    prefix=f"{PREFIX}/cancel/{{email}}/{{reservationNumber}}",
    tags=["reservations"],
    dependencies=[Depends(FIND)],
)


@router.get("", response_class=HTMLResponse)
async def ask(email: Email, number: Number, request: Request, db: Db, now: Now) -> Response:
    """A page with a button: programs that look through mails open links, and must not cancel.

    Whoever knows the number and the address.
    """

    def query(connection: Connection) -> pages.Shown:
        return pages.shown(connection, store.by_number(connection, email, number), now())

    return pages.page(request, await db.read(query))


@router.post("")
async def cancel(email: Email, number: Number, db: Db, config: Config) -> PublicReservation:
    """Cancels, up to the service's cut-off. Whoever knows the number and the address.

    `409`: `cutoff_passed`, `wrong_transition`.
    """

    def job(transaction: Transaction) -> PublicReservation:
        kept = store.by_number(transaction.connection, email, number, lock=True)
        of = store.past_definition(transaction.connection, kept.org, kept.definition)
        gone = booking.cancel_oneself(transaction, of, kept)
        return answers.public(transaction.connection, gone, transaction.now, config.base_url)

    return await db.write(job)
