"""The backend under test: the same application over SQLite and over a PostgreSQL that the tests start."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from domain.clock import Instant
from server.app import create_app, open_database
from server.db.database import Database
from server.settings import Settings
from tests.builders import ManualClock
from tests.postgres import Emptied, postgres, run


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of this test run's own."""
    with postgres() as server:
        yield str(server.get_uri())


@pytest.fixture(scope="session")
def empty_postgres(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """The address of a database with the newest schema and no row, for one test at a time."""
    made: list[Emptied] = []

    def empty() -> str:
        if not made or not made[-1].empty():
            name = f"usher_{len(made)}"
            run(postgres_url, f"CREATE DATABASE {name}")
            url = _named(postgres_url, name)
            open_database(Settings(data=tmp_path_factory.mktemp(name), database_url=url)).close()
            made.append(Emptied(url))
        return made[-1].url

    return empty


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest schema and nothing in it."""
    settings = Settings(data=tmp_path_factory.mktemp("template"), database_url="")
    open_database(settings).close()
    return settings.sqlite_path


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "sqlite":
        settings = Settings(data=tmp_path, database_url="", rate_limits=False)
        shutil.copyfile(request.getfixturevalue("sqlite_template"), settings.sqlite_path)
        return settings
    empty: Callable[[], str] = request.getfixturevalue("empty_postgres")
    return Settings(data=tmp_path, database_url=empty(), rate_limits=False)


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
