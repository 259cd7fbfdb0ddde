"""An organisation with an event and two ticket types, and another that knows nothing of it."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from tests.server.office import Office, open_office

EVENT = {
    "id": "fair", "name": {"en": "Fair"}, "starts": "2026-05-10T10:00:00Z", "ends": "2026-05-10T20:00:00Z",
    "zone": "Europe/Berlin",
}  # fmt: skip


@pytest.fixture
async def office(app: FastAPI, client: AsyncClient) -> Office:
    office = await open_office(app, client)
    await office.ok("POST", "events", EVENT)
    await office.ok("POST", "events/fair/ticket-types", {"id": "general", "name": "General admission"})
    vip = {"id": "vip", "name": "VIP", "price": 14900, "quota": 10, "perks": ["Drink"]}
    await office.ok("POST", "events/fair/ticket-types", vip)
    return office


@pytest.fixture
async def other(app: FastAPI, client: AsyncClient) -> Office:
    return await open_office(app, client, "org-b")
