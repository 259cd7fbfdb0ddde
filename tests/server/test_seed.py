"""The sample organisation, on both databases."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient

from domain.ticket import TicketState
from server.app import create_app, open_database
from server.auth import staff_service
from server.seed import SeedError, make, sample, seed
from server.settings import Settings
from tests.builders import ManualClock


async def sample_of(settings: Settings, clock: ManualClock, tickets: int) -> dict[str, Any]:
    """What `usher seed` says; it has a loop of its own."""
    return await asyncio.to_thread(seed, settings, tickets=tickets, clock=clock)


@asynccontextmanager
async def serving(settings: Settings, clock: ManualClock) -> AsyncIterator[AsyncClient]:
    database = open_database(settings, clock)
    app = create_app(settings, database, clock)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://usher.test") as client,
    ):
        yield client
    database.close()


async def reasons(client: AsyncClient, made: dict[str, Any], tickets: list[dict[str, str]]) -> Counter[str]:
    """How often each reason is given when these tickets are scanned at the main entrance."""
    signed_in = await client.post("/api/auth/staff/login", json=made["staff"])
    headers = {"Authorization": f"Bearer {signed_in.json()['accessToken']}"}
    given: Counter[str] = Counter()
    for ticket in tickets:
        scan = {"code": ticket["code"], "lists": ["main"], "opId": ticket["id"]}
        verdict = (await client.post("/api/events/check-in", json=scan, headers=headers)).json()
        given[verdict["reason"] or verdict["verdict"]] += 1
    return given


async def test_the_sample_is_whole_and_its_codes_open_the_door(
    settings: Settings, clock: ManualClock
) -> None:
    made = await sample_of(settings, clock, 150)
    tickets = made["tickets"]
    summit = [ticket for ticket in tickets if ticket["event"] == sample.SUMMIT]
    assert len(summit) == 150
    assert {ticket["state"] for ticket in summit} == {state.value for state in TicketState}
    assert len({ticket["type"] for ticket in summit}) == 5
    assert [event["id"] for event in made["events"]] == [sample.SUMMIT, sample.HARBOUR]
    assert [list_["id"] for list_ in made["lists"]] == ["main", "pier", "vip-lounge"]
    assert [len(point["counters"]) for point in made["servicePoints"]] == [2, 1]
    assert [service["id"] for service in made["services"]] == ["hall-tour", "personal-help"]
    lying = {(each["number"], each["state"]) for each in made["serviceRequests"]}
    assert lying == {("R0001", "waiting_approval"), ("R0002", "in_repair")}
    said = {"valid": "admitted", "pending": "unpaid"}
    expected = Counter(said.get(ticket["state"], ticket["state"]) for ticket in summit[:50])
    async with serving(settings, clock) as client:
        assert await reasons(client, made, summit[:50]) == expected


async def test_attendees_have_something_to_read_and_to_choose(settings: Settings, clock: ManualClock) -> None:
    made = await sample_of(settings, clock, 20)
    async with serving(settings, clock) as client:
        signed_in = await client.post("/api/auth/staff/login", json=made["staff"])
        headers = {"Authorization": f"Bearer {signed_in.json()['accessToken']}"}
        summit = f"/api/organizations/{sample.ORG}/events/{sample.SUMMIT}"
        event = (await client.get(summit, headers=headers)).json()
        sessions = (await client.get(f"{summit}/sessions", headers=headers)).json()["items"]
    assert (event["slug"], len(event["description"]), len(event["tags"])) == ("riverside-summit", 3, 3)
    assert {session["track"] for session in sessions} == {"Main stage", "Workshops"}
    assert [session["capacity"] for session in sessions if session["capacity"]] == [24, 12]


async def test_visitors_can_book_at_once(settings: Settings, clock: ManualClock) -> None:
    made = await sample_of(settings, clock, 20)
    async with serving(settings, clock) as client:
        for service in made["services"]:
            page = await client.get(f"/book/{service['id']}?orgid={sample.ORG}")
            assert page.text.count('name="slot"') > 5


async def test_a_second_run_names_the_same_organisation(settings: Settings, clock: ManualClock) -> None:
    first = await sample_of(settings, clock, 60)
    again = await sample_of(settings, clock, 500)
    passwords = [made.pop("staff")["password"] for made in (first, again)]
    assert first == again
    assert passwords[0] != passwords[1]
    async with serving(settings, clock) as client:
        for password, status in zip(passwords, (401, 200), strict=True):
            who = {"email": sample.EMAIL, "password": password}
            assert (await client.post("/api/auth/staff/login", json=who)).status_code == status


async def test_an_organisation_that_is_not_the_sample_is_left_alone(
    settings: Settings, clock: ManualClock
) -> None:
    database = open_database(settings, clock)
    await database.write(lambda t: staff_service.add_organization(t, id_=sample.ORG, name="Real", zone="UTC"))
    database.close()
    with pytest.raises(SeedError, match="not the sample"):
        await sample_of(settings, clock, 10)


async def test_very_many_tickets_have_codes_of_another_system(
    settings: Settings, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make, "SIGNED", 50)
    monkeypatch.setattr(make, "_CHUNK", 1500)
    made = await sample_of(settings, clock, 3000)
    summit = [ticket for ticket in made["tickets"] if ticket["event"] == sample.SUMMIT]
    assert Counter(ticket["code"].startswith("RI-") for ticket in summit) == {False: 50, True: 2950}
    assert len({ticket["code"] for ticket in summit}) == 3000
    valid = [ticket for ticket in summit[2000:2010] if ticket["state"] == "valid"]
    async with serving(settings, clock) as client:
        assert await reasons(client, made, valid) == {"admitted": len(valid)}


async def test_a_newcomer_can_buy_at_once_what_costs_something_and_what_does_not(
    settings: Settings, clock: ManualClock
) -> None:
    made = await sample_of(settings, clock, 20)
    async with serving(settings, clock) as client:
        signed_in = await client.post("/api/auth/staff/login", json=made["staff"])
        cashier = {"Authorization": f"Bearer {signed_in.json()['accessToken']}"}
        event = next(e for e in made["events"] if e["id"] == sample.SUMMIT)
        shown = await client.get(f"/o/{made['orgId']}")
        page = re.findall(r'href="(/e/[^"#?]+)"', shown.text)[0]
        for tier, total in (("neighbour", 0), ("general", 4900)):
            form = {f"q.{tier}": "1", "name": "Eve", "email": "eve@example.com"}
            placed = await client.post(f"{page}/order", data=form, headers={"Origin": "http://usher.test"})
            assert placed.status_code == 303, placed.text
            orders = f"/api/organizations/{made['orgId']}/events/{event['id']}/orders"
            [order] = [
                o for o in (await client.get(orders, headers=cashier)).json()["items"] if o["total"] == total
            ]
            if total:
                body = {"method": "cash"}
                paid = await client.post(f"{orders}/{order['id']}/pay", json=body, headers=cashier)
                assert paid.status_code == 200, paid.text
            assert "/t/" in (await client.get(placed.headers["location"])).text
