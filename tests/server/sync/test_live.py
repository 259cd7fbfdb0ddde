"""The live stream of changes, over a real socket: what kiosks hear, how they come back, when it ends."""

from contextlib import AbstractAsyncContextManager

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from domain.clock import HOUR
from server.sync import live
from tests.builders import ManualClock
from tests.server.live import Listener, listening, served
from tests.server.office import problem
from tests.server.world import Door, World, make_world

STREAM = "/api/sync/stream?scope=event:evt-1"


@pytest.fixture
async def world(app: FastAPI, client: AsyncClient) -> World:
    return await make_world(app)


@pytest.fixture
async def kiosk(world: World) -> dict[str, str]:
    return await world.device()


def following(
    port: int, headers: dict[str, str], seen: str | None = None
) -> AbstractAsyncContextManager[Listener]:
    """A kiosk that comes back where it has `seen` an event."""
    return listening(port, STREAM, headers if seen is None else {**headers, "Last-Event-ID": seen})


async def test_a_kiosk_hears_of_a_scan_at_once_and_comes_back_without_a_gap(
    world: World, app: FastAPI, client: AsyncClient, kiosk: dict[str, str]
) -> None:
    door, codes = Door(client, kiosk, world.now), [await world.ticket() for _ in range(3)]
    async with served(app) as port:
        async with following(port, kiosk) as first:
            await door.scan(codes[0], opId="one")
            heard = await first.event()
        assert (heard.name, heard.data["key"], heard.data["row"]["granted"]) == ("change", "one", 1)
        assert first.retry == "2000"
        for code, op in zip(codes[1:], ("two", "three"), strict=True):
            await door.scan(code, opId=op)
        async with following(port, kiosk, heard.id) as again:
            events = [await again.event() for _ in range(2)]
    assert [event.data["key"] for event in events] == ["two", "three"]
    assert int(heard.id) < int(events[0].id) < int(events[1].id)


async def test_silence_is_filled_with_comments(
    app: FastAPI, kiosk: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert live._HEARTBEAT == 15
    monkeypatch.setattr(live, "_HEARTBEAT", 0.05)
    async with served(app) as port, following(port, kiosk) as stream:
        for _ in range(3):
            await stream.comment()


@pytest.mark.parametrize("change", ["revoke", "other scope", "other mode", "pair anew"])
async def test_the_open_stream_of_a_device_ends_as_soon_as_it_may_have_it_no_more(
    world: World, app: FastAPI, client: AsyncClient, kiosk: dict[str, str], change: str
) -> None:
    device, admin = "/api/devices/door-1", world.staff("admin")
    async with served(app) as port, following(port, kiosk) as stream:
        match change:
            case "revoke":
                await client.delete(device, headers=admin)
            case "other scope":
                await client.patch(device, json={"scopes": []}, headers=admin)
            case "other mode":
                await client.patch(device, json={"mode": "display"}, headers=admin)
            case "pair anew":
                await client.post(f"{device}/pairing-code", headers=admin)
        await stream.ended()


async def test_a_change_of_another_device_ends_no_stream(
    world: World, app: FastAPI, client: AsyncClient, kiosk: dict[str, str]
) -> None:
    await world.device("door-2")
    code = await world.ticket()
    async with served(app) as port, following(port, kiosk) as stream:
        await client.delete("/api/devices/door-2", headers=world.staff("admin"))
        await Door(client, kiosk, world.now).scan(code, opId="one")
        assert (await stream.event()).data["key"] == "one"


async def test_the_stream_of_staff_ends_with_their_access_token(
    world: World, app: FastAPI, client: AsyncClient, kiosk: dict[str, str], clock: ManualClock
) -> None:
    code = await world.ticket()
    async with served(app) as port, following(port, world.staff("door")) as stream:
        clock.forward(2 * HOUR)
        await Door(client, kiosk, world.now).scan(code)
        await stream.ended()


@pytest.mark.parametrize("cursor", ["999999", "-1", "x", " "])
async def test_a_stream_from_nowhere_is_told_so(
    client: AsyncClient, kiosk: dict[str, str], cursor: str
) -> None:
    response = await client.get(STREAM, headers={**kiosk, "Last-Event-ID": cursor})
    assert problem(response) == (422, "cursor_unknown")
