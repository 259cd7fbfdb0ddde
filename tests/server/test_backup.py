"""Backups, restores and migrations over real SQLite files."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from server.app import open_database
from server.backup import BackupError, backup, restore
from server.migrations.migrate import SchemaError
from server.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(data=tmp_path, database_url="")
    open_database(settings).close()
    return settings


def add_organization(settings: Settings, name: str) -> None:
    with closing(sqlite3.connect(settings.sqlite_path)) as connection:
        connection.execute("INSERT INTO organization VALUES (?, ?, 'UTC', 0)", (name, name))
        connection.commit()


def organizations(settings: Settings) -> list[str]:
    with closing(sqlite3.connect(settings.sqlite_path)) as connection:
        return [row[0] for row in connection.execute("SELECT id FROM organization ORDER BY id")]


def test_a_restore_brings_back_what_was_and_sets_aside_what_is(settings: Settings) -> None:
    add_organization(settings, "before")
    saved = backup(settings)
    add_organization(settings, "after")
    aside = restore(settings, saved)
    assert organizations(settings) == ["before"]
    assert aside is not None
    with closing(sqlite3.connect(aside)) as old:
        assert old.execute("SELECT count(*) FROM organization").fetchone() == (2,)


def test_a_backup_is_taken_while_the_server_runs(settings: Settings) -> None:
    database = open_database(settings)
    try:
        assert backup(settings).is_file()
    finally:
        database.close()


def test_a_restore_under_a_running_server_is_refused(settings: Settings) -> None:
    saved = backup(settings)
    database = open_database(settings)
    try:
        with pytest.raises(BackupError, match="in use"):
            restore(settings, saved)
    finally:
        database.close()
    assert restore(settings, saved)


def test_a_damaged_backup_changes_nothing(settings: Settings) -> None:
    add_organization(settings, "kept")
    saved = backup(settings)
    raw = bytearray(saved.read_bytes())
    raw[4096:12288] = b"\xff" * 8192
    saved.write_bytes(bytes(raw))
    with pytest.raises(BackupError, match="damaged"):
        restore(settings, saved)
    assert organizations(settings) == ["kept"]


def test_any_other_file_is_not_a_backup(settings: Settings, tmp_path: Path) -> None:
    other = tmp_path / "holiday.jpg"
    other.write_bytes(b"\xff\xd8\xff" * 1000)
    with pytest.raises(BackupError, match="not a backup"):
        restore(settings, other)


def test_a_database_from_a_newer_version_is_refused_and_left_alone(settings: Settings) -> None:
    with closing(sqlite3.connect(settings.sqlite_path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(SchemaError, match="newer version"):
        open_database(settings)


def test_a_damaged_database_says_what_to_do(settings: Settings) -> None:
    settings.sqlite_path.write_bytes(b"this is not a database" * 500)
    for suffix in ("-wal", "-shm"):
        settings.sqlite_path.with_name(settings.sqlite_path.name + suffix).unlink(missing_ok=True)
    with pytest.raises(SchemaError, match="usher restore"):
        open_database(settings)
