"""`usher doctor`: what is missing on this machine, and how to get it."""

import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from server.app import open_database
from server.settings import Settings
from tests.journeys.commands import Said, usher

BROKEN = 'raise ImportError("lib{name}.so.1: cannot open shared object file: No such file or directory")'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "server"


def examined(data: Path, **environment: str) -> Said:
    own = {"USHER_DATA": str(data), "USHER_KIOSK_DATA": str(data.parent / "kiosk"), "USHER_PORT": "0"}
    return usher("doctor", **{**own, **environment})


def cure(said: Said, what: str) -> str:
    """The line on one thing, with the line that says how to get it."""
    lines = said.out.splitlines()
    place = next(number for number, line in enumerate(lines) if line[3:].startswith(f"{what}:"))
    assert lines[place + 1].startswith("    → "), lines[place]
    return lines[place] + lines[place + 1]


def test_a_machine_that_has_what_it_needs_is_told_so(data: Path) -> None:
    said = examined(data)
    assert (said.status, said.trouble) == (0, "")
    for good in ("✓ Python", "✓ PySide6.QtWidgets", "✓ zxingcpp", "✓ data folder", "✓ database: none yet"):
        assert good in said.out
    assert not data.exists()


def test_libraries_that_are_not_there_are_named_with_their_packages(data: Path, tmp_path: Path) -> None:
    wanted = {
        "PySide6.QtWidgets": "apt-get install libegl1",
        "cv2": "apt-get install libgl1",
        "pyzbar.pyzbar": "apt-get install libzbar0",
    }
    for module in wanted:
        folder = tmp_path / "without" / module.partition(".")[0]
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text(BROKEN.format(name=module))
    said = examined(data, PYTHONPATH=str(tmp_path / "without"))
    assert said.status == 1
    for module, package in wanted.items():
        assert "cannot open shared object file" in cure(said, module)
        assert package in cure(said, module)
    assert "get cv2 first" in cure(said, "cameras")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that nobody may write into")
def test_a_folder_that_cannot_be_written_is_found_by_writing() -> None:
    said = examined(Path("/proc/usher"), USHER_KIOSK_DATA="/proc/usher")
    assert said.status == 1
    assert "--data" in cure(said, "data folder")


def test_a_database_is_looked_into(data: Path) -> None:
    open_database(Settings(data=data, database_url="")).close()
    assert "✓ database: schema" in examined(data).out
    with closing(sqlite3.connect(data / "usher.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    assert "update this program" in cure(examined(data), "database")
    (data / "usher.db").write_bytes(b"my shopping list\n" * 500)
    said = examined(data)
    assert said.status == 1
    assert "usher restore" in cure(said, "database")


def test_a_postgresql_that_is_away_is_told(data: Path) -> None:
    said = examined(data, USHER_DATABASE_URL="postgresql://nobody@127.0.0.1:9/usher")
    assert said.status == 1
    assert "USHER_DATABASE_URL" in cure(said, "database")


def test_a_port_that_another_program_has_is_told(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = examined(data, USHER_PORT=port)
    assert said.status == 0
    assert "--port" in cure(said, f"port {port}")


def test_what_a_kiosk_did_is_looked_into(data: Path, tmp_path: Path) -> None:
    (tmp_path / "kiosk").mkdir()
    (tmp_path / "kiosk" / "outbox.db").write_bytes(b"no database" * 500)
    said = examined(data)
    assert said.status == 1
    assert "`usher rescue`" in cure(said, "kiosk's acts")
