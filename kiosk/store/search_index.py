"""Search by the beginnings of words: which tickets have them in name, e-mail or order number.

Any text is a query. The index has a ready list for each three-letter beginning. For anything else SQLite
first gathers all that matches, which takes 20 ms where a first name is borne by thousands. So the first
tickets on the ready lists are looked through, and only where that finds too few the whole index is asked.
"""

# SQL made of this module's own column names, never of anything that came from outside.
# ruff: noqa: S608

import sqlite3
import unicodedata
from collections.abc import Sequence

_PREFIX = 3
_SYLLABLES = "\u2e80"
"""From here on a letter is a syllable or a word, and two of them say as much as a name."""

_LOOKED_AT = 300
"""How many tickets are looked through, at most, before the whole index is asked."""

_COLUMNS = "name, email, order_number"
_PLACES = (
    *(("name", before) for before in ("", "% ", "%-")),
    *(("email", before) for before in ("", "%.", "%@")),
    *(("order_number", before) for before in ("", "%-")),
)
"""Where words of a column begin, nearly always; what is missed here is found by asking the whole index."""

_BEGINS = "(" + " OR ".join(f"{column} LIKE ?" for column, _ in _PLACES) + ")"


def words(text: str) -> list[str]:
    """The words of a text where the index splits them: runs of letters and digits, without loose marks."""
    plain = (c for c in unicodedata.normalize("NFC", text) if not unicodedata.category(c).startswith("M"))
    return "".join(c if unicodedata.category(c)[0] in "LN" else " " for c in plain).split()


def find(db: sqlite3.Connection, text: str, limit: int) -> list[int]:
    """Row ids of at most `limit` tickets that have every word; none before a word has three letters."""
    wanted = words(text)[:8]
    long = [word for word in wanted if _is_long(word)]
    if not long:
        return []
    short = [word for word in wanted if not _is_long(word)]
    ready = [word[:_PREFIX] for word in long]
    if ready == long and not short:
        return _ids(db, long, "", (), limit)
    found = _among(db, ready, wanted, limit)
    return found if len(found) == limit else _among(db, long, short, limit)


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


def _among(db: sqlite3.Connection, beginnings: list[str], compared: list[str], limit: int) -> list[int]:
    """Of the first tickets with these beginnings, those that have also the compared words."""
    where = " AND ".join(_BEGINS for _ in compared)
    values = [f"{before}{word}%" for word in compared for _, before in _PLACES]
    return _ids(db, beginnings, where, values, limit)


def _ids(
    db: sqlite3.Connection, beginnings: list[str], where: str, values: Sequence[object], limit: int
) -> list[int]:
    match = " AND ".join(f'"{word}"*' for word in beginnings)
    if where:
        sql = (
            f"SELECT rowid FROM (SELECT rowid, {_COLUMNS} FROM ticket_search WHERE ticket_search MATCH ? "
            f"LIMIT {_LOOKED_AT}) WHERE {where} LIMIT ?"
        )
    else:
        sql = "SELECT rowid FROM ticket_search WHERE ticket_search MATCH ? LIMIT ?"
    try:
        return [id_ for (id_,) in db.execute(sql, (match, *values, limit))]
    except sqlite3.OperationalError as error:
        # A character that the index splits at and newer Unicode tables call a letter: nothing is found by it.
        if "fts5" not in str(error):
            raise
        return []
