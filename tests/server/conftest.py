"""The backend under test: the same application over SQLite and over a PostgreSQL that the tests start."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from domain.clock import Instant
from server.app import create_app, open_database
from server.db.database import Database
from server.settings import Settings
from tests.builders import ManualClock
from tests.postgres import postgres, run

_TEMPLATE = "usher_template"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of this test run's own, with the newest schema in a template."""
    with postgres() as server:
        url = str(server.get_uri())
        run(url, f"CREATE DATABASE {_TEMPLATE}")
        folder = tmp_path_factory.mktemp("postgres")
        open_database(Settings(data=folder, database_url=_named(url, _TEMPLATE))).close()
        yield url


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
    # Files are copied in a twentieth of a second; written to the log page by page it takes four times that.
    run(server, f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY FILE_COPY")
    yield Settings(data=tmp_path, database_url=_named(server, name), rate_limits=False)
    run(server, f"DROP DATABASE {name} WITH (FORCE)")


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
