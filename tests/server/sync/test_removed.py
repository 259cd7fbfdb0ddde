"""What a kiosk hears of a service point or an event that was removed."""

from collections.abc import Mapping
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response

from tests.builders import ManualClock
from tests.server.office import problem
from tests.server.queues.lobby import POINT, Lobby, open_lobby
from tests.server.world import World, make_world

DESK = "servicePoint:desk"


@pytest.fixture
async def lobby(app: FastAPI, client: AsyncClient, clock: ManualClock) -> Lobby:
    lobby = await open_lobby(app, client, clock)
    await lobby.point()
    return lobby


@pytest.fixture
async def world(app: FastAPI, client: AsyncClient) -> World:
    return await make_world(app)


async def sync(
    client: AsyncClient, headers: Mapping[str, str], verb: str, scope: str, **more: str
) -> Response:
    return await client.get(f"/api/sync/{verb}", params={"scope": scope, **more}, headers=dict(headers))


async def pulled(client: AsyncClient, headers: Mapping[str, str], scope: str, cursor: str) -> dict[str, Any]:
    answer = await sync(client, headers, "changes", scope, cursor=cursor)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_removed_service_point_reaches_its_kiosk_as_a_tombstone(lobby: Lobby) -> None:
    start = (await pulled(lobby.client, lobby.desk, DESK, "0"))["nextCursor"]
    await lobby.ok("DELETE", f"{POINT}/delete/desk", None, lobby.clerk)
    changes = (await pulled(lobby.client, lobby.desk, DESK, start))["changes"]
    assert {(c["table"], c["key"]): c["row"] for c in changes} == {
        ("service_point", "desk"): None,
        ("counter", "one"): None,
        ("counter", "two"): None,
    }


async def test_of_a_removed_service_point_there_is_no_first_copy(lobby: Lobby) -> None:
    await lobby.ok("DELETE", f"{POINT}/delete/desk", None, lobby.clerk)
    assert problem(await sync(lobby.client, lobby.desk, "snapshot", DESK)) == (404, "not_found")


async def test_from_the_beginning_a_removed_service_point_is_gone_in_every_change(lobby: Lobby) -> None:
    await lobby.ok("PUT", f"{POINT}/update", {"id": "desk", "name": "Renamed"}, lobby.clerk)
    await lobby.ok("DELETE", f"{POINT}/delete/desk", None, lobby.clerk)
    changes = (await pulled(lobby.client, lobby.desk, DESK, "0"))["changes"]
    assert [c["row"] for c in changes if c["table"] == "service_point"] == [None]


async def test_a_removed_event_reaches_its_kiosk_as_a_tombstone(world: World, client: AsyncClient) -> None:
    kiosk, staff = await world.device(), world.staff("events")
    event = f"/api/organizations/{world.org}/events/{world.event}"
    times = {"starts": "2026-05-10T12:00:00Z", "ends": "2026-05-10T13:00:00Z"}
    talk = {"id": "talk", "title": {"en": "Talk"}, **times}
    assert (await client.post(f"{event}/sessions", json=talk, headers=staff)).status_code == 201
    start = (await pulled(client, kiosk, "event:evt-1", "0"))["nextCursor"]
    gone = await client.delete(event, headers=staff)
    assert gone.status_code == 204, gone.text
    changes = (await pulled(client, kiosk, "event:evt-1", start))["changes"]
    told = {(c["table"], c["key"]): c["row"] for c in changes}
    assert told.keys() >= {("event", "evt-1"), ("event_session", "talk"), ("check_in_list", "main")}
    assert set(told.values()) == {None}
    assert problem(await sync(client, kiosk, "snapshot", "event:evt-1")) == (404, "not_found")


async def test_a_scope_that_never_was_is_followed_by_nobody(lobby: Lobby) -> None:
    for verb in ("changes", "stream", "snapshot"):
        answer = await sync(lobby.client, lobby.clerk, verb, "servicePoint:nowhere", cursor="0")
        assert problem(answer) == (404, "not_found"), verb


async def test_staff_follow_what_their_permission_covers(lobby: Lobby) -> None:
    assert (await sync(lobby.client, lobby.clerk, "changes", DESK, cursor="0")).status_code == 200
    refused = await sync(lobby.client, lobby.clerk, "changes", "event:evt-1", cursor="0")
    assert problem(refused) == (403, "forbidden")
