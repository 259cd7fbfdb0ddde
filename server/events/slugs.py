"""Slugs: the readable end of an event's public address, unique on the server."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import chain, count

from sqlalchemy import Connection, select

from domain.errors import Conflict
from server.db.locks import lock
from server.events.tables import events

LONGEST = 64
_ROOM = len("-99999")
_E = events.c
_TURN = "slugs"
_OTHER = re.compile(r"[^a-z0-9]+")


def folded(text: str) -> str:
    """Without case and diacritics, as people search."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


def slug_of(text: str) -> str:
    """`Frühlingsmarkt 2026!` is `fruhlingsmarkt-2026`; empty where no letter is a Latin one."""
    return _OTHER.sub("-", folded(text)).strip("-")[:LONGEST].rstrip("-")


def take(connection: Connection, org: str, wanted: str, event: str) -> str:
    """The slug that an event asks for; nobody else takes one before the commit.

    Raises `Conflict` where another event has it, be it another organisation's: the address names none.
    """
    lock(connection, _TURN)
    asked = select(_E.org, _E.id).where(_E.slug == wanted)
    holder = connection.execute(asked).first()
    if holder is not None and tuple(holder) != (org, event):
        raise Conflict(
            f"another event has the address {wanted!r} already: take another slug", code="slug_taken"
        )
    return wanted


def make(connection: Connection, texts: Iterable[str]) -> str:
    """A free slug from the first of the texts that gives one, with a number where it is taken."""
    lock(connection, _TURN)
    base = next(filter(None, map(slug_of, texts)), "event")
    stem = base[: LONGEST - _ROOM].rstrip("-")
    taken = set(connection.execute(select(_E.slug).where(_E.slug.startswith(stem))).scalars())
    return next(each for each in chain((base,), (f"{stem}-{n}" for n in count(2))) if each not in taken)
