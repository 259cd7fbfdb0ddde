"""Brings a database to the newest schema: after a backup, and never one that is newer than this program."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import DBAPIError, OperationalError

from server.migrations import copies

if TYPE_CHECKING:
    from alembic.config import Config

# Alembic and what comes with it take 12 MB: it is imported where a database is not as it should be.
_FOLDER = Path(__file__).parent
_log = logging.getLogger("usher.migrations")


class SchemaError(Exception):
    """The database cannot be used as it is; the message says why and what to do."""


def migrate(engine: Engine, backups: Path) -> None:
    """Migrates the database of `engine` to the newest schema.

    A SQLite file with data in it is copied to `backups` first. Raises `SchemaError` for a database
    that is newer than this program, damaged, or out of reach; nothing was changed then.
    """
    with _told(engine), engine.connect() as connection:
        _migrate(connection, backups)


def state(engine: Engine) -> tuple[str | None, str]:
    """The schema that the database has, None for an empty one, and the newest. Changes nothing.

    Raises `SchemaError` as `migrate` does.
    """
    with _told(engine), engine.connect() as connection:
        current = _current(connection)
        if engine.dialect.name == "sqlite":
            [found] = connection.exec_driver_sql("PRAGMA quick_check(1)").one()
            if found != "ok":
                raise sqlite3.DatabaseError(found)
    if current is not None:
        check_known(current)
    return current, newest()


def at_head(connection: Connection) -> bool:
    """Whether the database has the newest schema."""
    return _current(connection) == newest()


def newest() -> str:
    """The schema that this program makes: the number of its last migration."""
    return max(path.stem for path in (_FOLDER / "versions").glob("[0-9]*.py")).partition("_")[0]


def _migrate(connection: Connection, backups: Path) -> None:
    current, head = _current(connection), newest()
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
    from alembic import command

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
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    try:
        known = ScriptDirectory.from_config(_config()).get_revision(current)
    except CommandError:
        known = None
    if known is None:
        raise SchemaError(
            f"this database was written by a newer version of Usher (schema {current}): "
            "update this program, or restore a backup made by this version with `usher restore`"
        )


def _back_up(connection: Connection, backups: Path, current: str) -> None:
    backups.mkdir(parents=True, exist_ok=True)
    for unfinished in backups.glob("before-migration-*.part"):
        unfinished.unlink()
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    target = backups / f"before-migration-{current}-{stamp}.db"
    part = target.with_name(target.name + ".part")
    copies.take(cast("sqlite3.Connection", connection.connection.dbapi_connection), part)
    copies.keep(part, target)
    _log.info("backup before the migration: %s", target)


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return None if found is None else str(found[0])


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config


@contextmanager
def _told(engine: Engine) -> Iterator[None]:
    """Turns what a database, or the disk below it, says into words on what to do."""
    try:
        yield
    except OSError as fault:
        raise SchemaError(
            f"the folder of the backups cannot be written ({fault}): nothing was changed: make it writable"
        ) from fault
    except (DBAPIError, sqlite3.DatabaseError) as fault:
        raise SchemaError(_words(fault, engine)) from fault


def _words(fault: Exception, engine: Engine) -> str:
    cause = getattr(fault, "orig", None) or fault
    if engine.dialect.name == "sqlite":
        return _sqlite_words(cause)
    if isinstance(fault, OperationalError):
        said = str(cause).partition("\n")[0]
        return f"the PostgreSQL server cannot be reached: look at USHER_DATABASE_URL ({said})"
    return f"the migration failed and was taken back: {fault}"


def _sqlite_words(cause: BaseException) -> str:
    match getattr(cause, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return f"the disk is full or broken ({cause}); nothing was changed: make room, then try again"
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return (
                f"the database file cannot be written ({cause}): make it and its folder writable for this "
                "user, or choose another folder with --data"
            )
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return f"the database file is in use ({cause}): stop the program that uses it, then try again"
        case _:
            return f"the database file is damaged ({cause}): run `usher restore` with the newest backup"
