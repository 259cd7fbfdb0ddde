"""Whoever joins with a phone of their own: known again by a cookie, never by who they are."""

from dataclasses import dataclass, replace
from hashlib import blake2b
from secrets import token_urlsafe
from typing import Annotated

from fastapi import Cookie, Request, Response

from server.auth.limits import RateLimit
from server.db.database import Database, Transaction
from server.pages.look import keep
from server.queues import joining, store
from server.queues.answers import around, public_entry
from server.queues.joining import Joiner
from server.queues.schemas import JoinIn, PublicEntry
from server.queues.values import Person

# A whole venue may come from one address.
JOIN = RateLimit("queue join", "60/minute", "10/hour")
LOOK = RateLimit("queue look", "1200/minute")
# All displays of a building come back at one instant, again and again, when the server was away.
FOLLOW = RateLimit("queue stream", "6000/minute")

_COOKIE = "usher_queue"
_COOKIE_LIFE = 86_400
Browser = Annotated[str | None, Cookie(alias=_COOKIE, max_length=100)]


@dataclass(frozen=True, slots=True)
class Joined:
    """`new`: there was none yet. `token` is what the browser is known by."""

    entry: PublicEntry
    new: bool
    token: str


async def join(request: Request, db: Database, body: JoinIn, org: str | None, browser: str | None) -> Joined:
    """The entry of somebody at a service point of the organisation, or of the oldest that bears its id.

    Raises `TooMany` where a phone or an e-mail address joins again and again, else as `joining.by_phone`.
    """
    token = browser or token_urlsafe(18)
    who = person(body, token)
    for contact in filter(None, (who.phone, who.email)):
        JOIN.of(request, contact)
    base_url = request.app.state.settings.base_url

    def job(transaction: Transaction) -> Joined:
        known = org or store.public_point(transaction.connection, body.service_point, None).org
        point = store.point(transaction.connection, known, body.service_point, lock=True)
        joiner = Joiner(who, body.category, arrived=False)
        # A browser that is given its token only now cannot be here already.
        entered = joining.by_phone(transaction, point, joiner, replace(who, browser=digest(browser)))
        there = entered.there or around(transaction.connection, entered.place, transaction.now)
        return Joined(public_entry(there, entered.place, base_url), entered.new, token)

    return await db.write(job, lane=body.service_point)


def person(body: JoinIn, token: str = "") -> Person:
    return Person(
        name=body.name,
        call_by_name=body.call_by_name,
        party=body.party,
        note=body.note,
        phone=joining.plain_phone(body.phone),
        email=body.email.casefold(),
        language=body.language,
        browser=digest(token),
        booked=None if token else body.booked_for,
    )


def digest(token: str | None) -> str:
    """What is kept of a browser's token; nothing of none."""
    return blake2b(token.encode(), digest_size=16).hexdigest() if token else ""


def remember(request: Request, response: Response, joined: Joined) -> None:
    """Lets the browser be known again for a day."""
    keep(request, response, _COOKIE, joined.token, _COOKIE_LIFE)
