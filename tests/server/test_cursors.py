"""Cursors that no list ever gave: each list says so, and never breaks."""

from base64 import urlsafe_b64encode

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from server.wire import cursor
from tests.server.office import problem
from tests.server.world import World, make_world

EVENT = "/api/organizations/org-1/events/evt-1"
LISTS = (
    "/api/devices",
    "/api/organizations/org-1/staff",
    "/api/organizations/org-1/audit",
    "/api/organizations/org-1/events",
    f"{EVENT}/tickets",
    f"{EVENT}/ticket-types",
    f"{EVENT}/seat-leases",
    "/api/events/evt-1/check-in/history",
    "/api/crm/reservations/service-point/get",
)


def encoded(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


FROM_NOWHERE = {
    "text": "nonsense",
    "not base64": "=é=",
    "broken": cursor("x")[:-1],
    "other kinds": cursor("a", 1, "b"),
    "too large": cursor(2**64 - 1),
    "too large, of two": cursor(2**63, "x"),
    "much too large": encoded("[1" + "0" * 40 + "]"),
    "no end": encoded("[1e999]"),
    "deep": encoded("[" * 300),
    "nul": cursor("\x00"),
    "nul of two": cursor(1, "\x00"),
    "nuls": cursor("\x00", "\x00"),
    "true": "W3RydWVd",
}


@pytest.fixture
async def world(app: FastAPI, client: AsyncClient) -> World:
    return await make_world(app)


@pytest.mark.parametrize("address", LISTS)
async def test_a_cursor_from_nowhere_is_told_so(world: World, client: AsyncClient, address: str) -> None:
    for name, text in FROM_NOWHERE.items():
        answer = await client.get(address, params={"cursor": text}, headers=world.staff("admin"))
        assert problem(answer) == (422, "cursor_unknown"), name


async def test_a_cursor_of_another_list_at_most_finds_another_place(
    world: World, client: AsyncClient
) -> None:
    for address in LISTS:
        for text in (cursor(0), cursor(2**63 - 1), cursor("x"), cursor(0, "x"), cursor("x", "x")):
            answer = await client.get(address, params={"cursor": text}, headers=world.staff("admin"))
            assert answer.status_code in (200, 422), answer.text
