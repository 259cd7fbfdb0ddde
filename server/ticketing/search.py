"""Searching tickets by the words of name, e-mail address and order number, through the search index."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import ColumnElement, Connection, and_, bindparam, or_, select, text

from domain import ticket_code
from server.events.tables import events
from server.ticketing.tables import ticket_keys, tickets
from server.wire import is_storable

_T = tickets.c
_SHORTEST = 3
_LAST_LETTER = "\U0010ffff"
_SQLITE = "ticket.seq IN (SELECT rowid FROM ticket_words WHERE ticket_words MATCH :words)"
# To the letter the expression of the index, or PostgreSQL reads every ticket.
_POSTGRES = (
    "to_tsvector('simple', regexp_replace(normalize(regexp_replace(normalize("
    "ticket.name || ' ' || ticket.email || ' ' || ticket.order_number, NFD), "
    "'[\\u0300-\\u036f]+', '', 'g'), NFC), '[^[\\:alnum\\:]]+', ' ', 'g')) @@ to_tsquery('simple', :words)"
)
_ACCENTS = re.compile("[\u0300-\u036f]+")

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


def matches(connection: Connection, wanted: str, *, whole: bool = False) -> ColumnElement[bool] | None:
    """The condition that each word of `wanted` begins a word of the ticket, or where it is `whole` is one,
    whatever accents either has; None where it has no words. Whole words are found much faster."""
    folded = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", wanted)))
    words = "".join(char if char.isalnum() else " " for char in folded).split()
    if not words:
        return None
    if connection.dialect.name == "sqlite":
        return _condition(_SQLITE, " ".join(f'"{word}"' if whole else f'"{word}"*' for word in words))
    return _condition(_POSTGRES, " & ".join(word if whole else f"{word}:*" for word in words))


def begins(connection: Connection, org: str, event: str, wanted: str) -> ColumnElement[bool] | None:
    """The condition that a ticket's code begins with `wanted`, as one types it: a code of another system, or
    one of ours from where it says which ticket it is; None where `wanted` is too short for a code."""
    text = ticket_code.strip(wanted)
    if len(text) < _SHORTEST or not is_storable(text):
        return None
    # Each a range of the index of its own.
    typed = [_from(connection, each) for each in dict.fromkeys((text, text.upper(), text.lower()))]
    ours = ticket_code.beginning(text.upper())
    if ours is not None and _is_of(connection, org, event, *ours[:2]):
        typed.append(_T.number == ours[2])
    return or_(*typed)


def _is_of(connection: Connection, org: str, event: str, key: int, number: int) -> bool:
    """Whether the key is the organisation's, and the number that of its event."""
    asked = select(events.c.id).join_from(events, ticket_keys, ticket_keys.c.org == events.c.org)
    of_event = (events.c.org == org, events.c.id == event, events.c.number == number)
    return connection.execute(asked.where(*of_event, ticket_keys.c.number == key)).first() is not None


def _from(connection: Connection, beginning: str) -> ColumnElement[bool]:
    if connection.dialect.name == "sqlite":
        return and_(_T.foreign_code >= beginning, _T.foreign_code < beginning + _LAST_LETTER)
    return _T.foreign_code.startswith(beginning, autoescape=True)


def _condition(sql: str, words: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = text(sql).bindparams(bindparam("words", words))  # type: ignore[assignment]
    return found
