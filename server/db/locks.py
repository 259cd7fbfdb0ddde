"""Locks by name, held until the end of a transaction."""

from collections.abc import Iterable

from sqlalchemy import Connection

from server.db.database import driver

_LOCKS = "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(%s::text[]) AS name"


def lock(connection: Connection, name: str) -> None:
    """Lets one writer of that name after the other; SQLite has one writer, and needs no lock."""
    lock_all(connection, (name,))


def lock_all(connection: Connection, names: Iterable[str]) -> None:
    """`lock` for each of them, in one order for all writers, so that no two wait for each other."""
    if connection.dialect.name == "postgresql":
        driver(connection).later(_LOCKS, (sorted(set(names)),))
