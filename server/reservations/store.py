"""Statements on the tables of reservations; rows become values, values become rows."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, case, delete, exists, func, insert, or_, select, update

from domain import queue
from domain.clock import MINUTE, Instant
from domain.errors import NotFound
from domain.reservation import AHEAD, HOLDING, Leg, State, plain_number
from domain.slots import REACH, Taken
from server.auth import store as staff
from server.db.database import Transaction
from server.queues import expected
from server.queues.tables import queue_entries, queue_stretches, service_points
from server.reservations.tables import definitions, holds, reservations
from server.reservations.values import Customer, Definition, Hold, Reservation

_D, _H, _R, _P = definitions.c, holds.c, reservations.c, service_points.c
_E, _T = queue_entries.c, queue_stretches.c
_DEFINITION = (_D.org, _D.id, _D.service_point, _D.settings, _D.created, _D.changed)
_TAKEN = ("definition", "service_point", "starts", "ends", "staff", "before", "after", "seats", "shared")


@dataclass(frozen=True, slots=True)
class Filters:
    """Which reservations: those that start in `[since, until)`, at some service points, and so on."""

    since: Instant | None = None
    until: Instant | None = None
    service_points: Collection[str] | None = None
    staff: str | None = None
    states: Collection[State] = ()
    email: str | None = None
    number: str | None = None


def definition(connection: Connection, org: str | None, id_: str) -> Definition:
    """Of an organisation or, without one, the oldest that bears the id. Raises `NotFound`."""
    query = select(*_DEFINITION).where(_D.id == id_, _D.deleted.is_(None))
    if org is not None:
        query = query.where(_D.org == org)
    row = connection.execute(query.order_by(_D.created, _D.org).limit(1)).first()
    if row is None:
        raise NotFound("there is no such service to book")
    return Definition(*row)


def past_definition(connection: Connection, org: str, id_: str) -> Definition:
    """Also one that was deleted."""
    return Definition(*connection.execute(select(*_DEFINITION).where(_D.org == org, _D.id == id_)).one())


def definitions_of(
    connection: Connection,
    org: str,
    limit: int,
    after: str | None = None,
    points: Collection[str] | None = None,
) -> list[Definition]:
    """By their ids, those behind `after`; `points` only those of some service points.

    None of a service point that is no more.
    """
    there = and_(_P.org == _D.org, _P.id == _D.service_point, _P.deleted.is_(None))
    query = select(*_DEFINITION).join(service_points, there).where(_D.org == org, _D.deleted.is_(None))
    if points is not None:
        query = query.where(_D.service_point.in_(list(points)))
    if after is not None:
        query = query.where(_D.id > after)
    return [Definition(*row) for row in connection.execute(query.order_by(_D.id).limit(limit))]


def working(connection: Connection, of: Definition) -> dict[str, str]:
    """The names of those who do a service and still work here, by their ids, in its order."""
    ids = of.service.staff
    names = staff.working(connection, of.org, ids)
    return {id_: names[id_] for id_ in ids if id_ in names}


def id_taken(connection: Connection, org: str, id_: str) -> bool:
    return connection.execute(select(_D.id).where(_D.org == org, _D.id == id_)).first() is not None


def add_definition(transaction: Transaction, new: Definition) -> None:
    transaction.connection.execute(insert(definitions).values(_definition_row(new)))


def keep_definition(transaction: Transaction, kept: Definition, **more: object) -> None:
    mine = update(definitions).where(_D.org == kept.org, _D.id == kept.id)
    transaction.connection.execute(mine.values({**_definition_row(kept), **more}))


def taken(
    connection: Connection,
    of: Definition,
    start: Instant,
    end: Instant,
    now: Instant,
    *,
    but: Iterable[str] = (),
) -> list[Taken]:
    """All that matters to a booking of a service in `[start, end)`: at its service point or with its staff.

    `but` are the ids of a reservation or a hold that does not stand in its own way.
    """
    ids, found = list(but), list[Taken]()
    for table, held in ((reservations, _R.state.in_([s.value for s in HOLDING])), (holds, _H.expires > now)):
        c = table.c
        near = and_(c.org == of.org, c.starts < end + REACH, c.starts > start - REACH, held)
        if table is reservations:
            near = and_(near, _R.deleted.is_(None))
        concerned = or_(c.service_point == of.service_point, c.staff.in_(of.service.staff))
        query = select(*(c[name] for name in _TAKEN)).where(near, concerned, c.id.not_in(ids))
        found += [_taken(row) for row in connection.execute(query)]
    return found


def reservation(connection: Connection, org: str, id_: str, *, lock: bool = False) -> Reservation:
    """Raises `NotFound`."""
    query = select(reservations).where(_R.org == org, _R.id == id_, _R.deleted.is_(None))
    return _one(connection.execute(query.with_for_update() if lock else query).first())


def by_secret(connection: Connection, secret: str, *, lock: bool = False) -> Reservation:
    """Raises `NotFound`."""
    query = select(reservations).where(_R.secret == secret, _R.deleted.is_(None))
    return _one(connection.execute(query.with_for_update() if lock else query).first())


def by_number(connection: Connection, email: str, number: str, *, lock: bool = False) -> Reservation:
    """Raises `NotFound` where the address is not the reservation's."""
    query = select(reservations).where(
        _R.number == plain_number(number), _R.email == email, _R.deleted.is_(None)
    )
    return _one(connection.execute(query.with_for_update() if lock else query).first())


def to_tell(connection: Connection, org: str, id_: str) -> Reservation | None:
    """For a mail about it, also when it was deleted."""
    row = connection.execute(select(reservations).where(_R.org == org, _R.id == id_)).first()
    return None if row is None else _reservation(row)


def listed(
    connection: Connection, org: str, wanted: Filters, after: tuple[int, str] | None, limit: int
) -> list[Reservation]:
    """By their starts, those behind `after` (start, id)."""
    query = select(reservations).where(_R.org == org, _R.deleted.is_(None))
    if wanted.since is not None:
        query = query.where(_R.starts >= wanted.since)
    if wanted.until is not None:
        query = query.where(_R.starts < wanted.until)
    if wanted.service_points is not None:
        query = query.where(_R.service_point.in_(list(wanted.service_points)))
    if wanted.staff is not None:
        query = query.where(_R.staff == wanted.staff)
    if wanted.states:
        query = query.where(_R.state.in_([state.value for state in wanted.states]))
    if wanted.email is not None:
        query = query.where(_R.email == wanted.email)
    if wanted.number is not None:
        query = query.where(_R.number == plain_number(wanted.number))
    if after is not None:
        query = query.where(or_(_R.starts > after[0], and_(_R.starts == after[0], _R.id > after[1])))
    return [_reservation(row) for row in connection.execute(query.order_by(_R.starts, _R.id).limit(limit))]


def number_taken(connection: Connection, number: str) -> bool:
    return connection.execute(select(_R.id).where(_R.number == number)).first() is not None


def add(transaction: Transaction, new: Reservation) -> None:
    transaction.connection.execute(insert(reservations).values(_row(new)))
    _expect(transaction, new)


def keep(transaction: Transaction, kept: Reservation, **more: object) -> None:
    mine = update(reservations).where(_R.id == kept.id)
    transaction.connection.execute(mine.values({**_row(kept), **more}))
    _expect(transaction, kept)


def _expect(transaction: Transaction, of: Reservation) -> None:
    """Lets the line reckon with who is still to come."""
    if of.state in AHEAD:
        expected.expect(transaction, of.org, of.service_point, of.id, of.starts)
    else:
        expected.forget(transaction, of.id)


def hold(connection: Connection, id_: str, now: Instant) -> Hold | None:
    """A hold that has not run out."""
    row = connection.execute(select(holds).where(_H.id == id_, _H.expires > now)).first()
    return None if row is None else Hold(row.id, row.org, row.definition, _taken(row), Instant(row.expires))


def add_hold(transaction: Transaction, new: Hold) -> None:
    values = {**_taken_row(new.taken), "definition": new.definition}
    transaction.connection.execute(
        insert(holds).values(id=new.id, org=new.org, expires=new.expires, **values)
    )


def drop_hold(transaction: Transaction, id_: str) -> None:
    transaction.connection.execute(delete(holds).where(_H.id == id_))


def drop_holds(transaction: Transaction) -> None:
    """Those that have run out."""
    transaction.connection.execute(delete(holds).where(_H.expires <= transaction.now))


def next_end_of_a_hold(connection: Connection) -> Instant | None:
    return connection.execute(select(func.min(_H.expires))).scalar()


def remind_anew(transaction: Transaction, of: Definition) -> None:
    """Sets the next reminder of what is still to come by the schedule of its service."""
    # The longest before comes first: the first that lies ahead is the next.
    due = [_R.starts - minutes * MINUTE for minutes in sorted(of.settings.reminder_minutes, reverse=True)]
    following = case(*((at > transaction.now, at) for at in due), else_=None) if due else None
    ahead = and_(_R.state.in_([state.value for state in AHEAD]), _R.deleted.is_(None))
    not_due = or_(_R.remind.is_(None), _R.remind > transaction.now)
    mine = update(reservations).where(_R.org == of.org, _R.definition == of.id, ahead, not_due)
    transaction.connection.execute(mine.values(remind=following))


def legs(connection: Connection, of: Reservation) -> tuple[list[Leg], int]:
    """The legs of its visit, and how many changes those have seen; none where it has none."""
    visit = select(_E.visit).where(_E.id == of.entry).scalar_subquery()
    served = exists().where(_T.entry == _E.id, _T.state == queue.State.SERVING.value, _T.undone.is_(False))
    query = select(_E.state, served.label("served"), _E.version).where(_E.org == of.org, _E.visit == visit)
    rows = connection.execute(query).all()
    found = [Leg(queue.State(row.state), bool(row.served)) for row in rows]
    return found, sum(row.version for row in rows)


def _one(row: Row[Any] | None) -> Reservation:
    if row is None:
        raise NotFound("there is no such reservation")
    return _reservation(row)


def _reservation(row: Row[Any]) -> Reservation:
    values = dict(row._mapping)
    customer = Customer(**{name: values.pop(name) for name in ("email", "name", "phone", "language")})
    values.pop("deleted")
    values["state"], values["was"] = State(values["state"]), State(values["was"]) if values["was"] else None
    return Reservation(**values, customer=customer)


def _row(of: Reservation) -> dict[str, object]:
    own = {name: getattr(of, name) for name in Reservation.__slots__ if name != "customer"}
    said = of.customer
    return own | {
        "state": of.state.value,
        "was": of.was and of.was.value,
        "email": said.email,
        "name": said.name,
        "phone": said.phone,
        "language": said.language,
    }


def _taken(row: Row[Any]) -> Taken:
    return Taken(
        row.definition,
        row.service_point,
        Instant(row.starts),
        Instant(row.ends),
        row.staff,
        row.before,
        row.after,
        row.seats,
        row.shared,
    )


def _taken_row(of: Taken) -> dict[str, object]:
    return {
        "definition": of.service,
        "service_point": of.point,
        "starts": of.start,
        "ends": of.end,
        "staff": of.staff,
        "before": of.before,
        "after": of.after,
        "seats": of.seats,
        "shared": of.shared,
    }


def _definition_row(of: Definition) -> dict[str, object]:
    return {
        "org": of.org,
        "id": of.id,
        "service_point": of.service_point,
        "settings": of.text,
        "created": of.created,
        "changed": of.changed,
    }
