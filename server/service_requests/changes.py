"""What becomes of a service request: each change is decided on the locked row, written down, and told."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from domain import service_request as rules
from domain.clock import Instant, rfc3339
from domain.errors import Conflict, FieldError, Invalid
from domain.service_request import Decision, Estimate, Labour, NotNow, Part, Promise, State
from server.activity.record import record
from server.auth import store as staff
from server.db.database import Transaction
from server.messaging.post import post
from server.queues import store as queues
from server.queues.values import Point
from server.service_requests import store
from server.service_requests.values import Decided, Offer, Request

_WORDS = {
    NotNow.MISSING: "there is no estimate: give one first",
    NotNow.CHANGED: "there is a newer estimate by now: look at that one",
    NotNow.DECIDED: "this estimate was approved or rejected already: give a new one",
    NotNow.EXPIRED: "this estimate is not valid any more: give a new one",
    NotNow.NOT_ASKED: "this waits for no approval",
}


def move(transaction: Transaction, kept: Request, state: State, actor: str) -> Request:
    """Raises `Conflict` where the state does not follow, or what it needs of the estimate is not there."""
    point = point_of(transaction.connection, kept)
    if state not in rules.following(point.settings.steps, kept.state):
        raise conflict(point, kept, f"{state} does not follow {kept.state}", "wrong_transition")
    missing = rules.lacks(state, _terms(transaction, kept), transaction.now)
    if missing is not None:
        code = "approval_missing" if state is State.APPROVED else missing.value
        words = "the estimate is not approved" if state is State.APPROVED else _WORDS[missing]
        raise conflict(point, kept, words, code)
    return _become(transaction, point, kept, state, actor)


def annotate(transaction: Transaction, kept: Request, text: str, public: bool, actor: str) -> None:
    store.add_note(transaction, kept, actor, public, text)
    note_down(transaction, kept, "annotated", actor, public=public)


def price(
    transaction: Transaction,
    kept: Request,
    parts: Sequence[Part] | None,
    labour: Sequence[Labour] | None,
    actor: str,
) -> Request:
    """Other lines; an estimate that was given stays as it was given."""
    kept = replace(
        kept,
        parts=kept.parts if parts is None else tuple(parts),
        labour=kept.labour if labour is None else tuple(labour),
    )
    total = rules.total(kept.parts, kept.labour)
    note_down(transaction, kept, "priced", actor, total=total, currency=kept.currency)
    return kept


def estimate(
    transaction: Transaction,
    kept: Request,
    low: int | None,
    high: int | None,
    valid_until: Instant | None,
    note: str,
    actor: str,
) -> Request:
    """A new estimate of the lines as they are, which nobody has approved yet. Raises `Invalid`."""
    total = rules.total(kept.parts, kept.labour) if kept.parts or kept.labour else None
    least, most = (
        next((n for n in given if n is not None), None) for given in ((low, total, high), (high, total, low))
    )
    if least is None or most is None:
        raise _wrong("an estimate needs lines, or a range", "high")
    if not least <= (most if total is None else total) <= most:
        raise _wrong(f"the lines sum up to {total}: the range must hold that", "low")
    if valid_until is not None and valid_until <= transaction.now:
        raise _wrong("this is past already: choose a later time", "validUntil")
    kept = replace(kept, estimate=kept.estimate + 1)
    terms = Estimate(kept.estimate, least, most, valid_until)
    offer = Offer(kept.id, terms, note, kept.parts, kept.labour, transaction.now, actor)
    store.add_offer(transaction, offer)
    said = {"revision": terms.revision, "low": least, "high": most, "currency": kept.currency}
    note_down(transaction, kept, "estimated", actor, **said)
    return kept


def decide(
    transaction: Transaction, kept: Request, decision: Decision, seen: int | None, decided: Decided
) -> Request:
    """The customer approves or rejects the estimate of the revision `seen`. An approval lets the work go on.

    Raises `Conflict` where there is nothing to decide on, or no more.
    """
    point, offer = point_of(transaction.connection, kept), store.offer(transaction.connection, kept)
    why = rules.not_now(offer.terms if offer else None, kept.state, seen, transaction.now)
    if why is not None:
        raise conflict(point, kept, _WORDS[why], why.value)
    assert offer is not None, "there is something to decide on"
    store.decide(transaction, offer, decision, decided)
    more = {"revision": offer.terms.revision, "by": decided.person, "reason": decided.reason}
    note_down(transaction, kept, decision.value, decided.actor, **more)
    follows = State.APPROVED in rules.following(point.settings.steps, kept.state)
    if decision is Decision.APPROVED and follows:
        return _become(transaction, point, kept, State.APPROVED, decided.actor)
    return kept


def promise(transaction: Transaction, kept: Request, due: Instant | None, actor: str) -> Request:
    """Another promised date; what waits for others begins its pause anew."""
    waits = due is not None and kept.state in rules.PAUSING
    kept = replace(kept, promise=Promise(due, transaction.now if waits else None))
    note_down(transaction, kept, "promised", actor, promised=None if due is None else rfc3339(due))
    return kept


def assign(transaction: Transaction, kept: Request, assignee: str | None, actor: str) -> Request:
    """Raises `Invalid` for somebody who is not on the staff."""
    if assignee is not None:
        check_assignee(transaction.connection, kept.org, assignee)
    kept = replace(kept, assignee=assignee)
    note_down(transaction, kept, "assigned", actor, assignee=assignee)
    return kept


def keep(transaction: Transaction, changed: Request) -> Request:
    """Writes what was changed, as one version, and tells the customer what concerns them."""
    changed = replace(changed, version=changed.version + 1, changed=transaction.now)
    store.keep(transaction, changed)
    if changed.state is State.WAITING_APPROVAL:
        offer = store.offer(transaction.connection, changed)
        if offer is not None and offer.decision is None:
            tell(transaction, changed, "estimate", f"estimate {offer.terms.revision}")
    if changed.state is State.READY:
        tell(transaction, changed, "ready", f"ready {changed.since}")
    return changed


def tell(transaction: Transaction, of: Request, what: str, cause: str | None = None) -> None:
    """Owes the customer a mail, where they left an address, once for each cause."""
    if of.customer.email:
        post(
            transaction,
            org=of.org,
            kind=f"service_request.{what}",
            cause=f"service request {of.id} {cause or what}",
            to=of.customer.email,
            name=of.customer.name,
            language=of.customer.language,
            about={"request": of.id},
            contact=of.customer.contact,
        )


def note_down(transaction: Transaction, of: Request, kind: str, actor: str, **more: object) -> None:
    """Writes it into the trail, and the contact's timeline."""
    record(
        transaction,
        org=of.org,
        kind=f"service_request.{kind}",
        subject=of.subject,
        actor=actor,
        data={"number": of.number, "servicePoint": of.service_point, "state": of.state, **more},
        contact=of.customer.contact,
    )


def check_version(connection: Connection, kept: Request, version: int | None) -> None:
    """Raises `Conflict` where somebody changed it since that version."""
    if version is not None and version != kept.version:
        point = point_of(connection, kept)
        raise conflict(point, kept, f"{kept.number} was changed by somebody else", "stale_version")


def check_assignee(connection: Connection, org: str, assignee: str) -> None:
    if not staff.working(connection, org, [assignee]):
        raise _wrong("there is nobody with this id on your staff", "assignee")


def conflict(point: Point, kept: Request, words: str, code: str) -> Conflict:
    """With the state that was found, and what is allowed."""
    allows = ", ".join(rules.following(point.settings.steps, kept.state)) or "nothing"
    return Conflict(f"{words}; it is {kept.state}, which allows {allows}", code=code, more=found(point, kept))


def found(point: Point, kept: Request) -> dict[str, object]:
    """What a caller is told of the state that stands."""
    allowed = list(rules.following(point.settings.steps, kept.state))
    return {"state": kept.state, "allowed": allowed, "version": kept.version}


def point_of(connection: Connection, of: Request) -> Point:
    return queues.past_point(connection, of.org, of.service_point)


def _become(transaction: Transaction, point: Point, kept: Request, state: State, actor: str) -> Request:
    now = transaction.now
    promised = rules.moved(kept.promise, state, point.settings.hours, now, point.where)
    changed = replace(kept, state=state, since=now, promise=promised)
    note_down(transaction, changed, "moved", actor, **{"from": kept.state})
    return changed


def _terms(transaction: Transaction, kept: Request) -> Estimate | None:
    offer = store.offer(transaction.connection, kept)
    return offer.terms if offer else None


def _wrong(words: str, field: str) -> Invalid:
    where = ("body", field) if field == "assignee" else ("body", "estimate", field)
    return Invalid(words, errors=[FieldError(where, words)])
