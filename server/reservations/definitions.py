"""Bookable services: made, changed, deleted, shown."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from domain import business_hours, clock
from domain.errors import Conflict, FieldError, Invalid, NotFound
from server.activity.record import record
from server.auth import store as staff
from server.db.database import Transaction
from server.etags import check
from server.ids import new_id
from server.queues import store as queues
from server.queues.values import Point
from server.reservations import booking, store
from server.reservations.schemas import DefinitionIn, DefinitionOut, DefinitionSettings, StaffName
from server.reservations.values import Definition, hours_of

_ALL = 10_000
"""More services than any service point has."""


def create(transaction: Transaction, org: str, actor: str, wanted: DefinitionIn) -> Definition:
    """Raises `Conflict` where the id is taken, `Invalid` for what cannot be."""
    _check(transaction, org, wanted)
    id_ = wanted.id or new_id(transaction.now)
    if store.id_taken(transaction.connection, org, id_):
        raise Conflict(f"the id {id_} is taken, or was by one since deleted: choose another", code="id_taken")
    now = transaction.now
    made = Definition(org, id_, wanted.service_point, _json(wanted), now, now)
    store.add_definition(transaction, made)
    _record(transaction, made, actor, "made")
    return made


def change(
    transaction: Transaction,
    org: str,
    actor: str,
    id_: str,
    wanted: DefinitionSettings,
    if_match: str | None,
    base_url: str,
) -> Definition:
    """As a whole. What is booked stays as it was booked, and is reminded of as the service now says. Raises
    `NotFound`, `Stale`, `Invalid`."""
    kept = store.definition(transaction.connection, org, id_)
    check(if_match, shown(transaction.connection, kept, base_url))
    _check(transaction, org, wanted)
    kept = Definition(org, id_, wanted.service_point, _json(wanted), kept.created, transaction.now)
    store.keep_definition(transaction, kept)
    store.remind_anew(transaction, kept)
    _record(transaction, kept, actor, "changed")
    return kept


def drop(transaction: Transaction, org: str, actor: str, id_: str) -> None:
    """Nobody can book it any more; what is booked stays. Raises `NotFound`."""
    kept = store.definition(transaction.connection, org, id_)
    store.keep_definition(transaction, replace(kept), deleted=transaction.now)
    _record(transaction, kept, actor, "deleted")


def shown(connection: Connection, of: Definition, base_url: str) -> DefinitionOut:
    return DefinitionOut(
        **dict(of.settings),
        id=of.id,
        timezone=queues.past_point(connection, of.org, of.service_point).zone,
        people=people(connection, of),
        book_url=f"{base_url}/book/{of.id}?orgid={of.org}",
        created=of.created,
        changed=of.changed,
    )


def people(connection: Connection, of: Definition) -> list[StaffName]:
    """Who does it, in its order; those who left are not among them."""
    return [StaffName(id=id_, name=name) for id_, name in store.working(connection, of).items()]


def check_hours(transaction: Transaction, point: Point) -> None:
    """Raises `Invalid` where a service point's new hours leave a service without any time."""
    today = _today(transaction, point)
    for of in store.definitions_of(transaction.connection, point.org, _ALL, points=[point.id]):
        names = store.working(transaction.connection, of)
        # Whose own days are over had no time before either.
        able = {id_: name for id_, name in names.items() if _has_time(of.settings, id_, today)}
        try:
            _check_times(point, of.settings, able, today)
        except Invalid as wrong:
            name = next(iter(of.settings.name.values()))
            words = f"{name} ({of.id}) could not be booked any more: {wrong.detail}; change the service first"
            raise _wrong(words, "openingHours") from wrong


def _check(transaction: Transaction, org: str, wanted: DefinitionSettings) -> None:
    connection = transaction.connection
    try:
        point = queues.point(connection, org, wanted.service_point)
    except NotFound:
        raise _wrong("there is no such service point: make it first", "servicePoint") from None
    if wanted.category is not None and point.settings.category(wanted.category) is None:
        raise _wrong(f"{point.name} has no category {wanted.category}", "category")
    today = _today(transaction, point)
    known = staff.working(connection, org, [person.id for person in wanted.staff])
    for place, person in enumerate(wanted.staff):
        if person.id not in known:
            raise _wrong(f"there is nobody with the id {person.id} on your staff", "staff", place)
        own = hours_of(person)
        if own is not None:
            business_hours.check(own, today)
    _check_times(point, wanted, known, today)


def _check_times(point: Point, of: DefinitionSettings, names: Mapping[str, str], today: date) -> None:
    """Raises `Invalid` unless the service point, and each of its staff that is named, has time for it."""
    minutes, hours = of.duration_minutes, point.settings.hours or business_hours.ALWAYS
    if not business_hours.fit([hours], minutes, today):
        raise _wrong(f"{point.name} is never open for {minutes} minutes at a time", "durationMinutes")
    for place, person in enumerate(of.staff):
        own = hours_of(person) if person.id in names else None
        if own is not None and not business_hours.fit([hours, own], minutes, today):
            name = names[person.id]
            words = f"{name} is never there for {minutes} minutes at a time while {point.name} is open"
            raise _wrong(words, "staff", place, "openingHours")


def _has_time(of: DefinitionSettings, id_: str, today: date) -> bool:
    """Whether somebody's own hours leave time for it."""
    own = next((hours_of(person) for person in of.staff if person.id == id_), None)
    return own is None or business_hours.fit([own], of.duration_minutes, today)


def _today(transaction: Transaction, point: Point) -> date:
    return clock.local(transaction.now, point.where).date()


def _wrong(words: str, *where: str | int) -> Invalid:
    return Invalid(words, errors=[FieldError(("body", *where), words)])


def _json(of: DefinitionSettings) -> str:
    return of.model_dump_json(by_alias=True, include=set(DefinitionSettings.model_fields))


def _record(transaction: Transaction, of: Definition, actor: str, done: str) -> None:
    record(
        transaction,
        org=of.org,
        kind=f"reservation_definition.{done}",
        subject=f"reservation_definition:{of.id}",
        actor=actor,
        data={"name": of.settings.name, "servicePoint": of.service_point},
    )
    transaction.touched.add(booking.scope(of.org))
