"""One's own part in an event: the sessions one is in, and what others who take part see of one."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy import Connection

from domain.clock import Instant
from domain.errors import Conflict, Invalid
from server.auth.customer_store import Customer
from server.customer.pages import choosing
from server.customer.pages.choosing import Choice
from server.customer.pages.events import Slug, public_event
from server.customer.pages.visitor import Holder, caller_of, known
from server.customer.participation_routes import ANSWER
from server.customer.standing import standing, take_part
from server.events import store as events_store
from server.events.participants.schemas import ChoiceIn
from server.events.participants.states import Visibility
from server.events.store import Event
from server.pages import look
from server.pages.forms import Fields, Form
from server.pages.language import language_of
from server.pages.look import LOOK
from server.pages.organizer import Organizer, organizer
from server.wire import Db, Now

router = APIRouter(prefix="/e/{slug}/sessions", include_in_schema=False)

_CLOSED = ("event_state", "event_over")
"""What the page itself shows when it is opened again."""


@dataclass(frozen=True, slots=True)
class Shown:
    organization: Organizer
    event: Event
    seen: Visibility
    choices: tuple[Choice, ...]


@router.get("", dependencies=[Depends(LOOK)])
async def own(
    slug: Slug,
    request: Request,
    db: Db,
    now: Now,
    visitor: Holder,
    saved: Annotated[str, Query(max_length=9)] = "",
) -> Response:
    """What was chosen, to be changed; who is not known signs in first."""
    shown = await db.read(lambda c: _shown(c, slug, visitor, now()))
    if isinstance(shown, Organizer):
        return look.go(f"/my?org={shown.id}")
    return _page(request, shown, now(), saved=bool(saved))


@router.post("", dependencies=[Depends(ANSWER)])
async def choose(slug: Slug, request: Request, form: Form, db: Db, now: Now, visitor: Holder) -> Response:
    """Chooses anew, all or nothing; where that cannot be, shows why."""
    caller = caller_of(known(visitor))
    ANSWER.of(request, caller.actor)
    shown = await db.read(lambda c: _shown(c, slug, visitor, now()))
    if isinstance(shown, Organizer):
        return look.go(f"/my?org={shown.id}")
    body = ChoiceIn(sessions=choosing.chosen(form, shown.choices), visibility=_seen(form))
    event = shown.event
    try:
        await db.write(lambda transaction: take_part(transaction, caller, event.id, body))
    except (Conflict, Invalid) as refusal:
        if refusal.code in _CLOSED:
            return look.go(request.url.path)
        if refusal.code not in choosing.SAID:
            raise
        wrong = choosing.words(language_of(request, event.languages), shown.choices, refusal)
        return _page(request, shown, now(), wanted=body, wrong=wrong, status=refusal.status)
    return look.go(f"{request.url.path}?saved=1")


def _shown(connection: Connection, slug: str, visitor: Customer | None, now: Instant) -> Shown | Organizer:
    """The organiser alone for who has not signed in there. Raises `Forbidden` for who does not take part."""
    event = events_store.by_slug(connection, slug)
    if event is None or visitor is None or visitor.org != event.org:
        return organizer(connection, public_event(connection, slug).org)
    found = standing(connection, caller_of(visitor), event.id)
    found.check()
    part = found.participant
    return Shown(
        organizer(connection, event.org),
        event,
        part.visibility if part else Visibility.HIDDEN,
        choosing.choices(connection, event, part, now),
    )


def _seen(form: Fields) -> Visibility | None:
    said = form.text("seen")
    return Visibility(said) if said in {each.value for each in Visibility} else None


def _page(
    request: Request,
    shown: Shown,
    now: Instant,
    *,
    saved: bool = False,
    wanted: ChoiceIn | None = None,
    wrong: str = "",
    status: int = 200,
) -> Response:
    """The page; `wanted` is what could not be chosen, and `wrong` says why."""
    return choosing.page(
        request,
        "part",
        shown.organization,
        shown.event,
        now,
        status=status,
        choices=choosing.shown(shown.choices, wanted.sessions if wanted else None),
        visibilities=list(Visibility),
        seen=(wanted.visibility if wanted else None) or shown.seen,
        saved=saved,
        wrong=wrong,
    )
