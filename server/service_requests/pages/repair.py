"""The page of a request, whose address its owner was mailed: how far it is, and the answer to an estimate."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from sqlalchemy import Connection

from domain import service_request as rules
from domain.clock import Instant
from domain.errors import Conflict
from domain.service_request import Decision, State
from server.auth.limits import RateLimit
from server.db.database import Transaction
from server.pages import look
from server.pages.forms import Fields, Form
from server.pages.language import language_of
from server.pages.look import LOOK
from server.pages.organizer import Organizer, organizer
from server.queues.values import Point
from server.service_requests import changes, store
from server.service_requests.values import Decided, Note, Offer
from server.service_requests.values import Request as Kept
from server.wire import Db, Now

router = APIRouter(prefix="/repair/{secret}", include_in_schema=False)

DECIDE = RateLimit("service request decision", "60/minute", "20/hour")
Secret = Annotated[str, Path(max_length=100)]
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Shown:
    """`offer` is an estimate that waits for the answer, or had it. `due` counts the pause until now.

    `heading` names the sentence that says how far it is.
    """

    organization: Organizer
    of: Kept
    point: Point
    notes: list[Note]
    offer: Offer | None
    total: int
    open: bool
    expired: bool
    due: Instant | None

    @property
    def heading(self) -> str:
        if self.of.state is State.WAITING_APPROVAL and self.offer is not None:
            if self.expired:
                return "expired"
            if self.offer.decision is Decision.REJECTED:
                return "rejected"
        return self.of.state.value


@router.get("", dependencies=[Depends(LOOK)])
async def one(
    secret: Secret,
    request: Request,
    db: Db,
    now: Now,
    changed: Annotated[str, Query(max_length=1)] = "",
) -> Response:
    """How far it is; looking changes nothing."""
    there = await db.read(lambda c: _shown(c, store.by_secret(c, secret), now()))
    usual = [there.of.customer.language]
    return look.show(
        request,
        "repair",
        language_of(request, usual),
        organization=there.organization,
        there=there,
        of=there.of,
        changed=bool(changed),
    )


@router.post("/approve", dependencies=[Depends(DECIDE)])
async def approve(secret: Secret, request: Request, form: Form, db: Db) -> Response:
    """Approves the estimate that was shown."""
    return await _decide(secret, request, form, db, Decision.APPROVED)


@router.post("/reject", dependencies=[Depends(DECIDE)])
async def reject(secret: Secret, request: Request, form: Form, db: Db) -> Response:
    """Declines the estimate that was shown, and may say why."""
    return await _decide(secret, request, form, db, Decision.REJECTED)


async def _decide(secret: str, request: Request, form: Fields, db: Db, decision: Decision) -> Response:
    """Back to the page, which says what holds by now."""
    DECIDE.of(request, secret)
    shown, reason = form.text("revision", 10), form.text("reason", _LONGEST)
    # A revision that there never is: whoever saw none has decided on none.
    seen = int(shown) if shown.isascii() and shown.isdigit() else 0

    def job(transaction: Transaction) -> None:
        kept = store.by_secret(transaction.connection, secret, lock=True)
        by = Decided(transaction.now, "public", kept.customer.name, reason)
        changes.keep(transaction, changes.decide(transaction, kept, decision, seen, by))

    try:
        await db.write(job)
    except Conflict:
        return look.go(f"/repair/{secret}?changed=1")
    return look.go(f"/repair/{secret}")


def _shown(connection: Connection, of: Kept, now: Instant) -> Shown:
    point, offer = changes.point_of(connection, of), store.offer(connection, of)
    if offer is not None and offer.decision is None and of.state is not State.WAITING_APPROVAL:
        # Not sent yet, or of no use any more.
        offer = None
    terms = offer.terms if offer else None
    due = None if of.state in rules.DONE else of.promise.due
    if due is not None:
        due = rules.due_now(of.promise, point.settings.hours, now, point.where)
    return Shown(
        organizer(connection, of.org),
        of,
        point,
        store.notes_of(connection, [of.id], public=True),
        offer,
        rules.total(offer.parts, offer.labour) if offer else 0,
        rules.not_now(terms, of.state, None, now) is None,
        terms is not None and terms.expired(now),
        due,
    )
