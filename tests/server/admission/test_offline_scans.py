"""What kiosks decided while they were alone: facts that are kept, marked and told."""

from typing import Any

import pytest

from domain.admission import Reason
from domain.clock import MINUTE, Instant
from tests.server.admission.venue import Venue, alone, alone_undo

TICKETS = "/api/organizations/org-1/events/evt-1/tickets"


def marks(changes: list[dict[str, Any]]) -> dict[str, str]:
    return {change["key"]: change["row"]["mark"] for change in changes if change["table"] == "scan"}


async def test_a_ticket_that_two_doors_admitted_is_told_to_both_and_the_earlier_scan_stands(
    venue: Venue,
) -> None:
    code, start = await venue.world.ticket(), venue.clock()
    south = await venue.world.device("south")
    venue.clock.forward(30 * MINUTE)
    later, earlier = Instant(start + 10 * MINUTE), Instant(start + 5 * MINUTE)
    [first] = await venue.upload(alone("south-1", later, code=code), headers=south)
    assert (first["status"], first["detail"]["mark"]) == ("applied", None)
    _, cursor = await venue.changes(headers=south)
    [second] = await venue.upload(alone("north-1", earlier, code=code))
    assert (second["status"], second["detail"]["mark"]) == ("conflict", "double")
    assert second["detail"]["first"]["opId"] == "north-1"
    for kiosk in (south, venue.door.headers):
        changed, _ = await venue.changes(cursor, kiosk)
        assert marks(changed) == {"north-1": "double", "south-1": "double"}
    figures = await venue.figures()
    assert (figures["doubleAdmissions"], figures["entries"], figures["inside"]) == (1, 2, 1)
    assert [(scan["opId"], scan["mark"], scan["other"]) for scan in await venue.history()] == [
        ("south-1", "double", "north-1"),
        ("north-1", "double", "south-1"),
    ]
    [told] = [line for line in await venue.trail() if line["kind"] == "ticket.admitted_twice"]
    assert told["data"]["scans"] == ["north-1", "south-1"]
    assert (await venue.scan(code))["first"]["opId"] == "north-1"


async def test_of_three_admissions_of_one_ticket_two_are_double(venue: Venue) -> None:
    code, start = await venue.world.ticket(), venue.clock()
    venue.clock.forward(30 * MINUTE)
    for op, minute in (("second", 10), ("third", 15), ("first", 5)):
        await venue.upload(alone(op, Instant(start + minute * MINUTE), code=code))
    assert (await venue.figures())["doubleAdmissions"] == 2
    assert {scan["opId"]: scan["other"] for scan in await venue.history()} == {
        "first": "third", "second": "first", "third": "first",
    }  # fmt: skip


async def test_an_admission_against_the_rules_is_kept_and_says_why(venue: Venue) -> None:
    codes = {state: await venue.world.ticket(state=state) for state in ("blocked", "canceled", "pending")}
    forced = await venue.world.ticket(state="refunded")
    stray = venue.world.code(77)
    at = venue.clock()
    operations = [alone(f"op-{state}", at, code=code) for state, code in codes.items()]
    answers = await venue.upload(
        *operations,
        alone("op-unknown", at, code=stray),
        alone("forced", at, code=forced, forced=True),
    )
    assert {(answer["status"], answer["detail"]["mark"]) for answer in answers} == {("conflict", "conflict")}
    kept = {scan["opId"]: scan for scan in await venue.history()}
    assert {
        op: (scan["granted"], scan["offline"], scan["mark"], scan["why"]) for op, scan in kept.items()
    } == {
        "op-blocked": (True, True, "conflict", "blocked"),
        "op-canceled": (True, True, "conflict", "canceled"),
        "op-pending": (True, True, "conflict", "unpaid"),
        "op-unknown": (True, True, "conflict", "unknown"),
        "forced": (True, True, "conflict", "refunded"),
    }
    changed, _ = await venue.changes()
    assert set(marks(changed).values()) == {"conflict"}
    assert kept["op-unknown"]["code"] == stray


@pytest.mark.parametrize(("undone", "stays"), [("two", "one"), ("one", "two")])
async def test_what_was_against_the_rules_is_so_again_once_it_is_no_longer_one_of_two(
    venue: Venue, undone: str, stays: str
) -> None:
    code = await venue.world.ticket(state="blocked")
    await venue.upload(alone("one", venue.clock(), code=code))
    await venue.upload(alone("two", venue.clock(), code=code))
    assert [(scan["mark"], scan["why"]) for scan in await venue.history()] == [
        ("double", "blocked"),
        ("double", "blocked"),
    ]
    await venue.undo(undone)
    assert [(scan["mark"], scan["why"]) for scan in await venue.history() if scan["opId"] == stays] == [
        ("conflict", "blocked")
    ]


async def test_one_of_two_that_nothing_else_is_against_bears_no_mark_once_it_is_alone(venue: Venue) -> None:
    code = await venue.world.ticket()
    await venue.upload(alone("one", venue.clock(), code=code))
    await venue.upload(alone("two", venue.clock(), code=code))
    assert [(scan["mark"], scan["why"]) for scan in await venue.history()] == 2 * [("double", "")]
    await venue.undo("one")
    assert [scan["mark"] for scan in await venue.history() if scan["opId"] == "two"] == [""]


async def test_a_scan_that_arrives_after_a_later_one_is_late(venue: Venue) -> None:
    code, start = await venue.world.ticket(), venue.clock()
    venue.clock.forward(30 * MINUTE)
    await venue.scan(code, direction="exit", opId="out")
    [late] = await venue.upload(alone("in", start, code=code))
    assert (late["status"], late["detail"]["mark"]) == ("applied", "late")
    assert {scan["opId"]: scan["mark"] for scan in await venue.history()} == {"out": "", "in": "late"}
    assert (await venue.figures())["inside"] == 0


async def test_a_door_of_two_lists_that_admitted_twice_is_in_conflict(venue: Venue) -> None:
    await venue.world.list("side")
    code = await venue.world.ticket()
    await venue.scan(code, opId="main")
    both = alone("side", venue.clock(), code=code, list="side", lists=["main", "side"])
    [answer] = await venue.upload(both)
    assert (answer["status"], answer["detail"]["first"]["opId"]) == ("conflict", "main")
    assert [(scan["opId"], scan["mark"], scan["why"]) for scan in await venue.history() if scan["mark"]] == [
        ("side", "conflict", "already_in")
    ]


async def test_every_refusal_of_a_kiosk_is_kept_under_its_reason(venue: Venue) -> None:
    code = await venue.world.ticket()
    refusals = [
        alone(f"no-{n}", venue.clock(), "refused", code=code, reason=reason)
        for n, reason in enumerate(Reason)
    ]
    answers = await venue.upload(*refusals, alone("silent", venue.clock(), "refused", code="??"))
    assert {answer["status"] for answer in answers} == {"applied"}
    assert (await venue.figures())["refused"] == {
        reason.value: 1 + (reason is Reason.ERROR) for reason in Reason
    }
    assert {scan["granted"] for scan in await venue.history()} == {False}
    assert await venue.reason(code) == "admitted"


async def test_an_undo_that_was_made_alone_counts_once_and_names_what_it_takes_back(venue: Venue) -> None:
    code, at = await venue.world.ticket(), venue.clock()
    acts = (alone("in", at, code=code), alone_undo("back", at, "in"))
    answers = [await venue.upload(*acts) for _ in range(2)]
    assert [[answer["status"] for answer in each] for each in answers] == [["applied"] * 2, ["duplicate"] * 2]
    assert [(scan["opId"], scan["undoes"], scan["offline"]) for scan in await venue.history()] == [
        ("in", None, True), ("back", "in", True),
    ]  # fmt: skip
    assert await venue.reason(code) == "admitted"


async def test_a_kiosk_hears_of_tickets_that_are_void_since_its_last_sync(venue: Venue) -> None:
    for _ in range(4):
        await venue.world.ticket()
    _, cursor = await venue.changes()
    organiser = venue.world.staff("events")
    for n, act in enumerate(("refund", "cancel", "block"), start=1):
        await venue.client.patch(f"{TICKETS}/org-1-t{n}", json={"act": act}, headers=organiser)
    changed, cursor = await venue.changes(cursor)
    assert [(change["table"], change["key"], change["row"]["state"]) for change in changed] == [
        ("ticket", "org-1-t1", "refunded"),
        ("ticket", "org-1-t2", "canceled"),
        ("ticket", "org-1-t3", "blocked"),
    ]
    await venue.client.post(f"{TICKETS}/org-1-t4/reissue", headers=organiser)
    changed, _ = await venue.changes(cursor)
    rows = {change["table"]: change["row"] for change in changed}
    assert (rows["ticket"]["generation"], rows["revoked_code"]["ticket"]) == (1, "org-1-t4")


async def test_scans_for_lists_that_are_not_the_kiosks_are_rejected(venue: Venue) -> None:
    code = await venue.world.ticket()
    elsewhere = await venue.world.device("elsewhere", "door", "event:other")
    [answer] = await venue.upload(alone("op", venue.clock(), code=code), headers=elsewhere)
    assert (answer["status"], answer["detail"]["code"]) == ("rejected", "list_unknown")
    assert await venue.history() == []
