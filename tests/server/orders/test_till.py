"""Orders at the till: who may look and take money, what is found, receipts."""

import pytest

from domain.clock import MINUTE
from tests.server.office import problem
from tests.server.orders.shop import Shop
from tests.server.world import make_world


async def test_orders_are_found_by_number_name_and_address(shop: Shop) -> None:
    ada = await shop.bought()
    shop.clock.forward(1)
    bob = await shop.bought(who=await shop.customer("bob"))
    number = (await shop.order(ada))["number"]
    for text, wanted in (
        (number.lower(), [ada]),
        ("BOB", [bob]),
        ("bob@exam", [bob]),
        ("@example", [bob, ada]),
    ):
        for path in (shop.till, f"/api/organizations/{shop.world.org}/orders"):
            answer = await shop.client.get(path, params={"text": text}, headers=shop.desk)
            assert [item["id"] for item in answer.json()["items"]] == wanted
    assert (await shop.client.get(shop.till, params={"text": "100%_"}, headers=shop.desk)).json()[
        "items"
    ] == []


async def test_orders_are_listed_page_by_page_the_newest_first(shop: Shop) -> None:
    made = []
    for _ in range(3):
        made.append(await shop.bought())
        shop.clock.forward(1)
    await shop.staff(made[0], "pay")
    first = (await shop.client.get(shop.till, params={"limit": 2}, headers=shop.desk)).json()
    rest = await shop.client.get(
        shop.till, params={"limit": 2, "cursor": first["nextCursor"]}, headers=shop.desk
    )
    assert [item["id"] for item in first["items"] + rest.json()["items"]] == made[::-1]
    paid = await shop.client.get(shop.till, params={"state": "confirmed"}, headers=shop.desk)
    assert [item["id"] for item in paid.json()["items"]] == [made[0]]


async def test_kiosks_of_desk_and_door_take_money_and_only_a_desk_gives_it_back(shop: Shop) -> None:
    desk = await shop.world.device("desk-1", "desk", "servicePoint:front")
    door = await shop.world.device("door-1", "door")
    for device in (desk, door):
        order = await shop.bought()
        assert (await shop.client.get(shop.till, headers=device)).status_code == 200
        paid = await shop.staff(order, "pay", device)
        assert paid.json()["payments"][0]["actor"].startswith("device:")
        refund = await shop.staff(order, "refund", device)
        assert refund.status_code == (200 if device is desk else 403)


async def test_a_door_of_another_event_sees_no_order(shop: Shop) -> None:
    order = await shop.bought()
    door = await shop.world.device("door-2", "door", "event:other")
    assert problem(await shop.client.get(shop.till, headers=door)) == (404, "not_found")
    assert problem(await shop.staff(order, "pay", door)) == (404, "not_found")
    path = f"/api/organizations/{shop.world.org}/orders"
    assert (await shop.client.get(path, params={"text": "ada"}, headers=door)).json()["items"] == []


@pytest.mark.parametrize("act", ["pay", "refund", "cancel", ""])
async def test_others_may_not(shop: Shop, act: str) -> None:
    order = await shop.bought()
    display = await shop.world.device("display-1", "display")
    stranger = await make_world(shop.app, "org-2", event="evt-2", key_number=8)
    for headers, wanted in (
        ({}, (401, "unauthenticated")),
        (shop.ada, (403, "forbidden")),
        (shop.world.staff("door", "support"), (403, "forbidden")),
        (display, (403, "forbidden")),
        (stranger.staff("admin"), (404, "not_found")),
    ):
        path, body = f"{shop.till}/{order}/{act}".rstrip("/"), {"method": "cash"} if act == "pay" else {}
        answer = await shop.client.request("POST" if act else "GET", path, json=body, headers=headers)
        assert problem(answer) == wanted
    assert (await shop.order(order))["state"] == "pending"


async def test_a_receipt_is_given_out_once(shop: Shop) -> None:
    first, second = await shop.bought(), await shop.bought()
    assert (await shop.staff(first, "pay", receipt="K-7")).json()["receipt"] == "K-7"
    assert problem(await shop.staff(second, "pay", receipt="K-7")) == (409, "receipt_taken")
    seen = await shop.order(second)
    assert (seen["state"], seen["tickets"]) == ("pending", [])
    assert problem(await shop.staff(second, "pay", method="cheque")) == (422, "invalid")


async def test_an_order_of_another_event_is_not_found_under_this_one(shop: Shop) -> None:
    order = await shop.bought()
    path = shop.till.replace("evt-1", "evt-9")
    assert problem(await shop.client.get(f"{path}/{order}", headers=shop.desk)) == (404, "not_found")


async def test_time_alone_expires_what_nobody_pays(shop: Shop) -> None:
    orders = [await shop.bought() for _ in range(2)]
    await shop.staff(orders[0], "pay")
    shop.clock.forward(15 * MINUTE)
    await shop.sweep()
    await shop.sweep()
    assert [(await shop.order(order))["state"] for order in orders] == ["confirmed", "expired"]
