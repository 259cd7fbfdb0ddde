"""Service points: made, changed, deleted, read; and each organisation by itself."""

import asyncio

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from domain.clock import DAY
from tests.builders import ManualClock
from tests.server.queues.lobby import POINT, QUEUE, Lobby, open_lobby, problem


def window(opens: str, closes: str) -> dict[str, str]:
    return {"opens": opens, "closes": closes}


async def test_a_service_point_says_all_that_was_set_and_has_defaults_for_the_rest(empty: Lobby) -> None:
    made = await empty.ok("POST", f"{POINT}/create", {"name": "Chair", "graceSeconds": 90}, empty.clerk)
    assert (made["zone"], made["graceSeconds"], made["graceMode"]) == ("Europe/Berlin", 90, "manual")
    assert made["categories"] == [
        {"id": "general", "letter": "A", "name": {"en": "General"}, "priority": "normal"}
    ]
    assert [counter["name"] for counter in made["counters"]] == ["Counter 1"]
    assert made["state"] == "open"
    assert (await empty.ok("GET", f"{POINT}/get/{made['id']}", None, empty.clerk)) == made


async def test_a_service_point_keeps_all_that_it_was_told(empty: Lobby) -> None:
    told = {
        "id": "salon",
        "name": "Salon",
        "zone": "America/New_York",
        "capacity": 3,
        "categories": [
            {
                "id": "cut",
                "letter": "C",
                "name": {"en": "Haircut", "de": "Haarschnitt"},
                "priority": "normal",
            },
            {"id": "bride", "letter": "B", "name": {"en": "Bride"}, "priority": "priority"},
        ],
        "quota": ["priority", "normal"],
        "ageLimitSeconds": 1800,
        "graceSeconds": 120,
        "graceMode": "auto",
        "returnSeconds": 600,
        "serviceSeconds": 900,
        "forgottenSeconds": 7200,
        "openingHours": {"mon": [{"opens": "09:00", "closes": "17:00"}], "sat": []},
        "selfJoin": False,
        "requires": ["name", "phone"],
        "maxWaiting": 20,
        "bookings": "priority",
        "display": {"title": {"en": "Welcome"}, "ticker": {"en": "Tea is on the house"}},
    }
    counters = [{"id": "left", "name": "Left chair"}, {"name": "Right chair"}]
    await empty.ok("POST", f"{POINT}/create", {**told, "counters": counters}, empty.clerk)
    kept = await empty.ok("GET", f"{POINT}/get/salon", None, empty.clerk)
    assert {name: kept[name] for name in told} == told
    assert [(counter["id"], counter["name"], counter["state"]) for counter in kept["counters"]] == [
        ("left", "Left chair", "closed"), ("salon-1", "Right chair", "closed")
    ]  # fmt: skip
    assert (kept["state"], kept["closesAt"]) == ("closed", None)


async def test_a_counter_opens_pauses_and_closes_and_says_who_serves_there(lobby: Lobby) -> None:
    async def set_(state: str, **more: str) -> tuple[str, str, int]:
        made = await lobby.do("counter", "desk", counter="one", state=state, **more)
        forecast = (await lobby.status())["forecast"]["p50"]
        return made["state"], made["staff"], forecast

    await lobby.do("counter", "desk", counter="two", state="open")
    await lobby.join()
    assert await set_("open", staff="Ada") == ("open", "Ada", 2 * 600 // 2)
    assert await set_("paused") == ("paused", "Ada", 2 * 600)
    assert await set_("open") == ("open", "Ada", 2 * 600 // 2)
    assert await set_("closed") == ("closed", "", 2 * 600)
    assert problem(await lobby.try_("counter", "desk", counter="nine", state="open")) == (
        422,
        "counter_unknown",
    )


async def test_an_update_changes_what_it_names_and_leaves_the_rest(lobby: Lobby) -> None:
    before = await lobby.ok("GET", f"{POINT}/get/desk", None, lobby.clerk)
    await lobby.do("counter", "desk", counter="two", state="open", staff="Ada")
    changes = {
        "id": "desk",
        "serviceSeconds": 60,
        "counters": [{"id": "two", "name": "Window"}, {"name": "New"}],
    }
    after = await lobby.ok("PUT", f"{POINT}/update", changes, lobby.clerk)
    assert (after["name"], after["zone"], after["serviceSeconds"]) == (before["name"], before["zone"], 60)
    assert after["counters"] == [
        {"id": "two", "servicePoint": "desk", "name": "Window", "state": "open", "staff": "Ada"},
        {"id": "desk-1", "servicePoint": "desk", "name": "New", "state": "closed", "staff": ""},
    ]


async def test_of_two_updates_on_one_state_the_second_is_refused(lobby: Lobby) -> None:
    seen = await lobby.client.get(f"{POINT}/get/desk", headers=lobby.clerk)
    await lobby.join()
    marked = {**lobby.clerk, "If-Match": seen.headers["ETag"]}
    first = await lobby.client.put(f"{POINT}/update", json={"id": "desk", "name": "A"}, headers=marked)
    assert first.status_code == 200
    second = await lobby.client.put(f"{POINT}/update", json={"id": "desk", "name": "B"}, headers=marked)
    assert problem(second) == (412, "stale")


async def test_a_service_point_with_people_is_deleted_by_force_only(lobby: Lobby) -> None:
    entry = (await lobby.visit()).json()
    refused = await lobby.client.delete(f"{POINT}/delete/desk", headers=lobby.clerk)
    assert problem(refused) == (409, "people_waiting")
    await lobby.ok("DELETE", f"{POINT}/delete/desk?force=true", None, lobby.clerk)
    for path in (f"{POINT}/get/desk", f"{QUEUE}/list/desk"):
        assert (await lobby.client.get(path, headers=lobby.desk)).status_code == 404
    assert (await lobby.client.get(f"{QUEUE}/entry/{entry['id']}")).status_code == 404
    again = await lobby.client.post(f"{POINT}/create", json={"id": "desk", "name": "x"}, headers=lobby.clerk)
    assert problem(again) == (409, "id_taken")


async def test_a_list_of_service_points_goes_on_from_page_to_page(empty: Lobby) -> None:
    for id_ in ("desk", "help", "other"):
        await empty.point(id_)
    found: list[str] = []
    cursor = None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = await empty.ok("GET", f"{POINT}/get", None, empty.clerk, params=query)
        found += [item["id"] for item in page["items"]]
        cursor = page["nextCursor"]
        if cursor is None:
            break
    assert found == ["desk", "help", "other"]
    own = await empty.ok("GET", f"{POINT}/get", None, empty.desk)
    assert [item["id"] for item in own["items"]] == ["desk", "help"]


async def test_the_working_list_goes_on_from_page_to_page(lobby: Lobby) -> None:
    for _ in range(5):
        await lobby.join()
    first = await lobby.list(limit=3)
    rest = await lobby.list(limit=3, cursor=first["nextCursor"])
    numbers = [item["number"] for item in first["items"] + rest["items"]]
    assert numbers == ["A001", "A002", "A003", "A004", "A005"]
    assert rest["nextCursor"] is None


async def test_the_same_id_at_once_is_made_once(empty: Lobby) -> None:
    body = {"id": "desk", "name": "Desk"}
    answers = await asyncio.gather(
        *(empty.client.post(f"{POINT}/create", json=body, headers=empty.clerk) for _ in range(6))
    )
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 5]


async def test_another_organisation_sees_nothing_and_moves_nobody(
    lobby: Lobby, app: FastAPI, client: AsyncClient, clock: ManualClock
) -> None:
    other = await open_lobby(app, client, clock, "org-b")
    entry = await lobby.join()
    tried = [
        await client.get(f"{POINT}/get/desk", headers=other.clerk),
        await client.put(f"{POINT}/update", json={"id": "desk", "name": "mine"}, headers=other.clerk),
        await client.delete(f"{POINT}/delete/desk?force=true", headers=other.clerk),
        await client.get(f"{QUEUE}/list/desk", headers=other.desk),
        await other.try_("call", entry, counter="one"),
        await other.try_("call-next", "desk", counter="one"),
        await other.try_("undo", entry),
        await other.try_("transfer", entry, servicePoint="desk"),
        await other.try_("counter", "desk", counter="one", state="open"),
        await client.get(f"{QUEUE}/status/desk", headers={"orgid": "org-b"}),
        await client.get(f"{QUEUE}/list/desk", headers={**lobby.desk, "orgid": "org-b"}),
    ]
    assert [problem(answer)[0] for answer in tried] == [404] * len(tried)
    assert (await lobby.entry(entry["id"]))["state"] == "waiting"


async def test_two_organisations_may_use_one_id_and_each_has_its_own_line(
    lobby: Lobby, app: FastAPI, client: AsyncClient, clock: ManualClock
) -> None:
    clock.forward(1000)
    other = await open_lobby(app, client, clock, "org-b")
    made = await other.point(counters=[{"name": "Only"}])
    assert [counter["id"] for counter in made["counters"]] == ["desk-1"]
    assert [(await lobby.join())["number"], (await other.join())["number"]] == ["A001", "A001"]
    assert (await lobby.status())["joinUrl"].endswith("/q/desk")
    link = (await other.status())["joinUrl"]
    assert link.endswith("/q/desk?orgid=org-b")
    by_link = await client.get(f"{QUEUE}/status/desk?orgid=org-b")
    assert by_link.json()["servicePoint"]["name"] == "The desk"
    assert (await client.get(f"{QUEUE}/status/desk")).json()["peopleWaiting"] == 1
    own = await client.get(f"{QUEUE}/status/desk", headers=other.desk)
    assert own.json()["joinUrl"] == link


async def test_a_kiosk_acts_only_where_it_belongs(lobby: Lobby, client: AsyncClient) -> None:
    await lobby.point("other")
    entry = await lobby.join()
    far = await lobby.device("far", "desk", "servicePoint:other")
    for path, body in ((f"call/{entry['id']}", {"counter": "one"}), ("call-next/desk", {"counter": "one"})):
        answer = await client.post(f"{QUEUE}/{path}", json=body, headers=far)
        assert problem(answer) == (404, "not_found")
    welcome = await client.post(f"{QUEUE}/call-next/desk", json={"counter": "one"}, headers=lobby.welcome)
    assert welcome.status_code == 403
    nobody = await client.post(f"{QUEUE}/call-next/desk", json={"counter": "one"})
    assert nobody.status_code == 401
    assert (await client.post(f"{POINT}/create", json={"name": "x"}, headers=lobby.desk)).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": " "},
        {"name": "x", "zone": "Mars/Base"},
        {"name": "x", "id": "a b"},
        {"name": "x", "graceSeconds": -1},
        {"name": "x", "graceMode": "never"},
        {"name": "x", "categories": []},
        {"name": "x", "categories": [{"id": "a", "letter": "AB"}]},
        {"name": "x", "categories": [{"id": "a", "letter": "A"}, {"id": "b", "letter": "A"}]},
        {"name": "x", "categories": [{"id": "a", "letter": "A"}, {"id": "a", "letter": "B"}]},
        {"name": "x", "openingHours": {"mon": [{"opens": "25:00", "closes": "26:00"}]}},
        {"name": "x", "openingHours": {"someday": []}},
        {"name": "x", "specialDays": {"2026-02-30": []}},
        {"name": "x", "counters": []},
        {"name": "x", "quota": ["Priority!"]},
        {"name": "x", "colour": "red"},
    ],
)
async def test_a_service_point_that_cannot_be_is_refused(empty: Lobby, body: dict[str, object]) -> None:
    refused = await empty.client.post(f"{POINT}/create", json=body, headers=empty.clerk)
    assert problem(refused) == (422, "invalid")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"openingHours": {"mon": []}}, "hours_never_open"),
        (
            {"openingHours": {"mon": [window("09:00", "12:00"), window("11:00", "15:00")]}},
            "hours_overlap",
        ),
        ({"specialDays": {"2026-12-24": [window("22:00", "04:00")]}}, "hours_overlap"),
        ({"openingHours": {}, "specialDays": {"2026-05-09": [window("09:00", "12:00")]}}, "hours_never_open"),
    ],
)
async def test_hours_that_cannot_be_are_refused_when_they_are_entered(
    lobby: Lobby, body: dict[str, object], code: str
) -> None:
    made = await lobby.client.post(f"{POINT}/create", json={"name": "x", **body}, headers=lobby.clerk)
    changed = await lobby.client.put(f"{POINT}/update", json={"id": "desk", **body}, headers=lobby.clerk)
    assert [problem(made), problem(changed)] == [(422, code)] * 2


async def test_when_its_only_days_are_over_the_rest_of_a_service_point_can_still_be_changed(
    lobby: Lobby,
) -> None:
    body = {"id": "desk", "openingHours": {}, "specialDays": {"2026-05-11": [window("09:00", "12:00")]}}
    await lobby.ok("PUT", f"{POINT}/update", body, lobby.clerk)
    lobby.clock.forward(3 * DAY)
    named = await lobby.ok("PUT", f"{POINT}/update", {"id": "desk", "name": "Stall"}, lobby.clerk)
    assert (named["name"], named["specialDays"]) == ("Stall", body["specialDays"])


async def test_a_special_day_closes_a_service_point(lobby: Lobby) -> None:
    body = {"id": "desk", "specialDays": {"2026-05-10": []}}
    changed = await lobby.client.put(f"{POINT}/update", json=body, headers=lobby.clerk)
    assert (changed.json()["state"], changed.json()["specialDays"]) == ("closed", body["specialDays"])


async def test_a_counter_id_that_is_taken_is_refused_and_nothing_is_made(lobby: Lobby) -> None:
    body = {"id": "help", "name": "Help", "counters": [{"id": "one", "name": "One"}]}
    refused = await lobby.client.post(f"{POINT}/create", json=body, headers=lobby.clerk)
    assert problem(refused) == (409, "id_taken")
    assert (await lobby.client.get(f"{POINT}/get/help", headers=lobby.clerk)).status_code == 404


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        (f"{QUEUE}/list/desk", "cursor=nonsense", "cursor_unknown"),
        (f"{QUEUE}/list/desk", "state=asleep", "invalid"),
        (f"{QUEUE}/list/desk", "limit=0", "invalid"),
        (f"{QUEUE}/list/desk", "day=today", "invalid"),
        (f"{POINT}/get", "cursor=WzFd", "cursor_unknown"),
        (f"{QUEUE}/forecast-quality/desk", "days=0", "invalid"),
        (f"{QUEUE}/list/%00", "", "invalid"),
        (f"{QUEUE}/status/desk", "orgid=%00", "invalid"),
    ],
)
async def test_a_request_that_cannot_be_is_refused(lobby: Lobby, path: str, query: str, code: str) -> None:
    refused = await lobby.client.get(f"{path}?{query}", headers=lobby.desk)
    assert problem(refused) == (422, code)


async def test_a_version_that_is_none_is_refused(lobby: Lobby) -> None:
    entry = await lobby.join()
    for tag in ("x", '"abc"', "99999999999"):
        headers = {**lobby.desk, "If-Match": tag}
        refused = await lobby.client.post(f"{QUEUE}/hold/{entry['id']}", headers=headers)
        assert problem(refused) == (422, "etag_malformed")
