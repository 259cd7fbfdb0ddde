"""Searching tickets by the words of name, e-mail address and order number, through the search index."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import ColumnElement, Connection, bindparam, text

_SQLITE = "ticket.seq IN (SELECT rowid FROM ticket_words WHERE ticket_words MATCH :words)"
# To the letter the expression of the index, or PostgreSQL reads every ticket.
_POSTGRES = (
    "to_tsvector('simple', regexp_replace(ticket.name || ' ' || ticket.email || ' ' || ticket.order_number,"
    " '[^[\\:alnum\\:]]+', ' ', 'g')) @@ to_tsquery('simple', :words)"
)

_TRIGGER = "ticket_words_insert"
_FILL = (
    "INSERT INTO ticket_words(rowid, name, email, order_number) "
    "SELECT seq, name, email, order_number FROM ticket WHERE seq > ?"
)


@contextmanager
def filled_at_once(connection: Connection) -> Iterator[None]:
    """Many tickets are added within: on SQLite their words enter the index together at the end, which is
    20 times faster than one by one through the trigger. A transaction that fails leaves all as it was."""
    if connection.dialect.name != "sqlite":
        yield
        return
    execute = connection.exec_driver_sql
    trigger = execute("SELECT sql FROM sqlite_master WHERE name = ?", (_TRIGGER,)).scalar_one()
    last = execute("SELECT COALESCE(MAX(seq), 0) FROM ticket").scalar_one()
    execute(f"DROP TRIGGER {_TRIGGER}")
    yield
    execute(_FILL, (last,))
    execute(trigger)


def matches(connection: Connection, wanted: str) -> ColumnElement[bool] | None:
    """The condition that each word of `wanted` begins a word of the ticket; None where it has no words."""
    words = "".join(char if char.isalnum() else " " for char in wanted).split()
    if not words:
        return None
    if connection.dialect.name == "sqlite":
        return _condition(_SQLITE, " ".join(f'"{word}"*' for word in words))
    return _condition(_POSTGRES, " & ".join(f"{word}:*" for word in words))


def _condition(sql: str, words: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = text(sql).bindparams(bindparam("words", words))  # type: ignore[assignment]
    return found
