"""Kinds of operations: which this server knows, and who may send which."""

from itertools import count
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from domain.clock import rfc3339
from domain.sync import Kind
from tests.builders import ManualClock
from tests.server.queues.lobby import Lobby, open_lobby
from tests.server.world import World, make_world

QUEUE = tuple(kind for kind in Kind if kind.startswith("queue."))
DOOR = (Kind.CHECK_IN, Kind.UNDO_CHECK_IN)
_OPS = count(1)
LATER = tuple(kind for kind in Kind if kind not in (*QUEUE, *DOOR))


@pytest.fixture
async def world(app: FastAPI, client: AsyncClient) -> World:
    return await make_world(app)


@pytest.fixture
async def lobby(app: FastAPI, client: AsyncClient, clock: ManualClock) -> Lobby:
    lobby = await open_lobby(app, client, clock)
    await lobby.point()
    return lobby


async def send(
    client: AsyncClient, clock: ManualClock, headers: dict[str, str], *kinds: str, **payload: object
) -> list[dict[str, Any]]:
    """One operation of each kind; the answers."""
    acts = [
        {
            "opId": f"op-{next(_OPS)}",
            "kind": kind,
            "at": rfc3339(clock.at),
            "deviceSeq": n,
            "payload": payload,
        }
        for n, kind in enumerate(kinds, start=1)
    ]
    body = {"sentAt": rfc3339(clock.at), "operations": acts}
    answer = await client.post("/api/sync/ops", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    assert [each["opId"] for each in answer.json()["answers"]] == [act["opId"] for act in acts]
    return list(answer.json()["answers"])


def codes(answers: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(answer["status"], answer["detail"].get("code")) for answer in answers}


async def test_a_kind_that_this_server_does_not_know_is_rejected_by_name_and_the_rest_goes_on(
    world: World, app: FastAPI, client: AsyncClient, clock: ManualClock
) -> None:
    code = await world.ticket()
    unknown = [kind for kind in (*LATER, "loyalty.stamp", "") if kind not in app.state.operations]
    *rejected, last = await send(
        client, clock, await world.device(), *unknown, Kind.CHECK_IN,
        code=code, lists=["main"], list="main", verdict="admitted",
    )  # fmt: skip
    assert codes(rejected) == {("rejected", "kind_unknown")}
    for kind, answer in zip(unknown, rejected, strict=True):
        assert repr(str(kind)) in answer["detail"]["detail"]
        assert answer["detail"]["status"] == 422
    assert last["status"] == "applied"


async def test_a_rejected_operation_is_looked_at_again_when_it_is_sent_again(
    lobby: Lobby, client: AsyncClient, clock: ManualClock
) -> None:
    asked = lobby.did("join", entryId="e1", servicePoint="help")
    lobby.desk = await lobby.device("desk-2", "desk", "servicePoint:help")
    [before] = await lobby.sync(asked)
    assert (before["status"], before["detail"]["code"]) == ("rejected", "not_found")
    await lobby.point("help")
    [after] = await lobby.sync(asked)
    assert (after["status"], after["detail"]["number"]) == ("applied", "A001")


async def test_a_long_batch_is_done_and_answered_in_its_order(
    lobby: Lobby, client: AsyncClient, clock: ManualClock
) -> None:
    acts = [
        act
        for n in range(60)
        for act in (
            lobby.did("join", entryId=f"e{n}", servicePoint="desk"),
            lobby.did("call", entryId=f"e{n}", counter="one"),
            lobby.did("start", entryId=f"e{n}"),
        )
    ]
    answers = await lobby.sync(*acts)
    assert [answer["opId"] for answer in answers] == [act["opId"] for act in acts]
    assert {answer["status"] for answer in answers} == {"applied"}
    assert [answer["detail"]["number"] for answer in answers[::3]] == [f"A{n:03}" for n in range(1, 61)]
    too_many = {"sentAt": rfc3339(clock.at), "operations": [acts[0]] * 1001}
    assert (await client.post("/api/sync/ops", json=too_many, headers=lobby.desk)).status_code == 422


@pytest.mark.parametrize("mode", ["desk", "welcome", "display"])
async def test_only_a_door_lets_people_in(
    world: World, client: AsyncClient, clock: ManualClock, mode: str
) -> None:
    code = await world.ticket()
    device = await world.device("other", mode)
    said = {"code": code, "lists": ["main"], "list": "main", "verdict": "admitted", "undoes": "op"}
    assert codes(await send(client, clock, device, *DOOR, **said)) == {("rejected", "forbidden")}
    staff = world.staff("desk", "events", "support")
    assert codes(await send(client, clock, staff, *DOOR, **said)) == {("rejected", "forbidden")}


@pytest.mark.parametrize("mode", ["door", "display"])
async def test_neither_a_door_nor_a_display_moves_a_line(
    lobby: Lobby, client: AsyncClient, clock: ManualClock, mode: str
) -> None:
    entry = await lobby.join()
    device = await lobby.device("other", mode, "servicePoint:desk")
    said = {"entryId": entry["id"], "servicePoint": "desk", "counter": "one", "state": "open"}
    assert codes(await send(client, clock, device, *QUEUE, **said)) == {("rejected", "forbidden")}
    moved = await lobby.entry(entry["id"])
    assert (moved["state"], moved["version"]) == ("waiting", 1)


async def test_a_welcome_kiosk_lets_people_join_arrive_and_leave_and_nothing_else(
    lobby: Lobby, client: AsyncClient, clock: ManualClock
) -> None:
    own = (Kind.QUEUE_JOIN, Kind.QUEUE_CHECK_IN, Kind.QUEUE_LEAVE)
    said = {"entryId": "e1", "servicePoint": "desk", "counter": "one", "state": "open"}
    others = [kind for kind in QUEUE if kind not in own]
    assert codes(await send(client, clock, lobby.welcome, *others, **said)) == {("rejected", "forbidden")}
    answers = await send(client, clock, lobby.welcome, *own, **said)
    assert [answer["status"] for answer in answers] == ["applied", "duplicate", "applied"]
    assert (await lobby.entry("e1"))["state"] == "left"


async def test_staff_send_what_their_permission_covers(
    lobby: Lobby, client: AsyncClient, clock: ManualClock
) -> None:
    entry = await lobby.join()
    clerk = await send(client, clock, lobby.clerk, Kind.QUEUE_CALL, entryId=entry["id"], counter="one")
    assert [answer["status"] for answer in clerk] == ["applied"]
    place = World(lobby.app.state.database, lobby.app.state.access, lobby.org)
    door = await send(client, clock, place.staff("door"), Kind.QUEUE_HOLD, entryId=entry["id"])
    assert codes(door) == {("rejected", "forbidden")}
    assert (await lobby.entry(entry["id"]))["state"] == "called"
