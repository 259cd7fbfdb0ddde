"""Giving a ticket away: by a claim link, once, with the old code void from then on."""

import asyncio

import pytest
from httpx import Response
from sqlalchemy import select, update

from domain.clock import HOUR
from server.activity.tables import activities, changes
from server.auth.tables import customers
from server.messaging.tables import mails
from server.ticketing.tables import ticket_transfers, tickets
from tests.server.mailbox import Mailbox, link
from tests.server.office import problem
from tests.server.orders.shop import Shop

BOB = {"email": "bob@example.com", "message": "Have fun"}


async def offered(shop: Shop) -> tuple[str, str]:
    """A ticket of Ada's that is offered to Bob, and the token of the link."""
    ticket = (await shop.sold())["tickets"][0]["id"]
    assert (await shop.post(f"tickets/{ticket}/transfer", BOB)).status_code == 200
    return ticket, await token(shop)


async def token(shop: Shop, to: str = "bob@example.com") -> str:
    """The token of the link that somebody was mailed last."""
    return link(await Mailbox(shop.app).newest(to), "claim")


async def code(shop: Shop, ticket: str, who: dict[str, str] | None = None) -> str:
    return str((await shop.get(f"tickets/{ticket}/qr", who, accept="application/json")).json()["code"])


async def scan(shop: Shop, text: str, op: str) -> tuple[str, str | None]:
    body = {"code": text, "lists": ["main"], "opId": op}
    said = (
        await shop.client.post("/api/events/check-in", json=body, headers=shop.world.staff("door"))
    ).json()
    return said["verdict"], said["reason"]


async def claim(shop: Shop, link: str, who: dict[str, str]) -> Response:
    return await shop.post("tickets/claim", {"token": link}, who)


async def test_an_offered_ticket_stays_its_owners_until_it_is_claimed(shop: Shop) -> None:
    ticket, _ = await offered(shop)
    seen = (await shop.get(f"tickets/{ticket}")).json()
    assert (seen["offer"]["email"], seen["offer"]["since"][:10]) == ("bob@example.com", "2026-05-10")
    assert await scan(shop, await code(shop, ticket), "op-1") == ("admitted", None)
    assert [to for _, to, _ in await shop.mails("ticket.transfer")] == ["bob@example.com"]


async def test_a_claim_moves_the_ticket_and_voids_the_old_code_at_once(shop: Shop) -> None:
    ticket, link = await offered(shop)
    old = await code(shop, ticket)
    bob = await shop.customer("bob")
    claimed = (await claim(shop, link, bob)).json()
    assert (claimed["id"], claimed["name"], claimed["email"]) == (ticket, "Bob", "bob@example.com")
    assert claimed["offer"] is None
    assert claimed["orderId"] is None, "the order stays its buyer's"
    assert problem(await shop.get(f"tickets/{ticket}")) == (404, "not_found")
    assert await scan(shop, old, "op-1") == ("refused", "revoked")
    assert await scan(shop, await code(shop, ticket, bob), "op-2") == ("admitted", None)
    told = {(kind, to) for kind, to, _ in await shop.mails() if kind.startswith("ticket.")}
    assert told == {
        ("ticket.issued", "ada@example.com"),
        ("ticket.transfer", "bob@example.com"),
        ("ticket.claimed", "ada@example.com"),
        ("ticket.issued", "bob@example.com"),
    }


async def test_kiosks_hear_of_the_new_code_and_of_the_void_one(shop: Shop) -> None:
    ticket, link = await offered(shop)
    before = await synced(shop)
    await claim(shop, link, await shop.customer("bob"))
    new = (await synced(shop))[len(before) :]
    assert {name for name, _ in new} == {"ticket", "revoked_code"}
    assert ("ticket", ticket) in new


async def synced(shop: Shop) -> list[tuple[str, str]]:
    rows = await shop.world.database.read(lambda c: c.execute(select(changes).order_by(changes.c.seq)).all())
    return [(row.name, row.key) for row in rows]


async def test_money_stays_with_the_buyer_and_their_order_names_nobody_else(shop: Shop) -> None:
    ticket, link = await offered(shop)
    order = (await shop.get(f"tickets/{ticket}")).json()["orderId"]
    await claim(shop, link, await shop.customer("bob"))
    [kept] = (await shop.confirm(order)).json()["tickets"]
    assert (kept["id"], kept["name"], kept["email"]) == (ticket, "", "")
    assert (await shop.order(order))["customer"] is not None
    await shop.staff(order, "refund")
    assert [to for _, to, _ in await shop.mails("order.refunded")] == ["ada@example.com"]


async def test_a_link_serves_once_however_many_follow_it_at_once(shop: Shop) -> None:
    ticket, link = await offered(shop)
    people = [await shop.customer(f"guest{n}") for n in range(50)]
    answers = await asyncio.gather(*(claim(shop, link, who) for who in people))
    assert sorted(answer.status_code for answer in answers) == [200] + [410] * 49
    [winner] = [who for who, answer in zip(people, answers, strict=True) if answer.status_code == 200]
    assert (await shop.get(f"tickets/{ticket}", winner)).status_code == 200
    assert problem(await claim(shop, link, await shop.customer("late"))) == (410, "offer_ended")


async def test_an_offer_is_taken_back(shop: Shop) -> None:
    ticket, link = await offered(shop)
    delete = f"/api/client/events/tickets/{ticket}/transfer"
    assert (await shop.client.delete(delete, headers=shop.ada)).status_code == 204
    assert (await shop.get(f"tickets/{ticket}")).json()["offer"] is None
    assert problem(await claim(shop, link, await shop.customer("bob"))) == (410, "offer_ended")
    assert problem(await shop.client.delete(delete, headers=shop.ada)) == (404, "not_found")


async def test_a_second_offer_replaces_the_first(shop: Shop) -> None:
    ticket, first = await offered(shop)
    shop.clock.forward(1)
    await shop.post(f"tickets/{ticket}/transfer", {"email": "carol@example.com"})
    rows = await shop.world.database.read(
        lambda c: c.execute(select(ticket_transfers.c.state, ticket_transfers.c.email)).all()
    )
    assert sorted(map(tuple, rows)) == [("offered", "carol@example.com"), ("replaced", "bob@example.com")]
    carol = await shop.customer("carol")
    assert problem(await claim(shop, first, carol)) == (410, "offer_ended")


async def test_a_ticket_travels_on(shop: Shop) -> None:
    ticket, link = await offered(shop)
    bob, carol = await shop.customer("bob"), await shop.customer("carol")
    await claim(shop, link, bob)
    body = {"email": "carol@example.com"}
    assert (await shop.post(f"tickets/{ticket}/transfer", body, bob)).status_code == 200
    assert (await claim(shop, await token(shop, "carol@example.com"), carol)).status_code == 200
    assert (await shop.get(f"tickets/{ticket}", carol)).json()["name"] == "Carol"


async def test_nobody_gives_away_what_is_not_theirs_or_void(shop: Shop) -> None:
    order = await shop.sold()
    ticket = order["tickets"][0]["id"]
    bob = await shop.customer("bob")
    path = f"tickets/{ticket}/transfer"
    assert problem(await shop.post(path, BOB, bob)) == (404, "not_found")
    assert problem(await shop.post(path, {"email": "ADA@example.com"})) == (409, "own_ticket")
    assert problem(await shop.post(path, {"email": "nobody"})) == (422, "invalid")
    await shop.post(path, BOB)
    link = await token(shop)
    assert problem(await claim(shop, link, shop.ada)) == (409, "own_ticket")
    await shop.staff(order["id"], "refund")
    assert problem(await shop.post(path, BOB)) == (409, "ticket_state")


async def test_each_who_had_the_ticket_reads_in_their_timeline_what_became_of_it(shop: Shop) -> None:
    ticket, link = await offered(shop)
    bob = await shop.customer("bob")
    await claim(shop, link, bob)
    new = await code(shop, ticket, bob)
    await scan(shop, new, "in")
    body = {"code": new, "lists": ["main"], "opId": "out", "direction": "exit"}
    left = await shop.client.post("/api/events/check-in", json=body, headers=shop.world.staff("door"))
    assert left.json()["verdict"] == "admitted"
    await changed(shop, ticket, "cancel")
    assert await timeline(shop, shop.ada) == ["issued", "offered", "transferred"]
    assert await timeline(shop, bob) == ["reissued", "claimed", "checked_in", "checked_out", "voided"]


async def timeline(shop: Shop, who: dict[str, str]) -> list[str]:
    """What somebody's timeline says of tickets, the oldest first."""
    me = (await shop.client.get("/api/auth/me", headers=who)).json()["id"]
    asked = select(customers.c.contact).where(customers.c.id == me)
    contact = await shop.world.database.read(lambda c: c.execute(asked).scalar_one())
    address = f"/api/crm/contacts/{contact}/timeline?limit=100"
    lines = await shop.client.get(address, headers=shop.world.staff("admin"))
    kinds = [line["kind"] for line in lines.json()["items"]][::-1]
    return [kind.removeprefix("ticket.") for kind in kinds if kind.startswith("ticket.")]


@pytest.mark.parametrize("act", ["block", "cancel", "refund"])
async def test_an_offer_ends_when_its_ticket_lets_nobody_in_any_more(shop: Shop, act: str) -> None:
    ticket, link = await offered(shop)
    bob = await shop.customer("bob")
    await changed(shop, ticket, act)
    assert (await shop.get(f"tickets/{ticket}")).json()["offer"] is None
    assert problem(await claim(shop, link, bob)) == (410, "offer_ended")
    assert (await shop.client.get(f"/claim/{link}", headers={"Accept": "text/html"})).status_code == 410
    asked = select(activities.c.kind).where(activities.c.subject == f"ticket:{ticket}")
    kinds = await shop.world.database.read(lambda c: list(c.execute(asked).scalars()))
    assert kinds.count("ticket.offer_withdrawn") == 1


async def test_a_ticket_whose_note_is_changed_stays_offered(shop: Shop) -> None:
    ticket, link = await offered(shop)
    await changed(shop, ticket, note="Comes late")
    assert (await claim(shop, link, await shop.customer("bob"))).status_code == 200


async def test_a_blocked_ticket_that_is_offered_all_the_same_is_claimed_by_nobody(shop: Shop) -> None:
    """As an offer from before offers ended with their tickets."""
    ticket, link = await offered(shop)
    blocked = update(tickets).where(tickets.c.id == ticket).values(state="blocked")
    await shop.world.database.write(lambda t: t.connection.execute(blocked) and None)
    assert problem(await claim(shop, link, await shop.customer("bob"))) == (409, "ticket_state")


async def changed(shop: Shop, ticket: str, act: str | None = None, **fields: str) -> None:
    """What staff do with a ticket."""
    path = f"/api/organizations/org-1/events/evt-1/tickets/{ticket}"
    body = {**fields, **({"act": act} if act else {})}
    answer = await shop.client.patch(path, json=body, headers=shop.world.staff("events"))
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("link", ["x", "é" * 50, "a" * 100, "\x00"])
async def test_a_made_up_link_gives_nothing(shop: Shop, link: str) -> None:
    await offered(shop)
    assert problem(await claim(shop, link, await shop.customer("bob"))) == (404, "not_found")


async def test_the_token_is_kept_nowhere(shop: Shop) -> None:
    _, link = await offered(shop)
    for table in (ticket_transfers, activities, mails):
        rows = await shop.world.database.read(lambda c, t=table: str(c.execute(select(t)).all()))  # type: ignore[misc]
        assert link not in rows


async def end_event(shop: Shop, how: str) -> None:
    """Everybody signs in anew where that takes time."""
    if how == "over":
        shop.clock.forward(9 * HOUR)
        shop.world.now = shop.clock()
        shop.ada = await shop.customer("ada")
        return
    for step in ("cancel", "archive")[: 1 if how == "cancelled" else 2]:
        path = f"/api/organizations/org-1/events/evt-1/{step}"
        assert (await shop.client.post(path, headers=shop.world.staff("events"))).status_code == 200


@pytest.mark.parametrize(
    ("how", "code"), [("over", "event_over"), ("cancelled", "event_state"), ("archived", "event_state")]
)
async def test_with_its_event_a_ticket_stays_where_it_is(shop: Shop, how: str, code: str) -> None:
    ticket, link = await offered(shop)
    await end_event(shop, how)
    bob = await shop.customer("bob")
    assert problem(await shop.post(f"tickets/{ticket}/transfer", BOB)) == (409, code)
    assert problem(await claim(shop, link, bob)) == (410, "offer_ended")
    page = await shop.client.get(f"/claim/{link}", headers={"Accept": "text/html"})
    assert page.status_code == 410
    assert (await shop.get(f"tickets/{ticket}")).json()["offer"]["email"] == BOB["email"]
    taken_back = await shop.client.delete(f"/api/client/events/tickets/{ticket}/transfer", headers=shop.ada)
    assert taken_back.status_code == 204
