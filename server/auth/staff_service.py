"""Managing an organisation and the people who work for it."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, insert

from domain.errors import Conflict, NotFound
from server.activity.record import record
from server.auth import store
from server.auth.access import SCOPE
from server.auth.schemas import StaffIn, StaffOut
from server.auth.store import Person
from server.auth.tables import organizations
from server.db.constraints import held
from server.db.database import Transaction
from server.ids import new_id


def add_organization(transaction: Transaction, *, id_: str | None, name: str, zone: str) -> str:
    """A new organisation. Raises `Conflict` where the id is taken."""
    org = id_ or new_id(transaction.now)
    with held(f"there is an organisation {org!r} already", "id_taken"):
        transaction.connection.execute(
            insert(organizations).values(id=org, name=name, zone=zone, created=transaction.now)
        )
    record(transaction, org=org, kind="organization.made", subject=f"organization:{org}", actor="system")
    return org


def add_person(transaction: Transaction, org: str, actor: str, new: StaffIn, digest: str) -> Person:
    """Raises `Conflict` where the e-mail address or the id is taken."""
    person = Person(
        id=new.id or new_id(transaction.now),
        org=org,
        email=new.email,
        name=new.name,
        password=digest,
        permissions=tuple(dict.fromkeys(new.permissions)),
        active=True,
        created=transaction.now,
    )
    with held("this e-mail address or id belongs to somebody already: take another", "staff_taken"):
        store.add_person(transaction.connection, person)
    _record(transaction, person, "staff.added", actor, {"permissions": person.permissions})
    return person


def change_person(transaction: Transaction, person: Person, actor: str, fields: dict[str, Any]) -> Person:
    """Raises `Conflict` for a change after which nobody could manage the organisation."""
    values: dict[str, Any] = {k: tuple(v) if k == "permissions" else v for k, v in fields.items()}
    changed = replace(person, **values)
    if not (changed.active and "admin" in changed.permissions):
        _keep_an_admin(transaction.connection, person)
    store.change_person(transaction.connection, changed)
    if not changed.active or changed.password != person.password:
        store.revoke_subject(transaction.connection, f"staff:{person.id}")
    told = {name: value for name, value in fields.items() if name != "password"}
    _record(transaction, changed, "staff.changed", actor, told | {"newPassword": "password" in fields})
    return changed


def person_of(connection: Connection, org: str, id_: str) -> Person:
    """Somebody to be changed. Raises `NotFound`, for somebody of another organisation too."""
    person = store.person(connection, id_, lock=True)
    if person is None or person.org != org:
        raise NotFound("there is nobody with this id on your staff")
    return person


def shown(person: Person) -> StaffOut:
    return StaffOut(
        id=person.id,
        email=person.email,
        name=person.name,
        permissions=list(person.permissions),
        active=person.active,
        created=person.created,
    )


def _keep_an_admin(connection: Connection, person: Person) -> None:
    store.lock_organization(connection, person.org)
    if set(store.admins(connection, person.org)) == {person.id}:
        raise Conflict(
            "this is the only administrator: give somebody else the permission admin first",
            code="last_admin",
        )


def _record(transaction: Transaction, person: Person, kind: str, actor: str, data: dict[str, object]) -> None:
    transaction.touched.add(SCOPE)
    record(transaction, org=person.org, kind=kind, subject=f"staff:{person.id}", actor=actor, data=data)
