"""A salon with one service, `cut`, of half an hour."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from tests.builders import ManualClock
from tests.server.queues.lobby import open_lobby
from tests.server.reservations.salon import OPEN, Salon


@pytest.fixture
async def salon(app: FastAPI, client: AsyncClient, clock: ManualClock) -> Salon:
    salon = Salon(await open_lobby(app, client, clock))
    await salon.lobby.point(openingHours={"mon": OPEN})
    await salon.service()
    return salon
