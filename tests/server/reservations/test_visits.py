"""A reservation follows the visit that it is for, and takes it along where staff decide."""

from random import Random
from typing import Any

import pytest
from sqlalchemy import select, update

from domain import queue
from domain.clock import HOUR, MINUTE, parse
from domain.reservation import Leg, of_visit
from server.db.database import Transaction
from server.queues.tables import queue_entries
from server.reservations.tables import reservations
from tests.builders import ManualClock
from tests.server.queues.lobby import good, problem
from tests.server.reservations.salon import BASE, Salon, whole

NINE = parse(whole("07:00"))
"""When the salon opens, in Berlin."""


@pytest.fixture
async def here(salon: Salon, clock: ManualClock) -> dict[str, Any]:
    """A booking of half past nine, whose customer has just come."""
    made = await salon.book("07:30")
    clock.at = NINE
    return await salon.arrive(made)


async def served(salon: Salon, entry: str) -> None:
    for act in ("call", "start", "complete"):
        await salon.lobby.do(act, entry, **({"counter": "one"} if act == "call" else {}))


async def test_a_deleted_booking_leaves_the_line_and_holds_up_no_other(
    salon: Salon, clock: ManualClock
) -> None:
    first, second = await salon.book("07:30"), await salon.book("08:00", who="bob")
    clock.at = NINE
    gone, other = await salon.arrive(first), await salon.arrive(second)
    await salon.delete(gone)
    assert (await salon.lobby.status())["waiting"] == [other["queueNumber"]]
    await served(salon, other["queueEntry"])
    assert await salon.swept(other) == "completed"


async def test_who_is_being_served_for_a_deleted_booking_is_served_to_the_end(
    salon: Salon, here: dict[str, Any]
) -> None:
    await salon.lobby.do("call", here["queueEntry"], counter="one")
    await salon.lobby.do("start", here["queueEntry"])
    await salon.delete(here)
    assert (await salon.lobby.do("complete", here["queueEntry"]))["state"] == "completed"


async def test_a_fault_of_one_reservation_stops_no_other(salon: Salon, clock: ManualClock) -> None:
    first, second = await salon.book("07:30"), await salon.book("08:00", who="bob")
    clock.at = NINE
    broken, other = await salon.arrive(first), await salon.arrive(second)

    def break_(transaction: Transaction) -> None:
        mine = update(reservations).where(reservations.c.id == broken["id"])
        transaction.connection.execute(mine.values(state="nonsense"))

    for each in (broken, other):
        await served(salon, each["queueEntry"])
    await salon.lobby.app.state.database.write(break_)
    assert await salon.swept(other) == "completed"


async def test_a_no_show_that_was_none_is_corrected(salon: Salon, here: dict[str, Any]) -> None:
    entry, lobby = here["queueEntry"], salon.lobby
    await lobby.do("call", entry, counter="one")
    await lobby.do("no-show", entry, force=True)
    assert await salon.swept(here) == "no_show"
    await lobby.do("undo", entry)
    assert await salon.swept(here) == "checked_in"
    await lobby.do("start", entry)
    await lobby.do("complete", entry)
    assert await salon.swept(here) == "completed"
    await lobby.do("undo", entry)
    assert await salon.swept(here) == "checked_in"
    assert (await salon.timeline(here))[-5:] == [
        f"appointment_{what}" for what in ("checked_in", "no_show", "checked_in", "completed", "checked_in")
    ]


async def test_who_comes_back_and_shows_the_code_again_has_one_place(
    salon: Salon, here: dict[str, Any]
) -> None:
    await salon.lobby.do("call", here["queueEntry"], counter="one")
    await salon.lobby.do("no-show", here["queueEntry"], force=True)
    assert await salon.swept(here) == "no_show"
    await salon.lobby.do("return", here["queueEntry"])
    again = await salon.arrive(here)
    assert (again["state"], again["queueNumber"]) == ("checked_in", here["queueNumber"])
    assert (await salon.lobby.status())["waiting"] == [here["queueNumber"]]
    assert problem(await salon.try_arrive(here)) == (409, "wrong_transition")


async def test_a_no_show_who_comes_late_gets_a_new_number(salon: Salon, here: dict[str, Any]) -> None:
    await salon.lobby.do("call", here["queueEntry"], counter="one")
    await salon.lobby.do("no-show", here["queueEntry"], force=True)
    again = await salon.arrive(here)
    assert again["queueNumber"] != here["queueNumber"]
    await served(salon, again["queueEntry"])
    assert await salon.swept(here) == "completed"


async def test_a_service_that_nobody_completed_was_one_and_who_left_was_no_no_show(
    salon: Salon, clock: ManualClock
) -> None:
    booked = [await salon.book(f"0{n}:00", who=f"guest{n}") for n in (7, 8, 9)]
    clock.at = NINE
    served_, left, forgotten = [await salon.arrive(each) for each in booked]
    await salon.lobby.do("call", served_["queueEntry"], counter="one")
    await salon.lobby.do("start", served_["queueEntry"])
    await salon.lobby.client.delete(f"{BASE}/queue/entry/{left['queueEntry']}")
    assert await salon.swept(left) == "cancelled"
    clock.forward(24 * HOUR)
    assert await salon.swept(served_) == "completed"
    assert await salon.swept(forgotten) == "cancelled"


async def test_a_transfer_that_is_taken_back_ends_where_it_began(salon: Salon, here: dict[str, Any]) -> None:
    await salon.lobby.point("help")
    await salon.lobby.do("transfer", here["queueEntry"], servicePoint="help")
    await salon.lobby.do("undo", here["queueEntry"])
    assert await salon.swept(here) == "checked_in"
    await served(salon, here["queueEntry"])
    assert await salon.swept(here) == "completed"


async def test_who_booked_a_night_time_checks_in_across_midnight(salon: Salon, clock: ManualClock) -> None:
    night = {"mon": [{"opens": "22:00", "closes": "04:00"}]}
    await salon.lobby.point("help", openingHours=night)
    await salon.service("night", servicePoint="help")
    soon = await salon.book("2026-05-11T22:30:00Z", "night")
    late = await salon.book("2026-05-11T21:30:00Z", "night", "bob")
    clock.at = parse("2026-05-11T15:00:00Z")
    assert problem(await salon.try_arrive(soon)) == (409, "not_today")
    clock.at = parse("2026-05-11T21:50:00Z")
    assert (await salon.arrive(soon))["state"] == "checked_in"
    clock.at = parse("2026-05-11T22:10:00Z")
    assert (await salon.arrive(late))["state"] == "checked_in"


async def test_a_mistaken_check_in_is_taken_back_while_they_wait(salon: Salon, here: dict[str, Any]) -> None:
    before = await salon.book("08:30", who="bob")
    there = await salon.arrive(before)
    undone = await salon.arrive(there, "/undo")
    kept = {name: undone[name] for name in before if name not in ("version", "changed")}
    assert kept == {name: before[name] for name in kept}
    assert (await salon.lobby.status())["waiting"] == [here["queueNumber"]]
    assert (await salon.timeline(undone))[-1] == "appointment_check_in_undone"
    assert problem(await salon.try_arrive(there, "/undo")) == (409, "wrong_transition")
    assert await salon.swept(undone) == "confirmed"
    assert (await salon.arrive(undone))["state"] == "checked_in"
    await salon.lobby.do("call", here["queueEntry"], counter="one")
    assert problem(await salon.try_arrive(here, "/undo")) == (409, "moved_on")


async def test_a_check_in_of_a_no_show_that_is_taken_back_leaves_a_no_show(
    salon: Salon, clock: ManualClock
) -> None:
    made = await salon.book("08:00")
    clock.at = NINE
    good(await salon.update(made, state="no_show"))
    await salon.arrive(made)
    assert (await salon.arrive(made, "/undo"))["state"] == "no_show"


async def test_who_is_marked_as_a_no_show_is_called_no_more(salon: Salon, here: dict[str, Any]) -> None:
    entry, lobby = here["queueEntry"], salon.lobby
    await lobby.do("call", entry, counter="one")
    await lobby.do("start", entry)
    refused = await salon.update(here, state="no_show")
    assert problem(refused) == (409, "being_served")
    await lobby.do("undo", entry)
    assert good(await salon.update(here, state="no_show"))["state"] == "no_show"
    status = await lobby.status()
    assert (status["waiting"], (await lobby.entry(entry))["state"]) == ([], "no_show")
    assert await salon.swept(here) == "no_show"


@pytest.mark.parametrize(
    ("acts", "left"), [((), "left"), (("hold",), "left"), (("call", "start"), "completed")]
)
async def test_what_staff_call_done_is_done_in_the_line_too(
    salon: Salon, here: dict[str, Any], acts: tuple[str, ...], left: str
) -> None:
    for act in acts:
        await salon.lobby.do(act, here["queueEntry"], **({"counter": "one"} if act == "call" else {}))
    assert good(await salon.update(here, state="completed"))["state"] == "completed"
    assert (await salon.lobby.entry(here["queueEntry"]))["state"] == left
    assert await salon.swept(here) == "completed"
    await salon.lobby.do("undo", here["queueEntry"])
    assert await salon.swept(here) == "checked_in"


async def test_nobody_waits_for_ever_for_who_does_not_come(salon: Salon, clock: ManualClock) -> None:
    await salon.service("advice", confirmation="manual")
    made, asked = await salon.book("08:00"), await salon.book("09:00", "advice", "bob")
    clock.at = parse("2026-05-11T21:59:00Z")
    assert await salon.swept(made) == "confirmed"
    clock.forward(MINUTE)
    assert (await salon.swept(made), await salon.swept(asked)) == ("no_show", "cancelled")
    assert (await salon.timeline(made))[-1] == "appointment_no_show"
    asked_for = {"scope": "servicePoint:desk", "cursor": "0"}
    told = await salon.lobby.ok("GET", "/api/sync/changes", None, salon.lobby.desk, params=asked_for)
    rows = [each["row"] for each in told["changes"] if each["table"] == "expected_visit"]
    assert rows == [None, None]
    assert good(await salon.update(made, state="completed"))["state"] == "completed"


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_whatever_happens_in_the_line_the_reservation_is_what_its_visit_came_to(
    salon: Salon, here: dict[str, Any], clock: ManualClock, seed: int
) -> None:
    await salon.lobby.point("help", counters=[{"id": "help-1", "name": "H"}])
    chance, e = Random(seed), queue_entries.c
    acts = ("call", "start", "complete", "no-show", "hold", "resume", "return", "transfer", "undo", "undo")

    async def legs() -> list[Any]:
        mine = select(e.id, e.state, e.service_point).where(e.visit == here["queueEntry"]).order_by(e.leg)
        return list(await salon.lobby.app.state.database.read(lambda c: c.execute(mine).all()))

    began = set[str]()
    for _ in range(30):
        clock.forward(chance.choice([0, MINUTE]))
        leg, act = chance.choice((await legs())[-2:]), chance.choice(acts)
        body: dict[str, object] = {"force": True} if act == "no-show" else {}
        if act == "call":
            body = {"counter": "one" if leg.service_point == "desk" else "help-1"}
        if act == "transfer":
            body = {"servicePoint": chance.choice(["desk", "help"])}
        was = leg.state
        answer = await salon.lobby.try_(act, leg.id, **body)
        assert answer.status_code in (200, 409)
        if answer.is_success and act == "start":
            began.add(leg.id)
        if answer.is_success and act == "undo" and was == "serving" and answer.json()["state"] == "called":
            began.discard(leg.id)
        came_to = of_visit([Leg(queue.State(each.state), each.id in began) for each in await legs()])
        assert await salon.swept(here) == came_to
    number = [each["number"] for each in (await salon.lobby.list())["items"]]
    assert len(number) <= 1
