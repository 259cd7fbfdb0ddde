"""Whatever a caller sends to any route that the documentation names, the answer is never a fault of ours."""

import asyncio
import socket
from collections.abc import Iterator
from threading import Thread

import httpx
import pytest
import schemathesis
import uvicorn
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok

from domain.clock import HOUR, Instant
from server.app import create_app, open_database, system_clock
from server.auth.caller import Role
from server.settings import Settings
from tests.server.world import World

_STREAMS = r"/stream$"
"""They never end, so no answer of theirs can be looked at whole."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """An application with a small organisation in it."""
    given = Settings(data=tmp_path_factory.mktemp("contract"), database_url="", rate_limits=False)
    database = open_database(given)
    app = create_app(given, database)
    asyncio.run(World(database, app.state.access, "org-1").make())
    yield app
    database.close()


@pytest.fixture(scope="module")
def address(app: FastAPI) -> Iterator[str]:
    """Where the application is served for real."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture(scope="module")
def administrator(app: FastAPI, address: str) -> dict[str, str]:
    """Headers of somebody who may do everything in the organisation."""
    httpx.get(f"{address}/healthz")
    until = Instant(system_clock() + HOUR)
    token = app.state.access.token("staff-1", "org-1", Role.STAFF, until, permissions=["admin"])
    return {"Authorization": f"Bearer {token}"}


def test_no_request_makes_the_server_fail(address: str, administrator: dict[str, str]) -> None:
    document = schemathesis.openapi.from_url(f"{address}/api/openapi.json").exclude(path_regex=_STREAMS)
    operations = [found.ok() for found in document.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) > 60

    @settings(
        max_examples=10,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def answers(data: st.DataObject) -> None:
        for operation in operations:
            case = data.draw(operation.as_strategy(), label=operation.label)
            response = case.call(headers=administrator)
            assert response.status_code < 500, f"{operation.label}: {response.text}"

    answers()


def test_the_document_refers_to_nothing_that_it_does_not_hold(app: FastAPI) -> None:
    document = app.openapi()
    known = set(document["components"]["schemas"])
    assert {ref.rsplit("/", 1)[1] for ref in _references(document)} <= known


def _references(part: object) -> Iterator[str]:
    match part:
        case {"$ref": str(ref)}:
            yield ref
        case dict():
            for value in part.values():
                yield from _references(value)
        case list():
            for value in part:
                yield from _references(value)
