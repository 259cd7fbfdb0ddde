"""Ordering and paying, as a browser without scripts does it."""

import asyncio
import re
from urllib.parse import quote

import pytest

from domain.clock import MINUTE
from tests.server.customer.pages.reader import Reader, links, words
from tests.server.orders.shop import Shop

ORDER = "/e/org-1-evt-1/order"
EVE = {"name": "Eve", "email": "Eve@Example.com"}


async def ordered(reader: Reader, **more: str) -> str:
    """The address of a new order of two seats."""
    return str((await reader.send(ORDER, {"q.seat": "2", **EVE, **more})).headers["location"])


async def paid(shop: Shop) -> None:
    """Takes the money for the only order that waits for it."""
    [order] = (await shop.client.get(shop.till, headers=shop.desk)).json()["items"]
    assert (await shop.staff(order["id"], "pay")).status_code == 200


async def test_tickets_are_chosen_ordered_paid_at_the_desk_and_shown(shop: Shop, reader: Reader) -> None:
    form = await reader.get(f"{ORDER}?q.seat=2&q.free=0")
    assert "2 × Seat €50.00 Total €50.00" in words(form)
    place = await ordered(reader, **{"n.seat.1": "Bob"})
    waiting = await reader.get(place)
    assert "Pay at the desk" in words(waiting)
    assert "until 14:15" in words(waiting)
    assert '<meta http-equiv="refresh"' in waiting.text
    [order] = (await shop.client.get(shop.till, headers=shop.desk)).json()["items"]
    assert order["number"] in words(waiting)
    assert (order["email"], order["total"], order["state"]) == ("eve@example.com", 5000, "pending")
    await paid(shop)
    done = await reader.get(place)
    assert "on their way to eve@example.com" in words(done)
    assert "Eve" in words(done)
    assert "Bob" in words(done)
    assert len(links(done, "/t/")) == 2
    for ticket in links(done, "/t/"):
        assert "Valid" in words(await reader.get(ticket))


async def test_the_order_of_an_event_that_was_cancelled_says_so(shop: Shop, reader: Reader) -> None:
    place = await ordered(reader)
    await paid(shop)
    headers = shop.world.staff("events")
    await shop.client.post("/api/organizations/org-1/events/evt-1/cancel", headers=headers)
    page = await reader.get(place)
    assert "This event is cancelled" in words(page)
    assert "You’re in" not in words(page)
    assert links(page, "/e/org-1-evt-1/event.ics") == []
    assert len(links(page, "/t/")) == 2


async def test_what_costs_nothing_needs_no_payment(shop: Shop, reader: Reader) -> None:
    answer = await reader.send(ORDER, {"q.free": "1", **EVE})
    done = await reader.follow(answer)
    assert len(links(done, "/t/")) == 1


async def test_whoever_orders_nothing_is_asked_again(shop: Shop, reader: Reader) -> None:
    for asked in ("", "?q.seat=0", "?q.seat=-1", "?q.seat=²", "?q.seat=99999999", "?q.crew=1", "?q.seat=1.5"):
        answer = await reader.get(f"{ORDER}{quote(asked, safe='?=.')}", 422)
        assert "Choose how many" in words(answer)
    again = await reader.send(ORDER, EVE, 422)
    said = words(again)
    assert said.index("Choose how many") < said.index("Seat"), "where it is seen first"
    assert re.search(r'<p class="notice bad"[^>]* autofocus>', again.text)


async def test_what_was_chosen_is_still_chosen_when_it_is_changed(shop: Shop, reader: Reader) -> None:
    form = await reader.get(f"{ORDER}?q.seat=2&q.free=1")
    [change] = set(links(form, "/e/org-1-evt-1?"))
    page = await reader.get(change)
    assert re.findall(r'<option value="(\d+)" selected', page.text) == ["2", "1"]
    await shop.tier("seat", maxPerOrder=1)
    refused = await reader.send(ORDER, {"q.seat": "2", **EVE}, 422)
    assert "One order cannot hold this many" in words(refused)
    assert links(refused, "/e/org-1-evt-1?") == ["/e/org-1-evt-1?q.seat=2#tickets"] * 2


async def test_a_wrong_field_is_named_and_the_others_are_kept(shop: Shop, reader: Reader) -> None:
    answer = await reader.send(ORDER, {"q.seat": "1", "name": "Eve <i>", "email": "eve@"}, 422)
    assert "Write an e-mail address" in words(answer)
    assert 'value="Eve &lt;i&gt;"' in answer.text
    assert (await shop.client.get(shop.till, headers=shop.desk)).json()["items"] == []


async def test_of_many_who_order_the_last_seats_the_others_are_told(shop: Shop, reader: Reader) -> None:
    forms = [{"q.seat": "3", "name": "Eve", "email": f"eve{n}@example.com"} for n in range(6)]
    headers = {"Accept": reader.accepts, "Origin": "http://usher.test"}
    answers = await asyncio.gather(*(reader.client.post(ORDER, data=form, headers=headers) for form in forms))
    assert sorted(answer.status_code for answer in answers) == [303] * 3 + [409] * 3
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert "Somebody was faster" in words(refused)


async def keyed(reader: Reader, **fields: str) -> dict[str, str]:
    """A form with the key that its page gave it."""
    page = await reader.get(f"{ORDER}?q.seat=1")
    [key] = re.findall(r'name="key" value="([^"]+)"', page.text)
    return {**EVE, **fields, "key": key}


async def orders(shop: Shop) -> int:
    return len((await shop.client.get(shop.till, headers=shop.desk)).json()["items"])


@pytest.mark.parametrize("tier", ["seat", "free"])
async def test_one_form_sent_many_times_places_one_order(shop: Shop, reader: Reader, tier: str) -> None:
    form = await keyed(reader, **{f"q.{tier}": "10"})
    headers = {"Accept": reader.accepts, "Origin": "http://usher.test"}
    answers = await asyncio.gather(*(reader.client.post(ORDER, data=form, headers=headers) for _ in range(9)))
    assert {answer.status_code for answer in answers} == {303}
    again = await reader.send(ORDER, form)
    assert {answer.headers["location"] for answer in (*answers, again)} == {again.headers["location"]}
    assert await orders(shop) == 1
    assert len(links(await reader.follow(again), "/t/")) == (10 if tier == "free" else 0)


async def test_a_form_that_was_changed_or_opened_anew_places_another_order(
    shop: Shop, reader: Reader
) -> None:
    first = await keyed(reader, **{"q.free": "1"})
    anew = await keyed(reader, **{"q.free": "1"})
    for form in (first, {**first, "q.free": "2"}, {**first, "name": "Eva"}, anew):
        await reader.send(ORDER, form)
    assert await orders(shop) == 4


async def test_a_form_that_was_refused_is_sent_again_with_its_key(shop: Shop, reader: Reader) -> None:
    form = await keyed(reader, **{"q.seat": "1", "email": "eve@"})
    refused = await reader.send(ORDER, form, 422)
    assert f'name="key" value="{form["key"]}"' in refused.text
    places = {
        (await reader.send(ORDER, {**form, "email": "eve@example.com"})).headers["location"] for _ in range(2)
    }
    assert len(places) == await orders(shop) == 1


@pytest.mark.parametrize("key", ["", "x", "ü" * 32, "x" * 33])
async def test_what_is_no_key_of_ours_is_none(shop: Shop, reader: Reader, key: str) -> None:
    for _ in range(2):
        await reader.send(ORDER, {"q.free": "1", **EVE, "key": key})
    assert await orders(shop) == 2


async def test_an_order_that_is_given_up_gives_its_places_back(shop: Shop, reader: Reader) -> None:
    place = await ordered(reader)
    assert await shop.left() == 8
    over = await reader.follow(await reader.send(f"{place}/cancel"))
    assert "Order cancelled" in words(over)
    assert await shop.left() == 10
    await reader.send(f"{place}/cancel")


async def test_an_order_whose_time_is_over_says_so(shop: Shop, reader: Reader) -> None:
    place = await ordered(reader)
    shop.clock.forward(15 * MINUTE)
    assert "Time is up" in words(await reader.get(place))


async def test_a_paid_order_is_not_given_up_by_its_page(shop: Shop, reader: Reader) -> None:
    place = await ordered(reader)
    await paid(shop)
    await reader.send(f"{place}/cancel")
    assert "You’re in" in words(await reader.get(place))


async def test_an_order_opens_by_its_whole_address_alone(shop: Shop, reader: Reader) -> None:
    place = await ordered(reader)
    [order] = (await shop.client.get(shop.till, headers=shop.desk)).json()["items"]
    for wrong in (order["id"], order["number"], place[7:-1], "x"):
        await reader.get(f"/order/{wrong}", 404)
        await reader.send(f"/order/{wrong}/cancel", status=404)


async def test_at_the_desk_there_is_no_payment_page(shop: Shop, reader: Reader) -> None:
    await reader.send(f"{await ordered(reader)}/pay", status=409)
