"""Registering for what costs nothing, and tickets that become somebody's with a proven address."""

import asyncio

from sqlalchemy import func, select

from server.ticketing.tables import tickets
from tests.server.office import problem
from tests.server.orders.shop import Shop

FREE = {"eventId": "evt-1", "ticketTypeId": "free"}


async def test_a_free_ticket_is_confirmed_at_once(shop: Shop) -> None:
    answer = await shop.post("tickets/register", FREE)
    assert answer.status_code == 201
    made = answer.json()
    assert (made["state"], made["total"], len(made["tickets"])) == ("confirmed", 0, 1)
    assert (made["tickets"][0]["name"], made["tickets"][0]["state"]) == ("Ada", "valid")
    assert [kind for kind, _, _ in await shop.mails()] == ["ticket.issued"]
    assert await shop.left("free") == 9


async def test_several_attendees_get_a_ticket_each(shop: Shop) -> None:
    attendees = [{"name": "Ada"}, {"name": "Bob", "email": "bob@example.com"}]
    made = (await shop.post("tickets/register", {**FREE, "attendees": attendees})).json()
    assert [ticket["name"] for ticket in made["tickets"]] == ["Ada", "Bob"]


async def test_what_costs_something_is_not_given_away(shop: Shop) -> None:
    assert problem(await shop.post("tickets/register", {**FREE, "ticketTypeId": "seat"})) == (422, "not_free")
    assert await shop.left() == 10


async def test_whoever_is_registered_keeps_that(shop: Shop) -> None:
    answers = await asyncio.gather(*(shop.post("tickets/register", FREE) for _ in range(12)))
    assert sorted(answer.status_code for answer in answers) == [200] * 11 + [201]
    assert len({answer.json()["tickets"][0]["id"] for answer in answers}) == 1
    assert await shop.left("free") == 9


async def test_what_was_ordered_with_ones_address_before_one_signed_in_is_ones_own(shop: Shop) -> None:
    bob = await shop.customer("bob")
    form = {"q.free": "1", "email": "bob@example.com", "name": "Bob"}
    page = await shop.client.post("/e/org-1-evt-1/order", data=form, headers={"Origin": "http://usher.test"})
    assert page.status_code == 303
    known = await shop.post("tickets/register", FREE, bob)
    assert (known.status_code, known.json()["tickets"][0]["name"]) == (200, "Bob")
    order = known.json()["orderId"]
    assert (await shop.confirm(order, bob)).json() == known.json()
    assert problem(await shop.confirm(order)) == (404, "not_found")


async def test_whoever_lost_their_registration_may_register_again(shop: Shop) -> None:
    first = (await shop.post("tickets/register", FREE)).json()
    await shop.staff(first["orderId"], "refund")
    again = await shop.post("tickets/register", FREE)
    assert again.status_code == 201
    assert again.json()["orderId"] != first["orderId"]


async def test_fifty_at_once_for_the_last_ten_places(shop: Shop) -> None:
    people = [await shop.customer(f"guest{n}") for n in range(50)]
    answers = await asyncio.gather(*(shop.post("tickets/register", FREE, who) for who in people))
    assert sorted(answer.status_code for answer in answers) == [201] * 10 + [409] * 40
    made = await shop.world.database.read(
        lambda c: c.execute(select(func.count()).select_from(tickets)).scalar_one()
    )
    assert made == 10


async def test_tickets_in_a_proven_address_become_the_customers(shop: Shop) -> None:
    await shop.world.ticket(email="Grace@Example.com", order_number="R1")
    await shop.world.ticket(email="grace@example.com.au")
    await shop.world.ticket(email="ada@example.com")
    await shop.world.customer("grace@example.com", "Grace")
    owners = await shop.world.database.read(
        lambda c: c.execute(select(tickets.c.email, tickets.c.owner).order_by(tickets.c.number)).all()
    )
    assert [row.owner is not None for row in owners] == [True, False, False]
