"""Who may call what at the door, and who tries all the same."""

from typing import Any

from tests.server.admission.venue import CHECK_IN, EVENT, Venue
from tests.server.office import problem
from tests.server.world import make_world

SCAN = {"code": "x", "lists": ["main"], "opId": "op"}
ROUTES: list[tuple[str, str, Any, set[str]]] = [
    ("POST", CHECK_IN, SCAN, {"door", "kiosk"}),
    ("POST", f"{CHECK_IN}/nobody", None, {"door", "kiosk"}),
    ("POST", f"{CHECK_IN}/nothing/undo", {}, {"door", "kiosk"}),
    ("GET", f"{EVENT}/search?q=ana", None, {"door", "kiosk"}),
    ("GET", f"{EVENT}/stats", None, {"door", "events", "kiosk", "display"}),
    ("GET", f"{EVENT}/history", None, {"door", "events"}),
    ("GET", f"{EVENT}/lists", None, {"door", "events", "kiosk"}),
    ("GET", f"{EVENT}/lists/main", None, {"door", "events", "kiosk"}),
    ("POST", f"{EVENT}/lists", {"name": "New"}, {"events"}),
    ("PATCH", f"{EVENT}/lists/main", {}, {"events"}),
    ("DELETE", f"{EVENT}/lists/none", None, {"events"}),
]
"""Of each route those who may, beside an administrator."""


async def test_each_route_lets_in_those_whom_it_is_for(venue: Venue) -> None:
    world = venue.world
    callers = {
        **{name: world.staff(name) for name in ("door", "events", "desk", "support", "admin")},
        "kiosk": dict(venue.door.headers),
        "display": await world.device("lobby", "display"),
        "customer": await world.customer(),
        "counter": await world.device("counter", "desk", "servicePoint:desk"),
    }
    for method, path, body, may in ROUTES:
        nobody = await venue.client.request(method, path, json=body)
        assert problem(nobody) == (401, "unauthenticated"), (method, path)
        let_in = set()
        for name, headers in callers.items():
            answer = await venue.client.request(method, path, json=body, headers=headers)
            if answer.status_code != 403:
                assert answer.status_code in (200, 201, 404), (method, path, name, answer.text)
                let_in.add(name)
        assert let_in == may | {"admin"}, (method, path)


async def test_another_organisation_is_as_if_it_were_not(venue: Venue) -> None:
    await venue.scan(await venue.world.ticket(), opId="first")
    stranger = await make_world(venue.app, "org-2", key_number=8, event="evt-2")
    staff = stranger.staff("door", "events")
    for method, path, body, _ in ROUTES:
        if path.startswith(EVENT):
            answer = await venue.client.request(method, path, json=body, headers=staff)
            assert answer.status_code == 404, (method, path)
    undo = await venue.client.post(f"{CHECK_IN}/first/undo", json={}, headers=staff)
    by_id = await venue.client.post(f"{CHECK_IN}/org-1-t1", headers=staff)
    elsewhere = {**venue.world.staff("door"), "orgid": "org-2"}
    named = await venue.client.get(f"{EVENT}/stats", headers=elsewhere)
    assert [answer.status_code for answer in (undo, by_id, named)] == [404, 404, 404]
    assert [item["opId"] for item in await venue.history()] == ["first"]


async def test_staff_who_try_a_ticket_of_others_get_unknown_and_stand_in_the_trail(venue: Venue) -> None:
    code = await venue.world.ticket()
    stranger = await make_world(venue.app, "org-2", key_number=8, event="evt-2")
    headers = stranger.staff("door")
    tried = await venue.client.post(CHECK_IN, json={**SCAN, "code": code}, headers=headers)
    by_id = {"lists": ["main"], "opId": "by-id"}
    picked = await venue.client.post(f"{CHECK_IN}/org-1-t1", json=by_id, headers=headers)
    for answer in (tried, picked):
        assert (answer.json()["reason"], answer.json()["ticket"]) == ("unknown", None)
    audit = await venue.client.get("/api/organizations/org-2/audit", headers=stranger.staff("admin"))
    assert [
        (line["kind"], line["actor"], line["subject"], line["data"]["op"], line["data"]["reason"])
        for line in audit.json()["items"]
    ] == [
        ("ticket.refused", "staff:staff-1", "event:evt-2", "by-id", "unknown"),
        ("ticket.refused", "staff:staff-1", "event:evt-2", "op", "unknown"),
    ]
    assert await venue.reason(code) == "admitted"


async def test_a_kiosk_outside_its_events_gets_unknown_and_stands_in_the_trail(venue: Venue) -> None:
    code = await venue.world.ticket()
    elsewhere = await venue.world.device("elsewhere", "door", "event:other")
    answer = await venue.client.post(CHECK_IN, json={**SCAN, "code": code}, headers=elsewhere)
    assert (answer.json()["reason"], answer.json()["ticket"]) == ("unknown", None)
    [line] = await venue.trail()
    assert (line["kind"], line["actor"], line["data"]["reason"]) == (
        "ticket.refused", "device:elsewhere", "unknown",
    )  # fmt: skip
    [scan] = await venue.history()
    assert (scan["actor"], scan["reason"], scan["ticket"]) == ("device:elsewhere", "unknown", "")
    for path in ("stats", "search?q=ana", "lists", "lists/main"):
        assert problem(await venue.client.get(f"{EVENT}/{path}", headers=elsewhere)) == (404, "not_found")
    undo = await venue.client.post(f"{CHECK_IN}/op/undo", json={}, headers=elsewhere)
    assert problem(undo) == (404, "not_found")


async def test_an_attempt_where_there_is_nothing_to_decide_on_stands_in_the_trail_too(venue: Venue) -> None:
    await venue.world.ticket()
    stranger = await make_world(venue.app, "org-2", key_number=8, event="evt-2")
    headers = stranger.staff("door")
    nowhere = await venue.client.post(CHECK_IN, json={**SCAN, "lists": ["theirs"]}, headers=headers)
    picked = await venue.client.post(f"{CHECK_IN}/org-1-t1", headers=headers)
    assert [problem(nowhere), problem(picked)] == [(404, "list_unknown"), (404, "not_found")]
    audit = await venue.client.get("/api/organizations/org-2/audit", headers=stranger.staff("admin"))
    assert [(line["kind"], line["subject"]) for line in audit.json()["items"]] == [
        ("ticket.refused", "ticket:org-1-t1"),
        ("ticket.refused", "check_in_list:theirs"),
    ]
