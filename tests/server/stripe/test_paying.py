"""Paying through Stripe: the provider is asked, never the client; money and tickets never part."""

import asyncio
import logging
from typing import Any

import pytest

from domain.clock import MINUTE, SECOND
from server.settings import Settings
from tests.server.mailbox import Mailbox, text
from tests.server.office import problem
from tests.server.orders.shop import Shop
from tests.server.stripe.account import Account
from tests.server.stripe.standin import SECRET_KEY, WEBHOOK_SECRET

HOLD = 15 * MINUTE
WEBHOOK = "/api/client/events/stripe/webhook"


async def heard(shop: Shop, event: dict[str, str]) -> Any:
    headers = {"Stripe-Signature": event["signature"], "Content-Type": "application/json"}
    return await shop.client.post(WEBHOOK, content=event["body"], headers=headers)


async def payments(shop: Shop, order: str) -> list[str]:
    return [payment["state"] for payment in (await shop.order(order))["payments"]]


async def page(shop: Shop, order: str, **more: object) -> Any:
    body = {
        "orderId": order,
        "successUrl": "https://a.example/ok",
        "cancelUrl": "https://a.example/no",
        **more,
    }
    return await shop.post("stripe/checkout-session", body)


async def test_a_purchase_begins_a_payment_of_what_the_server_says(shop: Shop, stripe: Account) -> None:
    order = (await shop.buy(3)).json()
    [intent] = stripe.objects("payment_intent")
    assert order["paymentIntentSecret"] == intent["client_secret"]
    assert (intent["amount"], intent["currency"]) == (7500, "eur")
    assert intent["metadata"]["order"] == order["orderId"]
    assert (await shop.get("stripe/config")).json() == {"publishableKey": "pk_test_standin"}


async def test_the_tickets_come_once_stripe_says_that_it_is_paid(shop: Shop, stripe: Account) -> None:
    order = await shop.bought(2)
    assert problem(await shop.confirm(order)) == (409, "unpaid")
    stripe.pay(stripe.last("payment_intent")["id"])
    answers = await asyncio.gather(*(shop.confirm(order) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({tuple(t["id"] for t in answer.json()["tickets"]) for answer in answers}) == 1
    assert await payments(shop, order) == ["taken"]
    assert await shop.left() == 8


async def test_a_payment_that_fails_or_takes_its_time_gives_no_tickets(shop: Shop, stripe: Account) -> None:
    order = await shop.bought()
    intent = stripe.last("payment_intent")["id"]
    for what in ("fail", "process"):
        stripe.tell(**{what: intent})
        assert problem(await shop.confirm(order)) == (409, "unpaid")
    stripe.pay(intent)
    assert (await shop.confirm(order)).status_code == 200


async def test_a_message_finishes_an_order_whose_client_never_came_back(shop: Shop, stripe: Account) -> None:
    order = await shop.bought(2)
    stripe.pay(stripe.last("payment_intent")["id"])
    [event] = stripe.events()
    assert (await heard(shop, event)).json() == {"received": True}
    assert (await shop.order(order))["state"] == "confirmed"


async def test_messages_may_come_twice_at_once_and_in_any_order(shop: Shop, stripe: Account) -> None:
    orders = [await shop.bought(who=await shop.customer(f"b{n}")) for n in range(3)]
    for n, intent in enumerate(stripe.objects("payment_intent")):
        if n == 2:
            stripe.tell(fail=intent["id"])
        stripe.pay(intent["id"])
    await shop.staff(orders[1], "cancel")
    events = stripe.events()[::-1]
    await asyncio.gather(*(heard(shop, event) for event in [*events, *events]))
    await shop.sweep()
    for event in [*events, *stripe.events()]:
        assert (await heard(shop, event)).status_code == 200
    assert [(await shop.order(order))["state"] for order in orders] == ["confirmed", "refunded", "confirmed"]
    assert await shop.left() == 8
    assert len(stripe.objects("refund")) == 1


async def test_a_forged_message_is_refused(shop: Shop, stripe: Account) -> None:
    order = await shop.bought()
    stripe.pay(stripe.last("payment_intent")["id"])
    [event] = stripe.events()
    at = int(event["signature"].split(",")[0][2:])
    forged = [
        {**event, "signature": ""},
        {**event, "signature": "nonsense"},
        {**event, "signature": f"t={at},v1={'0' * 64}"},
        {**event, "signature": event["signature"].replace(f"t={at}", f"t={at + 1}")},
        {**event, "body": event["body"] + " "},
        {**event, "body": event["body"].replace("succeeded", "canceled")},
    ]
    for each in forged:
        assert problem(await heard(shop, each)) == (400, "signature")
    assert (await shop.order(order))["state"] == "pending"


async def test_a_message_that_is_none_of_ours_changes_nothing(shop: Shop, stripe: Account) -> None:
    stripe.http.post(
        "/v1/payment_intents",
        data={"amount": "500", "currency": "eur", "metadata[payment]": "nobody"},
        headers={"Authorization": f"Bearer {SECRET_KEY}"},
    ).raise_for_status()
    stripe.pay(stripe.last("payment_intent")["id"])
    assert (await heard(shop, stripe.events()[0])).status_code == 200


async def test_a_message_is_asked_for_again_while_stripe_cannot_be_reached(
    shop: Shop, stripe: Account
) -> None:
    order = await shop.bought()
    stripe.pay(stripe.last("payment_intent")["id"])
    stripe.tell(broken=10)
    assert problem(await heard(shop, stripe.events()[0])) == (503, "payment_unavailable")
    assert problem(await shop.confirm(order)) == (503, "payment_unavailable")
    stripe.tell(broken=0)
    assert (await heard(shop, stripe.events()[0])).status_code == 200
    assert (await shop.order(order))["state"] == "confirmed"


async def test_a_form_that_is_opened_again_pays_the_same_payment(shop: Shop, stripe: Account) -> None:
    bought = (await shop.buy()).json()
    body = {"orderId": bought["orderId"]}
    answers = await asyncio.gather(*(shop.post("stripe/intent", body) for _ in range(5)))
    assert {answer.json()["clientSecret"] for answer in answers} == {bought["paymentIntentSecret"]}
    assert len(stripe.objects("payment_intent")) == 1
    stripe.pay(stripe.last("payment_intent")["id"])
    assert problem(await shop.post("stripe/intent", body)) == (409, "paid_before")
    assert (await shop.order(bought["orderId"]))["state"] == "confirmed"


async def test_the_hosted_page_is_paid_instead_of_the_form(shop: Shop, stripe: Account) -> None:
    order = await shop.bought(2)
    session = (await page(shop, order)).json()["url"].rsplit("/", 1)[1]
    await shop.sweep()
    assert stripe.last("payment_intent")["status"] == "canceled"
    stripe.pay(session)
    assert (await shop.confirm(order)).json()["state"] == "confirmed"
    assert sorted(await payments(shop, order)) == ["dropped", "taken"]
    await shop.staff(order, "refund")
    await shop.sweep()
    assert stripe.last("refund")["amount"] == 5000


async def test_both_ways_of_paying_begin_anew_when_the_other_was_given_up(
    shop: Shop, stripe: Account
) -> None:
    order = await shop.bought()
    for _ in range(2):
        assert (await page(shop, order)).status_code == 200
        secret = (await shop.post("stripe/intent", {"orderId": order})).json()["clientSecret"]
    await shop.sweep()
    assert [intent["status"] for intent in stripe.objects("payment_intent")] == [
        "canceled", "canceled", "requires_payment_method"
    ]  # fmt: skip
    assert {session["status"] for session in stripe.objects("checkout.session")} == {"expired"}
    assert secret == stripe.last("payment_intent")["client_secret"]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "", "/ok", "https://a b", "ftp://a", "https://" + "a" * 2000]
)
async def test_a_page_leads_only_to_an_address(shop: Shop, stripe: Account, url: str) -> None:
    order = await shop.bought()
    assert problem(await page(shop, order, successUrl=url)) == (422, "invalid")


async def test_money_after_the_hold_is_honoured_while_seats_are_left(shop: Shop, stripe: Account) -> None:
    order = await shop.bought(10)
    shop.clock.forward(HOLD)
    stripe.pay(stripe.last("payment_intent")["id"])
    await shop.sweep()
    assert (await shop.confirm(order)).status_code == 200
    assert stripe.objects("refund") == []


async def test_money_for_seats_that_are_gone_goes_back_and_the_customer_is_told(
    shop: Shop, stripe: Account
) -> None:
    order = await shop.bought(10)
    intent = stripe.last("payment_intent")["id"]
    shop.clock.forward(HOLD)
    await shop.sold(1, who=await shop.customer("bob"))
    stripe.pay(intent)
    assert problem(await shop.confirm(order)) == (409, "order_refunded")
    await shop.sweep()
    assert [(refund["payment_intent"], refund["amount"]) for refund in stripe.objects("refund")] == [
        (intent, 25000)
    ]
    assert await payments(shop, order) == ["returned"]
    assert [(to, about["reason"]) for _, to, about in await shop.mails("order.refunded")] == [
        ("ada@example.com", "sold_out")
    ]
    assert (await shop.left(), (await shop.order(order))["tickets"]) == (9, [])


async def test_fifty_late_payments_for_ten_seats_are_honoured_ten_times_and_returned_forty(
    shop: Shop, stripe: Account
) -> None:
    orders = []
    for n in range(50):
        if n and n % 10 == 0:
            shop.clock.forward(HOLD)
            shop.world.now = shop.clock()
        orders.append(await shop.bought(who=await shop.customer(f"late{n}")))
    shop.clock.forward(HOLD)
    for intent in stripe.objects("payment_intent"):
        stripe.pay(intent["id"])
    answers = await asyncio.gather(*(heard(shop, event) for event in stripe.events()))
    assert {answer.status_code for answer in answers} == {200}
    shop.world.now = shop.clock()
    for _ in range(2):
        await shop.sweep()
    states = [(await shop.order(order))["state"] for order in orders]
    assert (states.count("confirmed"), states.count("refunded")) == (10, 40)
    assert len(stripe.objects("refund")) == 40


async def test_a_hold_that_ends_lets_nobody_pay_any_more(shop: Shop, stripe: Account) -> None:
    order = await shop.bought()
    shop.clock.forward(HOLD)
    await shop.sweep()
    await shop.sweep()
    assert stripe.last("payment_intent")["status"] == "canceled"
    assert await payments(shop, order) == ["dropped"]
    assert problem(await shop.confirm(order)) == (410, "order_expired")
    assert problem(await shop.post("stripe/intent", {"orderId": order})) == (410, "order_expired")
    assert problem(await page(shop, order)) == (410, "order_expired")


async def test_money_that_nobody_told_of_is_found_when_the_hold_ends(shop: Shop, stripe: Account) -> None:
    order = await shop.bought()
    stripe.pay(stripe.last("payment_intent")["id"])
    shop.clock.forward(HOLD)
    await shop.sweep()
    await shop.sweep()
    assert (await shop.order(order))["state"] == "confirmed"


async def test_what_was_cancelled_and_paid_all_the_same_goes_back(shop: Shop, stripe: Account) -> None:
    order = await shop.bought()
    intent = stripe.last("payment_intent")["id"]
    stripe.pay(intent)
    await shop.post("tickets/cancel-order", {"orderId": order})
    await shop.sweep()
    await shop.sweep()
    assert (await shop.order(order))["state"] == "refunded"
    assert [refund["payment_intent"] for refund in stripe.objects("refund")] == [intent]


async def test_nothing_is_to_be_paid_for_an_event_that_is_called_off(shop: Shop, stripe: Account) -> None:
    order = await shop.bought()
    path = f"/api/organizations/{shop.world.org}/events/{shop.world.event}/cancel"
    assert (await shop.client.post(path, headers=shop.world.staff("events"))).status_code == 200
    assert problem(await shop.post("stripe/intent", {"orderId": order})) == (409, "event_state")
    assert problem(await page(shop, order)) == (409, "event_state")
    assert stripe.objects("checkout.session") == []
    stripe.pay(stripe.last("payment_intent")["id"])
    assert problem(await shop.confirm(order)) == (409, "order_refunded")
    await shop.sweep()
    assert len(stripe.objects("refund")) == 1
    said = text(await Mailbox(shop.app).newest("ada@example.com"))
    assert "The event was cancelled before your payment came." in said
    assert "somebody else" not in said


async def test_money_at_the_desk_gives_up_the_payment_at_stripe(shop: Shop, stripe: Account) -> None:
    order = await shop.bought()
    await shop.staff(order, "pay")
    await shop.sweep()
    assert stripe.last("payment_intent")["status"] == "canceled"
    assert sorted(await payments(shop, order)) == ["dropped", "taken"]
    await shop.staff(order, "refund")
    await shop.sweep()
    assert stripe.objects("refund") == []
    assert sorted(await payments(shop, order)) == ["dropped", "returned"]


async def test_what_is_paid_twice_goes_back_once(shop: Shop, stripe: Account) -> None:
    order = await shop.bought()
    intent = stripe.last("payment_intent")["id"]
    stripe.pay(intent)
    await shop.staff(order, "pay")
    for _ in range(3):
        await shop.sweep()
        for event in stripe.events():
            await heard(shop, event)
    assert [refund["payment_intent"] for refund in stripe.objects("refund")] == [intent]
    seen = await shop.order(order)
    assert (seen["state"], sorted(await payments(shop, order))) == ("confirmed", ["returned", "taken"])
    assert [about["reason"] for _, _, about in await shop.mails("order.refunded")] == ["paid_before"]


async def test_a_refund_is_tried_until_stripe_has_it_and_done_once(shop: Shop, stripe: Account) -> None:
    order = await shop.bought(2)
    stripe.pay(stripe.last("payment_intent")["id"])
    await shop.confirm(order)
    stripe.tell(broken=100)
    assert (await shop.staff(order, "refund")).json()["payments"][0]["state"] == "owed"
    await shop.sweep()
    assert await payments(shop, order) == ["owed"]
    stripe.tell(broken=0)
    await shop.sweep()
    assert stripe.objects("refund") == []
    shop.clock.forward(30 * SECOND)
    await asyncio.gather(*(shop.sweep() for _ in range(4)))
    assert await payments(shop, order) == ["returned"]
    assert len(stripe.objects("refund")) == 1


async def test_a_refund_whose_answer_was_lost_is_not_made_twice(shop: Shop, stripe: Account) -> None:
    order = await shop.bought()
    stripe.pay(stripe.last("payment_intent")["id"])
    await shop.confirm(order)
    stripe.tell(lost=True)
    await shop.staff(order, "refund")
    await shop.sweep()
    shop.clock.forward(30 * SECOND)
    await shop.sweep()
    assert await payments(shop, order) == ["returned"]
    assert len(stripe.objects("refund")) == 1


async def test_what_is_given_back_at_stripe_itself_voids_the_tickets(shop: Shop, stripe: Account) -> None:
    order = await shop.bought(2)
    intent = stripe.last("payment_intent")["id"]
    stripe.pay(intent)
    await shop.confirm(order)
    stripe.tell(refund=intent)
    for event in stripe.events()[::-1]:
        await heard(shop, event)
    seen = await shop.order(order)
    assert (seen["state"], [ticket["state"] for ticket in seen["tickets"]]) == ("refunded", ["refunded"] * 2)
    assert await shop.left() == 10


async def test_a_provider_that_cannot_be_reached_leaves_no_hold(shop: Shop, stripe: Account) -> None:
    stripe.tell(broken=100)
    assert problem(await shop.buy(10)) == (503, "payment_unavailable")
    assert await shop.left() == 10
    stripe.tell(broken=0)
    assert (await shop.buy(10)).status_code == 201


async def test_a_call_that_fails_once_is_made_again_and_once(shop: Shop, stripe: Account) -> None:
    stripe.tell(broken=1)
    assert (await shop.buy()).status_code == 201
    assert len(stripe.objects("payment_intent")) == 1


async def test_what_stripe_refuses_is_told_and_holds_nothing(shop: Shop, stripe: Account) -> None:
    await shop.tier("penny", price=1, quota=10)
    answer = await shop.buy(1, "penny")
    assert problem(answer) == (409, "payment_refused")
    assert await shop.left("penny") == 10


async def test_another_amount_than_was_asked_buys_nothing_and_goes_back(shop: Shop, stripe: Account) -> None:
    order = await shop.bought()
    intent = stripe.last("payment_intent")["id"]
    stripe.pay(intent)
    stripe.tell(change=intent, values={"amount_received": 1})
    assert problem(await shop.confirm(order)) == (409, "unpaid")
    await shop.sweep()
    assert [refund["payment_intent"] for refund in stripe.objects("refund")] == [intent]
    assert (await shop.order(order))["state"] == "pending"


@pytest.mark.parametrize(("currency", "units"), [("JPY", 2500), ("ISK", 250_000), ("USD", 2500)])
async def test_amounts_are_in_the_units_that_stripe_counts(
    shop: Shop, stripe: Account, currency: str, units: int
) -> None:
    await shop.tier("abroad", price=2500, currency=currency)
    order = await shop.bought(1, "abroad")
    assert stripe.last("payment_intent")["amount"] == units
    stripe.pay(stripe.last("payment_intent")["id"])
    assert (await shop.confirm(order)).json()["total"] == 2500


async def test_what_costs_nothing_is_not_taken_to_stripe(shop: Shop, stripe: Account) -> None:
    bought = (await shop.buy(1, "free")).json()
    assert (bought["paymentIntentSecret"], stripe.objects("payment_intent")) == (None, [])
    body = {"orderId": bought["orderId"]}
    assert problem(await shop.post("stripe/intent", body)) == (409, "pay_at_desk")
    assert (await shop.confirm(bought["orderId"])).status_code == 200


async def test_another_customers_order_cannot_be_paid_or_seen(shop: Shop, stripe: Account) -> None:
    order = await shop.bought()
    bob = await shop.customer("bob")
    body = {"orderId": order}
    assert problem(await shop.post("stripe/intent", body, bob)) == (404, "not_found")
    urls = {"successUrl": "https://a.example", "cancelUrl": "https://a.example"}
    assert problem(await shop.post("stripe/checkout-session", {**body, **urls}, bob)) == (404, "not_found")


async def test_no_secret_reaches_a_log_or_an_answer(
    shop: Shop, stripe: Account, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answers = [(await shop.buy()).text, (await shop.get("stripe/config")).text]
    stripe.tell(broken=10)
    answers.append((await shop.buy()).text)
    answers.append((await heard(shop, {"body": "{}", "signature": "t=1,v1=2"})).text)
    for secret in (SECRET_KEY, WEBHOOK_SECRET):
        assert secret not in caplog.text
        assert secret not in "".join(answers)
        assert secret not in repr(stripe.settings(settings))
