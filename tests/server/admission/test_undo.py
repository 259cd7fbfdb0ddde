"""Taking an admission back."""

import asyncio

from domain.clock import MINUTE, Instant, rfc3339
from tests.server.admission.venue import Venue, alone
from tests.server.office import problem


async def test_an_undo_takes_an_admission_back_and_the_history_keeps_both(venue: Venue) -> None:
    code = await venue.world.ticket()
    await venue.scan(code, opId="first", gate="North")
    venue.clock.forward(MINUTE)
    undone = await venue.undo("first", opId="back", reason="wrong person")
    assert undone.json() == {"opId": "back", "undoes": "first", "at": rfc3339(venue.clock())}
    back, first = await venue.history()
    assert (back["opId"], back["undoes"], back["note"], back["actor"]) == (
        "back", "first", "wrong person", "device:door-1",
    )  # fmt: skip
    assert (first["opId"], first["granted"], first["gate"]) == ("first", True, "North")
    figures = await venue.figures()
    assert (figures["entries"], figures["inside"]) == (0, 0)
    [told] = [line for line in await venue.trail() if line["kind"] == "ticket.check_in_undone"]
    assert (told["data"]["undoes"], told["data"]["reason"]) == ("first", "wrong person")
    assert await venue.reason(code) == "admitted"


async def test_the_same_undo_again_is_one_undo_and_another_is_refused(venue: Venue) -> None:
    await venue.scan(await venue.world.ticket(), opId="first")
    first = await venue.undo("first", opId="back")
    venue.clock.forward(MINUTE)
    assert (await venue.undo("first", opId="back")).json() == first.json()
    assert problem(await venue.undo("first", opId="other")) == (409, "already_undone")
    assert len(await venue.history()) == 2


async def test_of_undos_at_once_one_counts(venue: Venue) -> None:
    await venue.scan(await venue.world.ticket(), opId="first")
    answers = await asyncio.gather(*(venue.undo("first", opId=f"back-{n}") for n in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] + 9 * [409]
    assert len(await venue.history()) == 2


async def test_only_an_admission_can_be_taken_back(venue: Venue) -> None:
    code = await venue.world.ticket()
    await venue.scan(code, opId="in")
    await venue.scan(code, opId="refused")
    await venue.scan("hello", opId="unknown")
    await venue.undo("in", opId="back")
    for op in ("refused", "unknown", "back"):
        assert problem(await venue.undo(op)) == (409, "not_admitted")
    assert problem(await venue.undo("nothing")) == (404, "not_found")


async def test_the_undo_of_an_exit_puts_the_person_back_inside(venue: Venue) -> None:
    code = await venue.world.ticket()
    await venue.scan(code)
    await venue.scan(code, direction="exit", opId="out")
    await venue.undo("out")
    assert (await venue.figures())["inside"] == 1
    assert await venue.reason(code) == "already_in"


async def test_an_undo_ends_a_double_admission_for_both_kiosks(venue: Venue) -> None:
    code = await venue.world.ticket()
    south = await venue.world.device("south")
    await venue.upload(alone("south", Instant(venue.clock() - MINUTE), code=code), headers=south)
    await venue.upload(alone("north", venue.clock(), code=code))
    assert (await venue.figures())["doubleAdmissions"] == 1
    _, cursor = await venue.changes()
    assert (await venue.undo("north", headers=south)).status_code == 200
    for kiosk in (south, venue.door.headers):
        changed, _ = await venue.changes(cursor, kiosk)
        assert {row["key"]: row["row"]["mark"] for row in changed if row["key"] in ("north", "south")} == {
            "north": "", "south": "",
        }  # fmt: skip
    assert (await venue.figures())["doubleAdmissions"] == 0
