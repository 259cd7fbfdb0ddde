"""Passing a ticket on, and claiming one by the mailed link."""

from httpx import Response

from tests.server.customer.pages.reader import Reader, links, words
from tests.server.customer.pages.test_account_pages import signed_in
from tests.server.mailbox import Mailbox, link
from tests.server.orders.shop import Shop

BOB = "bob@example.com"


async def held(shop: Shop, reader: Reader) -> str:
    """Eve signs in and gets a ticket; its page."""
    await signed_in(reader, shop.app)
    form = {"q.free": "1", "name": "Eve", "email": "eve@example.com"}
    return links(await reader.follow(await reader.send("/e/org-1-evt-1/order", form)), "/t/")[0]


async def offered(shop: Shop, reader: Reader) -> tuple[str, str]:
    """The page of a ticket that Eve offers to Bob, and that of his link."""
    page = await held(shop, reader)
    [form] = action(await reader.get(page), "offer")
    await reader.send(form, {"email": BOB, "message": "For you"})
    return page, f"/claim/{await token(shop)}"


async def token(shop: Shop) -> str:
    """The end of the address that Bob is mailed."""
    return link(await Mailbox(shop.app).newest(BOB), "claim")


def action(answer: Response, end: str) -> list[str]:
    return [
        part.split('"')[0] for part in answer.text.split('action="')[1:] if part.split('"')[0].endswith(end)
    ]


async def test_a_ticket_is_claimed_by_who_has_the_link_without_an_account(shop: Shop, reader: Reader) -> None:
    old, place = await offered(shop, reader)
    assert f"Offered to {BOB}" in words(await reader.get(old))
    reader.client.cookies.clear()
    assert "Take the ticket" in words(await reader.get(place))
    assert "Valid" in words(await reader.get(old)), "looking at the link takes nothing"
    taken = await reader.follow(await reader.send(place))
    assert BOB in words(taken)
    assert "Signed in as bob@example.com" in words(await reader.get("/my"))
    assert "No longer valid" in words(await reader.get(old, 410))
    await reader.send(place, status=410)


async def test_who_passed_a_ticket_on_does_not_see_its_new_code(shop: Shop, reader: Reader) -> None:
    form = {"q.free": "2", "name": "Eve", "email": "eve@example.com"}
    order = (await reader.send("/e/org-1-evt-1/order", form)).headers["location"]
    await signed_in(reader, shop.app)
    page = links(await reader.get(order), "/t/")[0]
    [offer] = action(await reader.get(page), "offer")
    await reader.send(offer, {"email": BOB})
    await reader.send(f"/claim/{await token(shop)}")
    reader.client.cookies.clear()
    left = await reader.get(order)
    assert len(links(left, "/t/")) == 1
    assert "passed on" in words(left)
    assert BOB not in left.text


async def test_an_offer_is_taken_back(shop: Shop, reader: Reader) -> None:
    page, place = await offered(shop, reader)
    [back] = action(await reader.get(page), "take-back")
    assert "Offer the ticket" in words(await reader.follow(await reader.send(back)))
    await reader.get(place, 410)
    await reader.send(back)


async def test_an_address_that_will_not_do_is_said_beside_its_field_and_what_was_typed_stays(
    shop: Shop, reader: Reader
) -> None:
    page = await held(shop, reader)
    [form] = action(await reader.get(page), "offer")
    for email, said, status in (
        ("no address", "Write an e-mail address that a mail can reach.", 422),
        ("Eve@example.com", "This is your own address.", 409),
    ):
        answer = await reader.send(form, {"email": email, "message": "For <you>"}, status)
        assert said in words(answer)
        assert 'autofocus aria-invalid="true" aria-describedby="email-wrong"' in answer.text
        assert f'value="{email}"' in answer.text
        assert ">For &lt;you&gt;</textarea>" in answer.text
        assert action(answer, "offer") == [form]
    assert "Offered to" not in words(await reader.get(page))


async def test_only_its_owner_offers_a_ticket(shop: Shop, reader: Reader) -> None:
    page = await held(shop, reader)
    [form] = action(await reader.get(page), "offer")
    await reader.send("/my/sign-out")
    assert "Pass this ticket on" not in words(await reader.get(page))
    await reader.send(form, {"email": BOB}, 401)


async def test_a_link_that_never_was_is_like_one_that_has_ended(shop: Shop, reader: Reader) -> None:
    for wrong in ("x", "%00", "ü" * 20):
        await reader.get(f"/claim/{wrong}", 410)
        await reader.send(f"/claim/{wrong}", status=410)
