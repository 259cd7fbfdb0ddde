"""Routes of sign-in and of the public keys."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import Connection

from server.auth import accounts, customer_store, store
from server.auth.access import Access
from server.auth.caller import ANYBODY, MODES, Allow, Caller, Role
from server.auth.customer_store import Customer
from server.auth.limits import RateLimit
from server.auth.passwords import Passwords
from server.auth.schemas import LoginIn, MeOut, RefreshIn, TokensOut
from server.auth.service import SignedIn, SignIn
from server.auth.store import Person
from server.wire import Config, Db

router = APIRouter()

LOGIN = RateLimit("login", "30/minute", "10/minute")
REFRESH = RateLimit("refresh", "120/minute")


def access_of(request: Request) -> Access:
    access: Access = request.app.state.access
    return access


def passwords_of(request: Request) -> Passwords:
    passwords: Passwords = request.app.state.passwords
    return passwords


AccessOf = Annotated[Access, Depends(access_of)]
PasswordsOf = Annotated[Passwords, Depends(passwords_of)]


def _sign_in(database: Db, access: AccessOf, passwords: PasswordsOf, settings: Config) -> SignIn:
    return SignIn(database, access, passwords, settings)


SignInOf = Annotated[SignIn, Depends(_sign_in)]
Known = Annotated[Caller, Depends(Allow(staff=ANYBODY, modes=MODES, customer=True))]


@router.post("/api/auth/staff/login", tags=["auth"], dependencies=[Depends(LOGIN)])
async def login(request: Request, response: Response, body: LoginIn, sign_in: SignInOf) -> TokensOut:
    """Signs a member of staff in. Public; an unknown address and a wrong password look the same."""
    email = body.email.casefold()
    LOGIN.of(request, email)
    signed_in = await sign_in.login(lambda c: accounts.staff_login(c, email), body.password)
    return tokens(response, signed_in)


@router.post("/api/auth/refresh", tags=["auth"], dependencies=[Depends(REFRESH)])
async def refresh(response: Response, body: RefreshIn, sign_in: SignInOf) -> TokensOut:
    """The next pair of tokens for a refresh token, which serves once: a second use ends the sign-in."""
    return tokens(response, await sign_in.refresh(body.refresh_token))


@router.post("/api/auth/logout", tags=["auth"], status_code=204, dependencies=[Depends(REFRESH)])
async def logout(body: RefreshIn, sign_in: SignInOf) -> None:
    """Ends a sign-in: its refresh token serves no more."""
    await sign_in.logout(body.refresh_token)


@router.get("/api/auth/me", tags=["auth"])
async def me(caller: Known, database: Db) -> MeOut:
    """Who is calling, and what they may do."""
    organization = await database.read(lambda c: store.organization_name(c, caller.org))
    if caller.role is Role.DEVICE:
        return MeOut(
            role=caller.role,
            id=caller.id,
            org_id=caller.org,
            organization=organization,
            name=await database.read(lambda c: store.device_name(c, caller.id)),
            mode=caller.mode,
            scopes=sorted(caller.scopes),
        )
    person = await database.read(lambda c: _person(c, caller))
    return MeOut(
        role=caller.role,
        id=caller.id,
        org_id=caller.org,
        organization=organization,
        name=person.name if person else "",
        email=person.email if person else None,
        permissions=sorted(caller.permissions),
    )


@router.get("/.well-known/jwks.json", tags=["auth"])
async def keys(response: Response, access: AccessOf) -> dict[str, object]:
    """The public keys with which our tokens are verified, as a JWK set. Public."""
    response.headers["Cache-Control"] = "public, max-age=300"
    return access.public_keys()


def _person(connection: Connection, caller: Caller) -> Person | Customer | None:
    if caller.role is Role.CUSTOMER:
        return customer_store.by_id(connection, caller.id)
    return store.person(connection, caller.id)


def tokens(response: Response, signed_in: SignedIn) -> TokensOut:
    """The answer to a sign-in, which nobody on the way may keep."""
    response.headers["Cache-Control"] = "no-store"
    return TokensOut(
        access_token=signed_in.access_token,
        refresh_token=signed_in.refresh_token,
        expires_in=signed_in.seconds,
        org_id=signed_in.account.org,
    )
