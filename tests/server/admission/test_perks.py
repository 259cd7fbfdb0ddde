"""Perks at the door: handed out once, told to kiosks, kept where two doors did not hear of each other."""

import asyncio
from typing import Any

import orjson
import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from sqlalchemy import select

from domain.sync import Kind
from server.ticketing.tables import tickets
from tests.server.office import problem
from tests.server.world import Door, World, make_world

TICKET = "org-1-t1"


@pytest.fixture
async def world(app: FastAPI, client: AsyncClient) -> World:
    """A ticket that gives two drinks and a bag."""
    world = await make_world(app)
    await world.ticket(perks='["Drink", "Bag", "Drink"]')
    return world


async def redeem(
    client: AsyncClient, who: dict[str, str], op: str, perk: str = "Drink", ticket: str = TICKET
) -> Response:
    path = f"/api/events/check-in/{ticket}/perks"
    return await client.post(path, json={"perk": perk, "opId": op}, headers=who)


async def sent(client: AsyncClient, who: dict[str, str], op: str, **payload: object) -> dict[str, Any]:
    """The answer to what a kiosk did while it was alone."""
    operation = {
        "opId": op, "kind": Kind.PERK_REDEEMED, "at": "2026-05-10T11:59:00Z", "deviceSeq": 1,
        "payload": {"ticketId": TICKET, "perk": "Drink", **payload},
    }  # fmt: skip
    body = {"operations": [operation], "sentAt": "2026-05-10T12:00:00Z"}
    answer = await client.post("/api/sync/ops", json=body, headers=who)
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["answers"][0])


async def test_a_perk_is_handed_out_once(client: AsyncClient, world: World) -> None:
    door = await world.device()
    first = (await redeem(client, door, "a", "Bag")).json()
    assert (first["left"], first["redeemed"], first["duplicate"]) == (["Drink", "Drink"], ["Bag"], False)
    again = await redeem(client, door, "b", "Bag")
    assert problem(again) == (409, "perk_redeemed")
    assert again.json()["first"] == {"opId": "a", "at": "2026-05-10T12:00:00.000Z", "device": "door-1"}


async def test_two_of_one_kind_are_handed_out_twice(client: AsyncClient, world: World) -> None:
    staff = world.staff("door")
    assert (await redeem(client, staff, "a")).json()["left"] == ["Bag", "Drink"]
    assert (await redeem(client, staff, "b")).json()["left"] == ["Bag"]
    assert problem(await redeem(client, staff, "c")) == (409, "perk_redeemed")


async def test_the_same_operation_hands_out_once_however_often_it_is_sent(
    client: AsyncClient, world: World
) -> None:
    answers = await asyncio.gather(*(redeem(client, world.staff("door"), "a") for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(answer.json()["duplicate"] for answer in answers) == [False] + [True] * 7
    assert answers[0].json()["redeemed"] == ["Drink"]


async def test_many_doors_at_once_hand_out_what_there_is(client: AsyncClient, world: World) -> None:
    answers = await asyncio.gather(*(redeem(client, world.staff("door"), f"op{n}") for n in range(50)))
    assert sorted(answer.status_code for answer in answers) == [200] * 2 + [409] * 48


async def test_the_verdict_shows_what_is_still_to_hand_out(client: AsyncClient, world: World) -> None:
    staff = world.staff("door")
    door = Door(client, staff, world.now)
    await redeem(client, staff, "a")
    verdict: Any = await door.scan(world.code(1))
    assert (verdict["ticket"]["perks"], verdict["ticket"]["redeemed"]) == (["Bag", "Drink"], ["Drink"])


async def test_kiosks_hear_of_it(client: AsyncClient, world: World) -> None:
    device = await world.device()
    await redeem(client, device, "a")
    answer = await client.get("/api/sync/changes?scope=event:evt-1&cursor=0", headers=device)
    [row] = [change["row"] for change in answer.json()["changes"] if change["table"] == "ticket"]
    assert (orjson.loads(row["perks"]), orjson.loads(row["redeemed"])) == (
        ["Drink", "Bag", "Drink"],
        ["Drink"],
    )


async def test_what_a_kiosk_handed_out_alone_is_kept(client: AsyncClient, world: World) -> None:
    device = await world.device()
    assert (await sent(client, device, "a", perk="Bag"))["status"] == "applied"
    assert (await sent(client, device, "a", perk="Bag"))["status"] == "duplicate"
    again = await sent(client, device, "b", perk="Bag")
    assert (again["status"], again["detail"]["first"]["opId"]) == ("conflict", "a")
    kept = await world.database.read(lambda c: c.execute(select(tickets.c.redeemed)).scalar_one())
    assert kept == '["Bag"]'
    assert (await sent(client, device, "c", perk="Car"))["status"] == "rejected"
    assert (await sent(client, device, "d", ticketId="nobody"))["status"] == "rejected"
    assert (await sent(client, device, "e", perk=7))["status"] == "rejected"


async def test_only_the_door_of_the_event_hands_out(client: AsyncClient, world: World) -> None:
    elsewhere = await world.device("door-2", "door", "event:other")
    assert problem(await redeem(client, elsewhere, "a")) == (404, "not_found")
    for who in (await world.customer(), world.staff("desk"), await world.device("d3", "display")):
        assert problem(await redeem(client, who, "a")) == (403, "forbidden")
    assert problem(await redeem(client, world.staff("door"), "a", "Car")) == (422, "perk_unknown")
    assert problem(await redeem(client, world.staff("door"), "a", ticket="none")) == (404, "not_found")


async def test_a_void_ticket_gives_nothing(client: AsyncClient, world: World) -> None:
    await world.ticket(perks='["Drink"]', state="refunded")
    answer = await redeem(client, world.staff("door"), "a", ticket="org-1-t2")
    assert problem(answer) == (409, "ticket_state")


async def test_the_owner_sees_which_perks_were_handed_out(client: AsyncClient, world: World) -> None:
    await world.ticket(email="ada@example.com", perks='["Drink", "Drink", "Bag"]')
    ada = await world.customer("ada@example.com")
    await redeem(client, world.staff("door"), "a", ticket="org-1-t2")
    seen = (await client.get("/api/client/events/tickets/org-1-t2/perks", headers=ada)).json()["items"]
    assert [(item["perk"], item["redeemed"]) for item in seen] == [
        ("Drink", True), ("Drink", False), ("Bag", False)
    ]  # fmt: skip
    assert seen[0]["at"] == "2026-05-10T12:00:00.000Z"
