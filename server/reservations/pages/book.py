"""The pages that book: what there is, which time, for whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection

from domain.clock import Instant
from domain.errors import Conflict, Invalid
from domain.ids import ID_PATTERN
from server.db.database import Transaction
from server.pages import look
from server.pages.forms import Fields, Form
from server.pages.language import Language, language_of
from server.pages.look import LOOK
from server.pages.organizer import Organizer, organizer
from server.queues.dependencies import Organization
from server.queues.schemas import Phone
from server.queues.values import Point
from server.reservations import booking, store, times
from server.reservations.booking import Booking
from server.reservations.pages.choosing import Choice, choice, seats_of, show_choice, start_of
from server.reservations.public_routes import BOOK, HOLD
from server.reservations.times import Wanted
from server.reservations.values import Customer, Definition, Hold
from server.wire import Db, Id, Now

router = APIRouter(include_in_schema=False)

_MOST = 200
_PHONE: TypeAdapter[str] = TypeAdapter(Phone)
DefinitionId = Annotated[str, Path(pattern=ID_PATTERN)]
HoldId = Annotated[str, Path(max_length=100)]
Day = Annotated[str, Query(max_length=10)]
Staff = Annotated[str, Query(max_length=64)]
Seats = Annotated[int, Query(ge=1, le=1000)]


@dataclass(frozen=True, slots=True)
class Held:
    """A time that is held, and what it is for; `who` does it, where it is somebody's."""

    organization: Organizer
    of: Definition
    point: Point
    held: Hold
    who: str


@router.get("/r/{orgId}", dependencies=[Depends(LOOK)])
async def listed(org: Annotated[Id, Path(alias="orgId")], request: Request, db: Db) -> Response:
    """What can be booked with an organiser."""

    def query(connection: Connection) -> tuple[Organizer, list[Definition]]:
        return organizer(connection, org), store.definitions_of(connection, org, _MOST)

    host, found = await db.read(query)
    return look.show(request, "book_list", language_of(request), organization=host, services=found)


@router.get("/book/{definition}", dependencies=[Depends(LOOK)])
async def choose(
    definition: DefinitionId,
    org: Organization,
    request: Request,
    db: Db,
    now: Now,
    day: Day = "",
    since: Annotated[str, Query(alias="from", max_length=10)] = "",
    staff: Staff = "",
    seats: Seats = 1,
    gone: Annotated[str, Query(max_length=1)] = "",
    held: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Which day, who, which time; looking changes nothing. What one holds oneself is free to oneself."""
    speech = language_of(request)

    def query(connection: Connection) -> Choice:
        of = store.definition(connection, org, definition)
        return choice(connection, of, now(), speech, day=day, since=since, staff=staff, but=held, seats=seats)

    wrong = speech.say("book.gone") if gone else ""
    shown = await db.read(query)
    return show_choice(request, speech, shown, _address(shown.of), wrong=wrong)


@router.post("/book/{definition}", dependencies=[Depends(HOLD)])
async def hold(
    definition: DefinitionId, org: Organization, request: Request, form: Form, db: Db, now: Now
) -> Response:
    """Holds a time, and leads to the form; where it is taken by now, shows what is left."""
    speech, start, staff = language_of(request), start_of(form.text("slot", 20)), form.text("staff", 64)
    seats = seats_of(form.text("seats", 4))

    def job(transaction: Transaction) -> Hold:
        of = store.definition(transaction.connection, org, definition)
        wanted = Wanted(start, Instant(start + of.service.duration), staff or None, seats)
        return booking.hold(transaction, of, wanted, form.text("held", 100) or None)

    try:
        held = await db.write(job)
    except (Conflict, Invalid) as refusal:
        day = form.text("day", 10)

        def query(connection: Connection) -> Choice:
            of = store.definition(connection, org, definition)
            return choice(connection, of, now(), speech, day=day, staff=staff, seats=seats)

        shown = await db.read(query)
        wrong = speech.say("book.taken")
        return show_choice(request, speech, shown, _address(shown.of), wrong=wrong, status=refusal.status)
    return look.go(f"/book/{definition}/{held.id}?{urlencode({'orgid': held.org})}")


@router.get("/book/{definition}/{hold}", dependencies=[Depends(LOOK)])
async def ask(
    definition: DefinitionId, hold: HoldId, org: Organization, request: Request, db: Db, now: Now
) -> Response:
    """Asks for whom; the time is kept as long."""
    speech = language_of(request)
    shown = await db.read(lambda c: _held(c, hold, definition, now()))
    if shown is None:
        return look.go(_gone(definition, org))
    return _ask(request, speech, shown, Fields({}), {})


@router.post("/book/{definition}/{hold}", dependencies=[Depends(BOOK)])
async def book(
    definition: DefinitionId,
    hold: HoldId,
    org: Organization,
    request: Request,
    form: Form,
    db: Db,
    now: Now,
) -> Response:
    """Books, and leads to the page of the reservation."""
    speech = language_of(request)
    shown = await db.read(lambda c: _held(c, hold, definition, now()))
    if shown is None:
        return look.go(_gone(definition, org))
    wrong = _wrong(form, speech)
    if wrong:
        return _ask(request, speech, shown, form, wrong, 422)
    email = form.mail("email") or ""
    BOOK.of(request, email)
    customer = Customer(email, form.text("name", 100), form.text("phone", 40), speech.tag)
    taken = shown.held.taken
    wanted = Wanted(taken.start, taken.end, taken.staff, taken.seats)
    new = Booking(wanted, customer, form.text("notes", 2000), shown.held.id)
    try:
        made = await db.write(lambda t: booking.make(t, shown.of, new, "public"))
    except (Conflict, Invalid):
        return look.go(_gone(definition, shown.of.org))
    return look.go(f"/booking/{made.secret}")


def _gone(definition: str, org: str | None) -> str:
    """Where a time can be chosen anew: a hold that has run out no longer tells whose service it was for."""
    return f"/book/{definition}?{urlencode({'gone': 1} | ({'orgid': org} if org else {}))}"


def _held(connection: Connection, id_: str, definition: str, now: Instant) -> Held | None:
    held = store.hold(connection, id_, now)
    if held is None or held.definition != definition:
        return None
    of = store.past_definition(connection, held.org, definition)
    who = store.working(connection, of).get(held.taken.staff or "", "")
    return Held(organizer(connection, of.org), of, times.point_of(connection, of), held, who)


def _wrong(form: Fields, speech: Language) -> dict[str, str]:
    """What to say beside a field that is not right."""
    wrong = {}
    if form.mail("email") is None:
        wrong["email"] = speech.say("wrong.mail")
    if not form.text("name"):
        wrong["name"] = speech.say("wrong.name")
    if form.text("phone"):
        try:
            _PHONE.validate_python(form.text("phone"))
        except ValidationError:
            wrong["phone"] = speech.say("wrong.phone")
    return wrong


def _address(of: Definition) -> str:
    return f"/book/{of.id}?{urlencode({'orgid': of.org})}"


def _ask(
    request: Request,
    speech: Language,
    shown: Held,
    typed: Fields,
    wrong: Mapping[str, str],
    status: int = 200,
) -> Response:
    return look.show(
        request,
        "book_form",
        speech,
        status=status,
        organization=shown.organization,
        there=shown,
        said=shown.of.settings,
        held=shown.held,
        seats=shown.held.taken.seats,
        who=shown.who,
        typed=typed,
        wrong=wrong,
    )
