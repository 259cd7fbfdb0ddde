"""Constraints that the database holds, as faults that a caller understands."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import DataError, IntegrityError

from domain.errors import Conflict

_BROKEN = (IntegrityError, sqlite3.IntegrityError, psycopg.IntegrityError)
REFUSED = (*_BROKEN, DataError, sqlite3.DataError, psycopg.DataError)
"""How a database refuses a value: as SQLAlchemy says it, and bare, as prepared statements raise it."""


@contextmanager
def held(detail: str, code: str) -> Iterator[None]:
    """Raises `Conflict` where the statement within would break a constraint.

    The transaction is of no more use then, and the job must end.
    """
    try:
        yield
    except _BROKEN:
        raise Conflict(detail, code=code) from None
