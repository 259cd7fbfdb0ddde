"""Routes for staff and desks: reservations listed, moved, checked in, reminded of, deleted."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from sqlalchemy import Connection

from domain.business_hours import instant_of
from domain.errors import Conflict, Invalid, NotFound
from domain.ids import ID_PATTERN
from domain.reservation import Event, State
from server.auth.caller import Caller
from server.db.database import Transaction
from server.etags import IfMatch, check, tag
from server.ids import new_id
from server.queues import store as queues
from server.queues.dependencies import PREFIX, AtTheDesk, Clerk, NearTheDesk, PathId
from server.queues.schemas import Date
from server.reservations import answers, booking, store, times, visits
from server.reservations.schemas import ReservationChange, ReservationOut
from server.reservations.store import Filters
from server.reservations.times import Wanted
from server.reservations.values import Reservation
from server.wire import At, Config, Cursor, Db, Id, Limit, Page, cursor_values, next_cursor

router = APIRouter(prefix=PREFIX, tags=["reservations"])

_EVENTS = {
    State.CONFIRMED: Event.CONFIRM,
    State.COMPLETED: Event.COMPLETE,
    State.NO_SHOW: Event.NO_SHOW,
    State.CANCELLED: Event.CANCEL,
}


@router.get("/get")
async def get_all(
    caller: NearTheDesk,
    db: Db,
    config: Config,
    day: Annotated[Date | None, Query(description="A local day of the service point.")] = None,
    point: Annotated[Id | None, Query(alias="servicePoint")] = None,
    staff: Annotated[Id | None, Query()] = None,
    state: Annotated[list[State], Query(max_length=10)] = [],  # noqa: B006
    number: Annotated[str | None, Query(alias="reservationNumber", max_length=20)] = None,
    since: Annotated[At | None, Query(alias="from")] = None,
    until: Annotated[At | None, Query(alias="to")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ReservationOut]:
    """Reservations by their starts. Staff with `desk`, devices those at their service points.

    `reservationNumber` finds one. `day` needs `servicePoint`, whose clocks it goes by.
    """
    after = cursor_values(cursor, int, str) if cursor else None
    place = (int(after[0]), str(after[1])) if after else None

    def query(connection: Connection) -> Page[ReservationOut]:
        points = _points(caller, point)
        first, last = since, until
        if day is not None:
            if point is None:
                raise Invalid("a day is one of a service point: name it too", code="point_missing")
            where = queues.point(connection, caller.org, point).where
            local = date.fromisoformat(day)
            first = instant_of(local, 0, where)
            last = instant_of(local + timedelta(days=1), 0, where)
        wanted = Filters(first, last, points, staff, state, number=number)
        found = store.listed(connection, caller.org, wanted, place, limit + 1)
        items = answers.many(connection, found[:limit], config.base_url)
        return Page(items=items, next_cursor=next_cursor(found, limit, lambda each: (each.starts, each.id)))

    return await db.read(query)


@router.get("/get/{id}")
async def get_one(
    id_: PathId, caller: NearTheDesk, db: Db, config: Config, response: Response
) -> ReservationOut:
    """A reservation. Staff with `desk`, devices those at their service points."""
    found = await db.read(lambda c: answers.whole(c, _own(c, caller, id_), config.base_url))
    tag(response, found)
    return found


@router.put("/update")
async def update(
    body: ReservationChange,
    caller: Clerk,
    db: Db,
    config: Config,
    response: Response,
    if_match: IfMatch = None,
) -> ReservationOut:
    """Moves a reservation, gives it to somebody else, changes its notes or its state. Staff with `desk`.

    Its own time does not block it. Who is marked as done or not there stands in line no more. `409` as in
    `create`, and `wrong_transition`, `being_served`.
    """

    def job(transaction: Transaction) -> ReservationOut:
        kept = _own(transaction.connection, caller, body.id, lock=True)
        check(if_match, answers.whole(transaction.connection, kept, config.base_url))
        kept = _changed(transaction, visits.follow(transaction, kept), body, caller.actor)
        return answers.whole(transaction.connection, kept, config.base_url)

    changed = await db.write(job)
    tag(response, changed)
    return changed


@router.post("/confirm/{id}")
async def confirm(id_: PathId, caller: AtTheDesk, db: Db, config: Config) -> ReservationOut:
    """Confirms a reservation that waits for it, and the customer is told. Staff with `desk`, devices of desk.

    `409` `wrong_transition`.
    """

    def job(transaction: Transaction) -> ReservationOut:
        kept = _own(transaction.connection, caller, id_, lock=True)
        kept = booking.become(transaction, kept, Event.CONFIRM, caller.actor)
        return answers.whole(transaction.connection, kept, config.base_url)

    return await db.write(job)


@router.delete("/delete/{id}", status_code=204)
async def delete(id_: PathId, caller: Clerk, db: Db) -> None:
    """Deletes a reservation; one that is still to come is cancelled, and the customer told. Who waits for it
    leaves the line. Staff with `desk`."""
    await db.write(lambda t: visits.drop(t, _own(t.connection, caller, id_, lock=True), caller.actor))


@router.post("/check-in/{id}")
async def check_in(id_: PathId, caller: NearTheDesk, db: Db, config: Config) -> ReservationOut:
    """The person is here, and joins the walk-up line. Staff with `desk`, devices of desk and welcome.

    `409`: `not_today`, `wrong_transition`.
    """

    def job(transaction: Transaction) -> ReservationOut:
        kept = _own(transaction.connection, caller, id_, lock=True)
        of = store.past_definition(transaction.connection, kept.org, kept.definition)
        kept = visits.check_in(transaction, of, kept, caller.actor)
        return answers.whole(transaction.connection, kept, config.base_url)

    return await db.write(job)


@router.post("/check-in/{id}/undo")
async def undo_check_in(id_: PathId, caller: AtTheDesk, db: Db, config: Config) -> ReservationOut:
    """Somebody else was here: the entry leaves the line, and the reservation is as before. Staff with
    `desk`, devices of the desk.

    `409`: `moved_on` once the person was called, `wrong_transition`.
    """

    def job(transaction: Transaction) -> ReservationOut:
        kept = _own(transaction.connection, caller, id_, lock=True)
        of = store.past_definition(transaction.connection, kept.org, kept.definition)
        kept = visits.undo_check_in(transaction, of, kept, caller.actor)
        return answers.whole(transaction.connection, kept, config.base_url)

    return await db.write(job)


@router.post("/send-reminder/{reservationId}", status_code=202)
async def send_reminder(
    id_: Annotated[str, Path(alias="reservationId", pattern=ID_PATTERN)], caller: AtTheDesk, db: Db
) -> Response:
    """Reminds the customer now, beside the schedule. Staff with `desk`, devices of desk.

    `409` `nobody_to_remind` where it is over, or nobody left an address.
    """

    def job(transaction: Transaction) -> None:
        kept = _own(transaction.connection, caller, id_, lock=True)
        cause = f"reservation {kept.id} reminder {new_id(transaction.now)}"
        if not booking.remind(transaction, kept, caller.actor, cause):
            raise Conflict(
                "there is nobody to remind: it is over, or no address was left", code="nobody_to_remind"
            )

    await db.write(job)
    return Response(status_code=202)


def _changed(transaction: Transaction, kept: Reservation, body: ReservationChange, actor: str) -> Reservation:
    of = store.past_definition(transaction.connection, kept.org, kept.definition)
    if body.notes is not None and body.notes != kept.notes:
        kept = booking.annotate(transaction, kept, body.notes, actor)
    if body.slot is not None or "staff" in body.model_fields_set:
        start, end = kept.starts, kept.ends
        if body.slot is not None:
            start, end = times.asked(transaction.connection, of, body.slot)
        staff = body.staff if "staff" in body.model_fields_set else kept.staff
        if (start, end, staff) != (kept.starts, kept.ends, kept.staff):
            wanted = Wanted(start, end, staff, kept.seats, anywhere=True)
            kept = booking.move(transaction, of, kept, wanted, actor)
    if body.state is not None and body.state != kept.state:
        event = _EVENTS[State(body.state)]
        become = visits.end if kept.entry else booking.become
        kept = become(transaction, kept, event, actor)
    return kept


def _own(connection: Connection, caller: Caller, id_: str, *, lock: bool = False) -> Reservation:
    """Raises `NotFound` for a reservation that is not there, or not the caller's."""
    found = store.reservation(connection, caller.org, id_, lock=lock)
    if not caller.covers(f"servicePoint:{found.service_point}"):
        raise NotFound("there is no such reservation")
    return found


def _points(caller: Caller, point: str | None) -> list[str] | None:
    own = caller.own()
    if point is None:
        return own
    return [point] if own is None or point in own else []
