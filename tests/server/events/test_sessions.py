"""Sessions of an event, as staff keep them; through HTTP, on both databases."""

import asyncio

import pytest

from domain.clock import HOUR, Instant, rfc3339
from tests.server.events.test_events import NOON, event
from tests.server.office import Office, problem


def session(after: int = 0, hours: int = 1, **more: object) -> dict[str, object]:
    """A session that starts so many hours after its event."""
    starts = NOON + after * HOUR
    return {
        "title": {"en": f"Talk {after}"},
        "starts": rfc3339(Instant(starts)),
        "ends": rfc3339(Instant(starts + hours * HOUR)),
        **more,
    }


@pytest.fixture
async def fair(office: Office) -> Office:
    await office.ok("POST", "events", event(id="fair"))
    return office


async def test_a_session_is_made_and_read(fair: Office) -> None:
    said = {
        "id": "opening",
        "title": {"en": "Opening", "de": "Eröffnung"},
        "abstract": {"en": "Welcome!"},
        "room": "Hall 1",
        "track": "Main",
        "speakers": [{"name": "Ada Lovelace", "about": "Analytical Engines"}, {"name": "Bo", "about": ""}],
        "starts": "2026-05-10T12:00:00.000Z",
        "ends": "2026-05-10T13:00:00.000Z",
        "capacity": 40,
    }
    made = await fair.ok("POST", "events/fair/sessions", said)
    assert made == said | {"event": "fair", "taken": 0, "left": 40}
    assert await fair.ok("GET", "events/fair/sessions/opening") == made
    assert (await fair.ok("GET", "audit"))["items"][0]["kind"] == "session.made"


async def test_without_capacity_there_is_no_end_of_seats(fair: Office) -> None:
    made = await fair.ok("POST", "events/fair/sessions", session())
    assert (len(made["id"]), made["capacity"], made["left"]) == (36, None, None)


async def test_sessions_are_listed_by_their_start_page_by_page(fair: Office) -> None:
    for n in (4, 1, 3, 0):
        await fair.ok("POST", "events/fair/sessions", session(n // 2, id=f"s{n}"))
    first = await fair.ok("GET", "events/fair/sessions?limit=3")
    rest = await fair.ok("GET", f"events/fair/sessions?limit=3&cursor={first['nextCursor']}")
    assert [item["id"] for item in first["items"]] == ["s0", "s1", "s3"]
    assert ([item["id"] for item in rest["items"]], rest["nextCursor"]) == (["s4"], None)


async def test_a_change_keeps_what_it_does_not_name(fair: Office) -> None:
    made = await fair.ok("POST", "events/fair/sessions", session(id="s", capacity=5, room="Hall"))
    changed = await fair.ok("PATCH", "events/fair/sessions/s", {"speakers": [{"name": "Bo"}], "room": "A"})
    assert changed == made | {"speakers": [{"name": "Bo", "about": ""}], "room": "A"}
    without = await fair.ok("PATCH", "events/fair/sessions/s", {"capacity": None})
    assert (without["capacity"], without["left"]) == (None, None)


async def test_a_change_on_an_old_state_is_refused(fair: Office) -> None:
    made = await fair.call("POST", "events/fair/sessions", session(id="s"))
    seen = {"If-Match": made.headers["etag"]}
    assert (await fair.call("GET", "events/fair/sessions/s")).headers["etag"] == seen["If-Match"]
    calls = [fair.call("PATCH", "events/fair/sessions/s", {"room": f"R{n}"}, also=seen) for n in range(4)]
    assert sorted(answer.status_code for answer in await asyncio.gather(*calls)) == [200, 412, 412, 412]


async def test_a_session_is_dropped(fair: Office) -> None:
    await fair.ok("POST", "events/fair/sessions", session(id="s"))
    await fair.ok("DELETE", "events/fair/sessions/s")
    assert problem(await fair.call("GET", "events/fair/sessions/s")) == (404, "not_found")
    assert problem(await fair.call("DELETE", "events/fair/sessions/s")) == (404, "not_found")


async def test_an_id_is_taken_once_in_an_event(fair: Office) -> None:
    await fair.ok("POST", "events", event(id="other"))
    await fair.ok("POST", "events/fair/sessions", session(id="s"))
    again = await fair.call("POST", "events/fair/sessions", session(id="s"))
    assert problem(again) == (409, "id_taken")
    assert (await fair.call("POST", "events/other/sessions", session(id="s"))).status_code == 201


@pytest.mark.parametrize(
    ("times", "field"),
    [(session(-1), "starts"), (session(7, 2), "ends"), (session(8), "ends"), (session(-2, 12), "starts")],
)
async def test_a_session_lies_within_its_event(fair: Office, times: dict[str, object], field: str) -> None:
    wrong = await fair.call("POST", "events/fair/sessions", times)
    assert problem(wrong) == (422, "invalid")
    assert wrong.json()["errors"][0]["loc"] == ["body", field]
    await fair.ok("POST", "events/fair/sessions", session(id="s"))
    moved = {name: times[name] for name in ("starts", "ends")}
    assert problem(await fair.call("PATCH", "events/fair/sessions/s", moved)) == (422, "invalid")


async def test_an_event_is_not_moved_away_from_its_sessions(fair: Office) -> None:
    for n in (0, 6):
        await fair.ok("POST", "events/fair/sessions", session(n, id=f"s{n}"))
    later = {"starts": rfc3339(Instant(NOON + HOUR)), "ends": rfc3339(Instant(NOON + 12 * HOUR))}
    refused = await fair.call("PATCH", "events/fair", later)
    assert problem(refused) == (409, "sessions_outside")
    assert refused.json()["sessions"] == ["s0"]
    assert (await fair.ok("GET", "events/fair"))["starts"] == "2026-05-10T12:00:00.000Z"
    await fair.ok("PATCH", "events/fair", {"ends": later["ends"]})


async def test_an_event_takes_its_sessions_with_it(fair: Office) -> None:
    await fair.ok("POST", "events/fair/sessions", session(id="s"))
    await fair.ok("DELETE", "events/fair")
    await fair.ok("POST", "events", event(id="fair"))
    assert (await fair.ok("GET", "events/fair/sessions"))["items"] == []


@pytest.mark.parametrize(
    "change",
    [{"title": {}}, {"title": {"en": "x" * 256}}, {"abstract": {"en": "x" * 10_001}}, {"capacity": -1},
     {"capacity": 1.5}, {"speakers": [{"name": ""}]}, {"speakers": ["Ada"]},
     {"speakers": [{"name": "A"}] * 51},
     {"room": "\x00"}, {"starts": "2026-05-10T12:00:00"}, {"ends": "2026-05-10T12:00:00Z"}, {"id": "a b"},
     {"surprise": 1}],
)  # fmt: skip
async def test_a_session_that_cannot_be_is_not_made(fair: Office, change: dict[str, object]) -> None:
    wrong = await fair.call("POST", "events/fair/sessions", session() | change)
    assert problem(wrong) == (422, "invalid")
    assert (await fair.ok("GET", "events/fair/sessions"))["items"] == []


CALLS = [("GET", ""), ("POST", ""), ("GET", "/s"), ("PATCH", "/s"), ("DELETE", "/s")]


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_only_who_organises_this_event_may(fair: Office, other: Office, method: str, path: str) -> None:
    await fair.ok("POST", "events/fair/sessions", session(id="s"))
    body = {"POST": session(), "PATCH": {"room": "x"}}.get(method)
    address = f"events/fair/sessions{path}"
    for headers in (await fair.staff("door", "desk", "support", name="ada"), {}):
        assert problem(await fair.call(method, address, body, headers=headers))[0] == (
            403 if headers else 401
        )
    assert problem(await other.call(method, address, body)) == (404, "not_found")
    foreign = await other.call(method, f"/api/organizations/org-a/{address}", body)
    assert problem(foreign) == (404, "not_found")
    organiser = await fair.staff("events", name="eve")
    assert (await fair.call(method, address, body, headers=organiser)).is_success


@pytest.mark.parametrize("query", ["cursor=x", "cursor=WzFd", "limit=0"])
async def test_a_list_that_cannot_be_is_invalid(fair: Office, query: str) -> None:
    assert problem(await fair.call("GET", f"events/fair/sessions?{query}"))[0] == 422
