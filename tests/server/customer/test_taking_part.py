"""Who takes part: choosing sessions, seats that nobody gets twice, what others see; on both databases."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from server.activity.tables import activities
from server.ticketing import transfers
from server.ticketing.tables import ticket_transfers
from tests.server.customer.fair import Fair
from tests.server.office import problem


async def choose(fair: Fair, who: dict[str, str], *sessions: str, **more: Any) -> Any:
    body = {"sessions": list(sessions), **more}
    return await fair.call("PUT", "evt-1/participation", body, who)


async def chosen(fair: Fair, who: dict[str, str]) -> list[str]:
    [part] = (await fair.get("participation/mine", who))["items"]
    return [session["id"] for session in part["sessions"]]


async def left(fair: Fair, id_: str) -> int:
    items = (await fair.get("evt-1/sessions"))["items"]
    return int(next(item["left"] for item in items if item["id"] == id_))


async def timeline(fair: Fair) -> list[str]:
    """What the timelines of all contacts say of participations."""
    asked = select(activities.c.kind).where(activities.c.contact.is_not(None)).order_by(activities.c.seq)
    kinds = await fair.shop.world.database.read(lambda c: list(c.execute(asked).scalars()))
    return [kind for kind in kinds if kind.startswith("participant.")]


@pytest.fixture
async def talks(fair: Fair) -> Fair:
    """Four talks, one after the other, of which the second has two seats."""
    for n, seats in enumerate((None, 2, None, 0)):
        await fair.session(f"s{n}", n, capacity=seats)
    return fair


async def test_whoever_holds_a_ticket_chooses_sessions(talks: Fair) -> None:
    ada = await talks.ticket("ada")
    answer = await choose(talks, ada, "s1", "s0", visibility="name")
    assert answer.status_code == 200, answer.text
    part = answer.json()
    assert (part["state"], part["visibility"], part["event"]["id"]) == ("confirmed", "name", "evt-1")
    assert [(each["id"], each["title"]) for each in part["sessions"]] == [
        ("s0", {"en": "S0"}),
        ("s1", {"en": "S1"}),
    ]
    assert (await talks.get("participation/mine", ada))["items"] == [part]
    assert (await talks.get("evt-1", ada))["participation"]["sessions"] == ["s0", "s1"]
    assert await left(talks, "s1") == 1
    assert await timeline(talks) == ["participant.joined", "participant.sessions_chosen"]


async def test_another_choice_takes_the_place_of_the_first(talks: Fair) -> None:
    ada = await talks.ticket("ada")
    await choose(talks, ada, "s0", "s1", visibility="sessions")
    answer = await choose(talks, ada, "s2", "s2")
    assert answer.json()["visibility"] == "sessions"
    assert await chosen(talks, ada) == ["s2"]
    assert await left(talks, "s1") == 2
    await choose(talks, ada)
    assert await chosen(talks, ada) == []


async def test_a_full_session_is_refused_with_which_and_nothing_is_chosen(talks: Fair) -> None:
    ada = await talks.ticket("ada")
    await choose(talks, ada, "s0")
    refused = await choose(talks, ada, "s2", "s3")
    assert problem(refused) == (409, "session_full")
    assert refused.json()["sessions"] == ["s3"]
    assert await chosen(talks, ada) == ["s0"]


async def test_a_seat_that_one_has_is_kept_however_full_the_session_is(talks: Fair) -> None:
    ada, bob = await talks.ticket("ada"), await talks.ticket("bob")
    for who in (ada, bob):
        await choose(talks, who, "s1")
    await talks.organise("PATCH", "events/evt-1/sessions/s1", {"capacity": 1})
    assert (await choose(talks, ada, "s1", "s0")).status_code == 200
    assert await left(talks, "s1") == 0
    assert problem(await choose(talks, await talks.ticket("cy"), "s1")) == (409, "session_full")
    assert (await talks.organise("GET", "events/evt-1/sessions/s1"))["taken"] == 2


async def test_sessions_at_the_same_time_are_refused_with_which(talks: Fair) -> None:
    await talks.session("long", 0, 3)
    ada = await talks.ticket("ada")
    refused = await choose(talks, ada, "s1", "long", "s0")
    assert problem(refused) == (409, "sessions_overlap")
    assert sorted(map(sorted, refused.json()["sessions"])) == [["long", "s0"], ["long", "s1"]]
    assert (await talks.get("participation/mine", ada))["items"] == []


async def test_a_session_that_is_over_is_refused(talks: Fair) -> None:
    ada = await talks.ticket("ada")
    await choose(talks, ada, "s0")
    talks.hours_later(1)
    kept = await choose(talks, await talks.customer("ada"), "s0", "s1")
    assert kept.status_code == 200, kept.text
    bob = await talks.ticket("bob")
    over = await choose(talks, bob, "s0")
    assert (problem(over), over.json()["sessions"]) == ((409, "session_over"), ["s0"])


async def test_sessions_of_other_events_are_unknown(talks: Fair) -> None:
    await talks.event("other")
    session = {"id": "foreign", "title": {"en": "X"}, "starts": "2026-05-10T12:00:00Z",
               "ends": "2026-05-10T13:00:00Z"}  # fmt: skip
    await talks.organise("POST", "events/other/sessions", session)
    refused = await choose(talks, await talks.ticket("ada"), "s0", "foreign")
    assert problem(refused) == (422, "session_unknown")
    assert refused.json()["errors"][0]["loc"] == ["body", "sessions", 1]


async def test_whoever_has_no_ticket_chooses_nothing(talks: Fair) -> None:
    assert problem(await choose(talks, talks.ada, "s0")) == (403, "not_taking_part")
    assert problem(await choose(talks, {}, "s0")) == (401, "unauthenticated")


@pytest.mark.parametrize("end", ["cancel", "over"])
async def test_nothing_is_chosen_for_what_is_cancelled_or_over(talks: Fair, end: str) -> None:
    ada = await talks.ticket("ada")
    if end == "cancel":
        await talks.organise("POST", "events/evt-1/cancel")
    else:
        talks.hours_later(9)
        ada = await talks.customer("ada")
    wanted = (409, "event_state" if end == "cancel" else "event_over")
    assert problem(await choose(talks, ada, "s2")) == wanted


async def test_with_the_last_ticket_the_seats_are_gone(talks: Fair) -> None:
    ada = await talks.ticket("ada")
    await choose(talks, ada, "s1", visibility="name")
    [ticket] = (await talks.get("evt-1", ada))["tickets"]
    await talks.organise("PATCH", f"events/evt-1/tickets/{ticket['id']}", {"act": "cancel"})
    assert await left(talks, "s1") == 2
    [part] = (await talks.get("participation/mine", ada))["items"]
    assert (part["state"], part["sessions"]) == ("cancelled", [])
    assert problem(await choose(talks, ada, "s1")) == (403, "not_taking_part")
    assert (await timeline(talks))[-1] == "participant.left"


async def test_with_another_ticket_the_seats_stay(talks: Fair) -> None:
    ada = await talks.ticket("ada")
    await choose(talks, ada, "s1")
    more = {"type": "free", "email": "ada@example.com"}
    issued = await talks.organise("POST", "events/evt-1/tickets", {"tickets": [more]})
    ada = await talks.customer("ada")
    await talks.organise("PATCH", f"events/evt-1/tickets/{issued['items'][0]['id']}", {"act": "cancel"})
    assert await chosen(talks, ada) == ["s1"]


async def test_whoever_gives_their_ticket_away_gives_up_their_seats(talks: Fair) -> None:
    ada, bob = await talks.ticket("ada"), await talks.customer("bob")
    await choose(talks, ada, "s1")
    [ticket] = (await talks.get("evt-1", ada))["tickets"]
    offered = await talks.call("POST", f"tickets/{ticket['id']}/transfer", {"email": "bob@example.com"}, ada)
    assert offered.is_success, offered.text
    assert await left(talks, "s1") == 1
    token = await transfer_token(talks)
    claimed = await talks.call("POST", "tickets/claim", {"token": token}, bob)
    assert claimed.is_success, claimed.text
    assert await left(talks, "s1") == 2
    assert (await choose(talks, bob, "s1")).status_code == 200
    assert problem(await choose(talks, ada, "s1")) == (403, "not_taking_part")


async def transfer_token(fair: Fair) -> str:
    """The token of the offer that was mailed."""

    def query(connection: Any) -> str | None:
        row = connection.execute(select(ticket_transfers.c.id)).first()
        transfer = transfers.one(connection, row.id)
        return transfers.token_of(connection, transfer) if transfer else None

    token = await fair.shop.world.database.read(query)
    assert token is not None
    return token


async def test_exactly_as_many_get_a_seat_as_there_are_however_many_ask_at_once(talks: Fair) -> None:
    await talks.organise("PATCH", "events/evt-1/sessions/s1", {"capacity": 7})
    people = [await talks.ticket(f"p{n}") for n in range(50)]
    answers = await asyncio.gather(*(choose(talks, who, "s1") for who in people))
    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(200), statuses.count(409)) == (7, 43)
    assert (await talks.organise("GET", "events/evt-1/sessions/s1"))["taken"] == 7


async def test_two_sessions_wanted_in_either_order_by_many_at_once_are_never_overfull(talks: Fair) -> None:
    for id_ in ("s1", "s2"):
        await talks.organise("PATCH", f"events/evt-1/sessions/{id_}", {"capacity": 5})
    people = [await talks.ticket(f"p{n}") for n in range(50)]
    wanted = [("s1", "s2"), ("s2", "s1"), ("s2",), ("s1",)]
    answers = await asyncio.gather(*(choose(talks, who, *wanted[n % 4]) for n, who in enumerate(people)))
    assert {answer.status_code for answer in answers} <= {200, 409}
    for id_ in ("s1", "s2"):
        assert (await talks.organise("GET", f"events/evt-1/sessions/{id_}"))["taken"] == 5


async def test_one_person_in_a_hurry_has_one_participation_and_one_seat(talks: Fair) -> None:
    ada = await talks.ticket("ada")
    answers = await asyncio.gather(*(choose(talks, ada, f"s{n % 3}") for n in range(12)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(await chosen(talks, ada)) == 1
    assert len({answer.json()["id"] for answer in answers}) == 1


async def test_others_see_no_more_than_each_one_allows(talks: Fair) -> None:
    shown = {"ada": "hidden", "bob": "name", "cy": "sessions"}
    people = {name: await talks.ticket(name) for name in shown}
    for name, visibility in shown.items():
        await choose(talks, people[name], "s0", visibility=visibility)
        talks.shop.clock.forward(1)
    found = (await talks.get("evt-1/participants", people["ada"]))["items"]
    assert [(each["name"], each["sessions"]) for each in found] == [("Bob", None), ("Cy", ["s0"])]
    assert "example.com" not in str(found)
    first = await talks.get("evt-1/participants?limit=1", people["ada"])
    rest = await talks.get(f"evt-1/participants?limit=1&cursor={first['nextCursor']}", people["ada"])
    assert [rest["items"][0]["name"], rest["nextCursor"]] == ["Cy", None]
    stranger = await talks.customer("eve")
    assert problem(await talks.call("GET", "evt-1/participants", None, stranger)) == (403, "not_taking_part")


async def test_whoever_was_hidden_at_first_says_nothing(talks: Fair) -> None:
    ada = await talks.ticket("ada")
    assert (await choose(talks, ada, "s0")).json()["visibility"] == "hidden"
    assert (await talks.get("evt-1/participants", ada))["items"] == []


async def test_a_session_that_is_dropped_is_in_the_timeline_of_who_chose_it(talks: Fair) -> None:
    ada = await talks.ticket("ada")
    await choose(talks, ada, "s0", "s1")
    await talks.organise("DELETE", "events/evt-1/sessions/s0")
    assert await chosen(talks, ada) == ["s1"]
    assert (await timeline(talks))[-1] == "participant.session_lost"


async def test_what_one_chooses_does_not_make_an_organisers_change_stale(talks: Fair) -> None:
    seen = (await talks.organiser("GET", "events/evt-1/sessions/s1")).headers["etag"]
    await choose(talks, await talks.ticket("ada"), "s1")
    headers = {**talks.shop.world.staff("events"), "If-Match": seen}
    changed = await talks.organiser("PATCH", "events/evt-1/sessions/s1", {"room": "A"}, headers=headers)
    assert (changed.status_code, changed.json()["taken"]) == (200, 1)


async def test_participations_come_page_by_page_and_are_ones_own(talks: Fair) -> None:
    await talks.event("other", hours=48)
    for event in ("evt-1", "other"):
        await talks.organise("POST", f"events/{event}/invitations", {"emails": ["ada@example.com"]})
        talks.shop.clock.forward(1)
    first = await talks.get("participation/mine?limit=1")
    rest = await talks.get(f"participation/mine?limit=1&cursor={first['nextCursor']}")
    found = [page["items"][0]["event"]["id"] for page in (first, rest)]
    assert (found, rest["nextCursor"]) == (["other", "evt-1"], None)
    assert (await talks.get("participation/mine", await talks.customer("bob")))["items"] == []


@pytest.mark.parametrize(
    "body",
    [{}, {"sessions": "s0"}, {"sessions": ["a b"]}, {"sessions": ["s0"] * 201},
     {"sessions": [], "visibility": "x"},
     {"sessions": [], "surprise": 1}],
)  # fmt: skip
async def test_a_choice_that_cannot_be_is_invalid(talks: Fair, body: dict[str, object]) -> None:
    ada = await talks.ticket("ada")
    assert problem(await talks.call("PUT", "evt-1/participation", body, ada)) == (422, "invalid")
