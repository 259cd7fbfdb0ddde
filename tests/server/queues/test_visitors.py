"""Visitors who join by phone, and what strangers may see."""

import asyncio

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from domain.clock import HOUR, MINUTE, parse
from server.app import create_app
from server.db.database import Database
from server.settings import Settings
from tests.builders import ManualClock
from tests.server.queues.lobby import QUEUE, Lobby, open_lobby, problem

SAID = {
    "name": "Ada Lovelace",
    "phone": "+49 151 1234567",
    "email": "Ada@Example.org",
    "note": "my knee hurts",
    "language": "de",
}
PRIVATE = ("Ada", "1234567", "example.org", "knee")


async def test_a_visitor_sees_the_own_place_and_nothing_personal(lobby: Lobby) -> None:
    await lobby.join()
    joined = await lobby.visit(**SAID)
    assert joined.status_code == 201
    entry = joined.json()
    assert (entry["number"], entry["ahead"], entry["forecast"]["basis"]) == ("A002", 1, "configured")
    assert set(entry) == {
        *("id", "servicePoint", "number", "state", "position", "ahead", "forecast", "counter", "why", "link")
    }
    assert await lobby.look(entry["id"]) == entry


async def test_no_public_answer_holds_a_name_a_contact_or_a_note(lobby: Lobby) -> None:
    entry = (await lobby.visit(**SAID)).json()
    seen = [str(entry), str(await lobby.look(entry["id"])), str(await lobby.status())]
    await lobby.next()
    seen += [str(await lobby.look(entry["id"])), str(await lobby.status())]
    await lobby.do("start", entry["id"])
    seen += [str(await lobby.status())]
    assert not [word for word in PRIVATE for text in seen if word.lower() in text.lower()]
    assert entry["id"] not in str(await lobby.status())


async def test_staff_see_what_a_visitor_said(lobby: Lobby) -> None:
    await lobby.visit(**SAID)
    [entry] = (await lobby.list())["items"]
    assert (entry["name"], entry["phone"], entry["email"]) == (
        "Ada Lovelace",
        "+491511234567",
        "ada@example.org",
    )
    assert (entry["note"], entry["language"], entry["arrived"]) == ("my knee hurts", "de", False)


async def test_who_chose_to_be_called_by_name_is_shown_by_name(lobby: Lobby) -> None:
    await lobby.visit(name="Ada", callByName=True)
    await lobby.join(name="Grace")
    await lobby.next()
    await lobby.do("start", await lobby.next("two"))
    status = await lobby.status()
    assert [(c["number"], c["counter"], c["name"]) for c in status["lastCalled"]] == [
        ("A002", "Counter 2", None),
        ("A001", "Counter 1", "Ada"),
    ]
    assert status["nowServing"] == [{"number": "A002", "counter": "Counter 2", "name": None}]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"phone": "+49 151 1234567"}, {"phone": "+49-151-123 45 67"}),
        ({"email": "ada@example.org"}, {"email": "ADA@example.ORG", "name": "Ada"}),
    ],
)
async def test_who_waits_already_gets_the_entry_that_there_is(
    lobby: Lobby, first: dict[str, str], second: dict[str, str]
) -> None:
    one, two = await lobby.visit(**first), await lobby.visit(**second)
    assert (one.status_code, two.status_code) == (201, 200)
    assert one.json() == two.json()
    lobby.clock.forward(15 * MINUTE)
    assert (await lobby.visit(**second)).json()["number"] == "A002"


async def test_a_browser_is_known_again_by_its_cookie(lobby: Lobby, app: FastAPI) -> None:
    async with AsyncClient(transport=ASGITransport(app), base_url="http://phone.test") as phone:
        answers = [await phone.post(f"{QUEUE}/join", json={"servicePoint": "desk"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    cookie = answers[0].headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "set-cookie" not in answers[1].headers


async def test_who_taps_twice_at_once_gets_one_entry(lobby: Lobby) -> None:
    answers = await asyncio.gather(*(lobby.visit(email="ada@example.org") for _ in range(8)))
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]


async def test_two_strangers_without_contact_get_an_entry_each(lobby: Lobby) -> None:
    assert [(await lobby.visit()).json()["number"] for _ in range(2)] == ["A001", "A002"]


async def test_a_visitor_leaves_and_can_join_again(lobby: Lobby) -> None:
    entry = (await lobby.visit(email="ada@example.org")).json()
    left = await lobby.ok("DELETE", f"{QUEUE}/entry/{entry['id']}")
    assert left["state"] == "left"
    again = await lobby.client.delete(f"{QUEUE}/entry/{entry['id']}")
    assert problem(again) == (409, "wrong_transition")
    assert (await lobby.visit(email="ada@example.org")).json()["number"] == "A002"


async def test_who_is_being_served_cannot_leave_by_link(lobby: Lobby) -> None:
    entry = await lobby.do("start", (await lobby.join(), await lobby.next())[1])
    refused = await lobby.client.delete(f"{QUEUE}/entry/{entry['id']}")
    assert problem(refused) == (409, "wrong_transition")
    assert "leave" not in refused.json()["allowed"]


async def test_the_link_follows_the_visit_through_a_transfer(lobby: Lobby) -> None:
    await lobby.point("help")
    mine = (await lobby.visit()).json()
    await lobby.do("transfer", mine["id"], servicePoint="help")
    seen = await lobby.look(mine["id"])
    assert (seen["servicePoint"], seen["number"], seen["state"]) == ("help", "A001", "waiting")
    await lobby.ok("DELETE", f"{QUEUE}/entry/{mine['id']}")
    assert (await lobby.list("help"))["items"] == []


async def test_a_visitor_hears_the_name_of_the_counter(lobby: Lobby) -> None:
    mine = (await lobby.visit()).json()
    await lobby.next("two")
    assert (await lobby.look(mine["id"]))["counter"] == "Counter 2"


async def test_nobody_joins_by_phone_while_it_is_closed_and_staff_still_add_people(empty: Lobby) -> None:
    await empty.point(openingHours={"mon": [{"opens": "09:00", "closes": "17:00"}]})
    closed = await empty.visit()
    assert problem(closed) == (409, "closed")
    assert closed.json()["opensAt"] == "2026-05-11T07:00:00.000Z"
    assert (await empty.status())["state"] == "closed"
    at_kiosk = await empty.client.post(f"{QUEUE}/join", json={"servicePoint": "desk"}, headers=empty.welcome)
    assert problem(at_kiosk) == (409, "closed")
    assert (await empty.join())["number"] == "A001"
    empty.clock.at = parse("2026-05-11T07:00:00Z")
    assert (await empty.visit()).status_code == 201


async def test_it_is_closing_when_the_wait_passes_closing_time_and_opens_again_when_it_falls(
    empty: Lobby,
) -> None:
    empty.clock.at = parse("2026-05-10T14:30:00Z")
    await empty.point(openingHours={"sun": [{"opens": "09:00", "closes": "17:00"}]})
    entries = [(await empty.visit()).json() for _ in range(3)]
    refused = await empty.visit()
    assert problem(refused) == (409, "closing")
    assert refused.json()["closesAt"] == "2026-05-10T15:00:00.000Z"
    working = await empty.list()
    assert (working["state"], working["closesAt"]) == ("closing", "2026-05-10T15:00:00.000Z")
    assert (await empty.status())["state"] == "closing"
    await empty.ok("DELETE", f"{QUEUE}/entry/{entries[0]['id']}")
    assert (await empty.status())["state"] == "open"
    assert (await empty.visit()).status_code == 201


async def test_a_service_point_says_who_may_join_by_phone(empty: Lobby) -> None:
    await empty.point("desk", requires=["phone"], maxWaiting=1)
    missing = await empty.visit(name="Ada")
    assert missing.status_code == 422
    assert missing.json()["errors"] == [{"loc": ["body", "phone"], "msg": "is needed here"}]
    assert (await empty.visit(phone="+49151000")).status_code == 201
    assert problem(await empty.visit(phone="+49152000")) == (409, "queue_full")
    await empty.point("help", selfJoin=False)
    assert problem(await empty.visit("help")) == (409, "self_join_off")


async def test_a_visitor_gives_no_priority_to_oneself(lobby: Lobby) -> None:
    await lobby.join()
    mine = (await lobby.visit(priority="priority", bookedFor="2026-05-10T09:00:00Z", arrived=True)).json()
    entry = await lobby.entry(mine["id"])
    assert (entry["priority"], entry["bookedFor"], entry["arrived"], entry["position"]) == (
        "normal",
        None,
        False,
        2,
    )


async def test_staff_join_other_people_from_one_desk_without_being_taken_for_one(lobby: Lobby) -> None:
    numbers = [(await lobby.join(phone="+49151000"))["number"] for _ in range(2)]
    assert numbers == ["A001", "A002"]


@pytest.mark.parametrize(
    "said",
    [
        {"servicePoint": "desk", "party": 0},
        {"servicePoint": "desk", "party": 10**30},
        {"servicePoint": "desk", "email": "nobody"},
        {"servicePoint": "desk", "phone": "call me"},
        {"servicePoint": "desk", "name": "x" * 101},
        {"servicePoint": "desk", "note": "nul\x00"},
        {"servicePoint": "desk", "colour": "red"},
        {"servicePoint": ""},
        {"servicePoint": "a b"},
        {},
    ],
)
async def test_a_join_that_cannot_be_is_refused_with_its_field(lobby: Lobby, said: dict[str, object]) -> None:
    refused = await lobby.client.post(f"{QUEUE}/join", json=said)
    assert problem(refused) == (422, "invalid")
    assert refused.json()["errors"]


async def test_what_is_not_there_is_not_found(lobby: Lobby) -> None:
    nowhere = [
        await lobby.visit("nowhere"),
        await lobby.client.get(f"{QUEUE}/entry/nobody"),
        await lobby.client.delete(f"{QUEUE}/entry/nobody"),
        await lobby.client.get(f"{QUEUE}/status/nowhere"),
        await lobby.client.get(f"{QUEUE}/status/nowhere/stream"),
        await lobby.try_("start", "nobody"),
        await lobby.try_("call-next", "nowhere", counter="one"),
    ]
    assert [problem(answer) for answer in nowhere] == [(404, "not_found")] * len(nowhere)


async def test_a_token_that_has_ended_does_not_join_as_somebody_else(lobby: Lobby) -> None:
    ended = lobby.clerk
    lobby.clock.forward(2 * HOUR)
    refused = await lobby.client.post(f"{QUEUE}/join", json={"servicePoint": "desk"}, headers=ended)
    assert problem(refused) == (401, "token_expired")


async def test_who_joins_again_and_again_is_told_to_wait(
    settings: Settings, database: Database, clock: ManualClock
) -> None:
    limited = create_app(settings.model_copy(update={"rate_limits": True}), database, clock)
    async with (
        limited.router.lifespan_context(limited),
        AsyncClient(transport=ASGITransport(limited), base_url="http://usher.test") as client,
    ):
        lobby = await open_lobby(limited, client, clock)
        await lobby.point()
        answers = [await lobby.visit(email="ada@example.org") for _ in range(11)]
        assert [answer.status_code for answer in answers] == [201, *[200] * 9, 429]
        assert problem(answers[-1]) == (429, "too_many")
        assert int(answers[-1].headers["Retry-After"]) > 0
        assert [(await lobby.join())["number"] for _ in range(70)][-1] == "A071"
