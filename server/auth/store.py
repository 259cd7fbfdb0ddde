"""People, organisations and refresh tokens: statements, and rows as frozen values."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from domain.clock import Instant
from server.auth.tables import devices, organizations, refresh_tokens, staff

_S, _R = staff.c, refresh_tokens.c


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff; `password` is the digest."""

    id: str
    org: str
    email: str
    name: str
    password: str
    permissions: tuple[str, ...]
    active: bool
    created: Instant


@dataclass(frozen=True, slots=True)
class Refresh:
    digest: str
    family: str
    subject: str
    until: Instant
    used: bool
    revoked: bool


def person_by_email(connection: Connection, email: str) -> Person | None:
    return _person(connection.execute(select(staff).where(_S.email == email)).first())


def person(connection: Connection, id_: str, *, lock: bool = False) -> Person | None:
    asked = select(staff).where(_S.id == id_)
    return _person(connection.execute(asked.with_for_update() if lock else asked).first())


def people(connection: Connection, org: str, after: str, limit: int) -> list[Person]:
    rows = connection.execute(select(staff).where(_S.org == org, _S.id > after).order_by(_S.id).limit(limit))
    return [_made(row) for row in rows]


def add_person(connection: Connection, person: Person) -> None:
    connection.execute(insert(staff).values(**_columns(person)))


def change_person(connection: Connection, person: Person) -> None:
    connection.execute(update(staff).where(_S.id == person.id).values(**_columns(person)))


def admins(connection: Connection, org: str) -> Sequence[str]:
    """The ids of those who may manage everything."""
    rows = connection.execute(select(_S.id, _S.permissions).where(_S.org == org, _S.active))
    return [row.id for row in rows if "admin" in orjson.loads(row.permissions)]


def working(connection: Connection, org: str, ids: Collection[str]) -> dict[str, str]:
    """The names of those of these people who are on the staff now, by their ids."""
    if not ids:
        return {}
    asked = select(_S.id, _S.name).where(_S.org == org, _S.id.in_(list(ids)), _S.active.is_(True))
    return {row.id: row.name for row in connection.execute(asked)}


def has_organization(connection: Connection, org: str) -> bool:
    asked = select(organizations.c.id).where(organizations.c.id == org)
    return connection.execute(asked).first() is not None


def organization_name(connection: Connection, org: str) -> str:
    found = connection.execute(select(organizations.c.name).where(organizations.c.id == org)).scalar()
    return str(found or "")


def organization_since(connection: Connection, org: str) -> Instant:
    """When it was made."""
    return Instant(
        connection.execute(select(organizations.c.created).where(organizations.c.id == org)).scalar_one()
    )


def device_name(connection: Connection, id_: str) -> str:
    return str(connection.execute(select(devices.c.name).where(devices.c.id == id_)).scalar() or "")


def is_or_was(connection: Connection, now: str, device: str) -> bool:
    """Whether a device is that kiosk, or was before it was paired as the one that it is `now`."""
    successor = select(devices.c.successor).where(devices.c.id == device)
    return device == now or connection.execute(successor).scalar() == now


def any_organization(connection: Connection) -> bool:
    return bool(connection.execute(select(func.count()).select_from(organizations)).scalar())


def lock_organization(connection: Connection, org: str) -> None:
    """Lets one change of an organisation's people or numbers happen after the other."""
    connection.execute(select(organizations.c.id).where(organizations.c.id == org).with_for_update()).first()


def refresh_token(connection: Connection, digest: str, *, lock: bool = True) -> Refresh | None:
    asked = select(refresh_tokens).where(_R.digest == digest)
    row = connection.execute(asked.with_for_update() if lock else asked).first()
    return None if row is None else Refresh(**row._mapping)


def add_refresh_token(connection: Connection, token: Refresh) -> None:
    connection.execute(
        insert(refresh_tokens).values(
            digest=token.digest,
            family=token.family,
            subject=token.subject,
            until=token.until,
            used=token.used,
            revoked=token.revoked,
        )
    )


def use_refresh_token(connection: Connection, digest: str) -> None:
    connection.execute(update(refresh_tokens).where(_R.digest == digest).values(used=True))


def revoke_family(connection: Connection, family: str) -> None:
    connection.execute(update(refresh_tokens).where(_R.family == family).values(revoked=True))


def revoke_subject(connection: Connection, subject: str) -> None:
    connection.execute(update(refresh_tokens).where(_R.subject == subject).values(revoked=True))


def forget_ended(connection: Connection, subject: str, now: Instant) -> None:
    connection.execute(delete(refresh_tokens).where(_R.subject == subject, _R.until < now))


def _person(row: Row[Any] | None) -> Person | None:
    return None if row is None else _made(row)


def _made(row: Row[Any]) -> Person:
    values = dict(row._mapping)
    return Person(**{**values, "permissions": tuple(orjson.loads(values["permissions"]))})


def _columns(person: Person) -> dict[str, object]:
    return {
        "id": person.id,
        "org": person.org,
        "email": person.email,
        "name": person.name,
        "password": person.password,
        "permissions": orjson.dumps(person.permissions).decode(),
        "active": person.active,
        "created": person.created,
    }
