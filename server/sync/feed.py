"""Changes of a scope in order, read from the change log with the rows as they are now."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, text, update

from domain.clock import DAY, Instant
from domain.errors import Gone, Invalid
from server.activity.tables import change_floors, changes
from server.db.database import Transaction
from server.sync import rows
from server.sync.rows import Part, Source

_C = changes.c
EVERY = "*"
"""The scope of a floor that holds for all of them."""

_HEAD = (
    "SELECT coalesce(max(seq), 0) FROM (SELECT max(seq) AS seq FROM ~change WHERE scope = :scope "
    "UNION ALL SELECT max(seq) FROM ~change_floor WHERE scope IN (:scope, :every)) AS told"
)
_BEYOND = 1_000_000_000
"""More changes than anybody makes between a backup and its restore."""


@dataclass(frozen=True, slots=True)
class Change:
    """One changed row; `row` is None where it is gone."""

    seq: int
    table: str
    key: str
    row: dict[str, object] | None


@dataclass(frozen=True, slots=True)
class Pull:
    changes: tuple[Change, ...]
    cursor: int
    more: bool


def head(connection: Connection, name: str) -> int:
    """The cursor of now: the last change of a scope, or the last that was dropped."""
    query, values = head_query(name)
    return int(connection.execute(text(query), values).scalar_one())


def head_query(name: str, prefix: str = "") -> tuple[str, dict[str, str]]:
    """What `head` asks, in SQL that every database speaks, of tables whose names begin with `prefix`.

    Whoever copies without the engine takes the cursor by this, so that a copy never begins before the log.
    """
    return _HEAD.replace("~", prefix), {"scope": name, "every": EVERY}


def pull(connection: Connection, part: Part, cursor: int, limit: int, now: Instant) -> Pull:
    """What changed after a cursor; of several changes of one row in a page the last only.

    Raises `Gone` for a cursor from before the log begins, `Invalid` for one that never was.
    """
    found = connection.execute(
        select(_C.seq, _C.name, _C.key, _C.gone)
        .where(_C.scope == part.name, _C.seq > cursor)
        .order_by(_C.seq)
        .limit(limit + 1)
    ).all()
    # Asked after the rows: what was dropped before they were read shows here.
    if cursor < _floor(connection, part.name):
        raise Gone("this cursor is too old; take a new first copy", code="cursor_gone")
    if not found and cursor > head(connection, part.name):
        raise Invalid("this cursor never was; take a new first copy", code="cursor_unknown")
    page, more = found[:limit], len(found) > limit
    last = {(row.name, row.key): row.seq for row in page if row.name in part.tables}
    wanted: dict[str, list[str]] = {}
    for table, key in last:
        wanted.setdefault(table, []).append(key)
    now_rows = {t: rows.by_keys(connection, part, t, keys, now) for t, keys in wanted.items()}
    made = tuple(
        Change(row.seq, row.name, row.key, None if row.gone else now_rows[row.name].get(row.key))
        for row in page
        if last.get((row.name, row.key)) == row.seq
    )
    return Pull(made, page[-1].seq if page else cursor, more)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a table in the order of their keys; `last` is where the next page begins, None at the end."""

    rows: list[dict[str, object]]
    last: object


def page(connection: Connection, part: Part, source: Source, after: object, limit: int, now: Instant) -> Page:
    """One page of all rows of a part's table."""
    beyond = "" if after is None else f" AND {source.key} > :after"
    query = text(f"{source.whole()}{beyond} ORDER BY {source.key} LIMIT :limit")
    values = {**part.parameters(source, now), "limit": limit} | ({} if after is None else {"after": after})
    raw = [tuple(row) for row in connection.execute(query, values)]
    made = [dict(zip(source.table.names, map(rows.json_value, row), strict=True)) for row in raw]
    return Page(made, raw[-1][0] if len(raw) == limit else None)


def compact(transaction: Transaction, days: int) -> int:
    """Drops log rows older than so many days and those that a newer row of the same key replaces.

    Returns how many. A cursor from before the dropped days is answered `410` from then on. The very last
    row stays, however old: numbers are counted on from it.
    """
    connection, before = transaction.connection, transaction.now - days * DAY
    last = connection.execute(select(func.max(_C.seq))).scalar() or 0
    old = connection.execute(
        select(_C.scope, func.max(_C.seq).label("seq")).where(_C.at < before).group_by(_C.scope)
    ).all()
    for row in old:
        raised = connection.execute(
            update(change_floors).where(change_floors.c.scope == row.scope).values(seq=row.seq)
        )
        if raised.rowcount == 0:
            connection.execute(insert(change_floors).values(scope=row.scope, seq=row.seq))
    dropped = connection.execute(delete(changes).where(_C.at < before, _C.seq < last)).rowcount
    newest = select(func.max(_C.seq)).group_by(_C.scope, _C.name, _C.key)
    return dropped + connection.execute(delete(changes).where(_C.seq.not_in(newest))).rowcount


def begin_anew(connection: Connection) -> None:
    """After the database was set back: numbers go on far beyond any that was told since the backup, and every
    cursor of before is answered `410`, so that nobody takes another history for the rest of its own."""
    last = connection.execute(select(func.max(_C.seq))).scalar() or 0
    start = {"scope": EVERY, "seq": last + _BEYOND}
    connection.execute(delete(change_floors).where(change_floors.c.scope == EVERY))
    connection.execute(insert(change_floors).values(start))
    connection.execute(insert(changes).values(**start, name="", key="", gone=True, at=0))


def _floor(connection: Connection, name: str) -> int:
    floor = func.max(change_floors.c.seq)
    found = connection.execute(select(floor).where(change_floors.c.scope.in_((name, EVERY)))).scalar()
    return int(found or 0)
