"""Events: made, listed, changed, ended, deleted; through HTTP, on both databases."""

import asyncio

import pytest
from sqlalchemy import select

from domain.clock import DAY, HOUR, Instant, rfc3339
from server.activity.tables import changes
from server.events.life import TRANSITIONS, EventState, Step
from server.events.schemas import RESERVED
from tests.builders import ManualClock
from tests.server.office import Office, problem

NOON = 1_778_414_400_000
STEPS = {"publish": Step.PUBLISH, "cancel": Step.CANCEL, "archive": Step.ARCHIVE}


def event(starts: int = NOON, hours: int = 8, **more: object) -> dict[str, object]:
    return {
        "name": {"en": "Spring Fair", "de": "Frühlingsmarkt"},
        "starts": rfc3339(Instant(starts)),
        "ends": rfc3339(Instant(starts + hours * HOUR)),
        "zone": "Europe/Berlin",
        **more,
    }


async def synced(office: Office, table: str) -> list[tuple[str, str, bool]]:
    """What the change log tells the kiosks of an organisation."""
    rows = await office.database.read(
        lambda c: c.execute(select(changes).where(changes.c.name == table).order_by(changes.c.seq)).all()
    )
    return [(row.scope, row.key, row.gone) for row in rows if row.scope.startswith(f"{office.org}/")]


async def test_an_event_is_made_read_and_told_to_kiosks(office: Office) -> None:
    made = await office.ok("POST", "events", event(id="evt-spring-2026", place="Old Town Hall"))
    assert (made["id"], made["number"], made["state"]) == ("evt-spring-2026", 1, "draft")
    assert made["name"]["de"] == "Frühlingsmarkt"
    assert (made["starts"], made["zone"]) == ("2026-05-10T12:00:00.000Z", "Europe/Berlin")
    assert await office.ok("GET", "events/evt-spring-2026") == made
    assert await synced(office, "event") == [("org-a/event:evt-spring-2026", "evt-spring-2026", False)]
    assert (await office.ok("GET", "audit"))["items"][0]["kind"] == "event.made"


async def test_without_an_id_the_server_makes_one(office: Office) -> None:
    made = await office.ok("POST", "events", event())
    assert len(made["id"]) == 36


@pytest.mark.parametrize("word", sorted(RESERVED))
async def test_no_event_is_called_as_something_else_in_addresses(office: Office, word: str) -> None:
    refused = await office.call("POST", "events", event(id=word))
    assert problem(refused) == (422, "invalid")
    assert refused.json()["errors"][0]["loc"] == ["body", "id"]
    assert (await office.ok("POST", "events", event(id=f"{word}-2026")))["id"] == f"{word}-2026"


async def test_numbers_count_within_the_organisation_however_many_ask_at_once(
    office: Office, other: Office
) -> None:
    await asyncio.gather(*(office.ok("POST", "events", event(id=f"e{n}")) for n in range(12)))
    await other.ok("POST", "events", event(id="e1"))
    items = (await office.ok("GET", "events"))["items"]
    assert sorted(item["number"] for item in items) == list(range(1, 13))
    assert [item["number"] for item in (await other.ok("GET", "events"))["items"]] == [1]


async def test_an_id_is_taken_once_in_an_organisation(office: Office, other: Office) -> None:
    await office.ok("POST", "events", event(id="fair"))
    assert problem(await office.call("POST", "events", event(id="fair"))) == (409, "id_taken")
    assert (await other.call("POST", "events", event(id="fair"))).status_code == 201


async def test_events_are_listed_by_their_start_page_by_page(office: Office) -> None:
    for n in (3, 1, 2, 0):
        await office.ok("POST", "events", event(NOON + n // 2 * DAY, id=f"e{n}"))
    first = await office.ok("GET", "events?limit=3")
    rest = await office.ok("GET", f"events?limit=3&cursor={first['nextCursor']}")
    assert [item["id"] for item in first["items"]] == ["e0", "e1", "e2"]
    assert ([item["id"] for item in rest["items"]], rest["nextCursor"]) == (["e3"], None)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("from=2026-05-11T21:00:00Z", ["third"]),
        ("to=2026-05-10T12:00:00Z", []),
        ("to=2026-05-10T12:00:01Z", ["first"]),
        ("from=2026-05-11T00:00:00Z&to=2026-05-12T00:00:00Z", ["second"]),
        ("state=draft", ["first", "third"]),
        ("state=published", ["second"]),
        ("text=FRUHLINGSmarkt", ["first", "second", "third"]),
        ("text=river+side", ["second"]),
        ("text=%25", []),
        ("text=third", ["third"]),
        ("text=nothing", []),
    ],
)
async def test_a_list_holds_what_was_asked_for(office: Office, query: str, found: list[str]) -> None:
    await office.ok("POST", "events", event(id="first"))
    await office.ok("POST", "events", event(NOON + DAY, id="second", place="Riverside Hall"))
    await office.ok("POST", "events", event(NOON + 2 * DAY, id="third"))
    await office.ok("POST", "events/second/publish")
    assert [item["id"] for item in (await office.ok("GET", f"events?{query}"))["items"]] == found


async def test_a_change_changes_what_is_named_and_reaches_kiosks(office: Office) -> None:
    before = await office.ok("POST", "events", event(id="fair", place="Hall"))
    after = await office.ok("PATCH", "events/fair", {"place": "Garden", "name": {"en": "Fair"}})
    assert (after["place"], after["name"]) == ("Garden", {"en": "Fair"})
    assert (after["starts"], after["zone"]) == (before["starts"], before["zone"])
    assert len(await synced(office, "event")) == 2


async def test_a_change_on_an_old_state_is_refused(office: Office) -> None:
    seen = {"If-Match": (await office.call("POST", "events", event(id="fair"))).headers["etag"]}
    assert (await office.call("GET", "events/fair")).headers["etag"] == seen["If-Match"]
    changes = [office.call("PATCH", "events/fair", {"place": f"Hall {n}"}, also=seen) for n in range(4)]
    answers = await asyncio.gather(*changes)
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    assert (await office.call("PATCH", "events/fair", {"place": "X"})).status_code == 200


async def test_an_event_ends_after_it_starts(office: Office) -> None:
    assert problem(await office.call("POST", "events", event(hours=0))) == (422, "invalid")
    await office.ok("POST", "events", event(id="fair"))
    wrong = await office.call("PATCH", "events/fair", {"ends": "2026-05-10T11:00:00Z"})
    assert problem(wrong) == (422, "invalid")
    assert wrong.json()["errors"][0]["loc"] == ["body", "ends"]


@pytest.mark.parametrize("state", EventState)
@pytest.mark.parametrize("step", STEPS)
async def test_an_event_lives_as_the_table_says(
    office: Office, clock: ManualClock, state: EventState, step: str
) -> None:
    await office.ok("POST", "events", event(id="fair"))
    way = {EventState.DRAFT: None, EventState.PUBLISHED: "publish", EventState.CANCELLED: "cancel"}
    if first := way.get(state, "archive"):
        await office.ok("POST", f"events/fair/{first}")
    clock.forward(9 * HOUR)
    office.headers = await office.staff("events", name="later")
    expected = TRANSITIONS[state].get(STEPS[step])
    answer = await office.call("POST", f"events/fair/{step}")
    if expected is None:
        assert problem(answer) == (409, "event_state")
        assert answer.json()["state"] == state
        assert answer.json()["allowed"] == [allowed.value for allowed in TRANSITIONS[state]]
    else:
        assert answer.json()["state"] == expected
    assert (await office.ok("GET", "events/fair"))["state"] == (expected or state)


async def test_what_is_published_and_not_over_is_not_archived(office: Office) -> None:
    await office.ok("POST", "events", event(id="fair"))
    await office.ok("POST", "events/fair/publish")
    assert problem(await office.call("POST", "events/fair/archive")) == (409, "event_not_over")


async def test_an_event_without_tickets_is_deleted_with_its_types_and_lists(office: Office) -> None:
    await office.ok("POST", "events", event(id="fair"))
    await office.ok("POST", "events/fair/ticket-types", {"id": "vip", "name": "VIP"})
    await office.ok("POST", "/api/events/fair/check-in/lists", {"id": "main", "name": "Main"})
    assert (await office.call("DELETE", "events/fair")).status_code == 204
    assert problem(await office.call("GET", "events/fair")) == (404, "not_found")
    for table, key in (("event", "fair"), ("ticket_type", "vip"), ("check_in_list", "main")):
        assert (await synced(office, table))[-1] == ("org-a/event:fair", key, True)
    again = await office.ok("POST", "events", event(id="fair"))
    assert (await office.ok("GET", f"events/{again['id']}/ticket-types"))["items"] == []


async def test_an_event_with_tickets_is_not_deleted(office: Office) -> None:
    await office.ok("POST", "events", event(id="fair"))
    await office.ok("POST", "events/fair/ticket-types", {"id": "vip", "name": "VIP"})
    await office.ok("POST", "events/fair/tickets", {"tickets": [{"type": "vip"}]})
    assert problem(await office.call("DELETE", "events/fair")) == (409, "event_has_tickets")
    assert (await office.ok("GET", "events/fair"))["id"] == "fair"
    assert len((await office.ok("GET", "events/fair/ticket-types"))["items"]) == 1


CALLS = [
    ("GET", "events"), ("POST", "events"), ("GET", "events/fair"), ("PATCH", "events/fair"),
    ("DELETE", "events/fair"), ("POST", "events/fair/publish"), ("POST", "events/fair/cancel"),
    ("POST", "events/fair/archive"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_only_who_organises_events_may(office: Office, method: str, path: str) -> None:
    await office.ok("POST", "events", event(id="fair"))
    body = event() if path == "events" and method == "POST" else {"place": "x"} if method == "PATCH" else None
    for headers in (await office.staff("door", "desk", "support", name="ada"), {}):
        answer = await office.call(method, path, body, headers=headers)
        assert problem(answer)[0] == (403 if headers else 401)
    organiser = await office.staff("events", name="eve")
    assert (await office.call(method, path, body, headers=organiser)).is_success


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_another_organisation_is_as_if_it_were_not(
    office: Office, other: Office, method: str, path: str
) -> None:
    await office.ok("POST", "events", event(id="fair"))
    body = event() if path == "events" and method == "POST" else {"place": "x"} if method == "PATCH" else None
    theirs = await other.call(method, f"/api/organizations/org-a/{path}", body)
    assert problem(theirs) == (404, "not_found")
    if path != "events":
        nothing = await other.call(method, path, body)
        assert problem(nothing) == (404, "not_found")


@pytest.mark.parametrize(
    "change",
    [{"name": {}}, {"name": {"en": "x" * 256}}, {"name": {"no tag": "x"}}, {"name": "Fair"}, {"zone": "Mars"},
     {"starts": "2026-05-10T12:00:00"}, {"starts": "yesterday"}, {"starts": None}, {"id": "a b"}, {"id": ""},
     {"surprise": 1}, {"place": "\x00"}, {"ends": "9999-12-31T23:59:59Z"}],
)  # fmt: skip
async def test_an_event_that_cannot_be_is_not_made(office: Office, change: dict[str, object]) -> None:
    assert problem(await office.call("POST", "events", event() | change)) == (422, "invalid")
    assert (await office.ok("GET", "events"))["items"] == []


@pytest.mark.parametrize(
    "query", ["cursor=x", "cursor=WzFd", "limit=0", "from=today", "state=unknown", "text=%00"]
)
async def test_a_list_that_cannot_be_is_invalid(office: Office, query: str) -> None:
    assert problem(await office.call("GET", f"events?{query}"))[0] == 422
