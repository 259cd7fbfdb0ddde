"""The page of a reservation, whose address is in its mails: see it, move it, cancel it, without a login."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from sqlalchemy import Connection

from domain.clock import Instant
from domain.errors import Conflict, Invalid
from domain.reservation import AHEAD, Event
from server import ics
from server.auth.limits import RateLimit
from server.db.database import Job, Transaction
from server.pages import look
from server.pages.forms import Form, own_page
from server.pages.language import Language, language_of
from server.pages.look import LOOK
from server.pages.organizer import Organizer, organizer
from server.queues import store as queues
from server.queues.values import Point
from server.reservations import booking as rules
from server.reservations import mails, store
from server.reservations.meetings import service as meetings
from server.reservations.meetings.routes import Rooms
from server.reservations.pages.book import Day, Staff
from server.reservations.pages.choosing import Choice, choice, show_choice, start_of
from server.reservations.times import Wanted
from server.reservations.values import Definition, Reservation
from server.wire import Config, Db, Now

router = APIRouter(prefix="/booking/{secret}", include_in_schema=False)

CHANGE = RateLimit("reservation change", "60/minute")
Secret = Annotated[str, Path(max_length=100)]


@dataclass(frozen=True, slots=True)
class Shown:
    organization: Organizer
    of: Reservation
    definition: Definition
    point: Point
    who: str
    open: bool
    meeting: bool


@router.get("", dependencies=[Depends(LOOK)])
async def one(
    secret: Secret,
    request: Request,
    db: Db,
    now: Now,
    late: Annotated[str, Query(max_length=1)] = "",
) -> Response:
    """What was booked; looking changes nothing."""
    found = await db.read(lambda c: shown(c, store.by_secret(c, secret), now()))
    return page(request, found, late=bool(late))


@router.get("/calendar.ics", dependencies=[Depends(LOOK)])
async def calendar(secret: Secret, request: Request, db: Db, now: Now, config: Config) -> Response:
    """The time for one's own calendar."""
    speech = language_of(request)

    def query(connection: Connection) -> str:
        of = store.by_secret(connection, secret)
        host = organizer(connection, of.org).name
        return mails.calendar(connection, of, speech.tag, host, now(), config.base_url).text

    return Response(await db.read(query), media_type=ics.MEDIA_TYPE)


@router.get("/meeting", dependencies=[Depends(CHANGE)])
async def meet(secret: Secret, db: Db, now: Now, rooms: Rooms) -> Response:
    """Leads into the video room."""
    kept = await db.read(lambda connection: store.by_secret(connection, secret))
    return look.go(await rooms.enter(kept, now()))


@router.post("/cancel", dependencies=[Depends(CHANGE), Depends(own_page)])
async def cancel(secret: Secret, db: Db) -> Response:
    """Cancels, up to the cut-off."""

    def job(transaction: Transaction) -> None:
        kept = store.by_secret(transaction.connection, secret, lock=True)
        of = store.past_definition(transaction.connection, kept.org, kept.definition)
        rules.cancel_oneself(transaction, of, kept)

    return await _back(db, secret, job)


@router.get("/move", dependencies=[Depends(LOOK)])
async def choose(
    secret: Secret,
    request: Request,
    db: Db,
    now: Now,
    day: Day = "",
    since: Annotated[str, Query(alias="from", max_length=10)] = "",
    staff: Staff = "",
) -> Response:
    """Which other time; looking changes nothing."""
    speech = language_of(request)

    def query(connection: Connection) -> tuple[Shown, Choice]:
        return _other(connection, secret, now(), speech, day, since, staff)

    there, free = await db.read(query)
    if not there.open:
        return look.go(f"/booking/{secret}?late=1")
    return show_choice(request, speech, free, f"/booking/{secret}/move", moving=there.of)


@router.post("/move", dependencies=[Depends(CHANGE)])
async def move(secret: Secret, request: Request, form: Form, db: Db, now: Now) -> Response:
    """Moves to another time, up to the cut-off; where it is taken by now, shows what is left."""
    speech, start, staff = language_of(request), start_of(form.text("slot", 20)), form.text("staff", 64)

    def job(transaction: Transaction) -> None:
        kept = store.by_secret(transaction.connection, secret, lock=True)
        of = store.past_definition(transaction.connection, kept.org, kept.definition)
        rules.check(kept, Event.MOVE)
        rules.check_cutoff(of, kept, transaction.now)
        end = Instant(start + of.service.duration)
        rules.move(transaction, of, kept, Wanted(start, end, staff or None, kept.seats), "public")

    try:
        return await _back(db, secret, job)
    except (Conflict, Invalid) as refusal:
        there, free = await db.read(
            lambda c: _other(c, secret, now(), speech, form.text("day", 10), "", staff)
        )
        return show_choice(
            request,
            speech,
            free,
            f"/booking/{secret}/move",
            moving=there.of,
            wrong=speech.say("book.taken"),
            status=refusal.status,
        )


def shown(connection: Connection, of: Reservation, now: Instant) -> Shown:
    definition = store.past_definition(connection, of.org, of.definition)
    people = store.working(connection, definition)
    return Shown(
        organizer(connection, of.org),
        of,
        definition,
        queues.past_point(connection, of.org, of.service_point),
        people.get(of.staff or "", ""),
        of.state in AHEAD and now <= rules.last_change(definition, of),
        meetings.is_open(connection, of, now),
    )


def page(request: Request, there: Shown, *, late: bool = False) -> Response:
    of = there.of
    return look.show(
        request,
        "booking",
        language_of(request),
        organization=there.organization,
        there=there,
        of=of,
        said=there.definition.settings,
        ahead=of.state in AHEAD,
        late=late or (of.state in AHEAD and not there.open),
    )


async def _back(db: Db, secret: str, job: Job[None]) -> Response:
    """To the page of the reservation, which says what it is by now."""
    try:
        await db.write(job)
    except Conflict as refusal:
        if refusal.code not in ("wrong_transition", "cutoff_passed"):
            raise
        return look.go(f"/booking/{secret}?late=1")
    return look.go(f"/booking/{secret}")


def _other(
    connection: Connection, secret: str, now: Instant, speech: Language, day: str, since: str, staff: str
) -> tuple[Shown, Choice]:
    there = shown(connection, store.by_secret(connection, secret), now)
    free = choice(
        connection,
        there.definition,
        now,
        speech,
        day=day,
        since=since,
        staff=staff,
        but=there.of.id,
        seats=there.of.seats,
    )
    return there, free
