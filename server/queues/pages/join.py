"""The page that joins a line, for whoever has read its QR code."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError
from sqlalchemy import Connection

from domain.clock import Instant
from domain.errors import Conflict, Invalid
from server.pages import look
from server.pages.forms import Fields, Form
from server.pages.language import Language, language_of
from server.pages.look import LOOK
from server.pages.organizer import Organizer, organizer
from server.queues import joining, store, visitors
from server.queues.answers import forecast_out
from server.queues.dependencies import Organization, PointId
from server.queues.line import Line, line
from server.queues.pages.live import opening, wait
from server.queues.schemas import JoinIn
from server.queues.values import Person
from server.queues.visitors import JOIN, Browser
from server.wire import Db, Now

router = APIRouter(include_in_schema=False)

_REFUSED = ("closed", "closing", "queue_full", "self_join_off")
_ASKED = {"phone": "tel", "email": "email"}
"""What a line may ask for beside the name, with the keyboard that fits."""
_WORDS = {"email": "mail"}


@dataclass(frozen=True, slots=True)
class Shown:
    """`refused` is the code of why nobody can join now, `known` the entry of this browser."""

    organization: Organizer
    there: Line
    refused: str
    known: str | None


@router.get("/q/{servicePoint}", dependencies=[Depends(LOOK)])
async def join_page(
    point: PointId, org: Organization, request: Request, db: Db, now: Now, browser: Browser = None
) -> Response:
    """How long the line is, and a form to join it; who is in it already is led to their place."""
    shown = await db.read(lambda c: _shown(c, point, org, browser, now()))
    return look.go(f"/q/entry/{shown.known}") if shown.known else _page(request, shown)


@router.post("/q/{servicePoint}", dependencies=[Depends(JOIN)])
async def join(
    point: PointId, org: Organization, request: Request, form: Form, db: Db, now: Now, browser: Browser = None
) -> Response:
    """Joins, and leads to one's place; where that cannot be, shows why, with what was typed."""
    speech = language_of(request)
    try:
        joined = await visitors.join(request, db, _body(form, point, speech.tag), org, browser)
    except (Conflict, Invalid, ValidationError) as refusal:
        if isinstance(refusal, Conflict) and refusal.code not in _REFUSED:
            raise
        shown = await db.read(lambda c: _shown(c, point, org, None, now()))
        status = 422 if isinstance(refusal, ValidationError) else refusal.status
        return _page(request, shown, form, _wrong(speech, refusal), status)
    response = look.go(f"/q/entry/{joined.entry.id}")
    if browser is None:
        visitors.remember(request, response, joined)
    return response


def _body(form: Fields, point: str, language: str) -> JoinIn:
    name = form.text("name", 100)
    return JoinIn(
        service_point=point,
        category=form.text("category", 64) or None,
        name=name,
        call_by_name=bool(name and form.text("callByName")),
        phone=form.text("phone", 40),
        email=form.text("email"),
        language=language,
    )


def _wrong(speech: Language, refusal: Conflict | Invalid | ValidationError) -> dict[str, str]:
    """What is wrong, by the field beside which it is said; a refusal is said by the page itself."""
    if isinstance(refusal, Conflict):
        return {}
    if isinstance(refusal, ValidationError):
        names = [str(error["loc"][0]) for error in refusal.errors()]
    else:
        names = [str(error.loc[-1]) for error in refusal.errors] or ["category"]
    return {name: speech.say(f"wrong.{_WORDS.get(name, name)}") for name in names}


def _shown(connection: Connection, id_: str, org: str | None, browser: str | None, now: Instant) -> Shown:
    point = store.public_point(connection, id_, org)
    there = line(connection, point, now)
    return Shown(organizer(connection, point.org), there, _refused(there), _known(connection, there, browser))


def _refused(there: Line) -> str:
    try:
        joining.check_self_join(there)
    except Conflict as refusal:
        return refusal.code
    return ""


def _known(connection: Connection, there: Line, browser: str | None) -> str | None:
    """The entry of this browser, as long as it is in the line."""
    mine = Person(browser=visitors.digest(browser))
    known = store.alike(connection, there.point, mine, joining.STILL_HERE)
    return known[0].entry.id if known else None


def _page(
    request: Request,
    shown: Shown,
    form: Fields | None = None,
    wrong: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    speech, there = language_of(request), shown.there
    settings = there.point.settings
    return look.show(
        request,
        "queue_join",
        speech,
        status=status,
        shared=speech.shared,
        organization=shown.organization,
        point=there.point,
        people=there.length,
        wait=wait(speech, forecast_out(there.next_forecast)),
        refused=shown.refused,
        opening=opening(speech, there),
        categories=settings.categories,
        requires=settings.requires,
        asked={name: kind for name, kind in _ASKED.items() if name in settings.requires},
        typed=form or Fields({}),
        wrong=wrong or {},
    )
