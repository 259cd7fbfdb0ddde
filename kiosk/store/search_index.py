"""Search by the beginnings of words: which tickets have them in name, e-mail or order number.

Any text is a query. The index has a ready list for each three-letter beginning. For anything else SQLite
first gathers all that matches, which takes 20 ms where a first name is borne by thousands. So the first
tickets on the ready lists are looked through, and only where that finds too few the whole index is asked.
"""

# SQL made of this module's own column names, never of anything that came from outside.
# ruff: noqa: S608

import re
import sqlite3
import unicodedata

_PREFIX = 3
_SYLLABLES = "\u2e80"
"""From here on a letter is a syllable or a word, and two of them say as much as a name."""

_LOOKED_AT = 300
"""How many tickets are looked through, at most, before the whole index is asked."""

_ACCENTS, _OTHER = re.compile("[\u0300-\u036f]+"), re.compile(r"[\W_]")
_SPLIT = {code: " " for code in range(128) if not chr(code).isalnum()}
_COLUMNS = "name, email, order_number"
_FIRST = (
    "SELECT rowid, coalesce(name, '') || ' ' || coalesce(email, '') || ' ' || coalesce(order_number, '') "
    f"FROM ticket_search WHERE ticket_search MATCH ? LIMIT {_LOOKED_AT}"
)


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
    ready, folded = [word[:_PREFIX] for word in long], _folded(" ".join(wanted)).split()
    found, looked_at = _look(db, ready, [] if ready == wanted else folded, limit)
    if len(found) < limit and looked_at == _LOOKED_AT and long != ready:
        found, _ = _look(db, long, folded, limit)
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


def _folded(text: str) -> str:
    """Small, without accents, its words parted by single blanks or more: to compare."""
    if text.isascii():
        return text.lower().translate(_SPLIT)
    return _OTHER.sub(" ", _ACCENTS.sub("", unicodedata.normalize("NFD", text.casefold())))


def _look(
    db: sqlite3.Connection, beginnings: list[str], folded: list[str], limit: int
) -> tuple[list[int], int]:
    """Of the first tickets with words that begin so, those that have all folded words; how many were seen."""
    match, found, seen = " AND ".join(f'"{word}"*' for word in beginnings), list[int](), 0
    try:
        for id_, content in db.execute(_FIRST, (match,)):
            seen += 1
            plain = " " + _folded(content) if folded else ""
            if all(f" {word}" in plain for word in folded):
                found.append(id_)
            if len(found) == limit:
                break
    except sqlite3.OperationalError as error:
        # A character that the index splits at and newer Unicode tables call a letter: nothing is found by it.
        if "fts5" not in str(error):
            raise
    return found, seen
