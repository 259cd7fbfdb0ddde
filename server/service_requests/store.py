"""Statements on the tables of service requests; rows become values, values become rows."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Row, func, insert, or_, select, tuple_, update

from domain.clock import Instant
from domain.errors import NotFound
from domain.service_request import DONE, Decision, Estimate, Labour, Part, Promise, State
from server.auth.tokens import is_token
from server.db.database import Transaction
from server.db.locks import lock as lock_name
from server.service_requests.tables import estimates, notes, service_requests
from server.service_requests.values import Customer, Decided, Device, Note, Offer, Request

_R, _N, _E = service_requests.c, notes.c, estimates.c
_CUSTOMER = ("name", "email", "phone", "language", "contact")
_PLAIN = (
    *("id", "org", "service_point", "sequence", "code", "secret", "since", "problem", "condition"),
    *("currency", "assignee", "estimate", "version", "created", "changed"),
)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which requests. `due`: promised by then, not paused and not done. `customer` is a contact's id or an
    e-mail address."""

    service_points: Collection[str] | None = None
    states: Collection[State] = ()
    assignee: str | None = None
    due: Instant | None = None
    customer: str | None = None
    sequence: int | None = None


def request(connection: Connection, org: str, id_: str, *, lock: bool = False) -> Request:
    """Raises `NotFound`."""
    query = select(service_requests).where(_R.org == org, _R.id == id_)
    return _one(connection.execute(query.with_for_update() if lock else query).first())


def by_secret(connection: Connection, secret: str, *, lock: bool = False) -> Request:
    """Raises `NotFound`."""
    if not is_token(secret):
        return _one(None)
    query = select(service_requests).where(_R.secret == secret)
    return _one(connection.execute(query.with_for_update() if lock else query).first())


def by_code(connection: Connection, org: str, code: str) -> Request:
    """Raises `NotFound`."""
    return _one(connection.execute(select(service_requests).where(_R.org == org, _R.code == code)).first())


def known(connection: Connection, id_: str, org: str | None = None) -> Request | None:
    """Ids are unique among all organisations; of one of them, where that is named."""
    query = select(service_requests).where(_R.id == id_)
    row = connection.execute(query if org is None else query.where(_R.org == org)).first()
    return None if row is None else _request(row)


def listed(
    connection: Connection, org: str, wanted: Filters, before: tuple[int, str] | None, limit: int
) -> list[Request]:
    """The newest first, those behind `before` (created, id)."""
    query = select(service_requests).where(_R.org == org)
    if wanted.service_points is not None:
        query = query.where(_R.service_point.in_(list(wanted.service_points)))
    if wanted.states:
        query = query.where(_R.state.in_([state.value for state in wanted.states]))
    if wanted.assignee is not None:
        query = query.where(_R.assignee == wanted.assignee)
    if wanted.due is not None:
        done = [state.value for state in DONE]
        query = query.where(_R.due <= wanted.due, _R.paused.is_(None), _R.state.not_in(done))
    if wanted.customer is not None:
        query = query.where(or_(_R.contact == wanted.customer, _R.email == wanted.customer.lower()))
    if wanted.sequence is not None:
        query = query.where(_R.sequence == wanted.sequence)
    if before is not None:
        query = query.where(tuple_(_R.created, _R.id) < tuple_(*before))
    newest = query.order_by(_R.created.desc(), _R.id.desc())
    return [_request(row) for row in connection.execute(newest.limit(limit))]


def next_sequence(transaction: Transaction, org: str, point: str) -> int:
    """A number of this service point that nobody else gets: requests are never dropped."""
    lock_name(transaction.connection, f"{org}/service requests {point}")
    last = select(func.max(_R.sequence)).where(_R.org == org, _R.service_point == point)
    return (transaction.connection.execute(last).scalar() or 0) + 1


def code_taken(connection: Connection, code: str) -> bool:
    return connection.execute(select(_R.id).where(_R.code == code)).first() is not None


def add(transaction: Transaction, new: Request) -> None:
    transaction.connection.execute(insert(service_requests).values(_row(new)))


def keep(transaction: Transaction, kept: Request) -> None:
    transaction.connection.execute(update(service_requests).where(_R.id == kept.id).values(_row(kept)))


def add_note(transaction: Transaction, of: Request, actor: str, public: bool, text: str) -> None:
    """The request must be locked."""
    last = select(func.max(_N.sequence)).where(_N.request == of.id)
    sequence = (transaction.connection.execute(last).scalar() or 0) + 1
    new = Note(of.id, sequence, transaction.now, actor, public, text)
    transaction.connection.execute(insert(notes).values(asdict(new)))


def notes_of(connection: Connection, requests: Collection[str], *, public: bool = False) -> list[Note]:
    """In the order in which they were written."""
    query = select(notes).where(_N.request.in_(list(requests)))
    if public:
        query = query.where(_N.public.is_(True))
    return [Note(*row) for row in connection.execute(query.order_by(_N.request, _N.sequence))]


def add_offer(transaction: Transaction, new: Offer) -> None:
    terms = new.terms
    transaction.connection.execute(
        insert(estimates).values(
            request=new.request,
            revision=terms.revision,
            low=terms.low,
            high=terms.high,
            valid_until=terms.valid_until,
            note=new.note,
            parts=_json(new.parts),
            labour=_json(new.labour),
            given=new.given,
            actor=new.actor,
        )
    )


def decide(transaction: Transaction, of: Offer, decision: Decision, decided: Decided) -> None:
    transaction.connection.execute(
        update(estimates)
        .where(_E.request == of.request, _E.revision == of.terms.revision)
        .values(
            decision=decision.value,
            decided=decided.at,
            decider=decided.actor,
            person=decided.person,
            reason=decided.reason,
        )
    )


def offers_of(connection: Connection, requests: Collection[str]) -> list[Offer]:
    """All that were given, the first first."""
    query = select(estimates).where(_E.request.in_(list(requests)))
    return [_offer(row) for row in connection.execute(query.order_by(_E.request, _E.revision))]


def offer(connection: Connection, of: Request) -> Offer | None:
    """The newest."""
    query = select(estimates).where(_E.request == of.id, _E.revision == of.estimate)
    row = connection.execute(query).first()
    return None if row is None else _offer(row)


def _one(row: Row[Any] | None) -> Request:
    if row is None:
        raise NotFound("there is no such service request")
    return _request(row)


def _request(row: Row[Any]) -> Request:
    return Request(
        **{name: getattr(row, name) for name in _PLAIN},
        state=State(row.state),
        customer=Customer(**{name: getattr(row, name) for name in _CUSTOMER}),
        device=Device(row.device_type, row.brand, row.model, row.serial),
        accessories=tuple(orjson.loads(row.accessories)),
        parts=_parts(row.parts),
        labour=_labour(row.labour),
        promise=Promise(row.due, row.paused),
    )


def _row(of: Request) -> dict[str, object]:
    return {
        **{name: getattr(of, name) for name in _PLAIN},
        **{name: getattr(of.customer, name) for name in _CUSTOMER},
        "state": of.state.value,
        "device_type": of.device.type,
        "brand": of.device.brand,
        "model": of.device.model,
        "serial": of.device.serial,
        "accessories": orjson.dumps(of.accessories).decode(),
        "parts": _json(of.parts),
        "labour": _json(of.labour),
        "due": of.promise.due,
        "paused": of.promise.paused,
    }


def _offer(row: Row[Any]) -> Offer:
    decision = None if row.decision is None else Decision(row.decision)
    return Offer(
        row.request,
        Estimate(row.revision, row.low, row.high, row.valid_until, decision),
        row.note,
        _parts(row.parts),
        _labour(row.labour),
        row.given,
        row.actor,
        None if decision is None else Decided(row.decided, row.decider, row.person, row.reason),
    )


def _json(lines: Sequence[Part | Labour]) -> str:
    return orjson.dumps([asdict(line) for line in lines]).decode()


def _parts(text: str) -> tuple[Part, ...]:
    return tuple(Part(**line) for line in orjson.loads(text))


def _labour(text: str) -> tuple[Labour, ...]:
    return tuple(Labour(**line) for line in orjson.loads(text))
