"""Pages of a line, as somebody reads them whose browser runs no scripts."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient

from domain.errors import Unavailable
from server.queues import boards
from server.queues.pages.live import Part
from server.texts import LANGUAGES
from tests.server.customer.pages.reader import Reader, links, words
from tests.server.live import listening, served
from tests.server.queues.lobby import Lobby, problem

CATEGORIES = [
    {"id": "card", "letter": "C", "name": {"en": "Identity card", "de": "Ausweis"}},
    {"id": "car", "letter": "K", "name": {"en": "Car registration"}, "priority": "priority"},
]

NOBODY = {"name": ""}


@pytest.fixture
async def reader(lobby: Lobby) -> AsyncIterator[Reader]:
    transport = ASGITransport(lobby.app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://usher.test") as client:
        yield Reader(client)


async def test_who_reads_the_code_joins_and_follows_their_place(lobby: Lobby, reader: Reader) -> None:
    await lobby.join()
    page = await reader.get("/q/desk")
    assert "The desk" in words(page)
    assert "1 person" in words(page)
    place = await reader.follow(await reader.send("/q/desk", {"name": "Ada Lovelace"}))
    assert "A002" in words(place)
    assert "1 person ahead of you" in words(place)
    assert "rough estimate" in words(place)
    [_, entry] = (await lobby.list())["items"]
    assert (entry["name"], entry["callByName"], entry["arrived"]) == ("Ada Lovelace", False, False)
    assert entry["language"] == "en"


async def test_a_category_is_chosen_where_there_are_several(empty: Lobby) -> None:
    await empty.point(categories=CATEGORIES)
    async with AsyncClient(transport=ASGITransport(empty.app), base_url="http://usher.test") as client:
        reader = Reader(client)
        page = await reader.get("/q/desk", accept_language="de")
        assert "Ausweis" in words(page)
        wrong = await reader.send("/q/desk", {"category": "none", "name": "Ada"}, 422)
        assert "Choose what you come for." in words(wrong)
        assert 'value="Ada"' in wrong.text
        place = await reader.follow(await reader.send("/q/desk", {"category": "car"}))
        assert "K001" in words(place)
        assert "Car registration" in words(place)


async def test_whoever_scans_again_is_led_to_their_place_until_they_leave(
    lobby: Lobby, reader: Reader
) -> None:
    joined = await reader.send("/q/desk", NOBODY)
    again = await reader.get("/q/desk", 303)
    assert again.headers["location"] == joined.headers["location"]
    assert (await reader.send("/q/desk", NOBODY)).headers["location"] == joined.headers["location"]
    left = await reader.follow(await reader.send(f"{joined.headers['location']}/leave"))
    assert "You have left the line" in words(left)
    assert links(left, "/q/desk") == ["/q/desk"]
    await reader.get("/q/desk")
    assert (await lobby.status())["peopleWaiting"] == 0


async def test_no_page_holds_anything_personal(lobby: Lobby, reader: Reader) -> None:
    said = {"name": "Ada Lovelace", "phone": "+49 30 123456", "email": "ada@example.com", "note": "allergic"}
    entry = await lobby.join(**said)
    await lobby.next()
    for path in ("/q/desk", f"/q/entry/{entry['id']}", "/display/desk"):
        text = (await reader.get(path)).text
        assert not [secret for secret in ("Ada", "123456", "example.com", "allergic") if secret in text], path


async def test_the_display_calls_by_name_only_who_chose_so(lobby: Lobby, reader: Reader) -> None:
    await reader.send("/q/desk", {"name": "Ada", "callByName": "1"})
    await lobby.join(name="Bob")
    for counter in ("one", "two"):
        await lobby.next(counter)
    shown = words(await reader.get("/display/desk"))
    assert "Ada → Counter 1" in shown
    assert "A002 → Counter 2" in shown
    assert "Bob" not in shown


async def test_who_is_called_cannot_miss_it_and_sees_where(lobby: Lobby, reader: Reader) -> None:
    address = (await reader.send("/q/desk", NOBODY)).headers["location"]
    entry = await lobby.next("two")
    said = words(await reader.get(address))
    assert "It is your turn Please come now to Counter 2" in said
    await lobby.do("start", entry)
    said = words(await reader.get(address))
    assert "You are being served" in said
    assert "Leave the line" not in said
    await reader.send(f"{address}/leave")
    await lobby.do("complete", entry)
    assert "All done" in words(await reader.get(address))


async def test_who_is_overtaken_is_told_why(lobby: Lobby, reader: Reader) -> None:
    address = (await reader.send("/q/desk", NOBODY)).headers["location"]
    lobby.clock.forward(1000)
    await lobby.join(priority="priority")
    said = words(await reader.get(address))
    assert "1 person ahead of you" in said
    assert "Somebody with priority goes before you." in said


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"openingHours": {"mon": [{"opens": "09:00", "closes": "17:00"}]}}, "Opens Mon 11 May 09:00"),
        ({"openingHours": {"sun": [{"opens": "09:00", "closes": "14:05"}]}}, "already fill the time"),
        ({"maxWaiting": 1}, "The line is full."),
        ({"selfJoin": False}, "Please take a number at the desk."),
    ],
)
async def test_who_cannot_join_now_is_told_why_and_sees_no_form(
    empty: Lobby, rules: dict[str, Any], said: str
) -> None:
    await empty.point(**rules)
    await empty.join()
    async with AsyncClient(transport=ASGITransport(empty.app), base_url="http://usher.test") as client:
        reader = Reader(client)
        page = await reader.get("/q/desk")
        assert said in words(page)
        assert "<form" not in page.text
        assert said in words(await reader.send("/q/desk", NOBODY, 409))
    assert len((await empty.list())["items"]) == 1


async def test_what_a_line_asks_for_is_asked_and_its_lack_said_beside_the_field(empty: Lobby) -> None:
    await empty.point(requires=["phone", "email"])
    async with AsyncClient(transport=ASGITransport(empty.app), base_url="http://usher.test") as client:
        reader = Reader(client)
        page = await reader.send("/q/desk", {"phone": "call me", "email": "ada"}, 422)
        assert "Write a phone number." in words(page)
        assert "Write an e-mail address" in words(page)
        missing = await reader.send("/q/desk", {"email": "ada@example.com"}, 422)
        assert 'id="phone-wrong"' in missing.text
        await reader.send("/q/desk", {"phone": "+49 30 1", "email": "ada@example.com"})


async def test_the_display_stands_at_two_addresses_and_says_what_was_written_for_it(
    empty: Lobby,
) -> None:
    texts = {"title": {"en": "Town hall", "de": "Rathaus"}, "ticker": {"de": "Bitte Ausweis bereithalten"}}
    await empty.point(display=texts)
    await empty.join()
    async with AsyncClient(transport=ASGITransport(empty.app), base_url="http://usher.test") as client:
        reader = Reader(client)
        led = await reader.get(f"/q/desk/display?orgid={empty.org}&lang=de", 303)
        page = await reader.follow(led)
        assert "Rathaus" in words(page)
        assert "Bitte Ausweis bereithalten" in words(page)
        assert "A001" in words(page)
        assert "<svg" in page.text


async def test_every_page_speaks_every_language(lobby: Lobby, reader: Reader) -> None:
    entry = await lobby.join()
    for path in ("/q/desk", f"/q/entry/{entry['id']}", "/display/desk"):
        pages = [await reader.get(path, accept_language=tag) for tag in LANGUAGES]
        assert len({words(page) for page in pages}) == len(LANGUAGES), path
        assert [page for page in pages if "page.queue" in page.text or "display." in words(page)] == []


async def test_a_place_is_heard_live_until_the_visit_goes_on_elsewhere(lobby: Lobby) -> None:
    await lobby.point("help")
    await lobby.join()
    entry = await lobby.join()
    there = f"/q/entry/{entry['id']}/stream?lang=de"
    async with served(lobby.app) as port:
        async with listening(port, there) as phone:
            first = await phone.event()
            assert first.name == "page"
            assert "1 Person vor Ihnen" in first.data
            await lobby.next()
            assert "als Nächstes" in (await phone.event()).data
            await lobby.do("transfer", entry, servicePoint="help")
            await phone.ended()
        async with listening(port, there) as phone:
            assert "als Nächstes" in (await phone.event()).data
            called = (await lobby.list("help"))["items"][0]
            await lobby.do("call", called, counter="help-1")
            assert "Sie sind dran" in (await phone.event()).data


async def test_many_phones_and_displays_hear_of_one_change(lobby: Lobby) -> None:
    entries = [await lobby.join() for _ in range(5)]
    paths = [f"/q/entry/{entry['id']}/stream" for entry in entries] + ["/display/desk/stream"] * 3
    async with served(lobby.app) as port:
        contexts = [listening(port, path) for path in paths]
        looking = [await context.__aenter__() for context in contexts]
        for each in looking:
            await each.event()
        await lobby.next()
        after = [(await each.event()).data for each in looking]
        for context in contexts:
            await context.__aexit__(None, None, None)
    assert "It is your turn" in after[0]
    assert "You are next" in after[1]
    assert len(set(after[5:])) == 1


async def test_whoever_came_with_the_newest_page_hears_only_what_is_new(lobby: Lobby, reader: Reader) -> None:
    entry = await lobby.join()
    page = await reader.get(f"/q/entry/{entry['id']}")
    [_, address] = page.text.split('data-live="')
    came = address.split('"')[0].replace("&amp;", "&")
    async with served(lobby.app) as port, listening(port, came) as phone:
        await lobby.next()
        assert "It is your turn" in (await phone.event()).data


async def test_a_page_is_told_that_all_is_still_so_only_while_the_line_can_be_read(
    lobby: Lobby, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Part, "beat", 0.05)

    def away(*_: object) -> None:
        raise Unavailable("the database is away")

    async with served(lobby.app) as port, listening(port, "/display/desk/stream") as screen:
        assert [(await screen.event()).name for _ in range(3)] == ["page", "still", "still"]
        with monkeypatch.context() as broken:
            broken.setattr(boards, "line", away)
            await lobby.join()
            await screen.comment()
        while (event := await screen.event()).name != "page":
            pass
        assert "A001" in event.data


async def test_what_is_not_there_is_not_found(lobby: Lobby, reader: Reader) -> None:
    for path in ("/q/none", "/q/entry/none", "/display/none", "/q/entry/none/stream", "/display/none/stream"):
        await reader.get(path, 404)
    await reader.get("/q/desk?orgid=other", 404)
    await reader.send("/q/entry/none/leave", status=404)


async def test_nobody_leaves_or_joins_by_a_form_of_another_site(lobby: Lobby, reader: Reader) -> None:
    entry = await lobby.join()
    for path in ("/q/desk", f"/q/entry/{entry['id']}/leave"):
        answer = await reader.client.post(path, headers={"Origin": "https://evil.example"})
        assert problem(answer) == (403, "foreign_form")
    assert (await lobby.status())["peopleWaiting"] == 1
