"""Bought on Stripe's own page, end to end: the client never comes back, Stripe itself tells the server."""

import asyncio

from tests.server.live import served
from tests.server.orders.shop import Shop
from tests.server.stripe.account import Account
from tests.server.stripe.test_paying import WEBHOOK, page, payments


async def test_stripe_tells_the_running_server_of_what_was_paid_on_its_page(
    shop: Shop, stripe: Account
) -> None:
    async with served(shop.app) as port:
        stripe.tell(hook=f"http://127.0.0.1:{port}{WEBHOOK}")
        order = await shop.bought(2)
        address = (await page(shop, order)).json()["url"]
        assert (await shop.order(order))["state"] == "pending"
        stripe.pay(address.rpartition("/")[2])
        async with asyncio.timeout(30):
            while (await shop.order(order))["state"] == "pending":  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    seen = await shop.order(order)
    assert (seen["state"], len(seen["tickets"])) == ("confirmed", 2)
    assert "taken" in await payments(shop, order)
    kinds = {kind for kind, _, _ in await shop.mails()}
    assert {"ticket.issued", "order.paid"} <= kinds
    assert (await shop.admit(seen["tickets"][0]["id"]))["verdict"] == "admitted"
