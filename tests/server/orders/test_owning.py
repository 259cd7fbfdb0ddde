"""An attendee's own tickets: all, one, the code, the dashboard."""

import cv2
import numpy
import pytest
import zxingcpp
from sqlalchemy import insert, select

from domain.clock import DAY, HOUR
from server.auth.tables import customers
from server.db.database import Transaction
from server.events.participants.tables import participants
from server.events.tables import events
from server.ticketing.tables import ticket_types
from tests.server.office import problem
from tests.server.orders.shop import Shop


async def event(shop: Shop, id_: str, starts: int, number: int) -> None:
    """Another event, with one type."""
    row = {
        "org": shop.world.org, "id": id_, "number": number, "name": f'{{"en": "{id_}"}}', "starts": starts,
        "ends": starts + HOUR, "zone": "Europe/Berlin", "place": "Hall", "state": "published", "slug": id_,
        "rotating_secret": b"s" * 32, "created": 0, "changed": 0,
    }  # fmt: skip
    type_ = {
        "org": shop.world.org, "event": id_, "id": "general", "number": 1, "name": "General", "created": 0,
    }  # fmt: skip

    def add(transaction: Transaction) -> None:
        transaction.connection.execute(insert(events).values(**row))
        transaction.connection.execute(insert(ticket_types).values(**type_))

    await shop.world.database.write(add)


async def test_an_attendee_sees_their_tickets_and_nobody_elses(shop: Shop) -> None:
    bob = await shop.customer("bob")
    own = (await shop.sold(2))["tickets"]
    await shop.sold(1, who=bob)
    found = (await shop.get("tickets/mine")).json()["items"]
    assert {ticket["id"] for ticket in found} == {ticket["id"] for ticket in own}
    assert (found[0]["event"]["name"], found[0]["type"]["name"]) == ({"en": "Summit"}, "Seat")
    one = found[0]["id"]
    assert (await shop.get(f"tickets/{one}")).json() == found[0]
    for path in (f"tickets/{one}", f"tickets/{one}/qr", f"tickets/{one}/perks"):
        assert problem(await shop.get(path, bob)) == (404, "not_found")
        assert problem(await shop.get(path, shop.desk)) == (403, "forbidden")


async def test_tickets_come_page_by_page(shop: Shop) -> None:
    await shop.sold(3)
    first = (await shop.get("tickets/mine?limit=2")).json()
    rest = (await shop.get(f"tickets/mine?limit=2&cursor={first['nextCursor']}")).json()
    assert len({ticket["id"] for ticket in first["items"] + rest["items"]}) == 3
    assert rest["nextCursor"] is None
    assert problem(await shop.get("tickets/mine?cursor=x")) == (422, "cursor_unknown")


async def test_the_picture_of_the_code_opens_the_door(shop: Shop) -> None:
    ticket = (await shop.sold())["tickets"][0]["id"]
    told = (await shop.get(f"tickets/{ticket}/qr", accept="application/json")).json()
    png = await shop.get(f"tickets/{ticket}/qr", accept="image/png")
    picture = cv2.imdecode(numpy.frombuffer(png.content, numpy.uint8), cv2.IMREAD_GRAYSCALE)
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [told["code"]]
    assert (await shop.get(f"tickets/{ticket}/qr")).text.startswith("<svg ")
    scan = {"code": told["code"], "lists": ["main"], "opId": "op-1"}
    door = shop.world.staff("door")
    assert (await shop.client.post("/api/events/check-in", json=scan, headers=door)).json()[
        "verdict"
    ] == "admitted"


async def test_a_ticket_that_was_refunded_has_no_code(shop: Shop) -> None:
    order = await shop.sold()
    await shop.staff(order["id"], "refund")
    ticket = order["tickets"][0]["id"]
    assert problem(await shop.get(f"tickets/{ticket}/qr")) == (409, "ticket_state")
    assert (await shop.get(f"tickets/{ticket}")).json()["state"] == "refunded"


async def test_the_dashboard_shows_what_comes_and_what_was(shop: Shop) -> None:
    now = shop.clock()
    await event(shop, "later", now + 2 * DAY, 2)
    await event(shop, "soon", now + DAY, 3)
    await event(shop, "past", now - 9 * DAY, 4)
    await event(shop, "others", now + DAY, 5)
    await shop.sold(2)
    held = await shop.bought(1)
    for id_, number in (("past", 90), ("later", 91)):
        await shop.world.ticket("general", event=id_, email="ada@example.com", number=number)
    shop.ada = await shop.customer("ada")
    contact = await shop.world.database.read(lambda c: c.execute(select(customers.c.contact)).scalar_one())
    part = {
        "id": "p1",
        "org": "org-1",
        "event": "soon",
        "contact": contact,
        "state": "invited",
        "created": 0,
        "changed": 0,
    }
    await shop.world.database.write(
        lambda t: t.connection.execute(insert(participants).values(**part)) and None
    )
    seen = (await shop.get("booking")).json()
    assert [(b["event"]["id"], len(b["tickets"]), len(b["orders"])) for b in seen["coming"]] == [
        ("evt-1", 2, 1), ("soon", 0, 0), ("later", 1, 0)
    ]  # fmt: skip
    assert seen["coming"][0]["orders"][0]["orderId"] == held
    assert seen["coming"][1]["participation"] == {"id": "p1", "state": "invited"}
    assert [b["event"]["id"] for b in seen["past"]] == ["past"]
    nothing: dict[str, object] = {"coming": [], "past": [], "nextCursor": None}
    assert (await shop.get("booking", await shop.customer("bob"))).json() == nothing
    assert seen["nextCursor"] is None


@pytest.mark.parametrize("limit", [1, 2, 3])
async def test_the_dashboard_comes_page_by_page(shop: Shop, limit: int) -> None:
    now = shop.clock()
    # Two begin at once, and there are more past ones than coming ones.
    starts = {"c1": 1, "c2": 2, "p1": -9, "p2": -8, "p3": -8, "p4": -7}
    for number, (id_, days) in enumerate(starts.items(), 2):
        await event(shop, id_, now + days * DAY, number)
        await shop.world.ticket("general", event=id_, email="ada@example.com", number=number)
    pages = [(await shop.get(f"booking?limit={limit}")).json()]
    while (cursor := pages[-1]["nextCursor"]) is not None:
        pages.append((await shop.get(f"booking?limit={limit}&cursor={cursor}")).json())
        assert len(pages) <= 5
    assert all(len(page[kind]) <= limit for page in pages for kind in ("coming", "past"))
    assert [b["event"]["id"] for page in pages for b in page["coming"]] == ["c1", "c2"]
    assert [b["event"]["id"] for page in pages for b in page["past"]] == ["p4", "p3", "p2", "p1"]
    assert problem(await shop.get("booking?cursor=x")) == (422, "cursor_unknown")


@pytest.mark.parametrize("path", ["tickets/mine", "tickets/x", "booking", "evt-1/ticket-types"])
async def test_a_stranger_sees_nothing(shop: Shop, path: str) -> None:
    assert problem(await shop.client.get(f"/api/client/events/{path}")) == (401, "unauthenticated")
