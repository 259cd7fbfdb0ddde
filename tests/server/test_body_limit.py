"""Bodies that are too large, with and without a header that says so."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn
from fastapi import FastAPI
from httpx import AsyncClient

from server import body_limit
from tests.server.office import Office, open_office, problem

ADDRESSES = ("/api/sync/ops", "/api/devices", "/api/devices/pair", "/api/auth/staff/login")


@pytest.fixture
async def office(app: FastAPI, client: AsyncClient) -> Office:
    return await open_office(app, client)


@pytest.fixture
async def served(app: FastAPI, client: AsyncClient) -> AsyncIterator[AsyncClient]:
    """The same application through a real server."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    listener = socket.create_server(("127.0.0.1", 0))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    async with AsyncClient(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}") as real:
        yield real
    server.should_exit = True
    await running


async def chunks(size: int) -> AsyncIterator[bytes]:
    """A body of which nobody has said how long it is."""
    sent = 0
    while sent < size:
        part = min(64 * 1024, size - sent)
        yield b"x" * part
        sent += part


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_that_is_too_large_is_told_so(
    office: Office, served: AsyncClient, address: str, declared: bool
) -> None:
    size = body_limit.limit_of(address) + 1
    body = b"x" * size if declared else chunks(size)
    answer = await served.post(address, content=body, headers=office.headers)
    assert problem(answer) == (413, "too_large")
    assert (await served.get("/healthz")).status_code == 200


@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_that_just_fits_is_read(office: Office, served: AsyncClient, declared: bool) -> None:
    text = b'{"email": "a@b.example", "password": "x"}'
    body = text + b" " * (body_limit.USUAL - len(text))

    async def parts() -> AsyncIterator[bytes]:
        yield body

    content, kind = body if declared else parts(), {"Content-Type": "application/json"}
    answer = await served.post("/api/auth/staff/login", content=content, headers=kind)
    assert problem(answer) == (401, "login_failed")


async def test_a_repeatable_request_has_the_same_limit_and_its_key_stays_free(
    office: Office, served: AsyncClient
) -> None:
    headers = {**office.headers, "Idempotency-Key": "k-1"}
    large = await served.post("/api/devices", content=chunks(body_limit.USUAL + 1), headers=headers)
    assert problem(large) == (413, "too_large")
    small = {"name": "Door", "mode": "door", "scopes": []}
    assert (await served.post("/api/devices", json=small, headers=headers)).status_code == 201


@pytest.mark.parametrize(
    ("address", "megabytes"),
    [
        ("/api/sync/ops", 8),
        ("/api/organizations/o/events/e/tickets", 8),
        ("/api/organizations/o/events/e/tickets/import", 64),
        ("/api/organizations/o/events/e/tickets/import/", 1),
        ("/api/organizations/o/events/e/cover", 21),
        ("/api/organizations/o/events/e/media", 21),
        ("/api/organizations/o/events/e/media/m", 1),
        ("/api/client/events/e/media/upload", 21),
        ("/api/client/events/e/media/upload/token", 21),
        ("/api/client/events/e/participation", 1),
        ("/api/events/check-in", 1),
    ],
)
def test_addresses_that_take_many_records_or_pictures_take_more(address: str, megabytes: int) -> None:
    assert body_limit.limit_of(address) == megabytes * 2**20
