"""The page of an invitation: read and answered by whoever has its link, without an account and scripts."""

import re

import pytest
from httpx import Response

from domain.clock import HOUR
from tests.server.customer.fair import Fair
from tests.server.customer.pages.reader import Reader, links, words
from tests.server.customer.test_invitations import invite, token

ZOE = "zoe@example.com"


async def place(fair: Fair) -> str:
    """Zoe's invitation."""
    [zoe] = await invite(fair, ZOE)
    return f"/i/{await token(fair, zoe['id'])}"


async def answered(reader: Reader, page: str, response: str, *sessions: str, status: int = 303) -> Response:
    return await reader.send(page, {"response": response, "session": list(sessions)}, status)


def checked(page: Response) -> list[str]:
    return re.findall(r'value="(\w+)" checked', page.text)


async def test_an_invitation_says_who_invites_to_what(fair: Fair, reader: Reader) -> None:
    page = await reader.get(await place(fair))
    said = words(page)
    for each in ("Riverside invites you", "Summit", "Europe/Berlin", "Are you coming?"):
        assert each in said
    assert links(page, "/e/")[0] == "/e/org-1-evt-1"
    assert 'name="robots" content="noindex"' in page.text


async def test_it_is_accepted_with_sessions_and_declined_and_accepted_again(
    fair: Fair, reader: Reader
) -> None:
    for id_, after in (("one", 1), ("two", 3)):
        await fair.session(id_, after, capacity=1)
    page = await place(fair)
    accepted = await reader.follow(await answered(reader, page, "accepted", "one"))
    assert "You said that you are coming" in words(accepted)
    assert checked(accepted) == ["one"]
    moved = await reader.follow(await answered(reader, page, "accepted", "two"))
    assert checked(moved) == ["two"]
    declined = await reader.follow(await answered(reader, page, "declined", "two"))
    assert "You said that you cannot come" in words(declined)
    assert checked(declined) == []
    seats = [each["left"] for each in (await fair.get("evt-1/sessions"))["items"]]
    assert seats == [1, 1]
    assert "are coming" in words(await reader.follow(await answered(reader, page, "accepted")))


async def test_what_cannot_be_chosen_is_said_and_nothing_is_answered(fair: Fair, reader: Reader) -> None:
    await fair.session("one", 1, hours=2)
    await fair.session("two", 2)
    await fair.session("three", 4, capacity=1)
    page = await place(fair)
    bob = await fair.ticket("bob")
    await fair.call("PUT", "evt-1/participation", {"sessions": ["three"]}, bob)
    both = await answered(reader, page, "accepted", "one", "two", status=409)
    assert "These sessions are at the same time: One, Two" in words(both)
    assert checked(both) == ["one", "two"]
    full = await answered(reader, page, "accepted", "one", "three", status=409)
    assert "These sessions are full: Three" in words(full)
    assert 'value="three" disabled' in full.text
    assert "Are you coming?" in words(await reader.get(page))


async def test_a_session_that_is_over_is_offered_to_nobody_but_kept_by_who_was_there(
    fair: Fair, reader: Reader
) -> None:
    await fair.session("first", 1)
    await fair.session("second", 4)
    page, bobs = await place(fair), await invite(fair, "bob@example.com")
    await answered(reader, page, "accepted", "first")
    fair.shop.clock.forward(2 * HOUR)
    fair.shop.world.now = fair.shop.clock()
    assert "First" not in words(await reader.get(f"/i/{await token(fair, bobs[0]['id'])}"))
    assert checked(await reader.follow(await answered(reader, page, "accepted", "first", "second"))) == [
        "first",
        "second",
    ]


async def test_who_bought_a_ticket_has_nothing_to_answer(fair: Fair, reader: Reader) -> None:
    page = await place(fair)
    await answered(reader, page, "declined")
    zoe = await fair.ticket("zoe")
    await fair.call("PUT", "evt-1/participation", {"sessions": []}, zoe)
    bought = await reader.get(page)
    assert "You have a ticket" in words(bought)
    assert "<form" not in bought.text
    await answered(reader, page, "declined")
    assert "You have a ticket" in words(await reader.get(page))


@pytest.mark.parametrize(
    ("how", "said"), [("cancel", "This event is cancelled"), ("over", "This event is over")]
)
async def test_an_event_that_does_not_take_place_any_more_asks_nothing(
    fair: Fair, reader: Reader, how: str, said: str
) -> None:
    page = await place(fair)
    if how == "cancel":
        await fair.organise("POST", "events/evt-1/cancel")
    else:
        fair.shop.clock.forward(9 * HOUR)
    assert said in words(await reader.get(page))
    assert "<form" not in (await reader.get(page)).text
    assert said in words(await reader.follow(await answered(reader, page, "accepted")))


async def test_a_link_that_never_was_is_like_one_that_was_taken_back(fair: Fair, reader: Reader) -> None:
    page = await place(fair)
    [invited] = (await fair.organise("GET", "events/evt-1/invitations"))["items"]
    await fair.organise("DELETE", f"events/evt-1/invitations/{invited['id']}")
    for wrong in (page, "/i/x", "/i/%00", f"/i/{'ü' * 20}"):
        assert "No longer valid" in words(await reader.get(wrong, 410))
        assert "No longer valid" in words(await answered(reader, wrong, "accepted", status=410))
    await fair.ticket("ada")
    await reader.get("/i/null", 410)
