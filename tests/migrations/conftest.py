"""The databases of the server's own tests, without a schema."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Engine

from server.db.postgres import postgres_engine
from server.db.sqlite import sqlite_engine
from tests.server.conftest import anyio_backend, postgres_url  # noqa: F401


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    if request.param == "sqlite":
        engine = sqlite_engine(tmp_path / "empty.db")
        yield engine
        engine.dispose()
        return
    url: str = request.getfixturevalue("postgres_url")
    name = f"migrations_{uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    base, _, query = url.partition("?")
    engine = postgres_engine(base.rsplit("/", 1)[0] + f"/{name}?{query}")
    yield engine
    engine.dispose()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
