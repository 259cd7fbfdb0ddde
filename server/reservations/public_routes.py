"""Routes for whoever books: free times, holds, a reservation made, found again, cancelled. No login."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from sqlalchemy import Connection

from domain.errors import NotFound
from server.auth.caller import Caller
from server.auth.limits import RateLimit
from server.db.database import Transaction
from server.queues.dependencies import PREFIX, KnownJoiner, Organization
from server.reservations import answers, booking, lists, store, times
from server.reservations.booking import Booking
from server.reservations.schemas import (
    CustomerIn,
    HoldIn,
    HoldOut,
    PublicReservation,
    ReservationIn,
    ReservationOut,
    SlotsIn,
    SlotsOut,
)
from server.reservations.times import Wanted
from server.reservations.values import Customer
from server.wire import Config, Db, MailAddress, Now

router = APIRouter(prefix=PREFIX, tags=["reservations"])

# A whole building may come from one address.
LOOK = RateLimit("reservation look", "600/minute")
HOLD = RateLimit("reservation hold", "60/minute")
BOOK = RateLimit("reservation", "60/minute", "20/hour")
FIND = RateLimit("reservation find", "30/minute", "10/hour")

Email = Annotated[MailAddress, Path()]
Number = Annotated[str, Path(alias="reservationNumber", max_length=20, pattern=r"^[A-Za-z0-9-]+$")]


@router.post("/slots", dependencies=[Depends(LOOK)])
async def slots(body: SlotsIn, org: Organization, db: Db, now: Now) -> SlotsOut:
    """Free times of a service, each with the seats left. Anybody.

    `422`: `range_wrong` for more than 62 days, `staff_unknown`.
    """

    def query(connection: Connection) -> SlotsOut:
        of = store.definition(connection, org, body.definition_id)
        zone = body.timezone or times.point_of(connection, of).zone
        found = times.free(connection, of, body.from_, body.to, now(), body.staff)
        return SlotsOut(
            definition_id=of.id, timezone=zone, slots=[answers.slot(each, zone) for each in found]
        )

    return await db.read(query)


@router.post("/hold", status_code=201, dependencies=[Depends(HOLD)])
async def hold(body: HoldIn, org: Organization, db: Db) -> HoldOut:
    """Keeps a time for five minutes while somebody fills in a form. Anybody. `409` as in `create`."""

    def job(transaction: Transaction) -> HoldOut:
        of = store.definition(transaction.connection, org, body.definition_id)
        start, end = times.asked(transaction.connection, of, body.slot)
        kept = booking.hold(transaction, of, Wanted(start, end, body.staff, body.seats))
        taken = kept.taken
        return HoldOut(
            hold_id=kept.id, start=taken.start, end=taken.end, staff=taken.staff, expires=kept.expires
        )

    return await db.write(job)


@router.delete("/hold/{id}", status_code=204, dependencies=[Depends(HOLD)])
async def let_go(id_: Annotated[str, Path(alias="id", max_length=100)], db: Db) -> None:
    """Lets a held time go. Whoever knows the id."""
    await db.write(lambda transaction: store.drop_hold(transaction, id_))


@router.post("/create", status_code=201, response_model=ReservationOut | PublicReservation)
async def create(
    body: ReservationIn, request: Request, caller: KnownJoiner, org: Organization, db: Db, config: Config
) -> ReservationOut | PublicReservation:
    """Books a time. Anybody; staff with `desk` and devices of desk and welcome get the whole reservation.

    Staff and desks may book off the grid and without notice, and need no more than a name or a phone.
    `409`: `slot_taken`, `slot_closed`, `slot_too_soon`, `slot_too_far`, `slot_not_offered`, `staff_left`.
    `422`: `slot_past`, `slot_length`, `time_skipped` and `time_twice` for what the clocks skip or show twice.
    """
    customer = customer_of(body.customer)
    at_the_desk = caller is not None and caller.mode != "welcome"
    check = booking.check_somebody if at_the_desk else booking.check_customer
    check(customer)
    if caller is None:
        await BOOK(request)
        BOOK.of(request, customer.email)

    def job(transaction: Transaction) -> ReservationOut | PublicReservation:
        of = store.definition(transaction.connection, caller.org if caller else org, body.definition_id)
        _check_device(caller, of.service_point)
        start, end = times.asked(transaction.connection, of, body.slot)
        wanted = Wanted(start, end, body.staff, body.seats, at_the_desk)
        actor = caller.actor if caller else "public"
        new = Booking(wanted, customer, body.notes, body.hold_id)
        made = booking.make(transaction, of, new, actor)
        if caller is not None:
            return answers.whole(transaction.connection, made, config.base_url)
        return answers.public(transaction.connection, made, transaction.now, config.base_url)

    return await db.write(job)


@router.get("/by-email/{email}/{reservationNumber}", dependencies=[Depends(FIND)])
async def find(email: Email, number: Number, db: Db, now: Now, config: Config) -> PublicReservation:
    """A reservation. Whoever knows its number and the address."""

    def query(connection: Connection) -> PublicReservation:
        found = store.by_number(connection, email, number)
        return answers.public(connection, found, now(), config.base_url)

    return await db.read(query)


@router.get("/by-email/{email}", status_code=202, dependencies=[Depends(FIND)])
async def mail_list(email: Email, request: Request, org: Organization, db: Db) -> Response:
    """Mails what is booked to that address; says the same whether anything is. Anybody."""
    FIND.of(request, email)
    await db.write(lambda transaction: lists.mail(transaction, org, email))
    return Response(status_code=202)


def customer_of(said: CustomerIn) -> Customer:
    return Customer(said.email, said.name, said.phone, said.language or "en")


def _check_device(caller: Caller | None, point: str) -> None:
    if caller is not None and not caller.covers(f"servicePoint:{point}"):
        raise NotFound("there is no such service to book")
