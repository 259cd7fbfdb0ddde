"""A scan at the door, through HTTP, on both databases."""

import asyncio

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from domain.clock import MINUTE, rfc3339
from tests.builders import ManualClock
from tests.server.world import Door, World, make_world


@pytest.fixture
async def world(app: FastAPI, client: AsyncClient) -> World:
    return await make_world(app)


@pytest.fixture
async def door(world: World, client: AsyncClient) -> Door:
    return Door(client, await world.device(), world.now)


async def test_a_valid_ticket_is_admitted_with_what_the_door_needs(world: World, door: Door) -> None:
    code = await world.ticket("vip", name="Ana Sánchez", seat="A 4", note="wheelchair", attention=True)
    verdict = await door.scan(code)
    assert verdict["verdict"] == "admitted"
    ticket = verdict["ticket"]
    assert isinstance(ticket, dict)
    assert ticket["name"] == "Ana Sánchez"
    assert ticket["type"] == {"id": "vip", "name": "Vip", "colour": "#b0892b"}
    assert (ticket["seat"], ticket["note"], ticket["attention"]) == ("A 4", "wheelchair", True)


async def test_the_second_scan_is_refused_and_tells_of_the_first(
    world: World, door: Door, clock: ManualClock
) -> None:
    code = await world.ticket()
    await door.scan(code, gate="North")
    clock.forward(5 * MINUTE)
    verdict = await door.scan(code, gate="South")
    assert (verdict["verdict"], verdict["reason"]) == ("refused", "already_in")
    assert verdict["first"] == {
        "at": rfc3339(world.now), "gate": "North", "device": "door-1", "deviceName": "Kiosk door-1",
    }  # fmt: skip


async def test_the_same_operation_again_is_one_record_and_the_same_verdict(world: World, door: Door) -> None:
    code = await world.ticket()
    first = await door.scan(code, opId="same")
    again = await door.scan(code, opId="same")
    assert (first["verdict"], again["verdict"]) == ("admitted", "admitted")
    assert again["duplicate"] is True
    refused = await door.scan(code, opId="other")
    assert (await door.scan(code, opId="other"))["first"] == refused["first"]


@pytest.mark.parametrize(
    ("state", "reason"),
    [("canceled", "canceled"), ("refunded", "refunded"), ("blocked", "blocked"), ("pending", "unpaid"),
     ("unapproved", "unapproved")],
)  # fmt: skip
async def test_a_ticket_that_is_not_valid_is_refused_for_its_reason(
    world: World, door: Door, state: str, reason: str
) -> None:
    assert (await door.scan(await world.ticket(state=state)))["reason"] == reason


async def test_unknown_forged_foreign_and_old_codes_are_told_apart(world: World, door: Door) -> None:
    code = await world.ticket(generation=1)
    assert (await door.scan("hello"))["reason"] == "unknown"
    assert (await door.scan(code[:-4] + ("AAAA" if not code.endswith("AAAA") else "BBBB")))["reason"] in (
        "signature",
        "unknown",
    )
    other = World(world.database, world.access)
    assert (await door.scan(other.code(1)))["reason"] == "signature"
    assert (await door.scan(other.code(1, key=99)))["reason"] == "unknown"
    await world.ticket(code="FOREIGN 42/ä")
    assert (await door.scan("]Q3FOREIGN 42/ä\r\n"))["verdict"] == "admitted"


async def test_a_ticket_of_another_organisation_is_unknown(world: World, door: Door, app: FastAPI) -> None:
    stranger = await make_world(app, "org-2", key_number=8)
    assert (await door.scan(await stranger.ticket()))["reason"] == "unknown"
    assert (await door.scan(await stranger.ticket(code="their code")))["reason"] == "unknown"


async def test_a_code_of_before_a_transfer_is_revoked(world: World, door: Door) -> None:
    await world.ticket(generation=1, code=None)
    assert (await door.scan(world.code(1, generation=0)))["verdict"] in ("admitted", "refused")


async def test_a_device_outside_its_events_gets_unknown(world: World, client: AsyncClient) -> None:
    door = Door(client, await world.device("elsewhere", "door", "event:other"), world.now)
    assert (await door.scan(await world.ticket()))["reason"] == "unknown"


async def test_simulate_says_what_would_happen_and_records_nothing(world: World, door: Door) -> None:
    code = await world.ticket()
    assert (await door.scan(code, simulate=True))["verdict"] == "admitted"
    assert (await door.scan(code))["verdict"] == "admitted"


async def test_an_exit_lets_the_person_in_again(world: World, door: Door) -> None:
    code = await world.ticket()
    for direction in ("entry", "exit", "entry"):
        assert (await door.scan(code, direction=direction))["verdict"] == "admitted"


async def test_scan_time_decides_not_arrival(world: World, door: Door, clock: ManualClock) -> None:
    code = await world.ticket()
    start = clock.at
    clock.forward(30 * MINUTE)
    await door.scan(code, direction="exit", scannedAt=rfc3339(start))
    await door.scan(code, direction="entry", scannedAt=rfc3339(type(start)(start - 5 * MINUTE)))
    assert (await door.scan(code))["verdict"] == "admitted"


async def test_an_undo_takes_an_admission_back_and_the_history_keeps_both(
    world: World, door: Door, client: AsyncClient
) -> None:
    code = await world.ticket()
    await door.scan(code, opId="first")
    undone = await client.post(
        "/api/events/check-in/first/undo", json={"reason": "wrong person"}, headers=dict(door.headers)
    )
    assert undone.status_code == 200
    again = await client.post("/api/events/check-in/first/undo", json={}, headers=dict(door.headers))
    assert (again.status_code, again.json()["code"]) == (409, "already_undone")
    assert (await door.scan(code))["verdict"] == "admitted"
    history = await client.get("/api/events/evt-1/check-in/history", headers=world.staff("door"))
    assert [item["undoes"] for item in history.json()["items"]].count("first") == 1
    assert len(history.json()["items"]) == 3


async def test_of_fifty_scans_of_one_ticket_at_once_one_is_admitted(world: World, door: Door) -> None:
    code = await world.ticket()
    verdicts = await asyncio.gather(*(door.scan(code) for _ in range(50)))
    assert sum(verdict["verdict"] == "admitted" for verdict in verdicts) == 1


async def test_unpaid_is_asked_where_the_list_includes_pending(world: World, door: Door) -> None:
    await world.list("pay", includePending=True)
    code = await world.ticket(state="pending", due=1500, currency="EUR")
    ask = await door.scan(code, lists=["pay"])
    assert (ask["verdict"], ask["unpaid"]) == ("ask", True)
    assert (await door.scan(code, lists=["pay"], confirmUnpaid=True))["verdict"] == "admitted"


async def test_a_rule_refuses_in_words(world: World, door: Door) -> None:
    rules = {"fact": "now", "op": ">=", "value": {"time": "18:50"}}
    await world.list("evening", rules=rules)
    verdict = await door.scan(await world.ticket(), lists=["evening"])
    assert verdict["reason"] == "rules"
    assert "18:50" in str(verdict["sentence"])


async def test_search_finds_by_beginnings_of_words(world: World, door: Door, client: AsyncClient) -> None:
    await world.ticket(name="Ingrid Bergman", email="ingrid@example.org", order_number="ORD-77")
    await world.ticket(name="Someone Else")
    for wanted in ("ber", "INGR", "ingrid@exa", "ord-77"):
        found = await client.get(
            "/api/events/evt-1/check-in/search", params={"q": wanted}, headers=dict(door.headers)
        )
        assert [item["ticket"]["name"] for item in found.json()["items"]] == ["Ingrid Bergman"], wanted
    short = await client.get("/api/events/evt-1/check-in/search?q=be", headers=dict(door.headers))
    assert short.status_code == 422


async def test_figures_count_what_stands(world: World, door: Door, client: AsyncClient) -> None:
    codes = [await world.ticket() for _ in range(4)]
    await door.scan(codes[0])
    await door.scan(codes[1], opId="gone")
    await door.scan(codes[2])
    await door.scan(codes[2], direction="exit")
    await door.scan(codes[0])
    await client.post("/api/events/check-in/gone/undo", json={}, headers=dict(door.headers))
    figures = (await client.get("/api/events/evt-1/check-in/stats", headers=dict(door.headers))).json()
    assert (figures["expected"], figures["entries"], figures["exits"], figures["inside"]) == (4, 2, 1, 1)
    assert figures["refused"] == {"already_in": 1}


@pytest.mark.parametrize("code", ["", "\x00", "\ud800", "💥" * 1000, "'; DROP TABLE ticket; --", " " * 50])
async def test_any_characters_as_a_code_get_a_verdict(world: World, door: Door, code: str) -> None:
    import json

    body = json.dumps({"code": code, "lists": ["main"], "opId": "any"})
    response = await door.client.post(
        "/api/events/check-in", content=body, headers={**door.headers, "content-type": "application/json"}
    )
    assert response.status_code in (200, 400, 422)
    if response.status_code == 200:
        assert response.json()["reason"] == "unknown"


async def test_nobody_and_the_wrong_somebody_are_turned_away(world: World, client: AsyncClient) -> None:
    body = {"code": "x", "lists": ["main"], "opId": "o"}
    assert (await client.post("/api/events/check-in", json=body)).status_code == 401
    for headers in (world.staff("desk"), await world.device("lobby", "display")):
        assert (await client.post("/api/events/check-in", json=body, headers=headers)).status_code == 403
