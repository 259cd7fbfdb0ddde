"""The replica's rows out of the server's tables: one query a table, for a whole part or for some keys.

The queries are plain SQL that SQLite and PostgreSQL both speak, since on SQLite a whole copy is made by
the database itself, from its tables into the copy's.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, text

from domain import replica
from domain.clock import DAY, Instant
from domain.replica import Table
from domain.sync import Scope

_ENDED_KEPT = 1 * DAY
"""How long a copy still shows queue entries that have ended."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a table's rows come from: `select` up to its WHERE, `key` as the change log writes it."""

    table: Table
    select: str
    where: str
    key: str

    def whole(self, prefix: str = "") -> str:
        """All rows of a scope; the tables of another attached database by its prefix."""
        return f"{self.select.replace('~', prefix)} WHERE {self.where}"

    def some(self) -> str:
        return f"{self.select.replace('~', '')} WHERE {self.where} AND {self.key} IN :keys"


def _plain(table: Table, where: str, instead: Mapping[str, str] = {}) -> Source:
    """A table as it is, but for the columns that hold something else `instead`."""
    columns = ", ".join(instead.get(name, f"t.{name}") for name in table.names)
    return Source(table, f"SELECT {columns} FROM ~{table.name} t", where, f"t.{table.key}")


_OF_EVENT = "t.org = :org AND t.event = :id"
_OF_POINT = "t.org = :org AND t.service_point = :id"
_OF_LINE = f"{_OF_POINT} AND (t.state IN ('waiting', 'called', 'serving', 'held') OR t.changed > :since)"

_WHOLE: dict[str, tuple[Source, ...]] = {
    "event": (
        _plain(replica.EVENT, "t.org = :org AND t.id = :id"),
        _plain(replica.TICKET_TYPE, _OF_EVENT),
        _plain(replica.CHECK_IN_LIST, _OF_EVENT),
        _plain(replica.TICKET_KEY, "t.org = :org"),
        _plain(replica.EVENT_SESSION, _OF_EVENT),
        _plain(replica.TICKET, _OF_EVENT),
        _plain(replica.REVOKED_CODE, _OF_EVENT),
        Source(
            replica.SCAN,
            "SELECT "
            + ", ".join(f"t.{name}" for name in replica.SCAN.names if name != "mark")
            + ", coalesce(m.mark, '') FROM ~scan t LEFT JOIN ~scan_mark m ON m.org = t.org AND m.op = t.op",
            _OF_EVENT,
            "t.op",
        ),
    ),
    "servicePoint": (
        _plain(replica.SERVICE_POINT, "t.org = :org AND t.id = :id AND t.deleted IS NULL"),
        _plain(replica.COUNTER, _OF_POINT),
        _plain(replica.QUEUE_ENTRY, _OF_LINE),
        _plain(replica.EXPECTED_VISIT, _OF_POINT),
    ),
}
KINDS = frozenset(_WHOLE)
"""The scopes of which there are copies, by kind."""

_PUBLIC: dict[str, tuple[Source, ...]] = {
    "event": (
        _plain(replica.EVENT, "t.org = :org AND t.id = :id", {"rotating_secret": "NULL"}),
        _plain(replica.TICKET_TYPE, _OF_EVENT),
        _plain(replica.CHECK_IN_LIST, _OF_EVENT),
        _plain(replica.TICKET_KEY, "t.org = :org"),
    ),
    "servicePoint": (
        _WHOLE["servicePoint"][0],
        _plain(replica.COUNTER, _OF_POINT, {"staff": "''"}),
        _plain(
            replica.QUEUE_ENTRY,
            _OF_LINE,
            {"name": "CASE WHEN t.call_by_name THEN t.name ELSE '' END", "note": "''"},
        ),
        _plain(replica.EXPECTED_VISIT, _OF_POINT),
    ),
}


@dataclass(frozen=True, slots=True)
class Part:
    """What somebody may copy: a scope of an organisation; a `public` part holds nothing personal."""

    org: str
    scope: Scope
    public: bool = False

    @property
    def name(self) -> str:
        """Its name in the change log."""
        return f"{self.org}/{self.scope}"

    @property
    def sources(self) -> tuple[Source, ...]:
        return (_PUBLIC if self.public else _WHOLE)[self.scope.kind]

    @property
    def root(self) -> Source:
        """The source of the row without which there is no such scope."""
        return self.sources[0]

    @property
    def tables(self) -> frozenset[str]:
        return frozenset(source.table.name for source in self.sources)

    def parameters(self, source: Source, now: Instant) -> dict[str, object]:
        """What a query of one of its sources needs."""
        values = {"org": self.org, "id": self.scope.id, "since": now - _ENDED_KEPT}
        return {name: value for name, value in values.items() if f":{name}" in source.where}


def by_keys(
    connection: Connection, part: Part, table: str, keys: Sequence[str], now: Instant
) -> dict[str, dict[str, object]]:
    """The rows of these keys that exist, as the replica holds them; bytes as base64."""
    source = next(source for source in part.sources if source.table.name == table)
    typed = [_typed(source.table, key) for key in keys]
    query = text(source.some()).bindparams(bindparam("keys", expanding=True))
    rows = connection.execute(query, {**part.parameters(source, now), "keys": typed})
    found = (dict(zip(source.table.names, map(json_value, row), strict=True)) for row in rows)
    by_key = {_key(source.table, row): row for row in found}
    return {
        key: by_key[_as_written(source.table, key)]
        for key in keys
        if _as_written(source.table, key) in by_key
    }


def _typed(table: Table, key: str) -> object:
    match table.columns[0][1]:
        case "INTEGER":
            return int(key)
        case "BLOB":
            return bytes.fromhex(key)
        case _:
            return key


def _as_written(table: Table, key: str) -> str:
    """The key of the change log, as the row writes it."""
    return b64encode(bytes.fromhex(key)).decode() if table.columns[0][1] == "BLOB" else key


def _key(table: Table, row: dict[str, object]) -> str:
    return str(row[table.key])


def json_value(value: object) -> object:
    """A column's value as JSON holds it: bytes as base64, truth as 0 or 1."""
    if isinstance(value, bytes | memoryview):
        return b64encode(value).decode()
    return int(value) if isinstance(value, bool) else value
