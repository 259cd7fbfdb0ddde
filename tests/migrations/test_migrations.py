"""Migrations keep what is in a database, lead back, and end at the tables that the program knows."""

import json
import os
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    select,
)
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

import server.app  # noqa: F401  (every table is known once the application is)
from server.migrations import migrate

SCRIPTS = Path(migrate.__file__).parent
_BY_HAND = ("ticket_words", "ix_ticket_words")
"""The search index: no model knows of it."""
REVISIONS = [script.revision for script in ScriptDirectory(str(SCRIPTS)).walk_revisions()][::-1]


def to(engine: Engine, revision: str, *, down: bool = False) -> None:
    config = Config()
    config.set_main_option("script_location", os.fspath(SCRIPTS))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        (command.downgrade if down else command.upgrade)(config, revision)
        connection.commit()


def fill(connection: Connection) -> dict[str, dict[str, object]]:
    """Puts a row into every table that is empty; what stands in each."""
    rows: dict[str, dict[str, object]] = {}
    for table in tables(connection):
        found = connection.execute(select(table)).mappings().first()
        if found is None:
            connection.execute(table.insert().values(_row(table, rows)))
            found = connection.execute(select(table)).mappings().one()
        rows[table.name] = dict(found)
    return rows


def tables(connection: Connection) -> list[Table]:
    """Those of the program, parents first."""
    known = MetaData()
    known.reflect(connection, only=lambda name, _: not name.startswith((*_BY_HAND, "alembic")))
    return known.sorted_tables


def _row(table: Table, rows: dict[str, dict[str, object]]) -> dict[str, object]:
    row = {column.name: _value(column.type) for column in table.columns}
    for constraint in table.foreign_key_constraints:
        for key in constraint.elements:
            row[key.parent.name] = rows[key.column.table.name][key.column.name]
    return row


def _value(kind: TypeEngine[object]) -> object:
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, Integer | BigInteger):
        return 1
    if isinstance(kind, Float):
        return 0.5
    return b"bytes" if isinstance(kind, LargeBinary) else "[]"


def begun(engine: Engine, connection: Connection) -> Connection:
    if engine.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    return connection


def kept(before: dict[str, dict[str, object]], after: dict[str, dict[str, object]]) -> None:
    """What both schemas have is as it was."""
    for name in before.keys() & after.keys():
        shared = before[name].keys() & after[name].keys()
        assert {k: before[name][k] for k in shared} == {k: after[name][k] for k in shared}, name


@pytest.mark.parametrize("start", REVISIONS[:-1])
def test_rows_of_each_older_schema_come_to_the_newest_and_back(engine: Engine, start: str) -> None:
    to(engine, start)
    with engine.connect() as connection:
        before = fill(begun(engine, connection))
        connection.commit()
    to(engine, "head")
    with engine.connect() as connection:
        newest = fill(begun(engine, connection))
        connection.commit()
    kept(before, newest)
    to(engine, start, down=True)
    with engine.connect() as connection:
        again = fill(begun(engine, connection))
        connection.rollback()
    assert again.keys() == before.keys()
    kept(before, again)
    to(engine, "base", down=True)
    with engine.connect() as connection:
        assert tables(connection) == []


def test_the_newest_schema_is_known_without_reading_the_scripts() -> None:
    assert migrate.newest() == REVISIONS[-1]


def test_the_newest_schema_is_what_the_program_knows(engine: Engine) -> None:
    to(engine, "head")
    with engine.connect() as connection:
        # Whole numbers of SQLite are all of one kind.
        options = {"compare_type": engine.dialect.name == "postgresql", "include_name": _known}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, SQLModel.metadata) == []


def _known(name: str | None, _kind: str, _parents: object) -> bool:
    return not (name or "").startswith(_BY_HAND)


def test_texts_to_confirm_keep_their_place_under_their_new_name(engine: Engine) -> None:
    to(engine, "0007")
    settings = '{"confirmations":["Say \\"confirmations\\":"],"counts":true}'
    with engine.connect() as connection:
        fill(begun(engine, connection))
        lists = next(table for table in tables(connection) if table.name == "check_in_list")
        connection.execute(lists.update().values(settings=settings))
        changes = next(table for table in tables(connection) if table.name == "change")
        connection.execute(changes.delete())
        connection.commit()
    to(engine, "0008")
    with engine.connect() as connection:
        kept = connection.execute(select(lists.c.settings)).scalar_one()
        told = connection.execute(select(changes.c.scope, changes.c.key)).all()
    assert json.loads(kept) == {"requireConfirmation": ['Say "confirmations":'], "counts": True}
    assert [tuple(row) for row in told] == [("[]/event:[]", "[]")]
    to(engine, "0007", down=True)
    with engine.connect() as connection:
        assert connection.execute(select(lists.c.settings)).scalar_one() == settings
