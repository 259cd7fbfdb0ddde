"""Bookable services: made, changed, deleted, shown."""

from dataclasses import replace

from sqlalchemy import Connection

from domain import business_hours, clock
from domain.errors import Conflict, FieldError, Invalid, NotFound
from server.activity.record import record
from server.auth import store as staff
from server.db.database import Transaction
from server.etags import check
from server.ids import new_id
from server.queues import store as queues
from server.reservations import booking, store
from server.reservations.schemas import DefinitionIn, DefinitionOut, DefinitionSettings, StaffName
from server.reservations.values import Definition, hours_of


def create(transaction: Transaction, org: str, actor: str, wanted: DefinitionIn) -> Definition:
    """Raises `Conflict` where the id is taken, `Invalid` for what cannot be."""
    _check(transaction.connection, org, wanted)
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
    """As a whole. What is booked stays as it was booked. Raises `NotFound`, `Stale`, `Invalid`."""
    kept = store.definition(transaction.connection, org, id_)
    check(if_match, shown(transaction.connection, kept, base_url))
    _check(transaction.connection, org, wanted)
    kept = Definition(org, id_, wanted.service_point, _json(wanted), kept.created, transaction.now)
    store.keep_definition(transaction, kept)
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


def _check(connection: Connection, org: str, wanted: DefinitionSettings) -> None:
    try:
        point = queues.point(connection, org, wanted.service_point)
    except NotFound:
        raise _wrong("there is no such service point: make it first", "servicePoint") from None
    if wanted.category is not None and point.settings.category(wanted.category) is None:
        raise _wrong(f"{point.name} has no category {wanted.category}", "category")
    known = staff.working(connection, org, [person.id for person in wanted.staff])
    for place, person in enumerate(wanted.staff):
        if person.id not in known:
            raise _wrong(f"there is nobody with the id {person.id} on your staff", "staff", place)
        own = hours_of(person)
        if own is not None:
            business_hours.check(own)
    hours = point.settings.hours
    if hours is not None and not _fits(hours, wanted.duration_minutes):
        raise _wrong(
            f"{point.name} is never open for {wanted.duration_minutes} minutes at a time", "durationMinutes"
        )


def _fits(hours: business_hours.Hours, minutes: int) -> bool:
    """Whether some window, or several that touch, are long enough; a common week tells."""
    monday, where = clock.parse("2026-06-01T00:00:00Z"), clock.zone("UTC")
    special = [window.end - window.opens for windows in hours.special.values() for window in windows]
    week = business_hours.Hours(hours.days)
    spans = business_hours.open_intervals(week, monday, clock.shift(monday, 9 * clock.DAY), where)
    longest = max(((until - since) // clock.MINUTE for since, until in spans), default=0)
    return minutes <= max([longest, *special])


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
