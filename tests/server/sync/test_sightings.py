"""When a device was last heard of, and how far its clock is off, as administrators see it."""

from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from domain.clock import HOUR, MINUTE, SECOND, Instant, rfc3339
from tests.builders import ManualClock
from tests.server.world import World, make_world


@pytest.fixture
async def world(app: FastAPI, client: AsyncClient) -> World:
    return await make_world(app)


@pytest.fixture
async def kiosk(world: World) -> dict[str, str]:
    return await world.device()


async def shown(world: World, client: AsyncClient) -> dict[str, Any]:
    answer = await client.get("/api/devices", headers=world.staff("admin"))
    return dict(answer.json()["items"][0])


async def send_nothing(client: AsyncClient, kiosk: dict[str, str], sent: Instant) -> None:
    body = {"sentAt": rfc3339(sent), "operations": []}
    assert (await client.post("/api/sync/ops", json=body, headers=kiosk)).status_code == 200


async def test_a_device_that_never_called_was_never_seen(
    world: World, client: AsyncClient, kiosk: dict[str, str]
) -> None:
    device = await shown(world, client)
    assert (device["seen"], device["clockOffset"]) == (None, None)


@pytest.mark.parametrize("path", ["/api/sync/changes?scope=event:evt-1&cursor=0", "/api/devices/me"])
async def test_a_device_is_seen_when_it_calls_but_noted_once_a_minute(
    world: World, client: AsyncClient, kiosk: dict[str, str], clock: ManualClock, path: str
) -> None:
    start = clock.at
    await client.get(path, headers=kiosk)
    clock.forward(59 * SECOND)
    await client.get(path, headers=kiosk)
    assert (await shown(world, client))["seen"] == rfc3339(start)
    clock.forward(SECOND)
    await client.get(path, headers=kiosk)
    assert (await shown(world, client))["seen"] == rfc3339(Instant(start + MINUTE))


@pytest.mark.parametrize("off", [-2 * HOUR, 0, 2 * HOUR])
async def test_the_offset_of_its_clock_is_known_from_what_it_sends(
    world: World, client: AsyncClient, kiosk: dict[str, str], clock: ManualClock, off: int
) -> None:
    await client.get("/api/devices/me", headers=kiosk)
    await send_nothing(client, kiosk, Instant(clock.at - off))
    assert (await shown(world, client))["clockOffset"] == off


async def test_a_clock_that_stands_at_its_first_day_is_noted_too(
    world: World, client: AsyncClient, kiosk: dict[str, str]
) -> None:
    await send_nothing(client, kiosk, Instant(0))
    assert (await shown(world, client))["clockOffset"] > 20 * 24 * HOUR


async def test_being_seen_makes_no_change_of_a_device_stale(
    world: World, client: AsyncClient, kiosk: dict[str, str]
) -> None:
    admin, address = world.staff("admin"), "/api/devices/door-1"
    seen = (await client.patch(address, json={"gate": "North"}, headers=admin)).headers["etag"]
    await client.get("/api/devices/me", headers=kiosk)
    changed = await client.patch(address, json={"gate": "South"}, headers={**admin, "If-Match": seen})
    assert changed.status_code == 200, changed.text
    assert changed.json()["seen"] is not None


async def test_staff_are_no_devices(world: World, client: AsyncClient, kiosk: dict[str, str]) -> None:
    await client.get("/api/sync/changes?scope=event:evt-1&cursor=0", headers=world.staff("door"))
    assert (await shown(world, client))["seen"] is None
