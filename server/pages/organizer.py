"""Whose pages these are."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from domain.errors import NotFound
from server.auth.tables import organizations

_O = organizations.c


@dataclass(frozen=True, slots=True)
class Organizer:
    id: str
    name: str


def organizer(connection: Connection, id_: str) -> Organizer:
    """Raises `NotFound`."""
    row = connection.execute(select(_O.id, _O.name).where(_O.id == id_)).first()
    if row is None:
        raise NotFound("there is no such organiser")
    return Organizer(row.id, row.name)


def only_organizer(connection: Connection) -> Organizer | None:
    """The organiser, on a server that has just one."""
    rows = connection.execute(select(_O.id, _O.name).limit(2)).all()
    return Organizer(rows[0].id, rows[0].name) if len(rows) == 1 else None
