"""Tickets in somebody's name that are nobody's yet: whatever made them, they are there when asked for."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from domain.clock import HOUR, Instant
from server.activity.tables import activities
from server.auth import customer_store
from server.auth.caller import Role
from server.auth.customer_store import Customer
from tests.server.customer.fair import Fair
from tests.server.mailbox import Mailbox, link
from tests.server.office import problem
from tests.server.orders.stall import open_stall
from tests.server.world import make_world

ADA = "Ada@Example.com"
Way = Callable[[Fair], Awaitable[None]]


async def issued(fair: Fair) -> None:
    await fair.organise("POST", "events/evt-1/tickets", {"tickets": [{"type": "seat", "email": ADA}]})


async def imported(fair: Fair) -> None:
    address = "/api/organizations/org-1/events/evt-1/tickets/import"
    headers = {**fair.shop.world.staff("events"), "Content-Type": "text/csv"}
    text = f"type,name,email\nSeat,Ada,{ADA}\n"
    answer = await fair.shop.client.post(address, content=text, headers=headers)
    assert answer.json()["imported"] == 1, answer.text


async def sold_at_the_door(fair: Fair) -> None:
    await fair.shop.tier("seat", atDoor=True)
    stall = await open_stall(fair.shop)
    await stall.renew()
    assert (await stall.sells(email=ADA))["status"] == "applied"


async def ordered_signed_out(fair: Fair) -> None:
    form = {"q.free": "1", "name": "Ada", "email": ADA}
    headers = {"Origin": "http://usher.test"}
    answer = await fair.shop.client.post("/e/org-1-evt-1/order", data=form, headers=headers)
    assert answer.status_code == 303, answer.text


async def named_later(fair: Fair) -> None:
    await fair.shop.world.ticket("seat", email="somebody@else.example")
    await fair.organise("PATCH", "events/evt-1/tickets/org-1-t1", {"email": ADA})


WAYS = [issued, imported, sold_at_the_door, ordered_signed_out, named_later]


async def mine(fair: Fair, who: dict[str, str] | None = None) -> list[dict[str, Any]]:
    return list((await fair.get("tickets/mine", who))["items"])


@pytest.mark.parametrize("way", WAYS)
async def test_whoever_is_signed_in_finds_it_among_theirs(fair: Fair, way: Way) -> None:
    bob = await fair.customer("bob")
    await way(fair)
    assert await mine(fair, bob) == []
    assert [ticket["email"].lower() for ticket in await mine(fair)] == [ADA.lower()]
    [booked] = (await fair.get("booking"))["coming"]
    assert len(booked["tickets"]) == 1


@pytest.mark.parametrize("path", ["evt-1/media", "evt-1/participants"])
async def test_it_lets_in_to_what_is_for_who_takes_part(fair: Fair, path: str) -> None:
    assert problem(await fair.call("GET", path)) == (403, "not_taking_part")
    await issued(fair)
    assert (await fair.get(path))["items"] == []


async def test_it_lets_its_owner_choose_sessions(fair: Fair) -> None:
    await fair.session("talk", 1)
    await issued(fair)
    answer = await fair.call("PUT", "evt-1/participation", {"sessions": ["talk"]})
    assert answer.status_code == 200, answer.text
    assert len((await fair.get("evt-1"))["tickets"]) == 1


async def test_it_becomes_theirs_once_however_often_they_ask_at_once(fair: Fair) -> None:
    await issued(fair)
    found = await asyncio.gather(*(mine(fair) for _ in range(20)))
    assert {len(each) for each in found} == {1}
    assert len(await trail(fair, "ticket.adopted")) == 1


async def test_it_stands_in_their_timeline_from_the_first_sign_in_on(fair: Fair) -> None:
    body = {"tickets": [{"type": "seat", "email": "new@example.com"}]}
    await fair.organise("POST", "events/evt-1/tickets", body)
    await fair.customer("new")
    [contact] = await trail(fair, "ticket.adopted")
    assert contact is not None


async def test_what_somebody_claimed_is_theirs_whatever_address_was_on_it(fair: Fair) -> None:
    await ordered_signed_out(fair)
    [ticket] = await mine(fair)
    address = f"tickets/{ticket['id']}/transfer"
    assert (await fair.call("POST", address, {"email": "bob@example.com"})).status_code == 200
    token = link(await Mailbox(fair.shop.app).newest("bob@example.com"), "claim")
    bob = await fair.customer("bob")
    assert (await fair.call("POST", "tickets/claim", {"token": token}, bob)).status_code == 200
    await fair.organise("PATCH", f"events/evt-1/tickets/{ticket['id']}", {"email": ADA})
    assert await mine(fair) == []
    assert len(await mine(fair, bob)) == 1


async def test_who_has_bought_for_somebody_else_keeps_it(fair: Fair) -> None:
    bob = await fair.customer("bob")
    await fair.shop.sold(who=bob, attendees=[{"name": "Ada", "email": ADA}])
    assert await mine(fair) == []
    assert len(await mine(fair, bob)) == 1


async def test_nobody_gets_it_whose_address_is_not_proven(fair: Fair) -> None:
    """Such an account is signed in to by nobody; here it is."""
    eve = Customer("eve", "org-1", "eve@example.com", "Eve", None, "en", None, None, True, Instant(0))
    await fair.shop.world.database.write(lambda t: customer_store.add(t.connection, eve))
    await fair.organise(
        "POST", "events/evt-1/tickets", {"tickets": [{"type": "seat", "email": "eve@example.com"}]}
    )
    access = fair.shop.world.access
    token = access.token("eve", "org-1", Role.CUSTOMER, Instant(fair.shop.world.now + HOUR))
    assert await mine(fair, {"Authorization": f"Bearer {token}"}) == []


async def test_the_same_address_at_another_organiser_gets_nothing(fair: Fair, app: FastAPI) -> None:
    there = await make_world(app, "org-2", key_number=8, event="evt-2")
    same = await there.customer("ada@example.com", "Ada")
    await issued(fair)
    assert await mine(fair, same) == []
    assert len(await mine(fair)) == 1


async def trail(fair: Fair, kind: str) -> list[str | None]:
    """The contacts in whose timelines something stands."""
    asked = select(activities.c.contact).where(activities.c.kind == kind)
    return await fair.shop.world.database.read(lambda c: list(c.execute(asked).scalars()))
