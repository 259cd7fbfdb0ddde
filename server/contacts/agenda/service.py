"""CRM events made, changed, deleted, listed; each change is a line in the contact's timeline."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, or_, select, update

from domain import clock
from domain.clock import Instant
from domain.errors import Conflict, FieldError, Invalid, NotFound
from server.activity.record import record
from server.auth.caller import Caller, Role
from server.auth.tables import Staff
from server.contacts.agenda.schemas import CrmEventChange, CrmEventIn, CrmEventOut, Subject
from server.contacts.agenda.tables import crm_events
from server.contacts.tables import contacts
from server.db.base import table_of
from server.db.database import Transaction
from server.etags import check
from server.ids import new_id

_E, _C, _S = crm_events.c, contacts.c, table_of(Staff).c


@dataclass(frozen=True, slots=True)
class Filters:
    """Whom it is about, whose it is, and that it meets `[since, until)`."""

    about: str | None = None
    subject: str | None = None
    owner: str | None = None
    since: Instant | None = None
    until: Instant | None = None


def create(transaction: Transaction, caller: Caller, wanted: CrmEventIn) -> CrmEventOut:
    """Raises `Conflict` where the id is taken, `Invalid` for nobody known."""
    connection, id_ = transaction.connection, wanted.id or new_id(transaction.now)
    if connection.execute(select(_E.id).where(_E.id == id_)).first() is not None:
        raise Conflict(f"the id {id_} is taken: choose another", code="id_taken")
    row = {
        "kind": wanted.kind,
        "title": wanted.title,
        "notes": wanted.notes,
        "place": wanted.place,
        "starts": wanted.start,
        "ends": wanted.end,
        "owner": wanted.owner or (caller.id if caller.role is Role.STAFF else ""),
        **_about(connection, caller.org, wanted.subject),
    }
    if wanted.owner is not None:
        _check_owner(connection, caller.org, wanted.owner)
    times = {"created": transaction.now, "changed": transaction.now}
    connection.execute(insert(crm_events).values(id=id_, org=caller.org, **row, **times))
    return _told(transaction, caller, id_, "made")


def change(
    transaction: Transaction, caller: Caller, wanted: CrmEventChange, if_match: str | None
) -> CrmEventOut:
    """Raises `NotFound`, `Stale`, `Invalid`."""
    connection = transaction.connection
    kept = one(connection, caller.org, wanted.id)
    check(if_match, kept)
    fields = wanted.given()
    row: dict[str, Any] = {
        name: fields[name] for name in ("kind", "title", "notes", "place") if name in fields
    }
    if wanted.owner is not None:
        _check_owner(connection, caller.org, wanted.owner)
        row["owner"] = wanted.owner
    if wanted.subject is not None:
        row |= _about(connection, caller.org, wanted.subject)
    row |= {"starts": wanted.start or kept.start, "ends": wanted.end or kept.end}
    if row["ends"] <= row["starts"]:
        words = "an event ends after it starts"
        raise Invalid(words, errors=[FieldError(("body", "end"), words)])
    connection.execute(update(crm_events).where(_E.id == wanted.id).values(**row, changed=transaction.now))
    return _told(transaction, caller, wanted.id, "changed")


def drop(transaction: Transaction, caller: Caller, id_: str) -> None:
    """Raises `NotFound`."""
    one(transaction.connection, caller.org, id_)
    _told(transaction, caller, id_, "deleted")
    transaction.connection.execute(delete(crm_events).where(_E.id == id_))


def one(connection: Connection, org: str, id_: str) -> CrmEventOut:
    """Raises `NotFound`."""
    row = connection.execute(select(crm_events).where(_E.org == org, _E.id == id_)).first()
    if row is None:
        raise NotFound("there is no such event")
    return _out(row)


def listed(
    connection: Connection, org: str, wanted: Filters, after: tuple[int, str] | None, limit: int
) -> list[CrmEventOut]:
    """By their starts, those behind `after` (start, id)."""
    query = select(crm_events).where(_E.org == org)
    for column, value in ((_E.about, wanted.about), (_E.subject, wanted.subject), (_E.owner, wanted.owner)):
        if value is not None:
            query = query.where(column == value)
    if wanted.since is not None:
        query = query.where(_E.ends > wanted.since)
    if wanted.until is not None:
        query = query.where(_E.starts < wanted.until)
    if after is not None:
        query = query.where(or_(_E.starts > after[0], and_(_E.starts == after[0], _E.id > after[1])))
    return [_out(row) for row in connection.execute(query.order_by(_E.starts, _E.id).limit(limit))]


def _about(connection: Connection, org: str, subject: Subject) -> Mapping[str, object]:
    """A contact must be known; leads and merchants are kept elsewhere."""
    contact = None
    if subject.type == "contact":
        known = select(_C.id).where(_C.org == org, _C.id == subject.id)
        contact = connection.execute(known).scalar()
        if contact is None:
            words = "there is no such contact"
            raise Invalid(words, errors=[FieldError(("body", "subject", "id"), words)])
    return {"about": subject.type, "subject": subject.id, "contact": contact}


def _check_owner(connection: Connection, org: str, owner: str) -> None:
    if connection.execute(select(_S.id).where(_S.org == org, _S.id == owner)).first() is None:
        words = "there is nobody with this id on your staff"
        raise Invalid(words, errors=[FieldError(("body", "owner"), words)])


def _told(transaction: Transaction, caller: Caller, id_: str, done: str) -> CrmEventOut:
    """The event, after a line about it was written."""
    row = transaction.connection.execute(select(crm_events).where(_E.id == id_)).one()
    record(
        transaction,
        org=caller.org,
        kind=f"crm_event.{done}",
        subject=f"crm_event:{id_}",
        actor=caller.actor,
        data={"kind": row.kind, "title": row.title, "start": clock.rfc3339(Instant(row.starts))},
        contact=row.contact,
    )
    return _out(row)


def _out(row: Row[Any]) -> CrmEventOut:
    return CrmEventOut(
        id=row.id,
        kind=row.kind,
        title=row.title,
        notes=row.notes,
        place=row.place,
        subject=Subject(type=row.about, id=row.subject),
        owner=row.owner,
        start=Instant(row.starts),
        end=Instant(row.ends),
        created=Instant(row.created),
        changed=Instant(row.changed),
    )
