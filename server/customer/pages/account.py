"""Pages of a customer's own: sign in by a mailed link, see one's tickets, sign out."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from sqlalchemy import Connection

from domain.clock import Instant
from domain.errors import NotFound
from server.auth import customer_service
from server.auth.customer_routes import MAIL, SESSION
from server.auth.customer_store import Customer
from server.auth.routes import SignInOf
from server.customer import bookings
from server.customer.pages.passes import passes
from server.customer.pages.visitor import COOKIE, Holder, Visitor, forget, remember
from server.pages import look
from server.pages.forms import Form, own_page
from server.pages.language import Language, language_of
from server.pages.look import LOOK
from server.pages.organizer import Organizer, only_organizer, organizer
from server.wire import Config, Db, Id, Now

router = APIRouter(include_in_schema=False)

_MOST = 100
"""Events that one page shows, to come and past."""

Org = Annotated[Id | None, Query()]
Token = Annotated[str, Path(max_length=200)]


@router.get("/my", dependencies=[Depends(LOOK)])
async def mine(
    request: Request,
    db: Db,
    now: Now,
    visitor: Holder,
    org: Org = None,
    sent: Annotated[str, Query(max_length=9)] = "",
) -> Response:
    """One's tickets; for who is not known, a form that mails a link."""
    host = await _host(db, visitor.org if visitor else org)
    speech = language_of(request)
    if visitor is None:
        return _ask(request, speech, host, sent=bool(sent))
    own = await db.read(lambda connection: _own(connection, visitor, now()))
    return look.show(request, "my", speech, organization=host, customer=visitor, **own)


@router.post("/my/sign-in", dependencies=[Depends(MAIL)])
async def ask(request: Request, form: Form, db: Db) -> Response:
    """Mails a link; says the same whether the address is known."""
    host = await _host(db, form.text("org", 64) or None)
    speech, email = language_of(request), form.mail("email")
    if email is None:
        return _ask(request, speech, host, typed=form.text("email"), wrong=speech.say("wrong.mail"))
    MAIL.of(request, f"{host.id} {email}")
    await db.write(lambda t: customer_service.ask_entry(t, host.id, email, speech.tag))
    return look.go(f"/my?org={host.id}&sent=1")


@router.get("/sign-in/{token}", dependencies=[Depends(LOOK)])
async def arrive(token: Token, request: Request) -> Response:
    """Asks before the link is used: programs that look through mails open links too."""
    return look.show(request, "sign_in", language_of(request), organization=None, token=token)


@router.post("/sign-in/{token}", dependencies=[Depends(SESSION), Depends(own_page)])
async def sign_in(token: Token, request: Request, sign_in: SignInOf, config: Config) -> Response:
    """Uses the link: this browser is known from now on."""
    proven = request.app.state.proven
    signed_in = await sign_in.begin(lambda t: customer_service.follow(t, token, proven))
    response = look.go("/my")
    remember(request, response, signed_in, config)
    return response


@router.post("/my/sign-out", dependencies=[Depends(SESSION), Depends(own_page)])
async def sign_out(request: Request, visitor: Visitor, sign_in: SignInOf) -> Response:
    """Forgets this browser, here and in its cookies."""
    await sign_in.logout(request.cookies.get(COOKIE, ""))
    response = look.go(f"/my?org={visitor.org}" if visitor else "/my")
    forget(request, response)
    return response


def _own(connection: Connection, customer: Customer, now: Instant) -> dict[str, Any]:
    """What is somebody's, by event: what is to come, the next first, then what was, the last first."""
    coming, past = bookings.read(connection, customer.org, customer.id, now, _MOST)
    return {
        name: [(each, passes(connection, each.tickets)) for each in booked]
        for name, booked in (("coming", coming), ("past", past))
    }


def _ask(
    request: Request,
    speech: Language,
    host: Organizer,
    *,
    sent: bool = False,
    typed: str = "",
    wrong: str = "",
) -> Response:
    status = 422 if wrong else 200
    return look.show(
        request, "ask_link", speech, status=status, organization=host, sent=sent, typed=typed, wrong=wrong
    )


async def _host(db: Db, org: str | None) -> Organizer:
    """The organiser whose account it is. Raises `NotFound` where that cannot be told."""

    def query(connection: Connection) -> Organizer:
        found = organizer(connection, org) if org else only_organizer(connection)
        if found is None:
            raise NotFound("open this page from that of an organiser")
        return found

    return await db.read(query)
