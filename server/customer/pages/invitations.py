"""The page that answers an invitation, for whoever has its link."""

from collections.abc import Collection
from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import Connection

from domain.clock import Instant
from domain.errors import Conflict, Gone, Invalid, NotFound
from server.customer.pages import choosing
from server.customer.pages.choosing import Choice
from server.customer.participation_routes import ANSWER, Token
from server.db.database import Transaction
from server.events.participants import invitations, service, store
from server.events.participants.schemas import ResponseIn
from server.events.participants.states import TRANSITIONS, Act
from server.events.participants.store import Participant
from server.events.service import event_of
from server.events.store import Event
from server.pages import look
from server.pages.forms import Fields, Form
from server.pages.language import language_of
from server.pages.look import LOOK
from server.pages.organizer import Organizer, organizer
from server.wire import Db, Now

router = APIRouter(include_in_schema=False)

_CLOSED = ("event_state", "event_over", "participation_state")
"""What the page itself shows when it is opened again."""


@dataclass(frozen=True, slots=True)
class Shown:
    organization: Organizer
    event: Event
    participant: Participant
    name: str
    choices: tuple[Choice, ...]


@router.get("/i/{token}", dependencies=[Depends(LOOK)])
async def invited(token: Token, request: Request, db: Db, now: Now) -> Response:
    """Who invites to what, and what was answered."""
    return _page(request, await db.read(lambda c: _shown(c, token, now())), now())


@router.post("/i/{token}", dependencies=[Depends(ANSWER)])
async def answer(token: Token, request: Request, form: Form, db: Db, now: Now) -> Response:
    """Accepts, with the sessions that were chosen, or declines; where that cannot be, shows why."""
    ANSWER.of(request, token)
    shown = await db.read(lambda c: _shown(c, token, now()))
    body = _answered(form, shown)

    def job(transaction: Transaction) -> None:
        found = _standing(transaction.connection, token, lock=True)
        service.respond(transaction, found, body, f"contact:{found.contact}")

    try:
        await db.write(job)
    except (Conflict, Invalid) as refusal:
        if refusal.code not in choosing.SAID:
            if refusal.code not in _CLOSED:
                raise
            return look.go(request.url.path)
        shown = await db.read(lambda c: _shown(c, token, now()))
        wrong = choosing.words(language_of(request, shown.event.languages), shown.choices, refusal)
        return _page(request, shown, now(), wanted=body.sessions or (), wrong=wrong, status=refusal.status)
    return look.go(request.url.path)


def _answered(form: Fields, shown: Shown) -> ResponseIn:
    """What the form says; sessions only where the page offers some, since none would give up those chosen."""
    if form.text("response") != "accepted":
        return ResponseIn(response="declined")
    sessions = choosing.chosen(form, shown.choices) if shown.choices else None
    return ResponseIn(response="accepted", sessions=sessions)


def _shown(connection: Connection, token: str, now: Instant) -> Shown:
    found = _standing(connection, token)
    named = store.named(connection, found.id)
    event = event_of(connection, found.org, found.event)
    return Shown(
        organizer(connection, found.org),
        event,
        found,
        named.name if named else "",
        choosing.choices(connection, event, found, now),
    )


def _standing(connection: Connection, token: str, *, lock: bool = False) -> Participant:
    """Raises `Gone` for a link that was taken back or never was one."""
    try:
        return invitations.by_token(connection, token, lock=lock)
    except NotFound as none:
        raise Gone(none.detail, code="invitation_ended") from None


def _page(
    request: Request,
    shown: Shown,
    now: Instant,
    *,
    wanted: Collection[str] | None = None,
    wrong: str = "",
    status: int = 200,
) -> Response:
    return choosing.page(
        request,
        "invitation",
        shown.organization,
        shown.event,
        now,
        status=status,
        may=Act.ACCEPT in TRANSITIONS[shown.participant.state],
        name=shown.name,
        state=shown.participant.state.value,
        choices=choosing.shown(shown.choices, wanted),
        wrong=wrong,
    )
