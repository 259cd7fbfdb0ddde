"""A workshop at the service point `desk`."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from tests.builders import ManualClock
from tests.server.queues.lobby import open_lobby
from tests.server.service_requests.workshop import Workshop


@pytest.fixture
async def workshop(app: FastAPI, client: AsyncClient, clock: ManualClock) -> Workshop:
    lobby = await open_lobby(app, client, clock)
    await lobby.point(openingHours={"mon": [{"opens": "09:00", "closes": "17:00"}]})
    return Workshop(lobby)
