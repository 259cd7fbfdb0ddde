"""Service points themselves: made, changed, deleted, read; and their counters."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import orjson
from sqlalchemy import Connection, delete, insert, select, update

from domain import business_hours, clock, roster, service_point, service_request
from domain.clock import Instant
from domain.errors import Conflict, NotFound
from domain.queue import Event
from server.activity.record import Changed, record
from server.auth.caller import Caller
from server.auth.tables import organizations
from server.db.database import Transaction
from server.db.locks import lock
from server.etags import check
from server.ids import new_id
from server.queues import expected, moves, store
from server.queues.figures import today
from server.queues.line import line
from server.queues.schemas import (
    CounterIn,
    CounterOut,
    CounterSet,
    PointChange,
    PointIn,
    PointOut,
    PointSettings,
    PointSummary,
)
from server.queues.status import join_url
from server.queues.stretches import SYSTEM
from server.queues.tables import counters, service_points
from server.queues.values import Counter, Point
from server.wire import Page, cursor, cursor_values

_SETTINGS = set(PointSettings.model_fields)
HOURS = frozenset({"opening_hours", "special_days"})
"""What of the settings says when it is open."""


def create(transaction: Transaction, org: str, actor: str, wanted: PointIn) -> Point:
    """A new service point with its counters. Raises `Conflict` where the id is taken."""
    connection, s = transaction.connection, service_points.c
    id_ = wanted.id or new_id(transaction.now)
    lock(connection, f"{org}/service points")
    if connection.execute(select(s.id).where(s.org == org, s.id == id_)).first() is not None:
        raise Conflict(f"the id {id_} is taken, or was by one since deleted: choose another", code="id_taken")
    zone = connection.execute(select(organizations.c.zone).where(organizations.c.id == org)).scalar()
    zone = wanted.zone or zone or "UTC"
    text = _checked(_json(wanted), _today(transaction.now, zone))
    connection.execute(
        insert(service_points).values(
            org=org,
            id=id_,
            name=wanted.name,
            zone=zone,
            settings=text,
            created=transaction.now,
        )
    )
    point = store.point(connection, org, id_)
    _set_counters(transaction, point, wanted.counters)
    _record(transaction, point, actor, "service_point.created")
    return point


def change(
    transaction: Transaction,
    caller: Caller,
    wanted: PointChange,
    if_match: str | None,
    base_url: str,
    force: bool,
) -> Point:
    """Changes what is named. Raises `NotFound`, `Stale`, `Conflict`; that, too, where it would be closed at a
    time that somebody has booked, unless forced."""
    connection = transaction.connection
    before = point = store.point(connection, caller.org, wanted.id, lock=True)
    check(if_match, summary(connection, point, base_url))
    named = wanted.model_fields_set & _SETTINGS
    settings = PointSettings.model_validate_json(point.text).model_copy(
        update={name: getattr(wanted, name) for name in named}
    )
    point = replace(
        point,
        name=wanted.name or point.name,
        zone=wanted.zone or point.zone,
        text=_json(settings),
    )
    # Hours of days that are over may stay, whatever else is changed.
    _checked(point.text, _today(transaction.now, point.zone) if named & HOURS else date.min)
    if not force:
        _check_booked(connection, before, point, transaction.now)
    s = service_points.c
    connection.execute(
        update(service_points)
        .where(s.org == point.org, s.id == point.id)
        .values(name=point.name, zone=point.zone, settings=point.text)
    )
    if wanted.counters is not None:
        _set_counters(transaction, point, wanted.counters)
    _record(transaction, point, caller.actor, "service_point.changed")
    return point


def drop(transaction: Transaction, caller: Caller, id_: str, force: bool) -> None:
    """Deletes a service point. Raises `Conflict` while people are there, whom `force` moves out, or have
    booked, whose bookings are then called off."""
    point = store.point(transaction.connection, caller.org, id_, lock=True)
    live = store.live(transaction.connection, point)
    if live and not force:
        raise Conflict(
            f"{len(live)} people are here: serve or transfer them first, or send force=true",
            code="people_waiting",
            more={"people": len(live)},
        )
    booked = expected.ahead(transaction.connection, point.org, point.id, transaction.now)
    if booked and not force:
        raise Conflict(
            f"{len(booked)} bookings are to come: move or cancel them first, or send force=true, which"
            " cancels them",
            code="bookings_ahead",
            more={"bookings": len(booked), "first": clock.rfc3339(booked[0])},
        )
    for place in live:
        wanted = moves.Wanted(Event.EXPIRE, transaction.now, caller.actor)
        moves.act(transaction, point, place, wanted)
    s = service_points.c
    transaction.connection.execute(
        update(service_points).where(s.org == point.org, s.id == point.id).values(deleted=transaction.now)
    )
    _drop_counters(transaction, point, store.counters_of(transaction.connection, point.org, point.id))
    _record(transaction, point, caller.actor, "service_point.deleted", gone=True)


def one(connection: Connection, caller: Caller, id_: str, now: Instant, base_url: str) -> PointOut:
    """Raises `NotFound`."""
    if not caller.covers(f"servicePoint:{id_}"):
        raise NotFound("there is no such service point")
    return out(connection, store.point(connection, caller.org, id_), now, base_url)


def page(
    connection: Connection, caller: Caller, limit: int, after: str | None, now: Instant, base_url: str
) -> Page[PointOut]:
    """Service points by name; a device sees its own ones."""
    start = cursor_values(after, str, str) if after else None
    place = (str(start[0]), str(start[1])) if start else None
    found = store.points(connection, caller.org, place, limit + 1, caller.own())
    items = [out(connection, point, now, base_url) for point in found[:limit]]
    more = cursor(found[limit - 1].name, found[limit - 1].id) if len(found) > limit else None
    return Page(items=items, next_cursor=more)


def out(connection: Connection, point: Point, now: Instant, base_url: str) -> PointOut:
    there = line(connection, point, now)
    return PointOut(
        **dict(summary(connection, point, base_url)),
        state=there.opening,
        closes_at=service_point.closes(point.settings, point.where, now),
        today=today(connection, point, now),
    )


def summary(connection: Connection, point: Point, base_url: str) -> PointSummary:
    settings = PointSettings.model_validate_json(point.text)
    return PointSummary(
        **dict(settings),
        id=point.id,
        name=point.name,
        zone=point.zone,
        counters=[counter_out(c) for c in store.counters_of(connection, point.org, point.id)],
        join_url=join_url(connection, point, base_url),
    )


def without_figures(of: PointOut) -> PointSummary:
    return PointSummary(**{name: getattr(of, name) for name in PointSummary.model_fields})


def counter_out(counter: Counter) -> CounterOut:
    return CounterOut.model_validate(counter, from_attributes=True)


def set_counter(transaction: Transaction, point: Point, actor: str, wanted: CounterSet) -> CounterOut:
    """A counter opens, pauses or closes. Raises `Invalid` for one that is not here."""
    counter = moves.counter_of(transaction.connection, point, wanted.counter)
    staff = counter.staff if wanted.staff is None else wanted.staff
    after = replace(counter, state=wanted.state, staff="" if wanted.state == "closed" else staff)
    store.set_counter(transaction, point.org, counter.id, state=after.state, staff=after.staff)
    record(
        transaction,
        org=point.org,
        kind="counter.set",
        subject=f"counter:{counter.id}",
        actor=actor,
        data={"servicePoint": point.id, "state": after.state},
        changed=[Changed(point.scope, "counter", counter.id)],
    )
    return counter_out(after)


def _set_counters(transaction: Transaction, point: Point, wanted: Sequence[CounterIn]) -> None:
    """Those that are named stay as they are or are added, in this order; the others go."""
    lock(transaction.connection, f"{point.org}/counters")
    here = {c.id: c for c in store.counters_of(transaction.connection, point.org, point.id)}
    ids = _counter_ids(transaction.connection, point, wanted, set(here))
    _drop_counters(transaction, point, [c for id_, c in here.items() if id_ not in ids])
    for place, (id_, counter) in enumerate(zip(ids, wanted, strict=True)):
        if id_ in here:
            store.set_counter(transaction, point.org, id_, name=counter.name, place=place)
        else:
            transaction.connection.execute(
                insert(counters).values(
                    org=point.org, id=id_, service_point=point.id, name=counter.name, place=place
                )
            )
        moves.log(transaction, point, "counter", id_)


def _counter_ids(
    connection: Connection, point: Point, wanted: Sequence[CounterIn], here: set[str]
) -> list[str]:
    """The id of each: its own, else the service point's with a number that is free."""
    c = counters.c
    given = [counter.id for counter in wanted if counter.id]
    taken = set(connection.execute(select(c.id).where(c.org == point.org)).scalars())
    if len(set(given)) < len(given) or (taken - here) & set(given):
        raise Conflict("a counter's id is taken: choose another, or leave it out", code="id_taken")
    free = (
        name
        for number in range(1, 100_000)
        if (name := f"{point.id[:57]}-{number}") not in taken and name not in given
    )
    return [counter.id or next(free) for counter in wanted]


def _drop_counters(transaction: Transaction, point: Point, gone: Sequence[Counter]) -> None:
    c = counters.c
    for counter in gone:
        transaction.connection.execute(delete(counters).where(c.org == point.org, c.id == counter.id))
        moves.log(transaction, point, "counter", counter.id, gone=True)


def _json(settings: PointSettings) -> str:
    return orjson.dumps(settings.model_dump(mode="json", include=_SETTINGS, by_alias=True)).decode()


def _today(now: Instant, zone: str) -> date:
    return clock.local(now, clock.zone(zone)).date()


def _checked(text: str, today: date) -> str:
    """Raises `Invalid` for opening hours, planned ones, or steps of service requests that cannot be."""
    of = service_point.settings(text)
    service_request.check(of.steps)
    if of.hours:
        business_hours.check(of.hours, today)
    for hours in roster.plans(of.roster).values():
        business_hours.check(hours)
    return text


def _check_booked(connection: Connection, before: Point, after: Point, now: Instant) -> None:
    """Raises `Conflict` where it would be closed at a booked time at which it was open."""
    if (before.settings.hours, before.zone) == (after.settings.hours, after.zone):
        return
    booked = expected.ahead(connection, after.org, after.id, now)
    shut = [at for at in booked if _open(before, at) and not _open(after, at)]
    if shut:
        day = clock.local_day(shut[0], after.where)
        raise Conflict(
            f"{len(shut)} bookings lie outside of these hours, the first on {day}: move or cancel them"
            " first, or send force=true, which leaves them as they are",
            code="bookings_ahead",
            more={"bookings": len(shut), "first": clock.rfc3339(shut[0])},
        )


def _open(point: Point, at: Instant) -> bool:
    hours = point.settings.hours
    return hours is None or business_hours.is_open(hours, at, point.where)


def _record(transaction: Transaction, point: Point, actor: str, kind: str, gone: bool = False) -> None:
    record(
        transaction,
        org=point.org,
        kind=kind,
        subject=f"service_point:{point.id}",
        actor=actor or SYSTEM,
        data={"name": point.name},
        changed=[Changed(point.scope, "service_point", point.id, gone)],
    )
