"""Sales at the door: seats on lease, and what a kiosk tells of later, of which nothing is lost or doubled."""

import asyncio

import pytest
from sqlalchemy import update

from domain.clock import HOUR, rfc3339
from server.auth.access import SCOPE
from server.auth.tables import devices
from server.db.database import Transaction
from server.events.tables import events
from tests.server.office import problem
from tests.server.orders.shop import Shop
from tests.server.orders.stall import Stall, open_stall
from tests.server.world import make_world


@pytest.fixture
async def stall(shop: Shop) -> Stall:
    """A kiosk that has five of ten seats in hand."""
    await shop.tier("seat", atDoor=True, perks=["Tote bag"])
    made = await open_stall(shop)
    await made.renew()
    return made


async def _later(shop: Shop, milliseconds: int) -> None:
    """Time goes by, and Ada signs in again."""
    shop.clock.forward(milliseconds)
    shop.world.now = shop.clock()
    shop.ada = await shop.customer("ada")


async def test_a_sale_is_an_order_with_its_money_a_ticket_and_an_entry(shop: Shop, stall: Stall) -> None:
    told = stall.sell(name="Grace Hopper", email="Grace@Example.com", method="card")
    [answer] = await stall.tell()
    assert answer["status"] == "applied"
    order = await shop.order(told["payload"]["orderId"])
    assert (order["state"], order["total"], order["number"]) == (
        "confirmed", 2500, told["payload"]["number"],
    )  # fmt: skip
    [payment] = order["payments"]
    assert (payment["state"], payment["method"], payment["amount"], payment["stated"]) == (
        "taken", "card", 2500, None,
    )  # fmt: skip
    assert payment["receipt"] == f"{order['number']}-1"
    [ticket] = order["tickets"]
    assert (ticket["id"], ticket["name"]) == (told["payload"]["ticketId"], "Grace Hopper")
    verdict = await shop.admit(ticket["id"])
    assert (verdict["reason"], verdict["first"]["gate"]) == ("already_in", "North")
    assert verdict["ticket"]["perks"] == ["Tote bag"]
    to = {(kind, recipient) for kind, recipient, _ in await shop.mails()}
    assert {("ticket.issued", "grace@example.com"), ("order.paid", "grace@example.com")} <= to


async def test_the_code_that_the_kiosk_made_is_the_tickets(shop: Shop, stall: Stall) -> None:
    told = stall.sell()
    await stall.tell()
    body = {"code": told["payload"]["code"], "lists": ["main"], "direction": "exit", "opId": "out-1"}
    headers = shop.world.staff("door")
    out = await shop.client.post("/api/events/check-in", json=body, headers=headers)
    assert (out.json()["verdict"], out.json()["ticket"]["id"]) == ("admitted", told["payload"]["ticketId"])


async def test_seats_on_lease_are_nobody_elses_until_they_come_back(shop: Shop, stall: Stall) -> None:
    assert (stall.left(), await shop.left()) == (5, 5)
    assert problem(await shop.buy(6)) == (409, "sold_out")
    stall.sell()
    assert await shop.left() == 5
    await stall.tell()
    assert await shop.left() == 5
    await stall.renew()
    assert (stall.left(), await shop.left()) == (5, 4)
    await stall.renew(0)
    assert (stall.leases, await shop.left()) == ({}, 9)


async def test_a_renewal_gives_what_is_there_and_never_twice(shop: Shop, stall: Stall) -> None:
    await shop.bought(4)
    await stall.renew(8)
    assert (stall.left(), stall.leases["seat"]["available"], await shop.left()) == (6, 0, 0)
    # An answer that was lost is given again.
    await stall.renew(8)
    assert stall.left() == 6


async def test_a_lease_that_runs_out_gives_its_seats_back_and_its_sales_still_count(
    shop: Shop, stall: Stall
) -> None:
    sold = stall.sell()
    await _later(shop, 4 * HOUR)
    assert await shop.left() == 10
    [answer] = await stall.tell()
    assert (answer["status"], answer["detail"]["mark"]) == ("applied", None)
    assert await shop.left() == 9
    assert (await shop.order(sold["payload"]["orderId"]))["state"] == "confirmed"


async def test_a_sale_that_was_told_to_somebody_stands_when_its_seat_is_gone(
    shop: Shop, stall: Stall
) -> None:
    stall.sell()
    await _later(shop, 4 * HOUR)
    await shop.sold(10)
    [answer] = await stall.tell()
    assert (answer["status"], answer["detail"]["mark"]) == ("conflict", "beyond")
    assert await shop.left() == 0
    assert (await shop.order(answer["detail"]["orderId"]))["tickets"] != []


async def test_a_sale_of_an_event_that_was_called_off_meanwhile_stands(shop: Shop, stall: Stall) -> None:
    stall.sell()
    await shop.world.database.write(
        lambda t: t.connection.execute(update(events).values(state="cancelled")) and None
    )
    [answer] = await stall.tell()
    assert answer["status"] == "applied"
    await stall.renew()
    assert stall.leases == {}


async def test_another_price_than_was_taken_is_kept_and_shown(shop: Shop, stall: Stall) -> None:
    sold = stall.sell()
    await shop.tier("seat", price=3000)
    [answer] = await stall.tell()
    assert (answer["status"], answer["detail"]["mark"]) == ("conflict", "price")
    assert (answer["detail"]["total"], answer["detail"]["taken"]) == (3000, 2500)
    order = await shop.order(sold["payload"]["orderId"])
    [payment] = order["payments"]
    assert (order["total"], payment["amount"], payment["stated"]) == (3000, 3000, 2500)


async def test_what_costs_nothing_is_given_without_a_payment(shop: Shop, stall: Stall) -> None:
    await shop.tier("free", atDoor=True)
    await stall.renew()
    answer = await stall.sells("free", method="free")
    assert answer["status"] == "applied"
    order = await shop.order(answer["detail"]["orderId"])
    assert (order["method"], order["total"], order["payments"]) == ("free", 0, [])


async def test_a_type_without_a_quota_is_sold_without_counting(shop: Shop, stall: Stall) -> None:
    await shop.tier("open", price=500, atDoor=True)
    await stall.renew(1)
    assert stall.leases["open"]["seats"] is None
    answers = await stall.tell(*[stall.sell("open") for _ in range(3)])
    assert [answer["status"] for answer in answers] == ["applied"] * 3
    await shop.tier("open", quota=10)
    before = stall.leases["open"]["leaseId"]
    await stall.renew(1)
    renewed = stall.leases["open"]
    assert renewed["leaseId"] != before
    assert renewed["seats"] == 1


async def test_a_sale_told_twice_is_one(shop: Shop, stall: Stall) -> None:
    told = stall.sell()
    answers = [*await stall.tell(told, told), *await stall.tell(told)]
    assert [answer["status"] for answer in answers] == ["applied", "duplicate", "duplicate"]
    assert (await shop.client.get(shop.till, headers=shop.desk)).json()["items"][1:] == []
    await stall.renew(0)
    assert await shop.left() == 9


async def test_an_address_that_is_none_loses_no_sale(shop: Shop, stall: Stall) -> None:
    answer = await stall.sells(email="grace at home")
    assert answer["status"] == "applied"
    assert (await shop.order(answer["detail"]["orderId"]))["email"] == ""


async def test_a_number_that_another_order_has_is_changed(shop: Shop, stall: Stall) -> None:
    first = await stall.sells()
    second = await stall.sells(number=first["detail"]["number"])
    assert second["status"] == "applied"
    assert second["detail"]["number"] != first["detail"]["number"]


@pytest.mark.parametrize("again", ["orderId", "ticketId", "code"])
async def test_what_is_somebody_elses_is_not_taken(shop: Shop, stall: Stall, again: str) -> None:
    first = stall.sell()
    await stall.tell()
    answer = await stall.sells(**{again: first["payload"][again]})
    assert (answer["status"], answer["detail"]["status"]) == ("rejected", 409)
    assert answer["detail"]["code"] == ("sale_taken" if again == "orderId" else "code_taken")
    await stall.renew(0)
    assert await shop.left() == 9


async def test_a_kiosk_sells_no_more_than_its_own_lease_holds(shop: Shop, stall: Stall) -> None:
    other = await open_stall(shop, "door-2")
    await other.renew(1)
    answers = await other.tell(other.sell(), other.sell())
    assert [answer["status"] for answer in answers] == ["applied", "rejected"]
    assert answers[1]["detail"]["code"] == "lease_used_up"
    for more in ({"lease": stall.leases["seat"]["leaseId"]}, {"type": "free"}, {"event": "evt-2"}):
        answer = await other.sells(**more)
        assert (answer["status"], answer["detail"]["code"]) == ("rejected", "seat_not_leased")


async def test_only_a_door_that_may_sell_gets_seats_and_only_of_what_is_sold_there(
    shop: Shop, stall: Stall
) -> None:
    assert stall.leases.keys() == {"seat"}
    body = {"event": shop.world.event, "seats": 5}
    plain = await shop.world.device("door-9")
    elsewhere = await shop.world.device("door-8", "door", "event:other", sells=True)
    desk = await shop.world.device("desk-1", "desk", "servicePoint:front")
    for headers, wanted in (
        (plain, (403, "may_not_sell")),
        (elsewhere, (404, "not_found")),
        (desk, (403, "forbidden")),
        (shop.world.staff("admin"), (403, "forbidden")),
        (shop.ada, (403, "forbidden")),
        ({}, (401, "unauthenticated")),
    ):
        answer = await shop.client.post("/api/sync/seat-leases", json=body, headers=headers)
        assert problem(answer) == wanted


@pytest.mark.parametrize("act", ["revoke", "forbid"])
async def test_a_kiosk_that_may_sell_no_more_keeps_no_seat(shop: Shop, stall: Stall, act: str) -> None:
    admin, path = shop.world.staff("admin"), "/api/devices/door-1"
    if act == "revoke":
        answer = await shop.client.delete(path, headers=admin)
    else:
        answer = await shop.client.patch(path, json={"sells": False}, headers=admin)
    assert answer.is_success
    assert await shop.left() == 10


async def test_what_kiosks_hold_is_told_page_by_page(shop: Shop, stall: Stall) -> None:
    await shop.tier("vip", atDoor=True, quota=5)
    await stall.renew()
    path = f"/api/organizations/{shop.world.org}/events/{shop.world.event}/seat-leases?limit=1"
    staff = shop.world.staff("events")
    first = (await shop.client.get(path, headers=staff)).json()
    rest = (await shop.client.get(f"{path}&cursor={first['nextCursor']}", headers=staff)).json()
    assert sorted(each["type"] for each in first["items"] + rest["items"]) == ["seat", "vip"]
    assert rest["nextCursor"] is None


async def test_an_organiser_takes_back_what_a_broken_kiosk_holds(shop: Shop, stall: Stall) -> None:
    await stall.sells()
    path = f"/api/organizations/{shop.world.org}/events/{shop.world.event}/seat-leases"
    staff = shop.world.staff("events")
    [held] = await shop.leases()
    assert (held["device"], held["type"], held["seats"], held["sold"]) == ("door-1", "seat", 5, 1)
    assert (await shop.client.delete(f"{path}/{held['id']}", headers=staff)).status_code == 204
    assert await shop.left() == 9
    assert await shop.leases() == []
    assert problem(await shop.client.delete(f"{path}/other", headers=staff)) == (404, "not_found")
    stranger = await make_world(shop.app, "org-2", event="evt-2", key_number=8)
    for headers, wanted in (
        (shop.world.staff("door"), (403, "forbidden")),
        (stranger.staff("admin"), (404, "not_found")),
    ):
        assert problem(await shop.client.get(path, headers=headers)) == wanted
        assert problem(await shop.client.delete(f"{path}/{held['id']}", headers=headers)) == wanted


async def test_a_type_of_which_a_kiosk_has_seats_is_not_deleted(shop: Shop, stall: Stall) -> None:
    path = f"/api/organizations/{shop.world.org}/events/{shop.world.event}/ticket-types/seat"
    answer = await shop.client.delete(path, headers=shop.world.staff("events"))
    assert problem(answer) == (409, "type_has_tickets")


async def test_codes_that_rotate_are_not_sold_at_the_door(shop: Shop) -> None:
    path = f"/api/organizations/{shop.world.org}/events/{shop.world.event}/ticket-types"
    body = {"name": "Backstage", "atDoor": True, "rotating": True}
    answer = await shop.client.post(path, json=body, headers=shop.world.staff("events"))
    assert problem(answer) == (422, "invalid")


async def test_a_sale_is_refunded_at_the_desk_and_its_ticket_is_void(shop: Shop, stall: Stall) -> None:
    answer = await stall.sells()
    refunded = await shop.staff(answer["detail"]["orderId"], "refund", reason="rain")
    assert refunded.json()["payments"][0]["state"] == "returned"
    assert (await shop.admit(answer["detail"]["ticketId"]))["reason"] == "refunded"
    await stall.renew(0)
    assert await shop.left() == 10


async def test_a_sale_that_its_kiosk_took_back_is_refunded_and_nobody_went_in(
    shop: Shop, stall: Stall
) -> None:
    sale = stall.sell()
    stall.take_back(sale)
    stall.sell()
    told = await stall.tell()
    assert [answer["status"] for answer in told] == 3 * ["applied"]
    order = await shop.order(sale["payload"]["orderId"])
    assert (order["state"], order["payments"][0]["state"]) == ("refunded", "returned")
    assert (await shop.admit(sale["payload"]["ticketId"]))["reason"] == "refunded"
    path = f"/api/events/{shop.world.event}/check-in/stats"
    stats = (await shop.client.get(path, headers=shop.world.staff("door"))).json()
    assert [each["inside"] for each in stats["lists"]] == [1]
    await stall.renew(0)
    assert await shop.left() == 9


async def test_what_was_taken_back_is_so_once_and_told_as_often_as_it_takes(shop: Shop, stall: Stall) -> None:
    sale = stall.sell()
    back = stall.take_back(sale)
    await stall.tell()
    [again] = await stall.tell(back)
    assert again["status"] == "duplicate"
    [other] = await stall.tell({**back, "opId": "back-once-more"})
    assert (other["status"], other["detail"]["code"]) == ("rejected", "order_state")


async def test_a_sale_whose_entry_was_taken_back_before_gives_its_money_back_too(
    shop: Shop, stall: Stall
) -> None:
    sale = stall.sell()
    await stall.tell()
    undo = {"opId": "undo-1", "kind": "undo_check_in", "at": rfc3339(shop.clock()), "deviceSeq": 900,
            "payload": {"undoes": sale["opId"]}}  # fmt: skip
    stall.take_back(sale)
    [first] = await stall.tell(undo)
    [second] = await stall.tell()
    assert (first["status"], second["status"]) == ("applied", "applied")
    assert (await shop.order(sale["payload"]["orderId"]))["state"] == "refunded"


async def test_no_kiosk_takes_back_what_it_has_not_sold(shop: Shop, stall: Stall) -> None:
    """Neither what another door sold, nor what somebody bought for themselves and went in with here."""
    sale = stall.sell()
    await stall.tell()
    other = await open_stall(shop, "door-2")
    other.take_back(sale)
    [stranger] = await other.tell()
    assert (stranger["status"], stranger["detail"]["code"]) == ("rejected", "sale_unknown")
    bought = await shop.sold()
    ticket = bought["tickets"][0]["id"]
    entry = {"ticketId": ticket, "lists": ["main"], "list": "main", "verdict": "admitted"}
    scan = {
        "opId": "scan-1", "kind": "check_in", "at": rfc3339(shop.clock()), "deviceSeq": 901, "payload": entry,
    }  # fmt: skip
    await stall.tell(scan)
    [own] = await stall.tell({
        "opId": "back-1", "kind": "ticket.take_back", "at": rfc3339(shop.clock()), "deviceSeq": 902,
        "payload": {"sale": "scan-1", "orderId": bought["id"], "ticketId": ticket},
    })  # fmt: skip
    assert (own["status"], own["detail"]["code"]) == ("rejected", "sale_unknown")


async def test_two_kiosks_and_fifty_buyers_at_once_share_the_last_seats(shop: Shop, stall: Stall) -> None:
    """Nobody's seat is anybody else's, and every sale of a lease is taken in meanwhile."""
    other = await open_stall(shop, "door-2")
    for _ in range(3):
        stall.sell()
    buyers = [await shop.customer(f"buyer{n}") for n in range(50)]
    bought, asked, _ = await asyncio.gather(
        asyncio.gather(*(shop.buy(who=buyer) for buyer in buyers)),
        asyncio.gather(*(each.ask(4) for each in (stall, other) for _ in range(4))),
        stall.tell(),
    )
    assert {answer.status_code for answer in bought} <= {201, 409}
    assert {answer.status_code for answer in asked} == {200}
    await stall.renew(1)
    await other.renew(1)
    held = sum(answer.status_code == 201 for answer in bought)
    assert held + 3 + stall.left() + other.left() == 10 - await shop.left()
    assert held + 3 + stall.left() + other.left() <= 10


async def test_kiosks_that_come_back_at_once_with_sales_of_several_types_wait_for_each_other(
    shop: Shop, stall: Stall
) -> None:
    await shop.tier("free", atDoor=True)
    other = await open_stall(shop, "door-2")
    await stall.renew()
    await other.renew()
    for _ in range(4):
        stall.sell("seat")
        stall.sell("free", method="free")
        other.sell("free", method="free")
        other.sell("seat")
    told = await asyncio.gather(stall.tell(), other.tell())
    assert {answer["status"] for answers in told for answer in answers} == {"applied"}
    await stall.renew(0)
    await other.renew(0)
    assert (await shop.left("seat"), await shop.left("free")) == (2, 2)


async def test_sales_of_a_device_that_was_revoked_are_taken_in_from_the_one_that_its_kiosk_is_now(
    shop: Shop, stall: Stall
) -> None:
    sales = [stall.sell() for _ in range(2)]
    await revoke(shop, stall.name)
    again = await open_stall(shop, "door-2")
    [refused] = await again.tell(sales[0])
    assert (refused["status"], refused["detail"]["code"]) == ("rejected", "seat_not_leased")
    token = stall.headers["Authorization"].removeprefix("Bearer ")
    named = await shop.client.post("/api/devices/me/former", json={"token": token}, headers=again.headers)
    assert named.status_code == 204, named.text
    [first] = await again.tell(sales[0])
    assert (first["status"], first["detail"]["mark"]) == ("applied", None)
    # Nobody kept the seats of a revoked device for it.
    await shop.bought(9)
    [second] = await again.tell(sales[1])
    assert (second["status"], second["detail"]["mark"]) == ("conflict", "beyond")
    assert [(await shop.order(sale["payload"]["orderId"]))["state"] for sale in sales] == 2 * ["confirmed"]


async def revoke(shop: Shop, device: str) -> None:
    def end(transaction: Transaction) -> None:
        change = update(devices).where(devices.c.id == device).values(revoked=transaction.now)
        transaction.connection.execute(change)
        transaction.touched.add(SCOPE)

    await shop.world.database.write(end)
    await shop.world.access.refresh()
