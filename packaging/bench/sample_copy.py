"""A copy of a big event as the server makes it, for benchmarks: many tickets, real names, some scans."""

import random
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain import ticket_code
from domain.replica import (
    CHECK_IN_LIST,
    EVENT_TABLES,
    META,
    SCHEMA_VERSION,
    SEARCH,
    SEARCH_FILL,
    TICKET,
    TICKET_KEY,
    TICKET_TYPE,
    Table,
)
from domain.replica import EVENT as EVENT_TABLE
from domain.sync import Scope

EVENT_ID = "big"
LIST_ID = "main"
EVENT = Scope("event", EVENT_ID)
SIGNED = 100

_FIRST = (
    *(
        "Anna",
        "Marie",
        "Johann",
        "Lukas",
        "Sofia",
        "Mateo",
        "Aisha",
        "Fatima",
        "Omar",
        "Yusuf",
        "Putri",
        "Dewi",
    ),
    *("Budi", "Wei", "Jing", "Hiroshi", "Yuki", "Olga", "Ivan", "Nadia", "Pierre", "Claire", "Jean", "Luc"),
    *("Chloé", "Emma", "Noah", "Liam", "Olivia", "James", "Mary", "Robert", "Linda", "Zoë", "Björn", "Åsa"),
)
_SYLLABLES = tuple(consonant + vowel for consonant in "bdklmnrstv" for vowel in "aeio")


def write_copy(path: Path, tickets: int, key: Ed25519PrivateKey, seed: int = 1) -> None:
    """Tickets `t1` on. Every `SIGNED`th has the signed code of its number, which `code` gives again; the
    others the digest of another text, since a million signatures take minutes and change nothing."""
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = OFF")
    db.execute("PRAGMA synchronous = OFF")
    for table in EVENT_TABLES:
        db.execute(table.create())
    _fill(db, EVENT_TABLE, [(EVENT_ID, 1, '{"en": "Big"}', 0, 0, "Europe/Berlin", "published", b"r" * 32)])
    _fill(db, TICKET_TYPE, [("standard", EVENT_ID, 1, "Standard", "#3b6fd8", 0)])
    _fill(db, CHECK_IN_LIST, [(LIST_ID, EVENT_ID, "Main door", "{}")])
    _fill(db, TICKET_KEY, [(1, key.public_key().public_bytes_raw())])
    _fill(db, TICKET, _tickets(tickets, key, random.Random(seed)))  # noqa: S311
    for table in EVENT_TABLES:
        for index in table.create_indexes():
            db.execute(index)
    db.execute(SEARCH)
    db.execute(SEARCH_FILL)
    db.execute(META)
    db.execute("INSERT INTO replica_meta VALUES (?, 0, ?)", (str(EVENT), SCHEMA_VERSION))
    db.commit()
    db.close()


def _fill(db: sqlite3.Connection, table: Table, rows: Iterable[tuple[object, ...]]) -> None:
    marks = ", ".join("?" for _ in table.columns)
    db.executemany(f"INSERT INTO {table.name} VALUES ({marks})", rows)  # noqa: S608


def _tickets(count: int, key: Ed25519PrivateKey, rng: random.Random) -> Iterator[tuple[object, ...]]:
    for number in range(1, count + 1):
        first, last = rng.choice(_FIRST), "".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4))).title()
        yield (
            f"t{number}", EVENT_ID, "standard", number, 0, _digest(number, key), "valid",
            f"{first} {last}", f"{number:07X}", f"{first}.{last}{number % 97}@example.org".lower(),
            "", "", "", 0, "[]", "[]", 0, "EUR", None, None, None,
        )  # fmt: skip


def code(number: int, key: Ed25519PrivateKey) -> str:
    return ticket_code.encode(ticket_code.TicketCode(1, 1, number, 1), key.sign)


def _digest(number: int, key: Ed25519PrivateKey) -> bytes:
    return ticket_code.digest(str(number) if number % SIGNED else code(number, key))
