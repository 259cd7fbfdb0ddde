"""Statements on the tables of the queues; rows become values, values become rows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from functools import cache, lru_cache
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from domain.clock import Instant
from domain.errors import NotFound
from domain.forecast import CONFIGURED, HISTORY, Forecast
from domain.ids import EntryId, ServicePointId
from domain.queue import LIVE, Entry, Prior, State
from server.db.database import Transaction
from server.db.prepared import Prepared
from server.queues.stretches import Stretch
from server.queues.tables import counters, queue_entries, queue_stretches, service_points
from server.queues.values import Counter, Person, Place, Point

_POINT = (
    "org",
    "id",
    "name",
    "zone",
    "settings",
    "turn",
    "sequence",
    "joined",
    "created",
    "learned",
    "taught",
)
_ENTRY = (
    *("id", "service_point", "number", "category", "priority", "joined", "sequence", "changed"),
    *("counter", "called", "calls", "front", "arrived"),
)
_PERSON = ("name", "call_by_name", "party", "note", "phone", "email", "language", "browser", "booked")
_PLACE = (
    *("org", "visit", "day", "leg", "issued", "version", "outcome", "service_note", "stretch"),
    *("turn_before", "turn_after", "spared", "waited", "served", "written"),
)

_MODEL = ("model_p50", "model_p80", "model_p90")

e, k, s = queue_entries.c, counters.c, service_points.c


def points(
    connection: Connection,
    org: str,
    after: tuple[str, str] | None,
    limit: int,
    only: Sequence[str] | None = None,
) -> list[Point]:
    """Service points by name, those behind `after` (name, id); `only` those with some ids."""
    query = select(*(s[name] for name in _POINT)).where(s.org == org, s.deleted.is_(None))
    if only is not None:
        query = query.where(s.id.in_(list(only)))
    if after is not None:
        query = query.where(or_(s.name > after[0], and_(s.name == after[0], s.id > after[1])))
    return [_point(row) for row in connection.execute(query.order_by(s.name, s.id).limit(limit))]


_ONE = select(*(s[name] for name in _POINT)).where(
    s.org == bindparam("of_org"), s.id == bindparam("of_point"), s.deleted.is_(None)
)
_SEEN, _LOCKED = Prepared(_ONE), Prepared(_ONE.with_for_update())


_OLDEST = Prepared(
    select(*(s[name] for name in _POINT))
    .where(s.id == bindparam("of_point"), s.deleted.is_(None))
    .order_by(s.created, s.org)
    .limit(1)
)


def point(connection: Connection, org: str, id_: str, *, lock: bool = False) -> Point:
    """Raises `NotFound`. With `lock`, whoever else locks it waits until this transaction ends."""
    row = (_LOCKED if lock else _SEEN).first(connection, of_org=org, of_point=id_)
    if row is None:
        raise NotFound("there is no such service point")
    return Point(*row)


def past_point(connection: Connection, org: str, id_: str) -> Point:
    """Also one that was deleted, for what happened there."""
    query = select(*(s[name] for name in _POINT)).where(s.org == org, s.id == id_)
    return _point(connection.execute(query).one())


def public_point(connection: Connection, id_: str, org: str | None) -> Point:
    """The service point of that id, of the organisation or, without one, the oldest that bears it.

    Raises `NotFound`.
    """
    if org is not None:
        return point(connection, org, id_)
    row = _OLDEST.first(connection, of_point=id_)
    if row is None:
        raise NotFound("there is no such service point")
    return Point(*row)


@cache
def _advance(names: tuple[str, ...]) -> Prepared:
    return Prepared(
        update(service_points)
        .where(s.org == bindparam("of_org"), s.id == bindparam("of_point"))
        .values({name: bindparam(name) for name in names})
    )


def advance(transaction: Transaction, of: Point, **values: object) -> Point:
    """Changes a service point's own columns, such as `turn`, `sequence`, `joined`."""
    _advance(tuple(values)).later(transaction.connection, of_org=of.org, of_point=of.id, **values)
    return replace(of, **values)  # type: ignore[arg-type]


_COUNTERS = Prepared(
    select(k.id, k.service_point, k.name, k.state, k.staff)
    .where(k.org == bindparam("of_org"), k.service_point == bindparam("of_point"))
    .order_by(k.place, k.id)
)


def counters_of(connection: Connection, org: str, id_: str) -> list[Counter]:
    return ask_counters(connection, org, id_)()


def ask_counters(connection: Connection, org: str, id_: str) -> Callable[[], list[Counter]]:
    """Asks for them along with what is asked for next."""
    rows = _COUNTERS.soon(connection, of_org=org, of_point=id_)
    return lambda: [Counter(*row) for row in rows()]


def set_counter(transaction: Transaction, org: str, id_: str, **values: object) -> None:
    transaction.connection.execute(
        update(counters).where(counters.c.org == org, counters.c.id == id_).values(**values)
    )


def place(connection: Connection, id_: str, org: str | None = None) -> Place | None:
    """The entry of that id, of the organisation where one is given."""
    query = select(queue_entries).where(e.id == id_)
    row = connection.execute(query if org is None else query.where(e.org == org)).first()
    return None if row is None else _place(row)


def visit(connection: Connection, id_: str) -> Place:
    """Where the visit of an entry is now, or was at its end. Raises `NotFound`."""
    found = place(connection, id_)
    if found is None:
        raise NotFound("there is no such queue entry")
    return current_leg(connection, found)


def last_leg(connection: Connection, of: Place) -> Place:
    """The entry that a visit came to last."""
    query = select(queue_entries).where(e.visit == of.visit, e.org == of.org)
    return _place(connection.execute(query.order_by(e.leg.desc()).limit(1)).one())


def current_leg(connection: Connection, of: Place) -> Place:
    """The entry of a visit where the person is now, or was at its end."""
    if of.entry.state in LIVE:
        return of
    query = select(queue_entries).where(e.visit == of.visit, e.org == of.org)
    moved_on = (e.state == State.TRANSFERRED.value).asc()
    return _place(connection.execute(query.order_by(e.live.desc(), moved_on, e.leg.desc()).limit(1)).one())


def live(connection: Connection, of: Point, *states: State) -> list[Place]:
    """Everybody who is here, or only those in some states, in the order of joining."""
    query = select(queue_entries).where(e.live.is_(True), e.org == of.org, e.service_point == of.id)
    if states:
        query = query.where(e.state.in_([state.value for state in states]))
    return [_place(row) for row in connection.execute(query.order_by(e.sequence))]


def alike(connection: Connection, of: Point, person: Person, states: Sequence[State]) -> list[Place]:
    """Those in some states who gave the same phone, e-mail address or browser, in the order of joining."""
    known = [e[name] == value for name in ("phone", "email", "browser") if (value := getattr(person, name))]
    if not known:
        return []
    query = select(queue_entries).where(
        e.live.is_(True), e.org == of.org, e.service_point == of.id, e.state.in_([s.value for s in states])
    )
    return [_place(row) for row in connection.execute(query.where(or_(*known)).order_by(e.sequence))]


_PRESENT = Prepared(
    select(
        *(e.id, e.number, e.category, e.joined, e.sequence, e.changed, e.priority, e.state, e.counter),
        *(e.called, e.front, e.booked),
    ).where(
        e.live.is_(True),
        e.org == bindparam("of_org"),
        e.service_point == bindparam("of_point"),
    )
)


_STATES = {state.value: state for state in State}


def present(connection: Connection, of: Point) -> tuple[list[Entry], frozenset[str]]:
    """Everybody who is here, with as much as orders them and foretells waits; and the ids of those who came
    for a booking."""
    rows = _PRESENT.rows(connection, of_org=of.org, of_point=of.id)
    point = ServicePointId(of.id)
    entries = [_present(point, *row[:-1]) for row in rows]
    return entries, frozenset(row[0] for row in rows if row[-1] is not None)


@lru_cache(maxsize=16_384)
def _present(point: ServicePointId, *row: Any) -> Entry:
    """Each stays what it is for as long as nothing happens to it, however often its line is looked at."""
    return Entry(
        *(row[0], point, row[1], row[2], row[3], row[4], row[5], row[6]),
        *(_STATES[row[7]], row[8], row[9]),
        front=bool(row[10]),
    )


def as_present(place: Place) -> Entry:
    """Somebody who is about to wait, as `present` will give them."""
    entry = place.entry
    return Entry(
        entry.id,
        entry.service_point,
        entry.number,
        entry.category,
        entry.joined,
        entry.sequence,
        entry.changed,
        entry.priority,
        front=entry.front,
    )


def people_by_day(
    connection: Connection, called: ColumnElement[bool]
) -> list[tuple[Point, str, Instant, Instant | None]]:
    """Where anybody is: the service point, the day of their joining, the first write among them, and the
    first call of those for whom `called` holds. Of all organisations."""
    here = select(e.org, e.service_point, e.day, func.min(e.written), func.min(case((called, e.called))))
    rows = connection.execute(here.where(e.live.is_(True)).group_by(e.org, e.service_point, e.day)).all()
    points = _points(connection, {(row[0], row[1]) for row in rows})
    return [(points[row[0], row[1]], row[2], row[3], row[4]) for row in rows if (row[0], row[1]) in points]


def _points(connection: Connection, keys: set[tuple[str, str]]) -> dict[tuple[str, str], Point]:
    query = select(*(s[name] for name in _POINT)).where(tuple_(s.org, s.id).in_(list(keys)))
    found = map(_point, connection.execute(query.where(s.deleted.is_(None))) if keys else ())
    return {(point.org, point.id): point for point in found}


def last_called(connection: Connection, of: Point, since: Instant, limit: int) -> list[Place]:
    """Who was called last, newest first, since an instant."""
    query = select(queue_entries).where(e.org == of.org, e.service_point == of.id, e.called >= since)
    rows = connection.execute(query.order_by(e.called.desc(), e.sequence.desc()).limit(limit))
    return [_place(row) for row in rows]


def listed(
    connection: Connection, of: Point, states: Iterable[str], day: str, after: int | None, limit: int
) -> list[Place]:
    """The entries in some states, in the order of joining: the live ones, of the others those of a day."""
    query = select(queue_entries).where(e.org == of.org, e.service_point == of.id, e.state.in_(list(states)))
    query = query.where(or_(e.live.is_(True), e.day == day))
    if after is not None:
        query = query.where(e.sequence > after)
    return [_place(row) for row in connection.execute(query.order_by(e.sequence).limit(limit))]


_ADD = Prepared(insert(queue_entries).values({column: bindparam(column.name) for column in e}))


def add(transaction: Transaction, new: Place, actor: str) -> Place:
    """Keeps a new entry, and begins its first stretch."""
    new = replace(new, written=transaction.now)
    _ADD.later(transaction.connection, **_row(new))
    _begin(transaction, new, actor)
    return new


def keep(transaction: Transaction, changed: Place) -> Place:
    """Writes an entry that changed, under its next version."""
    changed = replace(changed, version=changed.version + 1, written=transaction.now)
    row = _row(changed)
    del row["id"]
    transaction.connection.execute(update(queue_entries).where(e.id == changed.entry.id).values(**row))
    return changed


def next_stretch(transaction: Transaction, changed: Place, actor: str, *, undo: bool = False) -> Place:
    """Ends the stretch that runs and begins the one of the entry's present state.

    `undo` marks the one that ends as taken back.
    """
    t = queue_stretches.c
    ended: dict[str, object] = {"until": changed.entry.changed}
    if undo:
        ended["undone"] = True
    transaction.connection.execute(
        update(queue_stretches)
        .where(t.entry == changed.entry.id, t.sequence == changed.stretch)
        .values(**ended)
    )
    changed = replace(changed, stretch=changed.stretch + 1)
    _begin(transaction, changed, actor)
    return changed


def stretches(connection: Connection, entry: str) -> list[Stretch]:
    """The whole history of an entry, oldest first."""
    t = queue_stretches.c
    query = select(t.state, t.since, t.until, t.undone, t.counter, t.actor).where(t.entry == entry)
    return [
        Stretch(State(row[0]), row[1], row[2], row[3], row[4], row[5])
        for row in connection.execute(query.order_by(t.sequence))
    ]


_BEGIN = Prepared(
    insert(queue_stretches).values(
        {n: bindparam(n) for n in ("entry", "sequence", "state", "since", "counter", "actor", "undone")}
    )
)


def _begin(transaction: Transaction, of: Place, actor: str) -> None:
    entry = of.entry
    _BEGIN.later(
        transaction.connection,
        entry=entry.id,
        sequence=of.stretch,
        state=entry.state.value,
        since=entry.changed,
        counter=entry.counter,
        actor=actor,
        undone=False,
    )


def _point(row: Row[Any]) -> Point:
    return Point(*tuple(row))


def _place(row: Row[Any]) -> Place:
    values = row._mapping
    forecast = None
    if values["forecast_p50"] is not None:
        told = (values["forecast_p50"], values["forecast_p80"], values["forecast_p90"])
        forecast = Forecast(*told, *_basis(values))
    return Place(
        entry=_entry(values),
        person=Person(**{name: values[name] for name in _PERSON}),
        forecast=forecast,
        **{name: values[name] for name in _PLACE},
    )


def _entry(values: Any) -> Entry:
    return Entry(
        id=EntryId(values["id"]),
        service_point=ServicePointId(values["service_point"]),
        number=values["number"],
        category=values["category"],
        joined=Instant(values["joined"]),
        sequence=values["sequence"],
        changed=Instant(values["changed"]),
        priority=values["priority"],
        state=State(values["state"]),
        counter=values["counter"],
        called=values["called"],
        calls=values["calls"],
        front=values["front"],
        arrived=values["arrived"],
        held_from=State(values["held_from"]) if values["held_from"] else None,
        prior=_prior(values["prior"]),
    )


def _basis(values: Any) -> tuple[str, tuple[int, int, int] | None]:
    model = tuple(values[name] for name in _MODEL)
    return (CONFIGURED, None) if None in model else (HISTORY, model)


def _prior(text: str | None) -> Prior | None:
    if text is None:
        return None
    was = orjson.loads(text)
    held_from = State(was["held_from"]) if was["held_from"] else None
    return Prior(**{**was, "state": State(was["state"]), "held_from": held_from})


def _row(of: Place) -> dict[str, object]:
    entry, forecast = of.entry, of.forecast
    model = forecast.model if forecast and forecast.basis != CONFIGURED else None
    row = {name: getattr(entry, name) for name in _ENTRY}
    row |= {name: getattr(of.person, name) for name in _PERSON}
    row |= {name: getattr(of, name) for name in _PLACE}
    return row | {
        "prior": None if entry.prior is None else orjson.dumps(asdict(entry.prior)).decode(),
        "state": entry.state.value,
        "held_from": entry.held_from and entry.held_from.value,
        "live": entry.state in LIVE,
        "forecast_p50": forecast and forecast.p50,
        "forecast_p80": forecast and forecast.p80,
        "forecast_p90": forecast and forecast.p90,
        **dict(zip(_MODEL, model or (None,) * 3, strict=True)),
    }
