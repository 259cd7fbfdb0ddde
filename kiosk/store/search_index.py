"""Search by the beginnings of words: which tickets have them in name, e-mail or order number.

Any text is a query. The index has a list for each three-letter beginning, so a shorter word never asks
the index by itself: it is compared with what the longer words found.
"""

# SQL made of this module's own column names, never of anything that came from outside.
# ruff: noqa: S608

import sqlite3
import unicodedata
from collections.abc import Iterator

_PREFIX = 3
_SYLLABLES = "\u2e80"
"""From here on a letter is a syllable or a word, and two of them say as much as a name."""

_LOOKED_AT = 500
"""How many finds of the longer words are compared with the short ones, at most."""

_COLUMNS = "name, email, order_number"


def words(text: str) -> list[str]:
    """The words of a text where the index splits them: runs of letters and digits, without loose marks."""
    plain = (c for c in unicodedata.normalize("NFC", text) if not unicodedata.category(c).startswith("M"))
    return "".join(c if unicodedata.category(c)[0] in "LN" else " " for c in plain).split()


def find(db: sqlite3.Connection, text: str, limit: int) -> list[int]:
    """Row ids of at most `limit` tickets that have every word; none before a word has three letters."""
    wanted = words(text)[:8]
    long = [word for word in wanted if _is_long(word)]
    short = [_folded(word) for word in wanted if not _is_long(word)]
    if not long:
        return []
    found = []
    for id_, content in _matches(db, long, bool(short)):
        have = [_folded(word) for word in words(content)]
        if all(any(word.startswith(beginning) for word in have) for beginning in short):
            found.append(id_)
        if len(found) == limit:
            break
    return found


def add(db: sqlite3.Connection, ticket: object) -> None:
    db.execute(
        f"INSERT INTO ticket_search (rowid, {_COLUMNS}) SELECT rowid, {_COLUMNS} FROM ticket WHERE id = ?",
        (ticket,),
    )


def drop(db: sqlite3.Connection, ticket: object) -> None:
    """Must be told before the ticket changes: the index keeps no text of its own."""
    db.execute(
        f"INSERT INTO ticket_search (ticket_search, rowid, {_COLUMNS}) "
        f"SELECT 'delete', rowid, {_COLUMNS} FROM ticket WHERE id = ?",
        (ticket,),
    )


def _is_long(word: str) -> bool:
    return len(word) >= _PREFIX or (len(word) == _PREFIX - 1 and min(word) >= _SYLLABLES)


def _folded(word: str) -> str:
    """Small and without marks, to compare."""
    apart = unicodedata.normalize("NFD", word.casefold())
    return "".join(c for c in apart if not unicodedata.category(c).startswith("M"))


def _matches(db: sqlite3.Connection, long: list[str], with_content: bool) -> Iterator[tuple[int, str]]:
    query = " AND ".join(f'"{word}"*' for word in long)
    columns = f"rowid, {_COLUMNS}" if with_content else "rowid"
    try:
        cursor = db.execute(
            f"SELECT {columns} FROM ticket_search WHERE ticket_search MATCH ? LIMIT {_LOOKED_AT}", (query,)
        )
        for row in cursor:
            yield row[0], " ".join(map(str, row[1:]))
    except sqlite3.OperationalError as error:
        # A character that the index splits at and newer Unicode tables call a letter: nothing is found by it.
        if "fts5" not in str(error):
            raise
