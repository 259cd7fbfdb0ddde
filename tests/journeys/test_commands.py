"""Commands that cannot do what they are asked say so in one sentence, with what to do about it."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.store.folder import alone
from kiosk.store.outbox_file import NAME
from kiosk.store.store import Store
from tests.journeys.commands import done, refused, usher
from tests.kiosk.store.scans import check_in


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file where a folder would have to be."""
    (tmp_path / "file").touch()
    return tmp_path / "file"


@pytest.mark.parametrize("command", ["seed", "kiosk", "pair x", "rescue"])
def test_a_folder_that_cannot_be_used_is_named(command: str, file: Path) -> None:
    said = refused(*command.split(), "--data", file / "within")
    assert str(file) in said
    assert "--data" in said


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        ("kiosk --theme purple", "theme"),
        ("backup --data {folder}", "--data"),
        ("restore {folder}/nothing.db --data {folder}", "nothing.db"),
        ("pair ABCD-EFGH --data {folder}", "https://"),
        ("pair ABCD-EFGH --server http://127.0.0.1:9 --data {folder}", "does not answer"),
        ("demo --headless --out {folder}/file/within", "--out"),
    ],
)
def test_what_is_missing_or_wrong_is_said(command: str, wanted: str, file: Path) -> None:
    assert wanted in refused(*command.format(folder=file.parent).split())


@pytest.mark.parametrize("command", ["kiosk", "rescue"])
def test_a_folder_is_one_kiosks_at_a_time(command: str, tmp_path: Path) -> None:
    with alone(tmp_path):
        said = refused(*command.split(), "--data", tmp_path)
    assert "Another Usher" in said
    assert str(tmp_path) in said


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A kiosk's folder with ten acts to send, and a damaged page that none of them needs."""
    store = Store(tmp_path)
    for number in range(10):
        store.door.record(*check_in(f"op{number}", f"t{number}", at=number))
    store.close()
    with closing(sqlite3.connect(tmp_path / NAME)) as database:
        [leaf] = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'journal_at'").fetchone()
    whole = bytearray((tmp_path / NAME).read_bytes())
    whole[(leaf - 1) * 4096 : leaf * 4096] = b"\x5a" * 4096
    (tmp_path / NAME).write_bytes(whole)
    return tmp_path


def test_a_kiosk_whose_acts_are_damaged_names_the_command_that_rescues_them(damaged: Path) -> None:
    assert "`usher rescue`" in refused("kiosk", "--data", damaged)
    assert "10 acts for the server were carried over" in done("rescue", "--data", damaged)
    store = Store(damaged)
    assert len(store.outbox.waiting()) == 10
    store.close()
    assert done("rescue", "--data", damaged) == "nothing is damaged here"


def test_the_openapi_document_is_printed_as_json() -> None:
    assert json.loads(done("openapi"))["info"]["title"] == "Usher"


def test_help_names_every_command_with_what_it_does() -> None:
    told = done("--help", COLUMNS="200")
    for words in (
        "Run the backend alone",
        "Tell what is missing on this machine",
        "Copy the server's database",
    ):
        assert words in told
    assert usher("nonsense").status == 2
