"""What every payment provider promises, the desk and Stripe."""

from collections.abc import AsyncIterator
from contextlib import nullcontext
from dataclasses import replace

import pytest
from pydantic import ValidationError

from domain.errors import Conflict, Unavailable, Unreadable
from server.settings import Settings
from server.ticketing.payments.choice import choose
from server.ticketing.payments.desk import Desk
from server.ticketing.payments.provider import Due, Line, Provider, Standing
from server.ticketing.payments.stripe import Stripe
from tests.server.stripe.account import Account
from tests.server.stripe.standin import SECRET_KEY, WEBHOOK_SECRET

DUE = Due("pay-1", "org-1", "order-1", "K7", 5000, "EUR", "ada@example.com", (Line("Seat", 2, 2500),))


@pytest.fixture(params=["desk", "stripe"])
async def provider(request: pytest.FixtureRequest, stripe: Account) -> AsyncIterator[Provider]:
    made: Provider = Desk() if request.param == "desk" else Stripe(SECRET_KEY, WEBHOOK_SECRET, stripe.url)
    yield made
    await made.close()


@pytest.fixture
async def online(stripe: Account) -> AsyncIterator[Stripe]:
    made = Stripe(SECRET_KEY, WEBHOOK_SECRET, stripe.url)
    yield made
    await made.close()


async def test_a_payment_that_is_begun_again_is_the_same(provider: Provider) -> None:
    first, again = await provider.begin(DUE), await provider.begin(DUE)
    assert first == again
    assert await provider.begin(replace(DUE, payment="pay-2")) != first


async def test_a_payment_is_open_until_it_is_paid(provider: Provider) -> None:
    begun = await provider.begin(DUE)
    assert (await provider.look_up(begun.reference)).standing is Standing.OPEN


async def test_what_was_given_up_is_dead_however_often(provider: Provider) -> None:
    begun = await provider.begin(DUE)
    for _ in range(2):
        assert (await provider.give_up(begun.reference)).standing is Standing.DEAD


async def test_a_message_that_nobody_signed_names_no_payment(provider: Provider) -> None:
    body = b'{"data": {"object": {"metadata": {"payment": "pay-1"}}}}'
    with pytest.raises(Unreadable) if provider.online else nullcontext():
        assert provider.heard(body, "t=1,v1=2") is None


async def test_what_was_paid_is_paid_and_can_go_back_once(online: Stripe, stripe: Account) -> None:
    for begun in (
        await online.begin(DUE),
        await online.checkout(replace(DUE, payment="p2"), "https://a", "https://b"),
    ):
        stripe.pay(begun.reference)
        seen = await online.look_up(begun.reference)
        assert (seen.standing, seen.amount, seen.currency) == (Standing.PAID, 5000, "EUR")
        assert (await online.give_up(begun.reference)).standing is Standing.PAID
        for _ in range(2):
            await online.refund(f"pay-{begun.reference}", seen.charge)
        await online.refund("under another key", seen.charge)
        assert (await online.look_up(begun.reference)).standing is Standing.RETURNED
    assert len(stripe.objects("refund")) == 2


async def test_a_payment_under_way_cannot_be_given_up(online: Stripe, stripe: Account) -> None:
    begun = await online.begin(DUE)
    stripe.tell(process=begun.reference)
    assert (await online.give_up(begun.reference)).standing is Standing.OPEN


async def test_a_wrong_key_and_a_broken_provider_are_faults_of_the_world(stripe: Account) -> None:
    wrong = Stripe("sk_test_wrong", WEBHOOK_SECRET, stripe.url)
    with pytest.raises(Unavailable):
        await wrong.begin(DUE)
    await wrong.close()
    away = Stripe(SECRET_KEY, WEBHOOK_SECRET, "http://127.0.0.1:9")
    with pytest.raises(Unavailable):
        await away.look_up("pi_1")
    await away.close()


async def test_a_payment_that_is_none_is_refused(online: Stripe) -> None:
    with pytest.raises(Conflict):
        await online.look_up("pi_none")


def test_the_desk_takes_the_money_unless_stripe_is_set_up(stripe: Account, settings: Settings) -> None:
    assert choose(settings).chosen.name == "desk"
    assert choose(stripe.settings(settings)).chosen.name == "stripe"
    with pytest.raises(ValidationError, match="USHER_STRIPE_WEBHOOK_SECRET"):
        Settings(payment_provider="stripe", stripe_secret_key="sk")
