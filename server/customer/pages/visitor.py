"""Who looks at a page: a customer who has signed in with this browser, or somebody unknown.

The cookie holds a refresh token, which pages never exchange: it ends as every sign-in does, when its time
is over, its account is closed, its password is changed, or its owner signs out.
"""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from domain.errors import Unauthenticated
from server.auth import accounts, customer_store, store
from server.auth.caller import Caller, Role
from server.auth.customer_store import Customer
from server.auth.service import SignedIn
from server.auth.tokens import digest
from server.customer.holding import adopted
from server.pages.look import keep
from server.wire import Config, Db, Now

COOKIE = "usher_session"
_DAY = 86_400


async def _visitor(request: Request, db: Db, now: Now) -> Customer | None:
    token = request.cookies.get(COOKIE, "")
    if not token:
        return None

    def query(connection: Connection) -> Customer | None:
        kept = store.refresh_token(connection, digest(token), lock=False)
        if kept is None or kept.used or kept.revoked or kept.until <= now():
            return None
        account = accounts.by_subject(connection, kept.subject)
        known = account is not None and account.role is Role.CUSTOMER
        return customer_store.by_id(connection, account.id) if account and known else None

    return await db.read(query)


Visitor = Annotated[Customer | None, Depends(_visitor)]


async def _holder(db: Db, visitor: Visitor) -> Customer | None:
    if visitor is not None:
        await adopted(db, visitor.id)
    return visitor


Holder = Annotated[Customer | None, Depends(_holder)]
"""The same, who looks at what they hold."""


def known(visitor: Customer | None) -> Customer:
    """Raises `Unauthenticated` for who has not signed in."""
    if visitor is None:
        raise Unauthenticated("sign in first")
    return visitor


def caller_of(customer: Customer) -> Caller:
    """The same person, as who calls a route of the API."""
    return Caller(Role.CUSTOMER, customer.org, customer.id)


def remember(request: Request, response: Response, signed_in: SignedIn, config: Config) -> None:
    """Lets this browser be known from now on."""
    keep(request, response, COOKIE, signed_in.refresh_token, config.refresh_days * _DAY)


def forget(request: Request, response: Response) -> None:
    keep(request, response, COOKIE, "", 0)
