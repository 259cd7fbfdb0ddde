"""Routes of sign-in and of the public keys."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from server.auth import store
from server.auth.access import Access
from server.auth.caller import ANYBODY, MODES, Allow, Caller, Role
from server.auth.limits import RateLimit
from server.auth.passwords import Passwords
from server.auth.schemas import LoginIn, MeOut, RefreshIn, TokensOut
from server.auth.service import SignedIn, SignIn
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


@router.post("/api/auth/staff/login", tags=["auth"], dependencies=[Depends(LOGIN)])
async def login(request: Request, response: Response, body: LoginIn, sign_in: SignInOf) -> TokensOut:
    """Signs a member of staff in. Public; an unknown address and a wrong password look the same."""
    LOGIN.of(request, body.email.casefold())
    return _tokens(response, await sign_in.login(body.email, body.password))


@router.post("/api/auth/refresh", tags=["auth"], dependencies=[Depends(REFRESH)])
async def refresh(response: Response, body: RefreshIn, sign_in: SignInOf) -> TokensOut:
    """The next pair of tokens for a refresh token, which serves once: a second use ends the sign-in."""
    return _tokens(response, await sign_in.refresh(body.refresh_token))


@router.post("/api/auth/logout", tags=["auth"], status_code=204, dependencies=[Depends(REFRESH)])
async def logout(body: RefreshIn, sign_in: SignInOf) -> None:
    """Ends a sign-in: its refresh token serves no more."""
    await sign_in.logout(body.refresh_token)


@router.get("/api/auth/me", tags=["auth"])
async def me(caller: Annotated[Caller, Depends(Allow(staff=ANYBODY, modes=MODES))], database: Db) -> MeOut:
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
    person = await database.read(lambda c: store.person(c, caller.id))
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


def _tokens(response: Response, signed_in: SignedIn) -> TokensOut:
    response.headers["Cache-Control"] = "no-store"
    return TokensOut(
        access_token=signed_in.access_token,
        refresh_token=signed_in.refresh_token,
        expires_in=signed_in.seconds,
        org_id=signed_in.person.org,
    )
