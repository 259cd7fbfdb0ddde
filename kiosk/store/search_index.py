"""Search by the beginnings of words: which tickets have them in name, e-mail or order number.

Any text is a query. The index has a ready list for each three-letter beginning. For anything else SQLite
first gathers all that matches, which takes 20 ms where a first name is borne by thousands. So the first
tickets on the ready lists are looked through, for as long as that promises enough of them, and only where it
does not the whole index is asked for those that follow.
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
"""So many tickets are looked through before the whole index is asked, and as many of those that it finds."""

_PROMISED = 600
"""The look goes on where at this pace it finds enough within so many."""

_ACCENTS, _OTHER = re.compile("[\u0300-\u036f]"), re.compile(r"[\W_]")
_SPLIT = {code: " " for code in range(128) if not chr(code).isalnum()}
_COLUMNS = "name, email, order_number"
_CONTENT = " || ' ' || ".join(f"coalesce(t.{column}, '')" for column in _COLUMNS.split(", "))
_FIRST = (
    f"SELECT t.rowid, {_CONTENT} FROM ticket_search s CROSS JOIN ticket t ON t.rowid = s.rowid "
    "WHERE ticket_search MATCH ? AND s.rowid > ?"
)
"""The ticket joined by its number is read in half the time that the index takes to read it."""


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
    ready, folded = [word[:_PREFIX] for word in long], _parted(_folded(" ".join(wanted))).split()
    found, last = _look(db, ready, [] if ready == wanted else folded, limit)
    if last is not None and long != ready:
        more, _ = _look(db, long, folded, limit - len(found), after=last)
        found += more
    return found


def fits(text: str, content: str) -> bool:
    """Whether that is what would be found, were it in the index."""
    wanted = words(text)[:8]
    return any(map(_is_long, wanted)) and _has_words(content, _parted(_folded(" ".join(wanted))).split())


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
    """Small and without accents: to compare."""
    if text.isascii():
        return text.lower()
    return _ACCENTS.sub("", unicodedata.normalize("NFD", text.casefold()))


def _parted(folded: str) -> str:
    """Its words, each after a single blank or more."""
    return " " + (folded.translate(_SPLIT) if folded.isascii() else _OTHER.sub(" ", folded))


def _has_words(content: str, beginnings: list[str]) -> bool:
    """Whether it has words that begin so; most have not even the letters, which shows at less cost."""
    folded = _folded(content)
    if not all(beginning in folded for beginning in beginnings):
        return False
    parted = _parted(folded)
    return all(f" {beginning}" in parted for beginning in beginnings)


def _look(
    db: sqlite3.Connection, beginnings: list[str], folded: list[str], limit: int, after: int = 0
) -> tuple[list[int], int | None]:
    """Of the first tickets with words that begin so, those that have all folded words; and after which ticket
    the look was given up, as it promised too few of them."""
    match, found = " AND ".join(f'"{word}"*' for word in beginnings), list[int]()
    try:
        for seen, (id_, content) in enumerate(db.execute(_FIRST, (match, after)), 1):
            if not folded or _has_words(content, folded):
                found.append(id_)
            if len(found) == limit:
                break
            if seen >= _LOOKED_AT and (after or len(found) * _PROMISED < limit * seen):
                return found, id_
    except sqlite3.OperationalError as error:
        # A character that the index splits at and newer Unicode tables call a letter: nothing is found by it.
        if "fts5" not in str(error):
            raise
    return found, None
