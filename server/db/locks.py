"""Locks by name, held until the end of a transaction."""

from sqlalchemy import Connection, text

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


def lock(connection: Connection, name: str) -> None:
    """Lets one writer of that name after the other; SQLite has one writer, and needs no lock."""
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"name": name})
