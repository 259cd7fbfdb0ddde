"""Whatever a caller sends to any route that the documentation names, the answer is never a fault of ours."""

import asyncio
import socket
from collections.abc import Iterator, Sequence
from threading import Thread
from typing import Any

import httpx
import pytest
import schemathesis
import uvicorn
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from domain.clock import HOUR, Instant
from server.app import create_app, open_database, system_clock
from server.auth.caller import Role
from server.events.schemas import RESERVED
from server.settings import Settings
from tests.server.world import World

_CHECKS = [content_type_conformance, response_schema_conformance, status_code_conformance]
_THERE = {
    "orgId": "org-1",
    "eventId": "evt-1",
    "ticketId": "org-1-t1",
    "typeId": "general",
    "listId": "main",
    "servicePoint": "desk",
}
_ASKED = {"scope": "event:evt-1", "cursor": "0"}
_ADA = "ada@example.com"
_PARTS = 4
"""So that several processes share the work."""
_STREAMS = r"/stream$"
"""They never end, so no answer of theirs can be looked at whole."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """An application with a small organisation in it."""
    given = Settings(data=tmp_path_factory.mktemp("contract"), database_url="", rate_limits=False)
    database = open_database(given)
    app = create_app(given, database)
    asyncio.run(_fill(World(database, app.state.access, "org-1", now=system_clock())))
    yield app
    database.close()


async def _fill(world: World) -> None:
    await world.make()
    await world.ticket(email=_ADA)


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
    httpx.get(f"{address}/healthz", timeout=60)
    until = Instant(system_clock() + HOUR)
    token = app.state.access.token("staff-1", "org-1", Role.STAFF, until, permissions=["admin"])
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def attendee(app: FastAPI, address: str) -> dict[str, str]:
    """Headers of a customer, whose ticket is the organisation's only one."""
    httpx.get(f"{address}/healthz", timeout=60)
    world = World(app.state.database, app.state.access, "org-1", now=system_clock())
    return asyncio.run(world.customer(_ADA, "Ada"))


@pytest.mark.parametrize("part", range(_PARTS))
def test_no_request_makes_the_server_fail(part: int, address: str, administrator: dict[str, str]) -> None:
    document = schemathesis.openapi.from_url(f"{address}/api/openapi.json").exclude(path_regex=_STREAMS)
    operations = [found.ok() for found in document.get_all_operations() if isinstance(found, Ok)][
        part::_PARTS
    ]
    assert len(operations) > 30
    _call(operations, administrator)


def test_no_request_of_a_customer_makes_the_server_fail(address: str, attendee: dict[str, str]) -> None:
    document = schemathesis.openapi.from_url(f"{address}/api/openapi.json")
    theirs = document.include(path_regex="^/api/client/")
    operations = [found.ok() for found in theirs.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) > 30
    _call(operations, attendee)


def _call(operations: Sequence[APIOperation[Any, Any, Any, Any]], headers: dict[str, str]) -> None:
    """Sends each of them requests of all kinds, good and bad ones."""

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
            if data.draw(st.booleans(), label="something that is there"):
                case.path_parameters |= {k: v for k, v in _THERE.items() if k in case.path_parameters}
                case.query |= {k: v for k, v in _ASKED.items() if k in case.query}
            response = case.call(headers=headers)
            assert response.status_code < 500, f"{operation.label}: {response.text}"
            case.validate_response(response, checks=_CHECKS)

    answers()


def test_the_document_refers_to_nothing_that_it_does_not_hold(app: FastAPI) -> None:
    document = app.openapi()
    known = set(document["components"]["schemas"])
    assert {ref.rsplit("/", 1)[1] for ref in _references(document)} <= known


def test_every_route_names_the_problems_that_it_may_answer(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    told = {
        f"{method} {path}": {status for status in operation["responses"] if status >= "400"}
        for path, methods in paths.items()
        for method, operation in methods.items()
    }
    assert [label for label, statuses in told.items() if not statuses] == ["get /healthz"]
    assert told["get /api/sync/changes"] == {"401", "403", "404", "410", "422", "503"}
    assert told["get /api/client/events/stripe/config"] == {"401", "403", "404", "409", "503"}
    assert told["post /api/devices/pair"] == {
        "400", "404", "409", "410", "413", "422", "429", "503", "507",
    }  # fmt: skip
    assert told["patch /api/devices/{id}"] == {
        "400", "401", "403", "404", "409", "412", "413", "422", "503", "507",
    }  # fmt: skip


def test_where_an_answer_is_not_sent_again_the_document_says_so(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    had = {path for path, methods in paths.items() if "304" in methods.get("get", {}).get("responses", {})}
    files = {path for path in paths if path.endswith("/{size}")}
    assert len(files) == 5
    assert had == {"/api/client/events", "/api/client/events/{eventId}/ticket-types", *files}


def test_no_event_can_be_called_as_a_word_of_another_address(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    after = ("/api/client/events/", "/api/events/", "/api/organizations/{orgId}/events/")
    words = {
        path.removeprefix(begin).split("/")[0] for path in paths for begin in after if path.startswith(begin)
    }
    assert {word for word in words if not word.startswith("{")} == RESERVED


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
