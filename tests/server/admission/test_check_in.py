"""A scan at the door and its verdict."""

import asyncio
import json

from domain.clock import HOUR, MINUTE, Instant, rfc3339
from tests.server.admission.venue import CHECK_IN, Venue
from tests.server.office import problem


async def test_a_valid_ticket_is_admitted_with_what_the_door_needs(venue: Venue) -> None:
    code = await venue.world.ticket(
        "vip", name="Ana Sánchez", seat="A 4", session="Keynote", order_number="ORD-7", note="wheelchair",
        attention=True, perks='["Drink", "Lounge"]',
    )  # fmt: skip
    verdict = await venue.scan(code, opId="scan-1")
    assert (verdict["verdict"], verdict["reason"], verdict["sentence"]) == (
        "admitted", None, "Let this guest in.",
    )  # fmt: skip
    assert (verdict["opId"], verdict["at"], verdict["direction"]) == (
        "scan-1", rfc3339(venue.clock()), "entry",
    )  # fmt: skip
    assert verdict["list"] == {"id": "main", "name": "Main entrance"}
    assert verdict["ticket"] == {
        "id": "org-1-t1", "type": {"id": "vip", "name": "Vip", "colour": "#b0892b"}, "name": "Ana Sánchez",
        "seat": "A 4", "session": "Keynote", "order": "ORD-7", "note": "wheelchair", "attention": True,
        "perks": ["Drink", "Lounge"], "redeemed": [], "state": "valid", "due": 0, "currency": "",
    }  # fmt: skip


async def test_the_second_scan_is_refused_and_tells_of_the_first(venue: Venue) -> None:
    code = await venue.world.ticket()
    await venue.scan(code, gate="North", opId="first")
    venue.clock.forward(5 * MINUTE)
    verdict = await venue.scan(code, gate="South")
    assert (verdict["verdict"], verdict["reason"]) == ("refused", "already_in")
    assert verdict["first"] == {
        "opId": "first", "at": rfc3339(venue.world.now), "gate": "North", "device": "door-1",
        "deviceName": "Kiosk door-1",
    }  # fmt: skip
    assert verdict["sentence"] == "First admitted at 14:00, gate North, device Kiosk door-1."


async def test_of_a_first_admission_without_gate_and_device_only_the_time_is_said(venue: Venue) -> None:
    code = await venue.world.ticket()
    body = {"code": code, "lists": ["main"], "opId": "by-hand"}
    await venue.client.post(CHECK_IN, json=body, headers=venue.world.staff("door"))
    verdict = await venue.scan(code)
    assert (verdict["first"]["gate"], verdict["first"]["device"]) == ("", "")
    assert verdict["sentence"] == "First admitted at 14:00."


async def test_the_same_operation_again_is_one_record_and_the_same_verdict(venue: Venue) -> None:
    code = await venue.world.ticket()
    await venue.world.list("once", entry="once")
    await venue.world.list("evening", rules={"fact": "now", "op": ">=", "value": {"time": "18:50"}})
    for list_ in ("main", "once"):
        await venue.scan(code, lists=[list_])
        await venue.scan(code, lists=[list_], direction="exit")
    scans = {
        "admitted": await venue.scan(code, lists=["main"], opId="admitted"),
        "rules": await venue.scan(code, lists=["evening"], opId="rules"),
        "already_in": await venue.scan(code, lists=["once"], opId="already_in"),
        "unknown": await venue.scan("hello", lists=["main"], opId="unknown"),
    }
    before = await venue.history()
    venue.clock.forward(MINUTE)
    for op, first in scans.items():
        again = await venue.scan(
            "hello" if op == "unknown" else code,
            lists=[first["list"]["id"]] if first["list"] else ["main"],
            opId=op,
        )
        assert again["duplicate"] is True
        assert {**again, "duplicate": False, "list": first["list"]} == first, op
    assert scans["already_in"]["first"]["opId"] == "op-3"
    assert "18:50" in scans["rules"]["sentence"]
    assert await venue.history() == before


async def test_an_operation_stands_for_one_scan_only(venue: Venue) -> None:
    mine, yours = [await venue.world.ticket() for _ in range(2)]
    await venue.scan(mine, opId="scan-1")
    assert (await venue.undo("scan-1", opId="undo-1")).status_code == 200
    for code, op in ((yours, "scan-1"), (mine, "undo-1")):
        assert problem(await venue.door.post(code, opId=op)) == (409, "op_taken")
    assert problem(await venue.undo("scan-1", opId="scan-1")) == (409, "op_taken")
    assert await venue.reason(yours) == "admitted"


async def test_an_exit_lets_the_person_in_again(venue: Venue) -> None:
    code = await venue.world.ticket()
    verdicts = [await venue.scan(code, direction=direction) for direction in ("entry", "exit", "entry")]
    assert [verdict["verdict"] for verdict in verdicts] == ["admitted"] * 3
    assert [verdict["direction"] for verdict in verdicts] == ["entry", "exit", "entry"]
    assert verdicts[1]["sentence"] == "This guest is out and may come back."


async def test_scan_time_decides_not_arrival(venue: Venue) -> None:
    code, start = await venue.world.ticket(), venue.clock()
    venue.clock.forward(30 * MINUTE)
    await venue.scan(code, direction="exit", scannedAt=rfc3339(start))
    await venue.scan(code, direction="entry", scannedAt=rfc3339(Instant(start - 5 * MINUTE)))
    assert (await venue.figures())["inside"] == 0
    assert await venue.reason(code) == "admitted"


async def test_a_scanner_whose_clock_runs_ahead_scans_now(venue: Venue) -> None:
    ahead = rfc3339(Instant(venue.clock() + HOUR))
    verdict = await venue.scan(await venue.world.ticket(), scannedAt=ahead)
    assert verdict["at"] == rfc3339(venue.clock())


async def test_simulate_says_what_would_happen_and_records_nothing(venue: Venue) -> None:
    code = await venue.world.ticket()
    before = (await venue.trail(), await venue.changes())
    assert await venue.reason(code, simulate=True, opId="try") == "admitted"
    assert await venue.reason("hello", simulate=True, opId="try") == "unknown"
    answer = await venue.admit("org-1-t1", {"simulate": True})
    assert answer.json()["verdict"] == "admitted"
    assert (await venue.trail(), await venue.changes()) == before
    assert await venue.history() == []
    assert await venue.reason(code, opId="try") == "admitted"
    assert await venue.reason(code, simulate=True) == "already_in"


async def test_force_opens_what_time_and_count_refuse_and_is_recorded_as_force(venue: Venue) -> None:
    code = await venue.world.ticket()
    await venue.scan(code)
    forced = await venue.scan(code, force=True)
    assert (forced["verdict"], forced["forced"]) == ("admitted", True)
    assert [item["forced"] for item in await venue.history()] == [True, False]
    assert (await venue.figures())["doubleAdmissions"] == 0
    for state in ("blocked", "canceled", "refunded", "pending", "unapproved"):
        verdict = await venue.scan(await venue.world.ticket(state=state), force=True)
        assert verdict["verdict"] == "refused", state


async def test_of_fifty_scans_of_one_ticket_at_once_one_is_admitted(venue: Venue) -> None:
    code = await venue.world.ticket()
    verdicts = await asyncio.gather(*(venue.scan(code) for _ in range(50)))
    assert sum(verdict["verdict"] == "admitted" for verdict in verdicts) == 1
    assert (await venue.figures())["inside"] == 1


async def test_a_ticket_is_admitted_by_its_id_alone(venue: Venue) -> None:
    await venue.world.list("vip", types=["vip"])
    await venue.world.ticket("vip")
    first = await venue.admit("org-1-t1")
    assert (first.status_code, first.json()["verdict"]) == (200, "admitted")
    assert (await venue.admit("org-1-t1")).json()["reason"] == "already_in"
    chosen = await venue.admit("org-1-t1", {"lists": ["vip"], "opId": "by-id", "gate": "West"})
    assert chosen.json()["list"]["id"] == "vip"
    assert [(item["list"], item["gate"]) for item in await venue.history() if item["opId"] == "by-id"] == [
        ("vip", "West")
    ]


async def test_a_kiosk_stands_for_its_gate_and_its_lists(venue: Venue) -> None:
    await venue.world.list("vip")
    setting = {"gate": "North", "lists": ["vip"]}
    admin = venue.world.staff("admin")
    changed = await venue.client.patch("/api/devices/door-1", json=setting, headers=admin)
    assert changed.status_code == 200, changed.text
    await venue.world.ticket()
    assert (await venue.admit("org-1-t1")).json()["list"]["id"] == "vip"
    [scan] = await venue.history()
    assert (scan["list"], scan["gate"]) == ("vip", "North")


async def test_a_scan_counts_for_the_event_of_the_list_that_let_in(venue: Venue) -> None:
    organiser = venue.world.staff("events")
    fair = {"id": "evt-2", "name": {"en": "Fair"}, "starts": "2026-05-10T10:00:00Z",
            "ends": "2026-05-10T20:00:00Z", "zone": "UTC"}  # fmt: skip
    await venue.client.post("/api/organizations/org-1/events", json=fair, headers=organiser)
    await venue.client.post(
        "/api/events/evt-2/check-in/lists", json={"id": "fair", "name": "Fair"}, headers=organiser
    )
    body = {"code": await venue.world.ticket(), "lists": ["fair", "main"], "opId": "both"}
    answer = await venue.client.post(CHECK_IN, json=body, headers=venue.world.staff("door"))
    assert answer.json()["list"]["id"] == "main"
    assert [item["opId"] for item in await venue.history()] == ["both"]


async def test_any_characters_as_a_code_get_a_verdict(venue: Venue) -> None:
    codes = ["", "\x00", "💥" * 1000, "'; DROP TABLE ticket; --", " " * 50, "\ud800", "U" + "0" * 4095]
    statuses = []
    for n, code in enumerate(codes):
        body = json.dumps({"code": code, "lists": ["main"], "opId": f"any-{n}"})
        response = await venue.client.post(
            CHECK_IN, content=body, headers={**venue.door.headers, "content-type": "application/json"}
        )
        statuses.append(response.status_code)
        assert response.json().get("reason", "unknown") == "unknown"
    assert statuses == [200, 200, 200, 200, 200, 400, 200]
    assert len(await venue.history()) == 6


async def test_what_no_scan_can_say_is_told_and_nothing_is_recorded(venue: Venue) -> None:
    scan: dict[str, object] = {"code": "x", "lists": ["main"], "opId": "op"}
    wrongs: list[dict[str, object]] = [
        {"lists": []}, {"lists": ["no/list"]}, {"opId": ""}, {"opId": "x" * 65}, {"direction": "up"},
        {"scannedAt": "2026-05-10T14:00:00"}, {"colour": "red"}, {"gate": "\x00"}, {"code": "x" * 4097},
        {"answers": {"q": 1}},
    ]  # fmt: skip
    for wrong in wrongs:
        answer = await venue.client.post(CHECK_IN, json={**scan, **wrong}, headers=dict(venue.door.headers))
        assert problem(answer) == (422, "invalid"), wrong
    assert await venue.history() == []
