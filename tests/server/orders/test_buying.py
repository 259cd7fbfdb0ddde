"""Buying in two steps: places are held, then paid; nothing is oversold and nothing is lost."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import func, select, update

from domain.clock import MINUTE, SECOND
from server.activity.tables import activities
from server.events.tables import events
from server.ticketing.orders.tables import orders
from server.ticketing.tables import tickets
from tests.server.office import problem
from tests.server.orders.shop import Shop
from tests.server.world import make_world

HOLD = 15 * MINUTE


async def count(shop: Shop) -> int:
    return int(
        await shop.world.database.read(
            lambda c: c.execute(select(func.count()).select_from(tickets)).scalar_one()
        )
    )


async def test_an_order_holds_its_places_at_the_price_that_the_server_says(shop: Shop) -> None:
    answer = await shop.buy(3)
    assert answer.status_code == 201
    order = answer.json()
    assert (order["total"], order["currency"], order["paymentIntentSecret"]) == (7500, "EUR", None)
    assert order["expiresAt"] == "2026-05-10T12:15:00.000Z"
    assert await shop.left() == 7
    seen = await shop.order(order["orderId"])
    assert (seen["state"], seen["number"], seen["tickets"]) == ("pending", order["number"], [])


async def test_an_order_that_nobody_paid_has_no_tickets(shop: Shop) -> None:
    order = await shop.bought()
    assert problem(await shop.confirm(order)) == (409, "unpaid")
    assert await count(shop) == 0


async def test_money_at_the_desk_turns_an_order_into_tickets(shop: Shop) -> None:
    attendees = [{"name": "Ada"}, {"name": "Bob", "email": "Bob@Example.com"}]
    order = await shop.bought(3, attendees=attendees)
    paid = (await shop.staff(order, "pay", method="card")).json()
    assert (paid["state"], paid["receipt"]) == ("confirmed", f"{paid['number']}-1")
    assert [p["method"] for p in paid["payments"]] == ["card"]
    assert paid["payments"][0]["actor"] == "staff:staff-1"
    confirmed = (await shop.confirm(order)).json()
    assert [(t["name"], t["email"], t["state"]) for t in confirmed["tickets"]] == [
        ("Ada", "ada@example.com", "valid"),
        ("Bob", "bob@example.com", "valid"),
        ("Ada", "ada@example.com", "valid"),
    ]
    assert [t["id"] for t in paid["tickets"]] == [t["id"] for t in confirmed["tickets"]]
    assert await shop.left() == 7
    kinds = [(kind, to) for kind, to, _ in await shop.mails()]
    assert kinds == [("order.paid", "ada@example.com"), ("ticket.issued", "ada@example.com")]


async def test_a_ticket_that_was_bought_is_admitted_at_the_door(shop: Shop) -> None:
    paid = await shop.sold()
    assert (await shop.admit(paid["tickets"][0]["id"]))["verdict"] == "admitted"


async def test_confirming_again_and_at_once_gives_the_same_tickets(shop: Shop) -> None:
    order = await shop.bought(2, "free")
    answers = await asyncio.gather(*(shop.confirm(order) for _ in range(12)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({tuple(t["id"] for t in answer.json()["tickets"]) for answer in answers}) == 1
    assert await count(shop) == 2


async def test_an_order_is_paid_once_however_many_cashiers_take_money_for_it(shop: Shop) -> None:
    order = await shop.bought(2)
    answers = await asyncio.gather(*(shop.staff(order, "pay") for _ in range(8)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 7}
    assert len((await shop.order(order))["payments"]) == 1
    assert await count(shop) == 2


async def test_fifty_buyers_at_once_get_the_last_ten_seats_and_nothing_more(shop: Shop) -> None:
    people = [await shop.customer(f"buyer{n}") for n in range(50)]
    answers = await asyncio.gather(*(shop.buy(who=who) for who in people))
    lucky = [answer for answer in answers if answer.status_code == 201]
    assert len(lucky) == 10
    assert {problem(answer) for answer in answers if answer.status_code != 201} == {(409, "sold_out")}
    assert await shop.left() == 0
    paid = await asyncio.gather(*(shop.staff(answer.json()["orderId"], "pay") for answer in lucky))
    assert {answer.status_code for answer in paid} == {200}
    assert (await count(shop), await shop.left()) == (10, 0)


async def test_staff_and_buyers_at_once_never_issue_more_than_there_are(shop: Shop) -> None:
    address = f"/api/organizations/{shop.world.org}/events/{shop.world.event}/tickets"
    body, headers = {"tickets": [{"type": "seat"}] * 2}, shop.world.staff("events")
    people = [await shop.customer(f"buyer{n}") for n in range(8)]
    await asyncio.gather(
        *(shop.client.post(address, json=body, headers=headers) for _ in range(8)),
        *(shop.buy(2, who=who) for who in people),
    )
    held = await shop.world.database.read(
        lambda c: c.execute(select(func.count()).select_from(orders)).scalar_one()
    )
    assert await count(shop) + 2 * held == 10


async def test_an_expired_hold_gives_its_seats_back(shop: Shop) -> None:
    order = await shop.bought(10)
    bob = await shop.customer("bob")
    assert problem(await shop.buy(who=bob)) == (409, "sold_out")
    shop.clock.forward(HOLD - 1)
    assert problem(await shop.buy(who=bob)) == (409, "sold_out")
    shop.clock.forward(1)
    assert await shop.left() == 10
    assert (await shop.buy(who=bob)).status_code == 201
    await shop.sweep()
    assert (await shop.order(order))["state"] == "expired"
    assert problem(await shop.confirm(order)) == (410, "order_expired")


async def test_money_after_the_hold_is_honoured_while_seats_are_left(shop: Shop) -> None:
    late, swept = await shop.bought(4), await shop.bought(4)
    shop.clock.forward(HOLD)
    assert (await shop.staff(late, "pay")).json()["state"] == "confirmed"
    await shop.sweep()
    assert (await shop.staff(swept, "pay")).json()["state"] == "confirmed"
    assert (await count(shop), await shop.left()) == (8, 2)


async def test_no_money_is_taken_for_seats_that_are_somebody_elses(shop: Shop) -> None:
    order = await shop.bought(10)
    shop.clock.forward(HOLD)
    await shop.sold(1, who=await shop.customer("bob"))
    assert problem(await shop.staff(order, "pay")) == (409, "sold_out")
    await shop.sweep()
    seen = await shop.order(order)
    assert (seen["state"], seen["payments"], seen["tickets"]) == ("expired", [], [])


async def test_a_hold_is_kept_when_the_quota_shrinks(shop: Shop) -> None:
    order = await shop.bought(4)
    await shop.tier("seat", quota=1)
    assert await shop.left() == 0
    assert (await shop.staff(order, "pay")).status_code == 200


async def test_what_is_cancelled_is_free_at_once(shop: Shop) -> None:
    order = await shop.bought(10)
    body = {"orderId": order}
    assert (await shop.post("tickets/cancel-order", body)).json() == {**body, "state": "cancelled"}
    assert await shop.left() == 10
    assert problem(await shop.post("tickets/cancel-order", body)) == (409, "order_state")
    assert problem(await shop.staff(order, "pay")) == (409, "order_state")
    assert problem(await shop.confirm(order)) == (409, "order_state")


async def test_a_refund_voids_the_tickets_and_frees_the_places(shop: Shop) -> None:
    paid = await shop.sold(2)
    answer = (await shop.staff(paid["id"], "refund", reason="ill")).json()
    assert (answer["state"], [p["state"] for p in answer["payments"]]) == ("refunded", ["returned"])
    assert [ticket["state"] for ticket in answer["tickets"]] == ["refunded"] * 2
    assert await shop.left() == 10
    verdict = await shop.admit(paid["tickets"][0]["id"])
    assert (verdict["verdict"], verdict["reason"]) == ("refused", "refunded")
    assert [to for _, to, _ in await shop.mails("order.refunded")] == ["ada@example.com"]
    assert problem(await shop.staff(paid["id"], "refund")) == (409, "order_state")
    assert problem(await shop.confirm(paid["id"])) == (409, "order_refunded")


async def test_every_step_stands_in_the_contacts_timeline(shop: Shop) -> None:
    paid = await shop.sold(1)
    await shop.staff(paid["id"], "refund")
    rows = await shop.world.database.read(
        lambda c: c.execute(
            select(activities.c.kind, activities.c.subject)
            .where(activities.c.contact.is_not(None))
            .order_by(activities.c.seq)
        ).all()
    )
    assert [row.kind for row in rows if row.subject.startswith(("order", "ticket"))] == [
        "order.placed", "ticket.issued", "order.paid", "order.confirmed", "ticket.refunded", "order.refunded"
    ]  # fmt: skip


async def test_one_person_holds_three_orders_at_most(shop: Shop) -> None:
    for _ in range(3):
        await shop.bought()
    assert problem(await shop.buy()) == (409, "orders_pending")
    shop.clock.forward(HOLD)
    assert (await shop.buy()).status_code == 201


@pytest.mark.parametrize("quantity", [-1, 0, 101, 10**30, 1.5, "many", "2", True, None])
async def test_a_quantity_that_cannot_be_is_refused(shop: Shop, quantity: object) -> None:
    assert problem(await shop.buy(quantity)) == (422, "invalid")  # type: ignore[arg-type]
    assert await shop.left() == 10


@pytest.mark.parametrize(
    ("attendee", "said"),
    [
        ({"name": "x" * 256}, "write at most 255 characters"),
        ({"email": "a@example.com\r\nBcc: b@example.com"}, "this is no e-mail address that a mail can reach"),
        ({"email": "x" * 65 + "@example.com"}, "this is no e-mail address that a mail can reach"),
    ],
)
async def test_what_is_wrong_with_a_field_is_said_to_people(
    shop: Shop, attendee: dict[str, str], said: str
) -> None:
    answer = await shop.buy(1, attendees=[attendee])
    assert problem(answer) == (422, "invalid")
    assert answer.json()["errors"][0]["msg"].startswith(said)


async def test_an_order_keeps_to_what_its_types_allow(shop: Shop) -> None:
    await shop.tier("pair", price=1, minPerOrder=2, maxPerOrder=4)
    for quantity, status in ((1, 422), (2, 201), (4, 201), (5, 422)):
        answer = await shop.buy(quantity, "pair")
        assert answer.status_code == status
        if status == 422:
            assert problem(answer) == (422, "order_limit")
            assert answer.json()["errors"][0]["loc"] == ["body", "tickets", 0, "quantity"]


async def test_more_attendees_than_tickets_are_refused(shop: Shop) -> None:
    assert problem(await shop.buy(1, attendees=[{"name": "A"}, {"name": "B"}])) == (422, "invalid")


async def test_the_sale_has_its_time(shop: Shop) -> None:
    await shop.tier("seat", saleFrom="2026-05-10T12:00:01Z", saleUntil="2026-05-10T12:00:02Z")
    assert problem(await shop.buy()) == (409, "sale_not_begun")
    shop.clock.forward(SECOND)
    order = await shop.bought()
    shop.clock.forward(SECOND)
    assert problem(await shop.buy()) == (409, "sale_over")
    assert (await shop.staff(order, "pay")).status_code == 200


async def test_what_is_in_two_currencies_is_two_orders(shop: Shop) -> None:
    await shop.tier("dollar", price=5, currency="USD")
    tickets_ = [{"ticketTypeId": id_, "quantity": 1} for id_ in ("seat", "dollar")]
    body = {"eventId": shop.world.event, "tickets": tickets_}
    assert problem(await shop.post("tickets/purchase", body)) == (422, "currency_mixed")
    await shop.tier("dollar", price=0)
    assert (await shop.post("tickets/purchase", body)).json()["total"] == 2500


async def test_an_event_that_somebody_ordered_for_is_not_deleted_and_it_is_said_why(shop: Shop) -> None:
    await shop.bought()
    path = f"/api/organizations/{shop.world.org}/events/{shop.world.event}"
    refused = await shop.client.delete(path, headers=shop.world.staff("events"))
    assert problem(refused) == (409, "event_has_tickets")
    assert "ordered" in refused.json()["detail"]


async def test_only_what_is_there_and_for_sale_can_be_bought(shop: Shop) -> None:
    await shop.tier("crew", price=0, sold=False)
    for type_ in ("crew", "nothing"):
        assert problem(await shop.buy(type_=type_)) == (404, "not_found")
    twice = {"eventId": shop.world.event, "tickets": [{"ticketTypeId": "seat", "quantity": 1}] * 2}
    assert problem(await shop.post("tickets/purchase", twice)) == (422, "type_twice")
    coupon = {"eventId": shop.world.event, "tickets": twice["tickets"][:1], "coupon": "SPRING"}
    assert problem(await shop.post("tickets/purchase", coupon)) == (422, "coupon_unknown")


async def test_another_organisations_event_is_as_if_it_were_not(shop: Shop) -> None:
    await make_world(shop.app, "org-2", event="evt-2", key_number=8)
    for event in ("evt-2", "nothing", "x" * 64):
        body = {"eventId": event, "tickets": [{"ticketTypeId": "general", "quantity": 1}]}
        assert problem(await shop.post("tickets/purchase", body)) == (404, "not_found")
        assert problem(await shop.get(f"{event}/ticket-types")) == (404, "not_found")


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({"state": "draft"}, (404, "not_found")),
        ({"state": "archived"}, (404, "not_found")),
        ({"state": "cancelled"}, (409, "event_state")),
        ({"ends": 0}, (409, "sale_over")),
    ],
)
async def test_an_event_that_is_not_on_is_not_sold(
    shop: Shop, values: dict[str, object], wanted: tuple[int, str]
) -> None:
    order = await shop.bought()
    await shop.world.database.write(lambda t: t.connection.execute(update(events).values(**values)) and None)
    assert problem(await shop.buy()) == wanted
    assert (
        problem(await shop.post("tickets/register", {"eventId": "evt-1", "ticketTypeId": "free"})) == wanted
    )
    # Whoever held places in time gets them as long as there is an event to go to.
    assert (await shop.staff(order, "pay")).status_code == (
        409 if "cancel" in str(values) or "arch" in str(values) else 200
    )


async def test_an_order_is_its_buyers_alone(shop: Shop) -> None:
    order = await shop.bought()
    bob = await shop.customer("bob")
    for path in ("tickets/confirm-order", "tickets/cancel-order"):
        assert problem(await shop.post(path, {"orderId": order}, bob)) == (404, "not_found")
        assert problem(await shop.post(path, {"orderId": order}, shop.desk)) == (403, "forbidden")
    assert (await shop.order(order))["state"] == "pending"


async def test_what_is_left_is_told_from_memory_but_never_wrongly(shop: Shop) -> None:
    first = await shop.get("evt-1/ticket-types")
    known = first.headers["etag"]
    assert (await shop.get("evt-1/ticket-types", if_none_match=known)).status_code == 304
    order = await shop.bought(4)
    shop.clock.forward(SECOND)
    after = await shop.get("evt-1/ticket-types", if_none_match=known)
    assert after.status_code == 200
    assert next(t for t in after.json()["items"] if t["id"] == "seat")["available"] == 6
    shop.clock.forward(HOLD)
    assert await shop.left() == 10
    await shop.staff(order, "pay")
    assert await shop.left() == 6


async def test_tiers_come_page_by_page_and_none_that_is_not_sold(shop: Shop) -> None:
    await shop.tier("crew", sold=False)
    first = (await shop.get("evt-1/ticket-types?limit=2")).json()
    rest = (await shop.get(f"evt-1/ticket-types?limit=2&cursor={first['nextCursor']}")).json()
    assert [tier["id"] for tier in first["items"] + rest["items"]] == ["general", "vip", "seat", "free"]
    assert rest["nextCursor"] is None
    for query in ("limit=0", "limit=501", "cursor=x", "cursor=WyJhIl0"):
        assert (await shop.get(f"evt-1/ticket-types?{query}")).status_code == 422


async def test_a_tier_says_when_it_is_on_sale(shop: Shop) -> None:
    await shop.tier("seat", saleFrom="2026-05-10T12:00:01Z", description={"en": "Row A"}, perks=["Drink"])
    seen = (await shop.get("evt-1/ticket-types")).json()["items"]
    seat = next(tier for tier in seen if tier["id"] == "seat")
    assert (seat["onSale"], seat["description"], seat["perks"]) == (False, {"en": "Row A"}, ["Drink"])
    shop.clock.forward(SECOND)
    seen = (await shop.get("evt-1/ticket-types")).json()["items"]
    assert next(tier for tier in seen if tier["id"] == "seat")["onSale"] is True
