"""The list of events and the page of one, as a browser without scripts gets them."""

from fastapi import FastAPI
from httpx import AsyncClient

from domain.clock import HOUR, rfc3339, shift
from tests.server.customer.pages.reader import Reader, links, words
from tests.server.orders.shop import Shop
from tests.server.world import make_world

PAGE = "/e/org-1-evt-1"


async def test_the_front_page_leads_to_the_only_organisers_events(shop: Shop, reader: Reader) -> None:
    listed = await reader.follow(await reader.get("/", 303))
    assert "Summit" in words(listed)
    assert links(listed, "/e/") == [PAGE]


async def test_with_several_organisers_the_front_page_names_none(shop: Shop, reader: Reader) -> None:
    await make_world(shop.app, "org-2", key_number=8)
    front = await reader.get("/")
    assert "Riverside" not in front.text
    assert "org-" not in front.text


async def test_the_list_is_searched_and_narrowed_by_tag(shop: Shop, reader: Reader) -> None:
    events = shop.world.staff("events")
    body = {
        "id": "night",
        "name": {"en": "Harbour <b>Night</b>"},
        "tags": ["Music & more"],
        "starts": rfc3339(shop.clock()),
        "ends": rfc3339(shift(shop.clock(), 9 * HOUR)),
        "zone": "Europe/Berlin",
    }
    address = "/api/organizations/org-1/events"
    await shop.client.post(address, json=body, headers=events)
    assert "Harbour" not in words(await reader.get("/o/org-1")), "a draft is nobody's to see"
    await shop.client.post(f"{address}/night/publish", headers=events)
    both = await reader.get("/o/org-1")
    assert "Harbour &lt;b&gt;Night&lt;/b&gt;" in both.text
    assert len(links(both, "/e/")) == 2
    assert links(await reader.get("/o/org-1?q=harbour"), "/e/") == ["/e/harbour-b-night-b"]
    [tagged] = links(both, "?q=&tag=Mus")
    assert links(await reader.get(f"/o/org-1{tagged}"), "/e/") == ["/e/harbour-b-night-b"]
    assert "No event fits" in words(await reader.get("/o/org-1?q=opera"))


async def test_the_list_tells_the_prices_that_are_asked_now(shop: Shop, reader: Reader) -> None:
    async def said() -> str:
        return words(await reader.get("/o/org-1"))

    assert "Free – €25.00" in await said()
    for other in ("free", "general", "vip"):
        await shop.tier(other, sold=False)
    assert "Free" not in await said()
    await shop.tier("late", price=9900, currency="EUR", saleFrom=rfc3339(shift(shop.clock(), HOUR)))
    assert "Summit €25.00" in await said()
    assert "99.00" not in await said(), "not on sale yet"
    shop.clock.forward(HOUR)
    assert "€25.00 – €99.00" in await said()
    await shop.tier("dear", price=9000, currency="USD")
    assert "€" not in await said(), "two currencies have no order"


async def test_an_event_that_is_not_published_has_no_page(shop: Shop, reader: Reader) -> None:
    await reader.get("/e/none", 404)
    await reader.get("/o/none", 404)
    headers = shop.world.staff("events")
    await shop.client.post("/api/organizations/org-1/events/evt-1/cancel", headers=headers)
    page = await reader.get(PAGE)
    assert "This event is cancelled" in words(page)
    assert "<select" not in page.text
    await shop.client.post("/api/organizations/org-1/events/evt-1/archive", headers=headers)
    await reader.get(PAGE, 404)


async def test_an_event_says_when_where_and_what_is_left_at_which_price(shop: Shop, reader: Reader) -> None:
    await shop.tier("late", price=990, currency="EUR", saleFrom=rfc3339(shift(shop.clock(), HOUR)))
    await shop.tier("crew", sold=False)
    await shop.buy(4)
    page = await reader.get(PAGE)
    said = words(page)
    assert "Sunday, 10 May 2026, 13:00 – 22:00" in said
    assert "Local time: Europe/Berlin" in said
    assert "Seat €25.00 6 left" in said
    assert "Free Free 10 left" in said
    assert "Late €9.90 On sale from Sunday, 10 May 2026, 15:00" in said
    assert "Crew" not in said
    await shop.buy(6)
    assert "Seat €25.00 Sold out" in words(await reader.get(PAGE))


async def test_an_event_that_is_sold_out_says_so_before_everything_else(shop: Shop, reader: Reader) -> None:
    for other in ("free", "general", "vip"):
        await shop.tier(other, sold=False)
    assert "Get tickets" in words(await reader.get(PAGE))
    await shop.buy(10)
    said = words(await reader.get(PAGE))
    assert "Get tickets" not in said
    assert said.index("Sold out") < said.index("Tickets")


async def test_an_event_that_is_over_offers_nothing(shop: Shop, reader: Reader) -> None:
    shop.clock.forward(8 * HOUR)
    said = words(await reader.get(PAGE))
    assert "This event is over" in said
    assert "Seat €25.00" in said
    assert not {"left", "Sold", "calendar"} & set(said.split())


async def test_the_program_stands_on_the_page_by_day_in_the_events_zone(shop: Shop, reader: Reader) -> None:
    talk = {"id": "talk", "title": {"en": "Opening"}, "room": "Hall", "track": "Stage", "capacity": 9,
            "starts": rfc3339(shop.clock()), "ends": rfc3339(shift(shop.clock(), HOUR)),
            "speakers": [{"name": "Ada"}]}  # fmt: skip
    made = await shop.client.post(
        "/api/organizations/org-1/events/evt-1/sessions", json=talk, headers=shop.world.staff("events")
    )
    assert made.status_code == 201, made.text
    said = words(await reader.get(PAGE))
    assert "Sunday, 10 May 2026 14:00 – 15:00 Opening Ada Hall Stage 9 seats left" in said


async def test_an_event_goes_into_ones_own_calendar(shop: Shop, reader: Reader) -> None:
    [place] = links(await reader.get(PAGE), f"{PAGE}/event.ics")
    answer = await reader.get(place)
    assert answer.headers["content-type"].startswith("text/calendar")
    said = answer.text.split("\r\n")
    assert {"DTSTART:20260510T110000Z", "DTEND:20260510T200000Z", "SUMMARY:Summit"} <= set(said)
    await reader.get("/e/none/event.ics", 404)


async def test_a_page_speaks_the_language_that_is_asked_for_and_keeps_it(shop: Shop, reader: Reader) -> None:
    german = await reader.get(PAGE, accept_language="de-AT,fr;q=0.5")
    assert 'lang="de" dir="ltr"' in german.text
    assert "Noch 10" in words(german)
    arabic = await reader.get(f"{PAGE}?lang=ar", accept_language="de")
    assert 'lang="ar" dir="rtl"' in arabic.text
    assert 'lang="ar"' in (await reader.get(PAGE, accept_language="de")).text
    assert 'lang="en"' in (await reader.get(f"{PAGE}?lang=en")).text


async def test_another_organisations_events_stay_apart(
    app: FastAPI, client: AsyncClient, reader: Reader
) -> None:
    await make_world(app, "org-2", key_number=8)
    assert links(await reader.get("/o/org-2"), "/e/") == ["/e/org-2-evt-1"]
