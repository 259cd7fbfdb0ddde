"""Backups of a SQLite database: made while the server runs, checked before they are put back."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from server.db.sqlite import sqlite_engine
from server.migrations import copies
from server.migrations.migrate import SchemaError, check_known
from server.settings import Settings
from server.sync import feed


class BackupError(Exception):
    """The message says what is wrong and what to do."""


def backup(settings: Settings, target: Path | None = None) -> Path:
    """Copies the database as it is at one instant to `target`, by default `backups`; in a folder under a
    dated name.

    Raises `BackupError`; a file that is there already is never overwritten.
    """
    source = _source(settings)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    path = target or settings.data / "backups"
    if target is None or path.is_dir():
        path /= f"usher-{stamp}.db"
    if path.exists():
        raise BackupError(f"{path} exists already; choose another name")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as connection:
            copies.take(connection, part)
        _check(part)
        copies.keep(part, path)
    except (OSError, sqlite3.Error) as fault:
        raise BackupError(f"the backup could not be written to {path}: {fault}") from fault
    return path


def restore(settings: Settings, source: Path) -> Path | None:
    """Puts a backup in the place of the database; what was there is set aside, and its path returned.

    Raises `BackupError` for a file that is no whole backup of this version or an older one, and while
    a server uses the database. Nothing was changed then; whoever is killed meanwhile has the old database
    or the new one.
    """
    if settings.database_url:
        raise BackupError("this server uses PostgreSQL: restore with pg_restore")
    if not source.is_file():
        raise BackupError(f"there is no file {source}")
    target = settings.sqlite_path
    part = target.with_name("restoring.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove(part)
        shutil.copyfile(source, part)
        _check(part)
        _begin_anew(part)
        with _unused(target):
            aside = copies.swap_in(part, target)
    except (OSError, sqlite3.Error, SQLAlchemyError) as fault:
        raise BackupError(f"{source} could not be restored: {fault}") from fault
    finally:
        with suppress(OSError):
            _remove(part)
    return aside


def _source(settings: Settings) -> Path:
    if settings.database_url:
        raise BackupError("this server uses PostgreSQL: make backups with pg_dump")
    if not settings.sqlite_path.is_file():
        raise BackupError(f"there is no database in {settings.data}: name its folder with --data")
    return settings.sqlite_path


def _check(path: Path) -> None:
    """Raises `BackupError` for a file that is not a whole database of a schema that is known here."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            [found] = connection.execute("PRAGMA quick_check(1)").fetchone()
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        if found != "ok" or row is None:
            raise BackupError(f"{path.name} is damaged ({found}); take another backup")
        check_known(str(row[0]))
    except sqlite3.DatabaseError as fault:
        raise BackupError(f"{path.name} is not a backup of Usher, or is damaged: {fault}") from fault
    except SchemaError as fault:
        raise BackupError(str(fault)) from fault


def _remove(part: Path) -> None:
    """With what SQLite keeps beside it, which it would take for a part of the next one."""
    for suffix in ("", "-wal", "-shm"):
        part.with_name(part.name + suffix).unlink(missing_ok=True)


def _begin_anew(path: Path) -> None:
    engine = sqlite_engine(path)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            feed.begin_anew(connection)
    finally:
        engine.dispose()


@contextmanager
def _unused(path: Path) -> Iterator[None]:
    """Holds the database alone, all of it in its one file; a damaged one is used by nobody."""
    if not path.exists():
        yield
        return
    with closing(sqlite3.connect(path, timeout=0.2, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as fault:
            raise BackupError("the database is in use: stop the server first") from fault
        except sqlite3.DatabaseError:
            pass
        yield
