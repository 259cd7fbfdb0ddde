"""The page of a ticket."""

import re
from urllib.parse import quote

import pytest
from httpx import Response
from sqlalchemy import update

from domain import rotating_code
from domain.clock import HOUR
from server.customer.pages.passes import address
from server.events.tables import events
from tests.server.customer.pages.reader import Reader, links, words
from tests.server.customer.pages.test_account_pages import signed_in
from tests.server.mailbox import Mailbox, link
from tests.server.orders.shop import Shop
from tests.server.orders.stall import open_stall


async def test_a_ticket_opens_at_its_code_whatever_stands_in_it(shop: Shop, reader: Reader) -> None:
    seen: set[str] = set()
    for number in range(1, 60):
        code = await shop.world.ticket(name=f"Guest {number}")
        if not set(code) & set(" $%*+-./:") - seen:
            continue
        seen |= set(code) & set(" $%*+-./:")
        assert quote(code, safe="") in address(code)
        assert f"Guest {number}" in words(await reader.get(address(code)))
    assert seen == set(" $%*+-./:")


async def test_a_code_of_another_system_opens_no_page(shop: Shop, reader: Reader) -> None:
    await shop.world.ticket(code="1234", foreign_code="1234", name="Secret Name")
    for wrong in ("1234", "U", "UNO", "a/b", "%00", "x" * 255):
        answer = await reader.get(f"/t/{quote(wrong, safe='')}", 404)
        assert "Secret" not in answer.text
    forged = shop.world.code(1, generation=3)
    await reader.get(address(forged), 404)


@pytest.mark.parametrize(
    ("state", "said"), [("canceled", "Cancelled"), ("refunded", "Refunded"), ("blocked", "Blocked"),
                        ("pending", "Not paid yet"), ("unapproved", "Waiting for the organiser")],
)  # fmt: skip
async def test_a_ticket_that_is_not_good_shows_no_code(
    shop: Shop, reader: Reader, state: str, said: str
) -> None:
    code = await shop.world.ticket(state=state)
    page = await reader.get(address(code))
    assert said in words(page)
    assert 'id="code"' not in page.text


async def test_a_ticket_that_was_let_in_says_when(shop: Shop, reader: Reader) -> None:
    code = await shop.world.ticket()
    assert (await shop.admit("org-1-t1"))["verdict"] == "admitted"
    assert "Checked in Sun 10 May, 14:00" in words(await reader.get(address(code)))


@pytest.mark.parametrize("ended", ["cancelled", "over"])
async def test_a_ticket_of_an_event_that_is_not_to_come_is_neither_called_valid_nor_passed_on(
    shop: Shop, reader: Reader, ended: str
) -> None:
    await shop.world.ticket(email="eve@example.com", name="Eve")
    await signed_in(reader, shop.app)
    [own] = links(await reader.get("/my"), "/t/")
    assert _offers(await reader.get(own)) == ["Valid", "Pass this ticket on", "Add to calendar"]
    if ended == "cancelled":
        headers = shop.world.staff("events")
        await shop.client.post("/api/organizations/org-1/events/evt-1/cancel", headers=headers)
    else:
        shop.clock.forward(8 * HOUR)
    page = await reader.get(own)
    assert f"This event is {ended}" in words(page)
    assert _offers(page) == []
    listed = words(await reader.get("/my"))
    assert ("Summit Cancelled" in listed) == (ended == "cancelled")
    assert ("Past events" in listed) == (ended == "over")


async def test_a_ticket_of_an_event_that_is_not_published_yet_is_good(shop: Shop, reader: Reader) -> None:
    await shop.world.ticket(email="eve@example.com", name="Eve")
    await signed_in(reader, shop.app)
    [own] = links(await reader.get("/my"), "/t/")
    await shop.world.database.write(lambda t: t.connection.execute(update(events).values(state="draft")))
    assert _offers(await reader.get(own)) == ["Valid", "Pass this ticket on"]


def _offers(page: Response) -> list[str]:
    """What only the page of a ticket for what is to come says."""
    return [each for each in ("Valid", "Pass this ticket on", "Add to calendar") if each in words(page)]


async def test_the_old_code_of_a_reissued_ticket_is_gone(shop: Shop, reader: Reader) -> None:
    code = await shop.world.ticket(name="Secret Name")
    path = "/api/organizations/org-1/events/evt-1/tickets/org-1-t1/reissue"
    answer = await shop.client.post(path, headers=shop.world.staff("events"))
    assert answer.status_code == 200, answer.text
    gone = await reader.get(address(code), 410)
    assert "No longer valid" in words(gone)
    assert "Secret" not in gone.text


async def rotating(shop: Shop, reader: Reader) -> str:
    """The address of a ticket whose code rotates, as the page of its order gives it."""
    await shop.tier("turning", rotating=True)
    form = {"q.turning": "1", "name": "Eve", "email": "eve@example.com"}
    done = await reader.follow(await reader.send("/e/org-1-evt-1/order", form))
    return links(done, "/t/")[0]


async def test_a_rotating_code_comes_with_the_digits_of_the_coming_hours(shop: Shop, reader: Reader) -> None:
    page = await reader.get(await rotating(shop, reader))
    assert re.search(r'<noscript><meta http-equiv="refresh" content="\d+"></noscript>', page.text)
    run = re.search(r'data-first="(\d+)" data-step="30000" data-digits="(\d+)"', page.text)
    assert run is not None
    first, digits = int(run[1]), run[2]
    ticket = (
        await shop.client.get(
            "/api/organizations/org-1/events/evt-1/tickets", headers=shop.world.staff("events")
        )
    ).json()["items"][0]
    secret = rotating_code.secret(b"s" * 32, ticket["number"], 0)
    at = shop.clock()
    place = (at // rotating_code.STEP - first) * 6
    assert digits[place : place + 6] == rotating_code.digits(secret, at)
    assert len(digits) == 6 * 24 * 120


async def test_the_code_alone_does_not_open_the_page_of_a_rotating_ticket(shop: Shop, reader: Reader) -> None:
    whole = await rotating(shop, reader)
    code_alone, _, key = whole.partition("?k=")
    for wrong in (code_alone, f"{code_alone}?k=", f"{code_alone}?k={key[:-1]}", f"{code_alone}?k=%C3%A9"):
        closed = await reader.get(wrong, 403)
        assert "protected" in words(closed)
        assert "Eve" not in closed.text


async def test_its_owner_opens_a_ticket_whose_code_another_system_made(shop: Shop, reader: Reader) -> None:
    await shop.world.ticket(code="1234", foreign_code="1234", email="eve@example.com", name="Eve")
    await signed_in(reader, shop.app)
    [own] = links(await reader.get("/my"), "/my/tickets/")
    page = await reader.get(own)
    assert "Valid" in words(page)
    assert 'id="code"' in page.text
    assert links(page, "/t/") == []
    await reader.send(f"{own}/offer", {"email": "bob@example.com"})
    assert "Offered to bob@example.com" in words(await reader.get(own))
    await shop.world.ticket(name="Somebody else")
    await reader.get("/my/tickets/org-1-t2", 404)
    reader.client.cookies.clear()
    await reader.get(own, 401)


async def test_who_bought_at_the_door_opens_the_ticket_from_the_order(shop: Shop, reader: Reader) -> None:
    await shop.tier("free", atDoor=True)
    stall = await open_stall(shop)
    await stall.renew()
    await stall.sells("free", email="eve@example.com", name="Eve", method="free")
    order = f"/order/{link(await Mailbox(shop.app).newest('eve@example.com'), 'order')}"
    [place] = links(await reader.get(order), f"{order}/tickets/")
    page = await reader.get(place)
    assert "Eve" in words(page)
    assert 'id="code"' in page.text
    # Beyond the numbers of those that are sold.
    shop.world.issued = 100
    await shop.world.ticket(name="Somebody else")
    await reader.get(f"{order}/tickets/org-1-t101", 404)


async def test_of_perks_alike_it_says_how_many_were_received(shop: Shop, reader: Reader) -> None:
    code = await shop.world.ticket(perks='["Drink", "Bag", "Drink"]')
    body = {"perk": "Drink", "opId": "op-perk"}
    path = "/api/events/check-in/org-1-t1/perks"
    answer = await shop.client.post(path, json=body, headers=shop.world.staff("door"))
    assert answer.is_success, answer.text
    assert "Drink (received) Bag Drink" in words(await reader.get(address(code)))


async def test_an_open_page_hears_of_every_change_of_its_ticket(shop: Shop, reader: Reader) -> None:
    place = address(await shop.world.ticket(perks='["Drink"]'))

    async def heard() -> str:
        return (await reader.get(f"{place}/now")).text

    seen = [await heard()]
    assert f'data-mark="{seen[0]}"' in (await reader.get(place)).text
    assert await heard() == seen[0]
    await shop.admit("org-1-t1")
    seen.append(await heard())
    body, door = {"perk": "Drink", "opId": "op-perk"}, shop.world.staff("door")
    await shop.client.post("/api/events/check-in/org-1-t1/perks", json=body, headers=door)
    seen.append(await heard())
    there, staff = "/api/organizations/org-1/events/evt-1", shop.world.staff("events")
    await shop.client.post(f"{there}/cancel", headers=staff)
    seen.append(await heard())
    await shop.client.patch(f"{there}/tickets/org-1-t1", json={"act": "refund"}, headers=staff)
    seen.append(await heard())
    assert len(set(seen)) == 5
    assert f'data-mark="{seen[-1]}"' in (await reader.get(place)).text


async def test_who_may_not_open_a_page_hears_nothing_of_its_ticket(shop: Shop, reader: Reader) -> None:
    whole = await rotating(shop, reader)
    code_alone, _, key = whole.partition("?")
    await reader.get(f"{code_alone}/now", 403)
    await reader.get(f"{code_alone}/now?{key}")
    await reader.get("/t/UNO/now", 404)
    shop.world.issued = 100
    code = await shop.world.ticket()
    path = "/api/organizations/org-1/events/evt-1/tickets/org-1-t101/reissue"
    await shop.client.post(path, headers=shop.world.staff("events"))
    await reader.get(f"{address(code)}/now", 410)
