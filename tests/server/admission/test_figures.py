"""Figures of the door: by list, gate, ticket type and quarter hour."""

from typing import Any

from domain.clock import MINUTE, Instant
from tests.server.admission.venue import Venue, alone


def counts(part: dict[str, Any]) -> tuple[int, int, int, int, dict[str, int]]:
    return (part["entries"], part["exits"], part["inside"], part["doubleAdmissions"], part["refused"])


async def test_an_evening_is_counted_by_list_gate_type_and_quarter_hour(venue: Venue) -> None:
    world, scan = venue.world, venue.scan
    general = [await world.ticket() for _ in range(4)]
    vip = await world.ticket("vip")
    await world.ticket(state="pending")
    await world.ticket(state="canceled")
    south = await world.device("south")
    for code in general[:3]:
        await scan(code, gate="North")
    await scan(general[0], gate="South")
    await scan(general[1], gate="South", direction="exit")
    await scan(general[3], gate="South", opId="mistake")
    await venue.undo("mistake")
    venue.clock.forward(20 * MINUTE)
    await scan(vip, gate="North")
    await scan("hello", gate="North")
    await venue.upload(alone("twice", Instant(venue.clock() - MINUTE), code=vip, gate="South"), headers=south)
    figures = await venue.figures()
    [main] = figures["lists"]
    whole = (5, 1, 3, 1, {"already_in": 1, "unknown": 1})
    assert counts(figures) == counts(main) == whole
    assert (main["id"], main["name"], main["counts"]) == ("main", "Main entrance", True)
    assert (figures["expected"], main["expected"]) == (5, 5)
    assert {gate: counts(part) for gate, part in main["byGate"].items()} == {
        "North": (4, 0, 3, 1, {"unknown": 1}),
        "South": (1, 1, 0, 0, {"already_in": 1}),
    }
    assert {type_: (part["expected"], *counts(part)) for type_, part in main["byType"].items()} == {
        "general": (4, 3, 1, 2, 0, {"already_in": 1}),
        "vip": (1, 2, 0, 1, 1, {}),
    }
    assert [
        (part["at"], part["entries"], part["exits"], part["doubleAdmissions"], part["refused"])
        for part in main["byQuarter"]
    ] == [
        ("2026-05-10T12:00:00.000Z", 3, 1, 0, {"already_in": 1}),
        ("2026-05-10T12:15:00.000Z", 2, 0, 1, {"unknown": 1}),
    ]


async def test_expected_are_those_whom_a_list_admits(venue: Venue) -> None:
    world = venue.world
    for type_, session, state in (
        ("general", "Keynote", "valid"), ("general", "Lunch", "valid"), ("vip", "Keynote", "valid"),
        ("vip", "Keynote", "pending"), ("vip", "Keynote", "refunded"),
    ):  # fmt: skip
        await world.ticket(type_, session=session, state=state)
    await world.list("vip", types=["vip"])
    await world.list("pay", types=["vip"], includePending=True)
    await world.list("keynote", sessions=["Keynote"])
    figures = await venue.figures()
    assert {list_["id"]: list_["expected"] for list_ in figures["lists"]} == {
        "main": 3, "vip": 1, "pay": 2, "keynote": 2,
    }  # fmt: skip
    assert figures["expected"] == 4


async def test_a_list_that_does_not_count_is_told_but_left_out_of_the_sums(venue: Venue) -> None:
    await venue.world.list("lounge", types=["vip"], counts=False)
    code = await venue.world.ticket("vip")
    await venue.scan(code, lists=["lounge"])
    await venue.scan(code, lists=["lounge"])
    figures = await venue.figures()
    [lounge] = [list_ for list_ in figures["lists"] if list_["id"] == "lounge"]
    assert counts(lounge) == (1, 0, 1, 0, {"already_in": 1})
    assert counts(figures) == (0, 0, 0, 0, {})


async def test_an_event_without_anything_has_figures_too(venue: Venue) -> None:
    organiser = venue.world.staff("events")
    address = "/api/events/evt-1/check-in/lists/main"
    assert (await venue.client.delete(address, headers=organiser)).status_code == 204
    await venue.world.ticket()
    figures = await venue.figures()
    assert (figures["expected"], figures["lists"], counts(figures)) == (1, [], (0, 0, 0, 0, {}))
