"""Routes of customers' sign-in: public, and none tells a stranger whether an address is known."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response

from server import texts
from server.auth import accounts, customer_service
from server.auth.customer_schemas import CustomerLoginIn, LinkIn, RegisterIn, SessionIn
from server.auth.limits import RateLimit
from server.auth.named import NamedOrg
from server.auth.routes import PasswordsOf, SignInOf, tokens
from server.auth.schemas import TokensOut
from server.wire import Db

router = APIRouter(prefix="/api/auth/customer", tags=["auth"])

# A whole venue may come from one address; a mailbox is spared.
MAIL = RateLimit("customer mail", "60/minute", "6/hour")
LOGIN = RateLimit("customer login", "60/minute", "10/minute")
SESSION = RateLimit("customer session", "120/minute")


async def _preferred(accept_language: Annotated[str, Header(max_length=500)] = "") -> str:
    return texts.preferred(accept_language)


Preferred = Annotated[str, Depends(_preferred)]


@router.post("/register", status_code=202, response_class=Response, dependencies=[Depends(MAIL)])
async def register(
    request: Request, body: RegisterIn, org: NamedOrg, db: Db, passwords: PasswordsOf, preferred: Preferred
) -> None:
    """Mails a link that makes the account, and signs in to it. Public.

    Where there is an account already, following the link gives it the new name and password; until then
    it stays as it is.
    """
    MAIL.of(request, f"{org} {body.email}")
    password = await passwords.digest(body.password)
    language = body.language or preferred
    await db.write(
        lambda transaction: customer_service.register(
            transaction, org, body.email, name=body.name, language=language, password=password
        )
    )


@router.post("/link", status_code=202, response_class=Response, dependencies=[Depends(MAIL)])
async def link(request: Request, body: LinkIn, org: NamedOrg, db: Db, preferred: Preferred) -> None:
    """Mails a link that signs in; or, where there is no account, a mail that says so. Public."""
    MAIL.of(request, f"{org} {body.email}")
    language = body.language or preferred
    await db.write(lambda transaction: customer_service.ask_link(transaction, org, body.email, language))


@router.post("/session", dependencies=[Depends(SESSION)])
async def session(request: Request, response: Response, body: SessionIn, sign_in: SignInOf) -> TokensOut:
    """Signs in with a link that was mailed. Public; a link serves once, for 30 minutes, else it is `410`."""
    proven = request.app.state.proven
    signed_in = await sign_in.begin(
        lambda transaction: customer_service.follow(transaction, body.token, proven)
    )
    return tokens(response, signed_in)


@router.post("/login", dependencies=[Depends(LOGIN)])
async def login(
    request: Request, response: Response, body: CustomerLoginIn, org: NamedOrg, sign_in: SignInOf
) -> TokensOut:
    """Signs in with a password, once the address is verified. Public.

    An unknown address, one that is not verified and a wrong password look the same.
    """
    LOGIN.of(request, f"{org} {body.email}")
    signed_in = await sign_in.login(lambda c: accounts.customer_login(c, org, body.email), body.password)
    return tokens(response, signed_in)
