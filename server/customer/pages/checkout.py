"""Ordering: how many tickets of what, then for whom, then an order that holds them."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from secrets import token_urlsafe
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Depends, Request, Response

from domain.errors import Conflict, Invalid
from server.auth.customer_store import Customer
from server.auth.limits import RateLimit
from server.customer.dependencies import Selling
from server.customer.pages import events
from server.customer.pages.events import Shown, Slug, shown_event
from server.customer.pages.offers import QUANTITY, Offer
from server.customer.pages.visitor import Visitor
from server.pages import look
from server.pages.forms import Fields, Form
from server.pages.language import Language, language_of
from server.pages.look import LOOK
from server.ticketing.orders.states import OrderState
from server.ticketing.orders.values import Attendee, Buyer, Wanted
from server.ticketing.schemas import MAX_PER_ORDER
from server.wire import Db, Now

router = APIRouter(include_in_schema=False)

# A whole venue may come from one address; one mailbox needs few.
ORDER = RateLimit("page order", "60/minute", "20/hour")
_KEY = "key"
"""The field in which a form has something of its own, by which it is known when it comes again."""
_KEY_LENGTH = 32
_SAID = (
    "sold_out",
    "sale_not_begun",
    "sale_over",
    "orders_pending",
    "order_limit",
    "currency_mixed",
    "event_state",
)
"""Refusals that the page says in words of its own."""


@dataclass(frozen=True, slots=True)
class Line:
    """So many of an offer; `names` are the fields in which their attendees are named."""

    offer: Offer
    quantity: int

    @property
    def names(self) -> list[str]:
        return [f"n.{self.offer.id}.{number}" for number in range(self.quantity)]


@router.get("/e/{slug}/order", dependencies=[Depends(LOOK)])
async def form(slug: Slug, request: Request, db: Db, now: Now, visitor: Visitor) -> Response:
    """Asks for whom the chosen tickets are."""
    shown = await db.read(lambda connection: shown_event(connection, slug, now()))
    lines = _lines(shown, request.query_params)
    if not lines:
        return events.page(request, shown, now(), none_chosen=True)
    known = visitor if visitor and visitor.org == shown.event.org else None
    values = {"email": known.email, "name": known.name} if known else {}
    return _ask(request, shown, lines, values, {})


@router.post("/e/{slug}/order", dependencies=[Depends(ORDER)])
async def place(
    slug: Slug,
    request: Request,
    fields: Form,
    db: Db,
    now: Now,
    visitor: Visitor,
    sales: Selling,
) -> Response:
    """Places the order, and leads to its page. What costs nothing is confirmed at once.

    The same form sent again leads to the same order.
    """
    shown = await db.read(lambda connection: shown_event(connection, slug, now()))
    lines = _lines(shown, {name: fields.text(name, 9) for name in fields.names()})
    if not lines:
        return events.page(request, shown, now(), none_chosen=True)
    speech = language_of(request, shown.event.languages)
    values = {name: fields.text(name) for name in fields.names()}
    email, wrong = fields.mail("email"), _wrong(fields, speech)
    if email is None or wrong:
        return _ask(request, shown, lines, values, wrong)
    ORDER.of(request, f"{shown.event.org} {email}")
    buyer = _buyer(shown, email, fields.text("name"), speech, visitor)
    try:
        wanted = [_wanted(line, fields) for line in lines]
        secret = _secret(shown, fields)
        order, _ = await sales.purchase(buyer.org, lambda _: buyer, shown.event.id, wanted, secret)
        if not order.total and order.state is OrderState.PENDING:
            await sales.confirm(order.org, order.id)
    except (Conflict, Invalid) as problem:
        if problem.code not in _SAID:
            raise
        shown = await db.read(lambda connection: shown_event(connection, slug, now()))
        refused = {"order": speech.say(f"refused.{problem.code}")}
        return _ask(request, shown, lines, values, refused, problem.status)
    return look.go(f"/order/{order.secret}")


def _lines(shown: Shown, quantities: Mapping[str, str]) -> list[Line]:
    lines = []
    for offer in shown.offers:
        asked = quantities.get(f"{QUANTITY}{offer.id}", "")
        quantity = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= 3 else 0
        if 0 < quantity <= MAX_PER_ORDER:
            lines.append(Line(offer, quantity))
    return lines


def _wrong(fields: Fields, speech: Language) -> dict[str, str]:
    """What to say beside a field that is not right."""
    wrong = {}
    if fields.mail("email") is None:
        wrong["email"] = speech.say("wrong.mail")
    if not fields.text("name"):
        wrong["name"] = speech.say("wrong.name")
    return wrong


def _wanted(line: Line, fields: Fields) -> Wanted:
    """Attendees up to the last who is named; the rest are in the buyer's name."""
    names = [fields.text(name) for name in line.names]
    while names and not names[-1]:
        names.pop()
    return Wanted(
        line.offer.id, line.quantity, tuple(Attendee(name or fields.text("name")) for name in names)
    )


def _buyer(shown: Shown, email: str, name: str, speech: Language, visitor: Customer | None) -> Buyer:
    """Who has signed in orders for themselves only with their own address."""
    own = visitor is not None and (visitor.org, visitor.email) == (shown.event.org, email)
    return Buyer(shown.event.org, email, name, speech.tag, visitor.id if visitor and own else None)


def _secret(shown: Shown, fields: Fields) -> str:
    """That of the order which this form places, made of its key and of all that it says; empty for a form
    without a key."""
    key = fields.text(_KEY)
    if len(key) != _KEY_LENGTH or not key.isascii():
        return ""
    said = sorted((name, fields.text(name)) for name in fields.names())
    text = orjson.dumps([shown.event.org, shown.event.id, said])
    made = blake2b(text, digest_size=24, key=key.encode(), person=b"usher-order").digest()
    return urlsafe_b64encode(made).decode()


def _ask(
    request: Request,
    shown: Shown,
    lines: Sequence[Line],
    values: Mapping[str, str],
    wrong: Mapping[str, str],
    status: int = 422,
) -> Response:
    return look.show(
        request,
        "checkout",
        language_of(request, shown.event.languages),
        status=status if wrong else 200,
        organization=shown.organization,
        event=shown.event,
        lines=lines,
        total=sum(line.quantity * line.offer.price for line in lines),
        currency=next((line.offer.currency for line in lines if line.offer.price), lines[0].offer.currency),
        several=sum(line.quantity for line in lines) > 1,
        values=values,
        key=values.get(_KEY) or token_urlsafe(_KEY_LENGTH * 3 // 4),
        wrong=wrong,
        change=_change(shown.event.slug, lines),
    )


def _change(slug: str, lines: Sequence[Line]) -> str:
    """The page of the event with what was chosen so far."""
    chosen = urlencode({f"{QUANTITY}{line.offer.id}": line.quantity for line in lines})
    return f"/e/{slug}?{chosen}#tickets"
