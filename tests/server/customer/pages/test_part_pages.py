"""The page on which who takes part chooses sessions, and what others see of them."""

import re

import pytest
from httpx import Response

from domain.clock import DAY, MINUTE
from tests.server.customer.fair import Fair
from tests.server.customer.pages.reader import Reader, links, words
from tests.server.customer.pages.test_account_pages import EVE, signed_in

PLACE = "/e/org-1-evt-1/sessions"


async def holding(fair: Fair, reader: Reader) -> dict[str, str]:
    """Eve signs in and gets a ticket; the headers of her requests."""
    await signed_in(reader, fair.shop.app)
    await fair.organise("POST", "events/evt-1/tickets", {"tickets": [{"type": "free", "email": EVE}]})
    return await fair.customer("eve")


async def send(reader: Reader, *sessions: str, seen: str = "hidden", status: int = 303) -> Response:
    return await reader.send(PLACE, {"session": list(sessions), "seen": seen}, status)


def checked(page: Response) -> list[str]:
    return re.findall(r'value="(\w+)" checked', page.text)


async def test_who_holds_a_ticket_finds_the_page_and_chooses(fair: Fair, reader: Reader) -> None:
    for id_, after in (("one", 1), ("two", 3)):
        await fair.session(id_, after, capacity=1)
    eve = await holding(fair, reader)
    assert PLACE in links(await reader.get("/my"), "/e/")
    assert checked(await reader.get(PLACE)) == ["hidden"]
    saved = await reader.follow(await send(reader, "one", "two", seen="sessions"))
    assert "Your choice is saved" in words(saved)
    assert checked(saved) == ["one", "two", "sessions"]
    [part] = (await fair.get("participation/mine", eve))["items"]
    assert ([each["id"] for each in part["sessions"]], part["visibility"]) == (["one", "two"], "sessions")
    await send(reader, "two", seen="nonsense")
    assert checked(await reader.get(PLACE)) == ["two", "sessions"]


async def test_a_choice_that_cannot_be_is_said_and_what_was_ticked_stays(fair: Fair, reader: Reader) -> None:
    await fair.session("one", 1, hours=2)
    await fair.session("two", 2)
    await fair.session("three", 4, capacity=1)
    await fair.call("PUT", "evt-1/participation", {"sessions": ["three"]}, await fair.ticket("bob"))
    await holding(fair, reader)
    both = await send(reader, "one", "two", seen="name", status=409)
    assert "These sessions are at the same time: One, Two" in words(both)
    assert checked(both) == ["one", "two", "name"]
    full = await send(reader, "three", status=409)
    assert "These sessions are full: Three" in words(full)
    assert checked(await reader.get(PLACE)) == ["hidden"]


async def test_only_who_takes_part_sees_it(fair: Fair, reader: Reader) -> None:
    answer = await reader.get(PLACE, 303)
    assert answer.headers["location"] == "/my?org=org-1"
    await send(reader, status=401)
    await signed_in(reader, fair.shop.app)
    await reader.get(PLACE, 403)
    await send(reader, status=403)
    await reader.get("/e/nothing/sessions", 404)


@pytest.mark.parametrize("cancelled", [True, False])
async def test_nothing_is_chosen_of_what_is_over_or_cancelled(
    fair: Fair, reader: Reader, cancelled: bool
) -> None:
    await fair.session("one", 1)
    await holding(fair, reader)
    if cancelled:
        await fair.organise("POST", "events/evt-1/cancel")
    else:
        fair.shop.clock.forward(DAY + MINUTE)
    page = await reader.get(PLACE)
    assert "<form" not in page.text.split("<main", 1)[1]
    again = await reader.follow(await send(reader, "one"))
    assert ("cancelled" if cancelled else "over") in words(again)
    assert PLACE not in links(await reader.get("/my"), "/e/")


async def test_an_event_without_sessions_asks_only_what_others_see(fair: Fair, reader: Reader) -> None:
    await holding(fair, reader)
    assert "There are no sessions to choose yet" in words(await reader.get(PLACE))
    assert checked(await reader.follow(await send(reader, seen="name"))) == ["name"]
