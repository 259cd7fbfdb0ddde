"""What attendees see of what is on; through HTTP, on both databases."""

import asyncio

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import update

from domain.clock import DAY
from server.auth.tables import customers
from tests.server.customer.fair import Fair
from tests.server.office import problem
from tests.server.world import NOON, make_world


async def ids(fair: Fair, query: str = "") -> list[str]:
    fair.later()
    return [item["id"] for item in (await fair.get(f"?{query}"))["items"]]


@pytest.fixture
async def three(fair: Fair) -> Fair:
    """Three events more, a day apart."""
    await fair.event("jazz", NOON + DAY, tags=["Music", "Open air"], languages=["de-AT"], place="Pier 4")
    await fair.event("chess", NOON + 2 * DAY, tags=["Games"], languages=["en", "de"])
    await fair.event("wine", NOON + 3 * DAY, description={"en": "A tasting by the river"})
    return fair


async def test_published_events_are_listed_by_their_start(three: Fair) -> None:
    await three.organise("POST", "events", {
        "id": "draft", "name": {"en": "Draft"}, "zone": "UTC", "starts": "2026-05-11T12:00:00Z",
        "ends": "2026-05-11T13:00:00Z",
    })  # fmt: skip
    await three.organise("POST", "events/chess/cancel")
    assert await ids(three) == ["evt-1", "jazz", "wine"]


async def test_a_card_says_when_where_and_what(three: Fair) -> None:
    [_, card, *_] = (await three.get(""))["items"]
    assert (card["id"], card["slug"], card["name"]) == ("jazz", "jazz", {"en": "Jazz"})
    assert (card["starts"], card["zone"]) == ("2026-05-11T12:00:00.000Z", "Europe/Berlin")
    assert (card["place"], card["tags"], card["languages"]) == ("Pier 4", ["Music", "Open air"], ["de-AT"])
    assert (card["cover"], card["coordinates"], card["state"]) == (None, None, "published")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("from=2026-05-12T00:00:00Z", ["chess", "wine"]),
        ("to=2026-05-11T12:00:00Z", ["evt-1"]),
        ("from=2026-05-11T20:00:00Z&to=2026-05-13T00:00:00Z", ["chess"]),
        ("tag=music", ["jazz"]),
        ("tag=OPEN AIR", ["jazz"]),
        ("tag=open", []),
        ("language=de", ["jazz", "chess"]),
        ("language=de-at", ["jazz"]),
        ("language=d", []),
        ("q=PIER", ["jazz"]),
        ("q=tasting river", ["wine"]),
        ("q=games", ["chess"]),
        ("q=%25", []),
        ("q=chess&tag=music", []),
    ],
)
async def test_the_list_is_filtered(three: Fair, query: str, found: list[str]) -> None:
    assert await ids(three, query) == found


async def test_what_is_over_is_listed_only_for_who_asks(three: Fair) -> None:
    three.shop.clock.forward(2 * DAY)
    three.shop.world.now = three.shop.clock()
    three.shop.ada = await three.customer("ada")
    assert await ids(three) == ["chess", "wine"]
    assert await ids(three, "from=2020-01-01T00:00:00Z") == ["evt-1", "jazz", "chess", "wine"]


async def test_the_list_comes_page_by_page(three: Fair) -> None:
    first = await three.get("?limit=3")
    rest = await three.get(f"?limit=3&cursor={first['nextCursor']}")
    assert [item["id"] for item in first["items"] + rest["items"]] == ["evt-1", "jazz", "chess", "wine"]
    assert rest["nextCursor"] is None


@pytest.mark.parametrize(
    "query",
    ["cursor=x", "limit=0", "from=today", "language=d!", "q=%00", f"q={'x' * 101}", "tag=" + "x" * 41],
)
async def test_a_list_that_cannot_be_is_invalid(fair: Fair, query: str) -> None:
    assert problem(await fair.call("GET", f"?{query}"))[0] == 422


async def test_who_has_the_list_already_gets_no_second_one(fair: Fair) -> None:
    first = await fair.call("GET", "")
    seen = {"If-None-Match": first.headers["etag"]}
    again = await fair.call("GET", "", headers=seen)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    await fair.event("jazz", NOON + DAY)
    fair.later()
    changed = await fair.call("GET", "", headers=seen)
    assert changed.status_code == 200
    assert len(changed.json()["items"]) == 2


async def test_whatever_is_changed_is_seen_within_a_second(fair: Fair) -> None:
    await fair.get("")
    for place in ("Hall", "Garden"):
        await fair.organise("PATCH", "events/evt-1", {"place": place})
        fair.later()
        assert (await fair.get(""))["items"][0]["place"] == place
    await fair.organise("POST", "events/evt-1/cancel")
    fair.later()
    assert (await fair.get(""))["items"] == []


async def test_one_event_says_what_the_caller_has_of_it(fair: Fair) -> None:
    await fair.organise("PATCH", "events/evt-1", {"description": {"en": "Two halls."}})
    before = await fair.get("evt-1")
    assert (before["description"], before["tickets"], before["participation"]) == (
        {"en": "Two halls."},
        [],
        None,
    )
    bob = await fair.ticket("bob")
    [held] = (await fair.get("evt-1", bob))["tickets"]
    assert (held["type"], held["typeName"], held["state"]) == ("free", "Free", "valid")
    assert (await fair.get("evt-1"))["tickets"] == []


async def test_what_is_put_away_is_seen_by_who_was_there(fair: Fair) -> None:
    bob = await fair.ticket("bob")
    await fair.organise("POST", "events/evt-1/cancel")
    assert (await fair.get("evt-1"))["state"] == "cancelled"
    await fair.organise("POST", "events/evt-1/archive")
    assert (await fair.get("evt-1", bob))["state"] == "archived"
    assert problem(await fair.call("GET", "evt-1")) == (404, "not_found")


PATHS = ["", "evt-1", "evt-1/sessions", "evt-1/schedule", "evt-1/schedule.ics"]


@pytest.mark.parametrize("path", PATHS)
async def test_only_customers_of_the_organisation_browse(
    fair: Fair, app: FastAPI, client: AsyncClient, path: str
) -> None:
    assert problem(await fair.call("GET", path, None, {})) == (401, "unauthenticated")
    staff = fair.shop.world.staff("events", "admin")
    assert problem(await fair.call("GET", path, None, staff)) == (403, "forbidden")
    wrong = await fair.call("GET", path, headers={"orgid": "org-2"})
    assert problem(wrong) == (404, "not_found")
    there = await make_world(app, "org-2", event="evt-2", key_number=8)
    stranger = await there.customer("eve@example.com")
    answer = await fair.call("GET", path, None, stranger)
    if path:
        assert problem(answer) == (404, "not_found")
    else:
        assert [item["id"] for item in answer.json()["items"]] == ["evt-2"]


@pytest.mark.parametrize("path", PATHS[1:])
async def test_a_draft_is_as_if_it_were_not(fair: Fair, path: str) -> None:
    await fair.organise("POST", "events", {
        "id": "draft", "name": {"en": "Draft"}, "zone": "UTC", "starts": "2026-05-11T12:00:00Z",
        "ends": "2026-05-11T13:00:00Z",
    })  # fmt: skip
    assert problem(await fair.call("GET", path.replace("evt-1", "draft"))) == (404, "not_found")


async def test_very_many_who_look_at_once_all_see_it(fair: Fair) -> None:
    answers = await asyncio.gather(*(fair.call("GET", "") for _ in range(100)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.headers["etag"] for answer in answers}) == 1


async def test_a_closed_account_sees_no_event(fair: Fair) -> None:
    closed = update(customers).values(active=False)
    await fair.shop.world.database.write(lambda t: t.connection.execute(closed) and None)
    assert problem(await fair.call("GET", "evt-1"))[0] == 401
