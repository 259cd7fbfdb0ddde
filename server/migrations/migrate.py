"""Brings a database to the newest schema: after a backup, and never one that is newer than this program."""

import logging
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import DatabaseError

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

_FOLDER = Path(__file__).parent
_log = logging.getLogger("usher.migrations")


class SchemaError(Exception):
    """The database cannot be used as it is; the message says why and what to do."""


def migrate(engine: Engine, backups: Path) -> None:
    """Migrates the database of `engine` to the newest schema.

    A SQLite file with data in it is copied to `backups` first. Raises `SchemaError` for a database
    that is newer than this program, damaged, or out of reach; nothing was changed then.
    """
    try:
        with engine.connect() as connection:
            _migrate(connection, backups)
    except (DBAPIError, DatabaseError) as fault:
        raise SchemaError(_words(fault, engine)) from fault


def at_head(connection: Connection) -> bool:
    """Whether the database has the newest schema."""
    return _current(connection) == _scripts().get_current_head()


def _migrate(connection: Connection, backups: Path) -> None:
    current, head = _current(connection), _scripts().get_current_head()
    if current == head:
        return
    if current is not None:
        check_known(current)
        if connection.dialect.name == "sqlite":
            _back_up(connection, backups, current)
        else:
            _log.warning(
                "migrating from %s to %s; the database's own backups are yours to keep", current, head
            )
    connection.rollback()
    config = _config()
    config.attributes["connection"] = connection
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    command.upgrade(config, "head")
    connection.commit()


def check_known(current: str) -> None:
    """Raises `SchemaError` for a schema that this program does not know: a newer one has written it."""
    try:
        known = _scripts().get_revision(current)
    except CommandError:
        known = None
    if known is None:
        raise SchemaError(
            f"this database was written by a newer version of Usher (schema {current}): "
            "update this program, or restore a backup made by this version with `usher restore`"
        )


def _back_up(connection: Connection, backups: Path, current: str) -> None:
    backups.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    target = backups / f"before-migration-{current}-{stamp}.db"
    connection.execute(text("VACUUM INTO :target"), {"target": str(target)})
    _log.info("backup before the migration: %s", target)


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _words(fault: Exception, engine: Engine) -> str:
    if engine.dialect.name == "sqlite":
        return (
            f"the database file is damaged or cannot be opened ({getattr(fault, 'orig', None) or fault}): "
            "look at its folder's permissions and free space, or run `usher restore` with the newest backup"
        )
    if isinstance(fault, OperationalError):
        return f"the PostgreSQL server cannot be reached: look at USHER_DATABASE_URL ({fault.orig})"
    return f"the migration failed and was taken back: {fault}"
