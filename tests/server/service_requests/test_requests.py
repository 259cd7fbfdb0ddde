"""Service requests: taken in, found, listed, moved along their chain, priced."""

import json
from typing import Any

from fastapi import FastAPI
from httpx import AsyncClient

from domain.clock import DAY, HOUR, rfc3339, shift
from domain.service_request import CHAIN
from tests.builders import ManualClock
from tests.server.queues.lobby import POINT, good, open_lobby, problem
from tests.server.service_requests.workshop import JOIN, LABOUR, PARTS, PHONE, ROUTES, SUM, Workshop
from tests.server.world import World


async def test_a_device_is_taken_in_with_all_that_is_said_of_it(workshop: Workshop) -> None:
    anna = await workshop.person("anna")
    made = await workshop.join(
        condition="Scratched", accessories=["Charger", "Case"], promised="2026-05-18T10:00:00Z", assignee=anna
    )
    assert (made["number"], made["state"], made["allowed"]) == ("R0001", "intake", ["triage", "void"])
    assert made["customer"] == {
        "name": "Ada", "email": "ada@example.com", "phone": "+15551234567", "language": "en"
    }  # fmt: skip
    assert (made["device"], made["problem"]) == (PHONE, "The display is dark")
    assert (made["condition"], made["accessories"]) == ("Scratched", ["Charger", "Case"])
    assert (made["promised"], made["assignee"]) == ("2026-05-18T10:00:00.000Z", anna)
    assert await workshop.one(made) == made
    assert await workshop.timeline(made) == ["made"]


async def test_numbers_count_at_each_service_point_and_never_come_twice(workshop: Workshop) -> None:
    await workshop.lobby.point("help")
    made = [await workshop.join() for _ in range(3)]
    await workshop.change(made[2], state="void")
    there = await workshop.join(servicePoint="help")
    again = await workshop.join()
    assert [each["number"] for each in (*made, there, again)] == ["R0001", "R0002", "R0003", "R0001", "R0004"]
    assert len({each["code"] for each in (*made, there, again)}) == 5


async def test_a_request_walks_down_the_chain_to_its_end(workshop: Workshop, clock: ManualClock) -> None:
    of = await workshop.walk(await workshop.join(), "triage", "diagnostics")
    of = await workshop.change(of, state="waiting_approval", parts=PARTS, estimate={})
    of = await workshop.change(of, approval={"decision": "approved", "by": "Ada, on the phone"})
    assert of["state"] == "approved"
    clock.forward(HOUR)
    of = await workshop.walk(of, *CHAIN[5:])
    assert (of["state"], of["allowed"]) == ("closed", ["void"])
    assert of["since"] == rfc3339(clock())
    moved = [kind for kind in await workshop.timeline(of) if kind == "moved"]
    assert len(moved) == len(CHAIN) - 1


async def test_a_state_that_does_not_follow_is_refused_with_what_does(workshop: Workshop) -> None:
    made = await workshop.join()
    refused = await workshop.try_(made, state="ready", notes=[{"text": "Lost with it"}])
    assert problem(refused) == (409, "wrong_transition")
    assert (refused.json()["state"], refused.json()["allowed"]) == ("intake", ["triage", "void"])
    assert await workshop.one(made) == made


async def test_void_follows_any_state_and_is_the_end(workshop: Workshop) -> None:
    for made in (
        await workshop.join(),
        await workshop.estimated(),
        await workshop.walk(await workshop.approved(), *CHAIN[5:]),
    ):
        gone = await workshop.change(made, state="void")
        assert gone["allowed"] == []
        assert problem(await workshop.try_(gone, state="void")) == (409, "wrong_transition")


async def test_a_service_point_says_for_itself_what_follows(workshop: Workshop) -> None:
    steps = {"approved": ["in_repair", "waiting_parts"], "intake": ["triage", "in_repair"]}
    change = {"id": "desk", "serviceRequestSteps": steps}
    kept = await workshop.lobby.ok("PUT", f"{POINT}/update", change, workshop.lobby.clerk)
    assert kept["serviceRequestSteps"] == steps
    made = await workshop.join()
    assert made["allowed"] == ["triage", "in_repair", "void"]
    assert (await workshop.change(made, state="in_repair"))["state"] == "in_repair"


async def test_steps_that_never_end_are_refused_when_they_are_given(workshop: Workshop) -> None:
    for steps in ({"ready": ["triage"]}, {"ready": ["somewhere"]}, {"nowhere": ["ready"]}):
        answer = await workshop.lobby.client.put(
            f"{POINT}/update", json={"id": "desk", "serviceRequestSteps": steps}, headers=workshop.lobby.clerk
        )
        assert answer.status_code == 422, answer.text


async def test_the_server_sums_the_lines(workshop: Workshop) -> None:
    made = await workshop.join()
    priced = await workshop.change(made, parts=PARTS, labour=LABOUR)
    assert [line["amount"] for line in priced["parts"] + priced["labour"]] == [9900, 4000]
    assert (priced["total"], priced["currency"], priced["estimate"]) == (SUM, "EUR", None)
    work = [{"text": "Cleaning", "minutes": 10, "rate": 6000}]
    fewer = await workshop.change(made, labour=work)
    assert (fewer["total"], fewer["labour"][0]["billable"]) == (9900 + 1000, 10)
    assert (await workshop.change(made, parts=[], labour=[]))["total"] == 0


async def test_notes_are_added_and_say_for_whom_they_are(workshop: Workshop, clock: ManualClock) -> None:
    made = await workshop.join()
    await workshop.change(made, notes=[{"text": "Water inside"}, {"text": "We found water", "public": True}])
    of = await workshop.change(made, notes=[{"text": "Dried"}])
    assert [(note["text"], note["public"]) for note in of["notes"]] == [
        ("Water inside", False), ("We found water", True), ("Dried", False)
    ]  # fmt: skip
    assert {note["actor"] for note in of["notes"]} == {"device:org-a-desk"}


async def test_what_was_said_at_intake_is_set_right(workshop: Workshop) -> None:
    made = await workshop.join()
    device = {**PHONE, "serial": "SN-78"}
    of = await workshop.change(
        made, device=device, problem="It is wet", condition="Dented", accessories=["Pen"]
    )
    assert (of["device"], of["problem"], of["condition"]) == (device, "It is wet", "Dented")
    assert (of["accessories"], of["customer"]) == (["Pen"], made["customer"])
    other = await workshop.change(of, customer={"email": "ada@example.org", "name": ""})
    assert other["customer"] == {**made["customer"], "email": "ada@example.org", "name": ""}
    assert other["contact"] not in (None, made["contact"])
    phone = await workshop.change(other, customer={"phone": "112"})
    assert (phone["contact"], phone["customer"]["phone"]) == (other["contact"], "112")
    assert (await workshop.change(phone, customer={"email": ""}))["contact"] is None
    assert await workshop.timeline(made) == ["made", "corrected"]


async def test_the_label_leads_scanners_to_the_request(workshop: Workshop) -> None:
    made = await workshop.join()
    found = await workshop.lobby.ok("GET", f"{ROUTES}/by-code/{made['code']}", None, workshop.lobby.desk)
    assert found == made
    lower = await workshop.lobby.ok(
        "GET", f"{ROUTES}/by-code/{made['code'].lower()}", None, workshop.lobby.desk
    )
    assert lower["id"] == made["id"]
    unknown = await workshop.lobby.client.get(f"{ROUTES}/by-code/SR-NOTHING22", headers=workshop.lobby.desk)
    assert problem(unknown) == (404, "not_found")


async def test_lists_filter_by_state_assignee_due_and_customer(
    workshop: Workshop, clock: ManualClock
) -> None:
    anna, lobby = await workshop.person("anna"), workshop.lobby
    await lobby.point("help")
    tomorrow = rfc3339(shift(clock(), DAY))
    clock.forward(10)
    one = await workshop.join(promised=tomorrow)
    clock.forward(10)
    two = await workshop.join(assignee=anna, customer={"name": "Bob", "email": "bob@example.com"})
    clock.forward(10)
    await workshop.join(servicePoint="help", customer={"name": "Cid"})
    await workshop.change(two, state="triage")
    assert await workshop.get() == ["R0001", "R0002", "R0001"]
    assert await workshop.get("help") == ["R0001"]
    assert await workshop.get("desk", state=["triage", "void"]) == ["R0002"]
    assert await workshop.get(assignee=anna) == ["R0002"]
    assert await workshop.get(customer="ADA@example.com") == ["R0001"]
    assert await workshop.get(customer=two["contact"]) == ["R0002"]
    assert await workshop.get(number="r0002") == await workshop.get(number="2") == ["R0002"]
    assert await workshop.get(due=tomorrow) == ["R0001"]
    assert await workshop.get(due=rfc3339(shift(clock(), HOUR))) == []
    await workshop.change(one, state="void")
    assert await workshop.get(due=tomorrow) == []


async def test_lists_page_from_the_newest_to_the_oldest(workshop: Workshop, clock: ManualClock) -> None:
    for _ in range(5):
        await workshop.join()
        clock.forward(10)
    found, cursor = list[str](), None
    for _ in range(3):
        query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = await workshop.lobby.ok("GET", f"{ROUTES}/get/desk", None, workshop.lobby.desk, params=query)
        found += [item["number"] for item in page["items"]]
        cursor = page["nextCursor"]
    assert (found, cursor) == (["R0005", "R0004", "R0003", "R0002", "R0001"], None)


async def test_a_promise_pauses_while_the_customer_is_asked(workshop: Workshop, clock: ManualClock) -> None:
    promised = "2026-05-11T10:00:00.000Z"
    of = await workshop.walk(await workshop.join(promised=promised), "triage", "diagnostics")
    clock.at = shift(clock.at, 20 * HOUR)  # Monday, 10:00 in Berlin
    of = await workshop.change(of, state="waiting_approval", parts=PARTS, estimate={})
    assert (of["promised"], of["pausedSince"]) == (promised, rfc3339(clock()))
    assert await workshop.get(due=promised) == []
    clock.forward(3 * HOUR)
    of = await workshop.change(of, approval={"decision": "approved"})
    assert (of["promised"], of["pausedSince"]) == ("2026-05-11T13:00:00.000Z", None)


async def test_a_promise_is_changed_and_taken_back(workshop: Workshop) -> None:
    made = await workshop.join()
    assert (await workshop.change(made, promised="2026-05-18T10:00:00Z"))["promised"]
    assert (await workshop.change(made, notes=[{"text": "Still"}]))["promised"]
    assert (await workshop.change(made, promised=None))["promised"] is None


async def test_who_names_nothing_changes_nothing(workshop: Workshop) -> None:
    made = await workshop.join()
    assert await workshop.change(made) == await workshop.change(made, version=1) == made


async def test_an_old_version_and_an_old_etag_are_refused(workshop: Workshop) -> None:
    made = await workshop.join()
    path, desk = f"{ROUTES}/update/{made['id']}", workshop.lobby.desk
    seen = (await workshop.lobby.client.get(f"{ROUTES}/by-id/{made['id']}", headers=desk)).headers["etag"]
    await workshop.change(made, version=made["version"], state="triage")
    late = await workshop.try_(made, version=made["version"], state="triage")
    assert problem(late) == (409, "stale_version")
    assert (late.json()["state"], late.json()["version"]) == ("triage", 2)
    stale = await workshop.lobby.client.put(
        path, json={"state": "diagnostics"}, headers={**desk, "If-Match": seen}
    )
    assert problem(stale) == (412, "stale")


async def test_a_customer_brings_a_device_in_by_themselves_as_who_they_are(
    workshop: Workshop, app: FastAPI, clock: ManualClock
) -> None:
    world = World(app.state.database, app.state.access, workshop.lobby.org, now=clock())
    customer = await world.customer("eve@example.com", "Eve")
    answer = good(await workshop.try_join(customer, promised="2026-05-18T10:00:00Z", currency="USD"))
    assert set(answer) == {
        "id", "number", "servicePoint", "state", "device", "problem", "link", "created"
    }  # fmt: skip
    kept = await workshop.one(answer)
    assert (kept["customer"]["email"], kept["customer"]["name"]) == ("eve@example.com", "Ada")
    assert (kept["promised"], kept["currency"]) == (None, "EUR")
    assert kept["contact"]
    for path in (f"{ROUTES}/get", f"{ROUTES}/by-id/{kept['id']}", f"{ROUTES}/by-code/{kept['code']}"):
        assert problem(await workshop.lobby.client.get(path, headers=customer)) == (403, "forbidden")


async def test_only_who_is_listed_may_call(workshop: Workshop) -> None:
    made, lobby = await workshop.join(), workshop.lobby
    nobody = await workshop.try_join({})
    assert problem(nobody) == (401, "unauthenticated")
    good(await workshop.try_join(lobby.welcome))
    assert problem(await lobby.client.get(f"{ROUTES}/get", headers=lobby.welcome)) == (403, "forbidden")
    elsewhere = await lobby.device("elsewhere", "desk", "servicePoint:help")
    for method, path, body in _everything(made):
        answer = await lobby.client.request(method, path, json=body, headers=elsewhere)
        assert problem(answer) == (404, "not_found"), path
    assert await workshop.get(headers=elsewhere) == []


async def test_another_organisation_sees_and_changes_nothing(
    workshop: Workshop, app: FastAPI, client: AsyncClient, clock: ManualClock
) -> None:
    made, other = await workshop.join(), await open_lobby(app, client, clock, "org-b")
    for method, path, body in _everything(made):
        answer = await client.request(method, path, json=body, headers=other.clerk)
        assert problem(answer) == (404, "not_found"), path
    assert await Workshop(other).get() == []
    assert problem(await Workshop(other).try_join(servicePoint="desk")) == (404, "not_found")
    assert await workshop.one(made) == made


def _everything(made: dict[str, Any]) -> list[tuple[str, str, object]]:
    return [
        ("GET", f"{ROUTES}/get/desk", None),
        ("GET", f"{ROUTES}/by-id/{made['id']}", None),
        ("GET", f"{ROUTES}/by-code/{made['code']}", None),
        ("GET", f"{ROUTES}/label/{made['id']}", None),
        ("PUT", f"{ROUTES}/update/{made['id']}", {"state": "triage"}),
    ]


BAD_INTAKES: list[dict[str, Any]] = [
    {"device": {"type": ""}},
    {"device": {"brand": "Acme"}},
    {"problem": "   "},
    {"problem": "x" * 2001},
    {"customer": {"email": "nobody"}},
    {"customer": {"phone": "call me"}},
    {"accessories": [""]},
    {"photos": ["nothing"]},
    {"signature": "nothing"},
    {"assignee": "nobody"},
    {"promised": "tomorrow"},
    {"currency": "euro"},
    {"total": 5},
    {"problem": "half a pair \ud800"},
]


async def test_what_cannot_be_is_refused_at_intake(workshop: Workshop) -> None:
    headers = {**workshop.lobby.desk, "content-type": "application/json"}
    for said in BAD_INTAKES:
        # As Python writes it: with half a surrogate pair, which httpx would not send.
        body = json.dumps({"servicePoint": "desk", "device": PHONE, "problem": "Dark", **said})
        answer = await workshop.lobby.client.post(JOIN, content=body, headers=headers)
        assert answer.status_code in (400, 422), (said, answer.text)
    assert await workshop.get() == []


BAD_CHANGES: list[dict[str, Any]] = [
    {"state": "mended"},
    {"parts": [{"text": "Display", "price": -1}]},
    {"parts": [{"text": "Display", "price": 1, "quantity": 0}]},
    {"parts": [{"text": "Display", "price": 1.5}]},
    {"labour": [{"text": "Work", "minutes": -5, "rate": 1}]},
    {"parts": PARTS * 101},
    {"estimate": {"low": 5, "high": 4}},
    {"estimate": {}},
    {"estimate": {"low": 1, "validUntil": "2026-05-10T12:00:00Z"}},
    {"parts": PARTS, "estimate": {"high": 9899}},
    {"parts": PARTS, "estimate": {"low": 9901}},
    {"photos": ["not an id"]},
    {"device": {"type": " "}},
    {"problem": ""},
    {"customer": {"email": "ada"}},
    {"assignee": "nobody"},
    {"photos": ["nothing"]},
    {"approval": {"decision": "perhaps"}},
    {"version": 0},
]


async def test_what_cannot_be_is_refused_in_a_change_and_leaves_nothing(workshop: Workshop) -> None:
    made = await workshop.join()
    for change in BAD_CHANGES:
        answer = await workshop.try_(made, notes=[{"text": "Before it"}], **change)
        assert answer.status_code == 422, (change, answer.text)
    assert await workshop.one(made) == made


async def test_a_request_that_is_not_there_is_not_found(workshop: Workshop) -> None:
    for path in (f"{ROUTES}/update/nothing", f"{ROUTES}/by-id/nothing", f"{ROUTES}/label/nothing"):
        method = "PUT" if "update" in path else "GET"
        answer = await workshop.lobby.client.request(
            method, path, json={} if method == "PUT" else None, headers=workshop.lobby.desk
        )
        assert problem(answer) == (404, "not_found")
    unknown = await workshop.lobby.client.get(f"{ROUTES}/get?cursor=nonsense", headers=workshop.lobby.desk)
    assert problem(unknown) == (422, "cursor_unknown")
