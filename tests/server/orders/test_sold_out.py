"""Too many buyers at once: what is left is never told wrongly for longer than a second, and nobody is
refused for longer than that what has come back.
"""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from domain.clock import SECOND
from server.ticketing.orders import late
from server.ticketing.orders.values import HOLD
from tests.server.office import problem
from tests.server.orders.shop import Shop


async def available(shop: Shop) -> int:
    """What everybody is told now."""
    tiers = (await shop.get("evt-1/ticket-types")).json()["items"]
    return int(next(tier["available"] for tier in tiers if tier["id"] == "seat"))


async def test_a_hundred_buyers_of_ten_seats_get_ten_and_the_others_are_told_why(shop: Shop) -> None:
    people = [await shop.customer(f"guest{n}") for n in range(100)]
    answers = await asyncio.gather(*(shop.buy(who=who) for who in people))
    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(201), statuses.count(409)) == (10, 90)
    assert {problem(a) for a in answers if a.status_code == 409} == {(409, "sold_out")}
    assert {a.json()["left"] for a in answers if a.status_code == 409} == {0}
    assert await available(shop) == 0


async def cancelled(shop: Shop, order: str) -> None:
    await shop.post("tickets/cancel-order", {"orderId": order})


async def refunded(shop: Shop, order: str) -> None:
    await shop.staff(order, "pay")
    await shop.staff(order, "refund")


async def more(shop: Shop, _order: str) -> None:
    await shop.tier("seat", quota=12)


@pytest.mark.parametrize("give_back", [cancelled, refunded, more])
async def test_places_that_come_back_are_told_and_sold_at_once(
    shop: Shop, give_back: Callable[[Shop, str], Awaitable[None]]
) -> None:
    order = await shop.bought(10)
    bob = await shop.customer("bob")
    for _ in range(2):
        assert problem(await shop.buy(who=bob)) == (409, "sold_out")
        assert await available(shop) == 0
    await give_back(shop, order)
    assert await available(shop) == (2 if give_back is more else 10)
    assert (await shop.buy(who=bob)).status_code == 201


async def test_each_purchase_is_told_to_whoever_asks_next(shop: Shop) -> None:
    for left in (7, 4, 1):
        await shop.bought(3, who=await shop.customer(f"guest{left}"))
        assert await available(shop) == left


async def test_holds_that_end_by_time_are_told_and_sold_within_a_second(shop: Shop) -> None:
    """Nothing is committed when a hold ends: what was kept in memory ends by itself."""
    await shop.bought(10)
    shop.clock.forward(HOLD - 1)
    shop.world.now = shop.clock()
    ada, bob = await shop.customer("ada"), await shop.customer("bob")
    assert problem(await shop.buy(who=bob)) == (409, "sold_out")
    told = (await shop.get("evt-1/ticket-types", who=ada)).json()["items"]
    assert next(tier["available"] for tier in told if tier["id"] == "seat") == 0
    shop.clock.forward(SECOND)
    told = (await shop.get("evt-1/ticket-types", who=ada)).json()["items"]
    assert next(tier["available"] for tier in told if tier["id"] == "seat") == 10
    assert (await shop.buy(who=bob)).status_code == 201


async def test_fewer_are_sold_where_so_many_are_not_left(shop: Shop) -> None:
    await shop.bought(7)
    bob = await shop.customer("bob")
    for _ in range(2):
        refused = await shop.buy(5, who=bob)
        assert (problem(refused), refused.json()["left"]) == ((409, "sold_out"), 3)
    assert (await shop.buy(3, who=bob)).status_code == 201


async def test_registrations_follow_the_same_rule(shop: Shop) -> None:
    await shop.tier("free", quota=1)
    body = {"eventId": "evt-1", "ticketTypeId": "free"}
    mine = (await shop.post("tickets/register", body)).json()
    bob = await shop.customer("bob")
    for _ in range(2):
        assert problem(await shop.post("tickets/register", body, bob)) == (409, "sold_out")
    again = await shop.post("tickets/register", body)
    assert (again.status_code, again.json()["tickets"]) == (200, mine["tickets"])
    await shop.staff(mine["orderId"], "refund")
    assert (await shop.post("tickets/register", body, bob)).status_code == 201


async def test_made_up_events_are_not_kept_in_mind_and_what_is_sold_out_stays_so(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late, "_KEPT", 8)
    known = shop.app.state.sales.sold_out
    order = await shop.bought(10)
    for n in range(50):
        wanted = [{"ticketTypeId": "seat", "quantity": 1}]
        made_up = await shop.post("tickets/purchase", {"eventId": f"made-up-{n}", "tickets": wanted})
        assert problem(made_up) == (404, "not_found")
        assert problem(await shop.buy()) == (409, "sold_out")
        assert len(known._changes) <= 9
    await cancelled(shop, order)
    assert (await shop.buy()).status_code == 201
