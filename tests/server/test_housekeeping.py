"""What the backend does by itself from time to time."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from domain.clock import DAY
from server.housekeeping import tidy
from server.settings import Settings
from tests.builders import ManualClock
from tests.server.world import World, make_world


@pytest.fixture
async def world(app: FastAPI, client: AsyncClient) -> World:
    return await make_world(app)


async def keys(client: AsyncClient) -> int:
    return len((await client.get("/.well-known/jwks.json")).json()["keys"])


async def test_a_new_key_signs_every_ninety_days_and_kiosks_stay_paired(
    world: World, client: AsyncClient, clock: ManualClock, settings: Settings
) -> None:
    kiosk = await world.device()
    for _ in range(2):
        await world.database.write(lambda t: tidy(t, settings))
    assert await keys(client) == 1
    clock.forward(settings.key_days * DAY)
    for _ in range(2):
        await world.database.write(lambda t: tidy(t, settings))
    await world.access.refresh()
    assert await keys(client) == 2
    assert (await client.get("/api/devices/me", headers=kiosk)).status_code == 200
    newer = await world.device("door-2")
    assert kiosk["Authorization"].split(".")[0] != newer["Authorization"].split(".")[0]
    assert (await client.get("/api/devices/me", headers=newer)).status_code == 200
