"""Those who have booked are reckoned with in the wait that others are told."""

from domain.clock import HOUR, MINUTE, parse
from server.queues.expected import coming
from server.queues.store import point
from tests.builders import ManualClock
from tests.server.queues.lobby import POINT
from tests.server.reservations.salon import BASE, Salon


async def expected(salon: Salon) -> int:
    """How many the line of `desk` still reckons with."""
    lobby = salon.lobby
    found = await lobby.app.state.database.read(
        lambda c: coming(c, point(c, lobby.org, "desk"), lobby.clock())
    )
    return len(found)


async def test_bookings_that_go_first_lengthen_the_wait_until_they_are_called_off(
    salon: Salon, clock: ManualClock
) -> None:
    lobby = salon.lobby
    change = {"id": "desk", "bookings": "priority", "quota": ["priority", "normal"]}
    await lobby.ok("PUT", f"{POINT}/update", change, lobby.clerk)
    for _ in range(6):
        await lobby.join()
    for _ in range(6):
        await lobby.serve(service=15 * MINUTE)
    await lobby.app.state.learner.learn(lobby.org, "desk")
    made = [await salon.book(start, who=who) for start, who in (("08:00", "alice"), ("08:30", "bob"))]
    clock.forward(18 * HOUR + 25 * MINUTE)
    for _ in range(5):
        last = await lobby.join()
    assert await expected(salon) == 2
    before = (await lobby.look(last["id"]))["forecast"]["p50"]
    for each in made:
        await salon.update(each, state="cancelled")
    assert await expected(salon) == 0
    after = (await lobby.look(last["id"]))["forecast"]["p50"]
    assert before > after + 10 * 60


async def test_who_is_here_is_expected_no_more_and_who_moved_at_the_new_time(
    salon: Salon, clock: ManualClock
) -> None:
    lobby = salon.lobby
    await lobby.ok("PUT", f"{POINT}/update", {"id": "desk", "bookings": "priority"}, lobby.clerk)
    made = [await salon.book(start, who=who) for start, who in (("08:00", "alice"), ("08:30", "bob"))]
    clock.forward(19 * HOUR)
    assert await expected(salon) == 2
    await lobby.ok("POST", f"{BASE}/check-in/{made[0]['id']}", None, lobby.desk)
    assert await expected(salon) == 1
    moved = await salon.update(made[1], slot={"start": "2026-05-11T14:00:00Z"})
    assert moved.is_success, moved.text
    assert await expected(salon) == 1
    await lobby.ok("PUT", f"{POINT}/update", {"id": "desk", "bookings": "time"}, lobby.clerk)
    assert await expected(salon) == 0


async def test_a_kiosk_hears_who_is_expected_and_who_is_no_more(salon: Salon) -> None:
    lobby = salon.lobby

    async def copied() -> list[object]:
        asked = {"scope": "servicePoint:desk", "cursor": "0"}
        answer = await lobby.ok("GET", "/api/sync/changes", None, lobby.desk, params=asked)
        return [each["row"] for each in answer["changes"] if each["table"] == "expected_visit"]

    made = await salon.book("08:00")
    [row] = await copied()
    assert row == {"id": made["id"], "service_point": "desk", "at": parse("2026-05-11T08:00:00Z")}
    await salon.update(made, state="cancelled")
    assert await copied() == [None]
