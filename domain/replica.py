"""The replica: the tables of a kiosk's local copy, defined once for the server that makes it and the kiosk
that keeps it.

A first copy travels as a SQLite file with these tables; later changes travel as rows of them, a dict
from column to value. Times are instants (integers), lists and objects are JSON text, ids are text.
Nothing here opens a database.
"""

from dataclasses import dataclass

SCHEMA_VERSION = 6


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns with their SQLite types, the first being the primary key.

    `sparse` are columns that few rows fill; their indexes hold those rows alone. The rows of a `numbered`
    table lie in the order of their column `number`, by which the search index names them; its key is an index
    like the others, since to sort a million keys once takes a fifth of what it takes to find the place of
    each.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    indexes: tuple[tuple[str, ...], ...] = ()
    sparse: tuple[str, ...] = ()
    numbered: bool = False

    @property
    def key(self) -> str:
        return self.columns[0][0]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.columns)

    def create(self) -> str:
        first = "number" if self.numbered else self.key
        columns = ", ".join(
            f"{name} {kind}" + (" PRIMARY KEY" if name == first else "") for name, kind in self.columns
        )
        return f"CREATE TABLE {self.name} ({columns}) {'' if self.numbered else 'WITHOUT ROWID'}"

    def create_indexes(self) -> tuple[str, ...]:
        key = (f"CREATE UNIQUE INDEX {self.name}_{self.key} ON {self.name} ({self.key})",)
        whole = (
            f"CREATE INDEX {self.name}_{'_'.join(index)} ON {self.name} ({', '.join(index)})"
            for index in self.indexes
        )
        sparse = (
            f"CREATE INDEX {self.name}_{column} ON {self.name} ({column}) WHERE {column} IS NOT NULL"
            for column in self.sparse
        )
        return (*(key if self.numbered else ()), *whole, *sparse)

    def upsert(self) -> str:
        marks = ", ".join("?" for _ in self.columns)
        sets = ", ".join(f"{name} = excluded.{name}" for name in self.names[1:])
        return (
            f"INSERT INTO {self.name} ({', '.join(self.names)}) VALUES ({marks}) "
            f"ON CONFLICT ({self.key}) DO UPDATE SET {sets}"
        )

    def delete(self) -> str:
        return f"DELETE FROM {self.name} WHERE {self.key} = ?"


EVENT = Table(
    "event",
    (
        ("id", "TEXT"),
        ("number", "INTEGER"),
        ("name", "TEXT"),
        ("starts", "INTEGER"),
        ("ends", "INTEGER"),
        ("zone", "TEXT"),
        ("state", "TEXT"),
        ("rotating_secret", "BLOB"),
    ),
)
TICKET_TYPE = Table(
    "ticket_type",
    (
        ("id", "TEXT"),
        ("event", "TEXT"),
        ("number", "INTEGER"),
        ("name", "TEXT"),
        ("colour", "TEXT"),
        ("rotating", "INTEGER"),
    ),
)
CHECK_IN_LIST = Table(
    "check_in_list",
    (("id", "TEXT"), ("event", "TEXT"), ("name", "TEXT"), ("settings", "TEXT")),
)
EVENT_SESSION = Table(
    "event_session",
    (("id", "TEXT"), ("event", "TEXT"), ("starts", "INTEGER"), ("ends", "INTEGER")),
)
TICKET_KEY = Table("ticket_key", (("number", "INTEGER"), ("public", "BLOB")))
TICKET = Table(
    "ticket",
    (
        ("id", "TEXT"),
        ("event", "TEXT"),
        ("type", "TEXT"),
        ("number", "INTEGER"),
        ("generation", "INTEGER"),
        ("digest", "BLOB"),
        ("state", "TEXT"),
        ("name", "TEXT"),
        ("order_number", "TEXT"),
        ("email", "TEXT"),
        ("seat", "TEXT"),
        ("session", "TEXT"),
        ("note", "TEXT"),
        ("attention", "INTEGER"),
        ("perks", "TEXT"),
        ("redeemed", "TEXT"),
        ("due", "INTEGER"),
        ("currency", "TEXT"),
        ("valid_from", "INTEGER"),
        ("valid_until", "INTEGER"),
        ("main", "TEXT"),
    ),
    (("digest",),),
    ("main",),
    numbered=True,
)
REVOKED_CODE = Table("revoked_code", (("digest", "BLOB"), ("event", "TEXT"), ("ticket", "TEXT")))
SCAN = Table(
    "scan",
    (
        ("op", "TEXT"),
        ("at", "INTEGER"),
        ("ticket", "TEXT"),
        ("event", "TEXT"),
        ("list", "TEXT"),
        ("direction", "TEXT"),
        ("granted", "INTEGER"),
        ("reason", "TEXT"),
        ("gate", "TEXT"),
        ("device", "TEXT"),
        ("forced", "INTEGER"),
        ("undoes", "TEXT"),
        ("mark", "TEXT"),
    ),
    (("ticket",), ("at",)),
)
SERVICE_POINT = Table(
    "service_point",
    (
        ("id", "TEXT"),
        ("name", "TEXT"),
        ("zone", "TEXT"),
        ("settings", "TEXT"),
        ("turn", "INTEGER"),
        ("learned", "TEXT"),
    ),
)
COUNTER = Table(
    "counter",
    (("id", "TEXT"), ("service_point", "TEXT"), ("name", "TEXT"), ("state", "TEXT"), ("staff", "TEXT")),
    (("service_point",),),
)
QUEUE_ENTRY = Table(
    "queue_entry",
    (
        ("id", "TEXT"),
        ("visit", "TEXT"),
        ("service_point", "TEXT"),
        ("number", "TEXT"),
        ("category", "TEXT"),
        ("priority", "TEXT"),
        ("state", "TEXT"),
        ("joined", "INTEGER"),
        ("sequence", "INTEGER"),
        ("changed", "INTEGER"),
        ("counter", "TEXT"),
        ("called", "INTEGER"),
        ("calls", "INTEGER"),
        ("front", "INTEGER"),
        ("arrived", "INTEGER"),
        ("held_from", "TEXT"),
        ("prior", "TEXT"),
        ("name", "TEXT"),
        ("call_by_name", "INTEGER"),
        ("party", "INTEGER"),
        ("note", "TEXT"),
        ("version", "INTEGER"),
    ),
    (("service_point", "state"),),
)

EXPECTED_VISIT = Table(
    "expected_visit",
    (("id", "TEXT"), ("service_point", "TEXT"), ("at", "INTEGER")),
    (("service_point", "at"),),
)

EVENT_TABLES = (EVENT, TICKET_TYPE, CHECK_IN_LIST, TICKET_KEY, EVENT_SESSION, TICKET, REVOKED_CODE, SCAN)
SERVICE_POINT_TABLES = (SERVICE_POINT, COUNTER, QUEUE_ENTRY, EXPECTED_VISIT)
TABLES = {table.name: table for table in (*EVENT_TABLES, *SERVICE_POINT_TABLES)}

# `ORDER BY rank` reads every match: the search asks for the first matches in rowid order instead.
SEARCH = (
    "CREATE VIRTUAL TABLE ticket_search USING fts5("
    "name, email, order_number, content='ticket', columnsize=0, detail='none', "
    "prefix='3', tokenize=\"unicode61 remove_diacritics 2\")"
)
SEARCH_FILL = "INSERT INTO ticket_search(ticket_search) VALUES ('rebuild')"
META = "CREATE TABLE replica_meta (scope TEXT PRIMARY KEY, cursor INTEGER NOT NULL, schema INTEGER NOT NULL)"
