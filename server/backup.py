"""Backups of a SQLite database: made while the server runs, checked before they are put back."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from server.migrations.migrate import SchemaError, check_known
from server.settings import Settings


class BackupError(Exception):
    """The message says what is wrong and what to do."""


def backup(settings: Settings, target: Path | None = None) -> Path:
    """Copies the database as it is at one instant to `target` (default: a dated file in `backups`).

    Raises `BackupError`; a file that is there already is never overwritten.
    """
    source = _source(settings)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    path = target or settings.data / "backups" / f"usher-{stamp}.db"
    if path.exists():
        raise BackupError(f"{path} exists already; choose another name")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as connection:
            connection.execute("VACUUM INTO ?", (str(part),))
        _check(part)
        part.rename(path)
    except (OSError, sqlite3.Error) as fault:
        raise BackupError(f"the backup could not be written to {path}: {fault}") from fault
    return path


def restore(settings: Settings, source: Path) -> Path | None:
    """Puts a backup in the place of the database; what was there is set aside, and its path returned.

    Raises `BackupError` for a file that is no whole backup of this version or an older one, and while
    a server uses the database. Nothing was changed then.
    """
    if settings.database_url:
        raise BackupError("this server uses PostgreSQL: restore with pg_restore")
    if not source.is_file():
        raise BackupError(f"there is no file {source}")
    target = settings.sqlite_path
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name("restoring.db")
    try:
        shutil.copyfile(source, part)
        _check(part)
        with _unused(target):
            aside = _set_aside(target)
            part.rename(target)
    except (OSError, sqlite3.Error) as fault:
        raise BackupError(f"{source} could not be restored: {fault}") from fault
    finally:
        part.unlink(missing_ok=True)
    return aside


def _source(settings: Settings) -> Path:
    if settings.database_url:
        raise BackupError("this server uses PostgreSQL: make backups with pg_dump")
    if not settings.sqlite_path.is_file():
        raise BackupError(f"there is no database in {settings.data} yet")
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


@contextmanager
def _unused(path: Path) -> Iterator[None]:
    """Holds the database alone; a damaged one is used by nobody."""
    if not path.exists():
        yield
        return
    with closing(sqlite3.connect(path, timeout=0.2, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as fault:
            raise BackupError("the database is in use: stop the server first") from fault
        except sqlite3.DatabaseError:
            pass
        yield


def _set_aside(path: Path) -> Path | None:
    """Moves a database, with its log files, out of the way; nothing is deleted."""
    if not path.exists():
        return None
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    aside = path.parent / "backups" / f"replaced-{stamp}.db"
    aside.parent.mkdir(exist_ok=True)
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    return aside
