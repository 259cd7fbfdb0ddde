"""What the backend says, as a real process, where it cannot start: one sentence that tells what to do."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from server.app import open_database
from server.settings import Settings

USHER = Path(sys.executable).with_name("usher")


@pytest.fixture
def data(tmp_path: Path, sqlite_template: Path) -> Path:
    """A data folder with a good database."""
    shutil.copyfile(sqlite_template, tmp_path / "usher.db")
    return tmp_path


def refused(data: Path, *options: str, **environment: str) -> str:
    """What `usher serve` says as it ends."""
    ended = subprocess.run(
        [USHER, "serve", "--data", data, *(options or ("--port", "0"))],
        env={**os.environ, "USHER_DATABASE_URL": "", "USHER_LOG_LEVEL": "warning", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2, ended.stderr
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    [sentence] = ended.stderr.splitlines()
    assert sentence.startswith("usher: ")
    return sentence


def test_a_file_that_is_no_database_is_told_so(data: Path) -> None:
    (data / "usher.db").write_bytes(b"my shopping list\n" * 500)
    assert "usher restore" in refused(data)


def test_a_database_that_was_cut_off_is_told_so(data: Path) -> None:
    with (data / "usher.db").open("r+b") as file:
        file.truncate(10_000)
    assert "is damaged" in refused(data)
    assert (data / "usher.db").stat().st_size == 10_000


def test_a_database_of_a_newer_version_stays_as_it_is(data: Path) -> None:
    with closing(sqlite3.connect(data / "usher.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    before = (data / "usher.db").read_bytes()
    said = refused(data)
    assert "newer version of Usher (schema 9999)" in said
    assert "update this program" in said
    assert (data / "usher.db").read_bytes() == before


def test_what_few_servers_need_is_not_loaded_before_it_is_needed() -> None:
    large = "alembic", "mako", "numpy", "PIL", "pi_heif", "psycopg", "qrcode", "reportlab", "stripe"
    listed = f"import sys, server.__main__; print([name for name in {large} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", listed], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_a_port_that_is_taken_is_named(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = refused(data, "--port", port)
    assert f"port {port}" in said
    assert "--port" in said


def test_a_data_folder_that_another_server_serves_is_told_so(data: Path) -> None:
    command = [sys.executable, "-m", "server", "--data", str(data), "--host", "127.0.0.1", "--port", "0"]
    environment = {**os.environ, "USHER_DATABASE_URL": "", "USHER_LOG_LEVEL": "error"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline().startswith("Usher is serving")
        said = refused(data)
        first.kill()
    assert "another Usher" in said
    assert str(data) in said


def test_an_address_of_another_machine_is_told_so(data: Path) -> None:
    assert "--host" in refused(data, "--host", "192.0.2.1", "--port", "0")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that nobody may write into")
def test_a_data_folder_that_cannot_be_written_is_told_so() -> None:
    said = refused(Path("/proc"))
    assert "writable" in said
    assert "--data" in said


@pytest.mark.parametrize("folder", ["file", "file/within"])
def test_a_data_folder_that_cannot_be_is_named(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").touch()
    said = refused(tmp_path / folder)
    assert str(tmp_path / folder) in said
    assert "--data" in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("USHER_DATABASE_URL", "mysql://somewhere/usher"),
        ("USHER_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/usher"),
        ("USHER_LOG_LEVEL", "loud"),
        ("USHER_TRUSTED_PROXIES", "10.0.0.0/8, the-proxy"),
        ("USHER_PORT", "ninety"),
        ("USHER_SMTP_URL", "https://mail.example"),
        ("USHER_SMTP_URL", "smtp://"),
        ("USHER_SMTP_URL", "smtp://mail.example:port"),
        ("USHER_MAIL_FROM", "nobody"),
    ],
)
def test_a_setting_that_cannot_be_is_named(data: Path, name: str, value: str) -> None:
    said = refused(data, "--host", "127.0.0.1", **{name: value})
    assert name.removeprefix("USHER_").lower() in said.lower()


def test_who_sends_mails_through_a_server_says_from_whom(data: Path) -> None:
    said = refused(data, USHER_SMTP_URL="smtp://me:secret@mail.example")
    assert "mail_from" in said
    assert "secret" not in refused(data, USHER_SMTP_URL="smtp://me:secret@mail.example:port")


def test_a_database_that_was_closed_stands_in_one_file(tmp_path: Path) -> None:
    open_database(Settings(data=tmp_path, database_url="")).close()
    assert [path.name for path in tmp_path.iterdir()] == ["usher.db"]
