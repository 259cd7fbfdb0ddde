"""Signing in by a mailed link, one's own tickets, signing out."""

from fastapi import FastAPI
from sqlalchemy import update

from domain.clock import MINUTE
from server.auth.tables import customers
from tests.server.customer.pages.reader import Reader, links, words
from tests.server.mailbox import Mailbox, link, recipient, text
from tests.server.orders.shop import Shop

EVE = "eve@example.com"


async def arrived(reader: Reader, app: FastAPI, email: str = EVE) -> str:
    """Asks for a link; the page that it opens."""
    await reader.send("/my/sign-in", {"email": email, "org": "org-1"})
    # Whoever just bought something is mailed their tickets too, perhaps within the same millisecond.
    mails = [
        mail for mail in await Mailbox(app).all() if recipient(mail) == email and "/sign-in/" in text(mail)
    ]
    return f"/sign-in/{link(mails[-1], 'sign-in')}"


async def signed_in(reader: Reader, app: FastAPI, email: str = EVE) -> None:
    answer = await reader.send(await arrived(reader, app, email))
    assert answer.headers["location"] == "/my"


async def test_who_signs_in_by_a_mailed_link_sees_the_tickets_of_that_address(
    shop: Shop, reader: Reader
) -> None:
    form = {"q.free": "2", "name": "Eve", "email": EVE}
    await reader.send("/e/org-1-evt-1/order", form)
    shop.clock.forward(1)
    assert "Mail me a link" in words(await reader.get("/my"))
    await signed_in(reader, shop.app)
    mine = await reader.get("/my")
    assert f"Signed in as {EVE}" in words(mine)
    assert len(links(mine, "/t/")) == 2
    assert "Valid" in words(await reader.get(links(mine, "/t/")[0]))


async def test_looking_at_the_link_does_not_use_it_up(shop: Shop, reader: Reader) -> None:
    place = await arrived(reader, shop.app)
    for _ in range(3):
        assert "Sign in" in words(await reader.get(place))
    await reader.send(place)
    assert "No longer valid" in words(await reader.send(place, status=410))


async def test_the_page_says_the_same_whoever_asks_for_a_link(shop: Shop, reader: Reader) -> None:
    known = await reader.send("/my/sign-in", {"email": "ada@example.com", "org": "org-1"})
    unknown = await reader.send("/my/sign-in", {"email": "nobody@example.com", "org": "org-1"})
    assert known.headers["location"] == unknown.headers["location"]
    assert "Look into your mailbox" in words(await reader.follow(known))
    assert "Write an e-mail address" in words(await reader.send("/my/sign-in", {"email": "x"}, 422))


async def test_signing_out_ends_it_for_a_stolen_cookie_too(shop: Shop, reader: Reader) -> None:
    await signed_in(reader, shop.app)
    cookie = reader.client.cookies["usher_session"]
    await reader.send("/my/sign-out")
    assert "usher_session" not in reader.client.cookies
    reader.client.cookies.set("usher_session", cookie)
    assert "Mail me a link" in words(await reader.get("/my"))


async def test_a_sign_in_ends_by_time_and_with_its_account(shop: Shop, reader: Reader) -> None:
    await signed_in(reader, shop.app)
    shop.clock.forward(29 * 24 * 60 * MINUTE)
    assert "Signed in" in words(await reader.get("/my"))
    closing = update(customers).where(customers.c.email == EVE).values(active=False)
    await shop.world.database.write(lambda t: t.connection.execute(closing) and None)
    assert "Mail me a link" in words(await reader.get("/my"))


async def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(shop: Shop, reader: Reader) -> None:
    answer = await reader.send(await arrived(reader, shop.app))
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert "secure" not in cookie, "this server is called without TLS"


async def test_a_token_for_staff_is_no_cookie_of_a_customer(shop: Shop, reader: Reader) -> None:
    for token in ("x", "%00", shop.desk["Authorization"].split()[1]):
        reader.client.cookies.set("usher_session", token)
        assert "Mail me a link" in words(await reader.get("/my"))
