"""CRM events: meetings, demos and calls about somebody, and the lines that they leave in a timeline."""

from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from server.contacts.book import contact_for
from tests.server.office import Office, open_office, problem

EVENTS = "/api/crm/events"
TIMES = {"start": "2026-05-11T08:00:00Z", "end": "2026-05-11T09:00:00Z"}


@pytest.fixture
async def office(app: FastAPI, client: AsyncClient) -> Office:
    return await open_office(app, client)


async def contact(office: Office, email: str = "ada@example.com") -> str:
    return await office.database.write(lambda t: contact_for(t, office.org, "system", email=email))


async def event(office: Office, whom: str, **said: object) -> dict[str, Any]:
    body = {"title": "Demo of the kiosk", "kind": "demo", "subject": {"id": whom}, **TIMES, **said}
    return dict(await office.ok("POST", f"{EVENTS}/create", body))


async def test_an_event_is_made_changed_and_deleted_and_the_timeline_tells(office: Office) -> None:
    ada = await contact(office)
    made = await event(office, ada)
    assert await office.ok("GET", f"{EVENTS}/get/{made['id']}") == made
    assert made["owner"]
    changed = await office.ok("PUT", f"{EVENTS}/update", {"id": made["id"], "title": "Second demo"})
    assert (changed["title"], changed["start"]) == ("Second demo", made["start"])
    await office.ok("DELETE", f"{EVENTS}/delete/{made['id']}")
    assert problem(await office.call("GET", f"{EVENTS}/get/{made['id']}")) == (404, "not_found")
    told = await office.ok("GET", f"/api/crm/contacts/{ada}/timeline?kind=crm_event")
    kinds = [item["kind"] for item in told["items"]]
    assert kinds == ["crm_event.deleted", "crm_event.changed", "crm_event.made"]


async def test_events_are_listed_by_subject_owner_and_time(office: Office) -> None:
    ada, bob = await contact(office), await contact(office, "bob@example.com")
    later = {"start": "2026-05-12T08:00:00Z", "end": "2026-05-12T09:00:00Z"}
    first, second = await event(office, ada), await event(office, bob, **later)
    third = await event(office, "lead-1", subject={"type": "lead", "id": "lead-1"}, **later)

    async def ids(query: str) -> list[str]:
        return [item["id"] for item in (await office.ok("GET", f"{EVENTS}/get?{query}"))["items"]]

    assert await ids(f"subject={ada}") == [first["id"]]
    assert await ids("subjectType=lead") == [third["id"]]
    assert await ids("from=2026-05-11T09:00:00Z") == sorted([second["id"], third["id"]])
    assert await ids("to=2026-05-12T08:00:00Z") == [first["id"]]
    assert len(await ids(f"owner={first['owner']}")) == 3
    assert await ids("owner=nobody") == []
    page = await office.ok("GET", f"{EVENTS}/get?limit=1")
    assert [item["id"] for item in page["items"]] == [first["id"]]
    assert len((await office.ok("GET", f"{EVENTS}/get?cursor={page['nextCursor']}"))["items"]) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"end": TIMES["start"]},
        {"subject": {"id": "nobody"}},
        {"owner": "nobody"},
        {"title": " "},
        {"kind": "party"},
    ],
)
async def test_an_event_that_cannot_be_is_refused(office: Office, wrong: dict[str, object]) -> None:
    body = {"title": "Call", "subject": {"id": await contact(office)}, **TIMES, **wrong}
    assert problem(await office.call("POST", f"{EVENTS}/create", body)) == (422, "invalid")


async def test_an_old_state_and_a_change_that_would_end_before_it_starts_are_refused(office: Office) -> None:
    made = await event(office, await contact(office))
    wrong = await office.call("PUT", f"{EVENTS}/update", {"id": made["id"], "end": "2026-05-11T07:00:00Z"})
    assert problem(wrong) == (422, "invalid")
    late = await office.call(
        "PUT", f"{EVENTS}/update", {"id": made["id"], "title": "x"}, also={"If-Match": '"old"'}
    )
    assert problem(late) == (412, "stale")


async def test_other_organisations_and_other_staff_see_nothing(
    app: FastAPI, client: AsyncClient, office: Office
) -> None:
    made = await event(office, await contact(office))
    other = await open_office(app, client, "org-b")
    assert problem(await other.call("GET", f"{EVENTS}/get/{made['id']}")) == (404, "not_found")
    assert (await other.ok("GET", f"{EVENTS}/get"))["items"] == []
    door = await office.staff("door")
    assert problem(await office.call("GET", f"{EVENTS}/get", headers=door)) == (403, "forbidden")
