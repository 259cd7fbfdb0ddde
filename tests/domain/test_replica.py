import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from domain import replica
from domain.replica import TABLES, TICKET, Table


@pytest.fixture
def copy() -> Iterator[sqlite3.Connection]:
    """A replica as both sides make it."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for table in TABLES.values():
            for statement in (table.create(), *table.create_indexes()):
                connection.execute(statement)
        connection.execute(replica.SEARCH)
        connection.execute(replica.META)
        yield connection


def row(table: Table, key: object, filler: object) -> tuple[object, ...]:
    return (key, *[filler] * (len(table.columns) - 1))


def tables() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)


def plan(copy: sqlite3.Connection, query: str) -> str:
    return " ".join(
        step[3] for step in copy.execute(f"EXPLAIN QUERY PLAN {query}", ("x",) * query.count("?"))
    )


@tables()
def test_a_table_stands_under_its_name_with_its_columns(table: Table, copy: sqlite3.Connection) -> None:
    found = copy.execute("SELECT name, type, pk FROM pragma_table_info(?)", (table.name,)).fetchall()
    assert [(name, kind) for name, kind, _ in found] == list(table.columns)
    assert [name for name, _, primary in found if primary] == ["number" if table.numbered else table.key]
    assert TABLES[table.name] is table


@tables()
def test_a_row_is_written_replaced_and_deleted_by_its_key(table: Table, copy: sqlite3.Connection) -> None:
    for filler in (1, None, 2):
        copy.execute(table.upsert(), row(table, 7, filler))
    copy.execute(table.upsert(), row(table, 8, 3))
    affinity = {"INTEGER": int, "TEXT": str, "BLOB": int}
    expected = [
        tuple(affinity[kind](v) for v, (_, kind) in zip(row(table, 7, 2), table.columns, strict=True))
    ]
    copy.execute(table.delete(), (8,))
    assert copy.execute(f"SELECT {', '.join(table.names)} FROM {table.name}").fetchall() == expected


def test_a_replaced_ticket_keeps_its_place_in_the_search(copy: sqlite3.Connection) -> None:
    for name in ("Ada", "Ada Lovelace"):
        copy.execute(TICKET.upsert(), [{"id": "t1", "number": 7, "name": name}.get(c) for c in TICKET.names])
    copy.execute(TICKET.upsert(), [{"id": "t2", "number": 4}.get(c) for c in TICKET.names])
    assert copy.execute("SELECT rowid, id FROM ticket ORDER BY rowid").fetchall() == [(4, "t2"), (7, "t1")]


@pytest.mark.parametrize(
    ("typed", "found"), [("lov", 1), ("LOVELACE", 1), ("mul", 2), ("Mülle", 2), ("1815", 1)]
)
def test_a_ticket_is_found_by_the_beginning_of_a_word(
    typed: str, found: int, copy: sqlite3.Connection
) -> None:
    insert = "INSERT INTO ticket (id, name, email, order_number) VALUES (?, ?, ?, ?)"
    copy.execute(insert, ("t1", "Ada Lovelace", "ada@example.org", "K1815"))
    copy.execute(insert, ("t2", "Jörg Müller", "jm@example.org", "1914"))
    copy.execute("UPDATE ticket SET order_number = '1815' WHERE id = 't1'")
    copy.execute(replica.SEARCH_FILL)
    query = "SELECT rowid FROM ticket_search WHERE ticket_search MATCH ? ORDER BY rowid LIMIT 10"
    assert copy.execute(query, (f'"{typed}"*',)).fetchall() == [(found,)]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM ticket WHERE id = ?",
        "SELECT * FROM ticket WHERE digest = ?",
        "SELECT * FROM ticket WHERE event = ? AND number = ?",
        "SELECT * FROM ticket WHERE main = ?",
        "SELECT * FROM revoked_code WHERE digest = ?",
        "SELECT * FROM event_session WHERE event = ? AND id = ?",
        "SELECT * FROM scan WHERE ticket = ?",
        "SELECT * FROM scan WHERE at >= ?",
        "SELECT * FROM queue_entry WHERE service_point = ? AND state = ?",
        "SELECT * FROM counter WHERE service_point = ?",
    ],
)
def test_what_is_asked_at_every_scan_and_call_needs_no_walk_over_the_table(
    query: str, copy: sqlite3.Connection
) -> None:
    assert plan(copy, query).startswith("SEARCH")


def test_an_event_and_a_service_point_share_no_table() -> None:
    names = [table.name for table in (*replica.EVENT_TABLES, *replica.SERVICE_POINT_TABLES)]
    assert len(set(names)) == len(names) == len(TABLES)
