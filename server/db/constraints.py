"""Constraints that the database holds, as faults that a caller understands."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, IntegrityError

from domain.errors import Conflict

Faults = tuple[type[Exception], ...]


def refused() -> Faults:
    """How a database refuses a value: as SQLAlchemy says it, and bare, as prepared statements raise it."""
    return (*_broken(), DataError, *_bare("DataError"))


@contextmanager
def held(detail: str, code: str) -> Iterator[None]:
    """Raises `Conflict` where the statement within would break a constraint.

    The transaction is of no more use then, and the job must end.
    """
    try:
        yield
    except _broken():
        raise Conflict(detail, code=code) from None


def _broken() -> Faults:
    return (IntegrityError, *_bare("IntegrityError"))


def _bare(name: str) -> Faults:
    """A fault of that name of each driver in use: one that was never imported has raised nothing."""
    drivers = [sys.modules[driver] for driver in ("sqlite3", "psycopg") if driver in sys.modules]
    return tuple(getattr(driver, name) for driver in drivers)
