"""What attendees read of an event: texts per language, where it is, tags, its address; as staff keep them."""

import asyncio
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.events import slugs
from tests.server.events.test_events import event
from tests.server.office import Office, problem

WORDS: dict[str, Any] = {
    "description": {"en": "Cheese & wine\nby the river", "de": "Käse und Wein"},
    "languages": ["en", "de-AT"],
    "address": "Main Street 1\n10115 Berlin",
    "coordinates": {"latitude": 52.5, "longitude": 13.4},
    "tags": ["Food", "Open air"],
    "slug": "cheese-2026",
}


async def test_an_event_says_all_that_attendees_read(office: Office) -> None:
    made = await office.ok("POST", "events", event(id="fair", **WORDS))
    assert {name: made[name] for name in WORDS} == WORDS
    assert made["cover"] is None
    assert await office.ok("GET", "events/fair") == made


async def test_what_is_not_said_follows_from_the_name(office: Office) -> None:
    made = await office.ok("POST", "events", event())
    assert made["languages"] == ["en", "de"]
    assert made["slug"] == "spring-fair"
    assert (made["coordinates"], made["tags"], made["description"]) == (None, [], {})


async def test_what_attendees_read_is_changed_piece_by_piece(office: Office) -> None:
    before = await office.ok("POST", "events", event(id="fair", **WORDS))
    there = {"latitude": -33.9, "longitude": 18.4}
    after = await office.ok("PATCH", "events/fair", {"coordinates": there, "tags": ["Wine", "wine", "Art"]})
    assert (after["coordinates"], after["tags"]) == (there, ["Wine", "Art"])
    assert after["description"] == before["description"]
    assert (await office.ok("PATCH", "events/fair", {"coordinates": None}))["coordinates"] is None
    assert (await office.ok("PATCH", "events/fair", {"slug": "wine"}))["slug"] == "wine"


async def test_events_of_one_name_have_addresses_of_their_own_however_many_are_made_at_once(
    office: Office, other: Office
) -> None:
    made = await asyncio.gather(*(office.ok("POST", "events", event()) for _ in range(5)))
    assert {each["slug"] for each in made} == {"spring-fair", *(f"spring-fair-{n}" for n in range(2, 6))}
    assert (await other.ok("POST", "events", event()))["slug"] == "spring-fair-6"


async def test_an_address_that_is_taken_is_refused(office: Office, other: Office) -> None:
    await office.ok("POST", "events", event(id="first", slug="fair"))
    await office.ok("POST", "events", event(id="second"))
    assert problem(await office.call("POST", "events", event(slug="fair"))) == (409, "slug_taken")
    assert problem(await office.call("PATCH", "events/second", {"slug": "fair"})) == (409, "slug_taken")
    assert (await office.ok("PATCH", "events/first", {"slug": "fair"}))["slug"] == "fair"
    assert problem(await other.call("POST", "events", event(id="first", slug="fair"))) == (409, "slug_taken")


async def test_one_of_many_who_ask_for_an_address_gets_it(office: Office) -> None:
    for n in range(8):
        await office.ok("POST", "events", event(id=f"e{n}"))
    calls = [office.call("PATCH", f"events/e{n}", {"slug": "the-one"}) for n in range(8)]
    statuses = sorted(answer.status_code for answer in await asyncio.gather(*calls))
    assert statuses == [200] + [409] * 7


@pytest.mark.parametrize(
    ("names", "slug"),
    [
        ({"en": "  Été à Genève – 2026! "}, "ete-a-geneve-2026"),
        ({"de": "Weiße Straße"}, "weisse-strasse"),
        ({"ar": "مهرجان", "en": "Festival"}, "festival"),
        ({"ja": "春まつり"}, "haru-2026"),
        ({"en": "x" * 255}, "x" * 64),
    ],
)
async def test_an_address_is_made_of_the_first_name_that_has_latin_letters(
    office: Office, names: dict[str, str], slug: str
) -> None:
    made = await office.ok("POST", "events", event(id="haru_2026", name=names))
    assert made["slug"] == slug


@given(st.text())
def test_whatever_the_name_its_slug_is_none_or_one_that_a_client_may_give(name: str) -> None:
    slug = slugs.slug_of(name)
    assert slugs.slug_of(slug) == slug
    assert slug == "" or re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= slugs.LONGEST


@pytest.mark.parametrize(
    "change",
    [{"slug": "Fair"}, {"slug": "-fair"}, {"slug": "a--b"}, {"slug": ""}, {"slug": "x" * 65},
     {"tags": ["a|b"]}, {"tags": [""]}, {"tags": ["x"] * 31}, {"tags": ["x" * 41]}, {"languages": ["d e"]},
     {"coordinates": {"latitude": 91, "longitude": 0}}, {"coordinates": {"latitude": 1}},
     {"coordinates": {"latitude": "NaN", "longitude": 0}}, {"description": {"en": "x" * 10_001}},
     {"description": "x"}, {"address": "x" * 256}, {"cover": "abc"}],
)  # fmt: skip
async def test_what_attendees_could_not_read_is_not_kept(office: Office, change: dict[str, object]) -> None:
    assert problem(await office.call("POST", "events", event() | change)) == (422, "invalid")
    await office.ok("POST", "events", event(id="fair"))
    assert problem(await office.call("PATCH", "events/fair", change)) == (422, "invalid")
