"""Many who want the same time at once: no double booking, ever."""

import asyncio
from collections import Counter

from domain.clock import HOUR
from server.app import create_app, open_database
from server.settings import Settings
from tests.builders import ManualClock
from tests.server.reservations.salon import Salon


async def outcomes(salon: Salon, *wanted: tuple[str, str]) -> Counter[tuple[int, str]]:
    """What becomes of requests for `(start, service)` that come at once."""
    answers = await asyncio.gather(
        *(salon.try_(start, service, f"guest{n}") for n, (start, service) in enumerate(wanted))
    )
    return Counter((each.status_code, each.json().get("code", "")) for each in answers)


async def test_of_fifty_who_want_one_seat_one_gets_it(salon: Salon) -> None:
    assert await outcomes(salon, *[("08:00", "cut")] * 50) == {(201, ""): 1, (409, "slot_taken"): 49}
    assert len(await salon.all()) == 1


async def test_of_fifty_whose_times_overlap_one_gets_its_time(salon: Salon) -> None:
    await salon.service("long", durationMinutes=120, stepMinutes=15)
    await salon.service("short", durationMinutes=15, stepMinutes=15)
    starts = ["08:00", "08:15", "08:30", "08:45", "09:00"]
    found = await outcomes(salon, *[(start, "long") for start in starts] * 10)
    assert found == {(201, ""): 1, (409, "slot_taken"): 49}
    # A shorter one within it is refused like any other.
    booked = await salon.all()
    start = booked[0]["slot"]["start"][11:16]
    assert await outcomes(salon, (start, "short")) == {(409, "slot_taken"): 1}


async def test_one_person_is_booked_once_at_two_service_points(salon: Salon) -> None:
    anna = await salon.person("anna")
    await salon.lobby.point("help", openingHours={"mon": [{"opens": "09:00", "closes": "17:00"}]})
    await salon.service("here", staff=[{"id": anna}])
    await salon.service("there", servicePoint="help", staff=[{"id": anna}])
    found = await outcomes(salon, *[("08:00", "here"), ("08:00", "there")] * 10)
    assert found == {(201, ""): 1, (409, "slot_taken"): 19}


async def test_a_group_fills_to_its_capacity_and_no_further(salon: Salon) -> None:
    await salon.service("yoga", capacity=8, durationMinutes=60)
    assert await outcomes(salon, *[("08:00", "yoga")] * 20) == {(201, ""): 8, (409, "slot_taken"): 12}
    assert await salon.starts("yoga") == ["07:00", "09:00", "10:00", "11:00", "12:00", "13:00", "14:00"]


async def test_of_two_who_move_to_one_time_one_does(salon: Salon) -> None:
    mine, theirs = await salon.book("08:00"), await salon.book("09:00", who="bob")
    slot = {"start": "2026-05-11T10:00:00Z"}
    answers = await asyncio.gather(*(salon.update(each, slot=slot) for each in (mine, theirs)))
    assert sorted(each.status_code for each in answers) == [200, 409]


async def test_who_is_checked_in_at_two_desks_stands_in_the_line_once(
    salon: Salon, clock: ManualClock
) -> None:
    made = await salon.book("08:00")
    clock.forward(19 * HOUR)
    path = f"/api/crm/reservations/check-in/{made['id']}"
    desk = salon.lobby.desk
    answers = await asyncio.gather(*(salon.lobby.client.post(path, headers=desk) for _ in range(5)))
    assert Counter(each.status_code for each in answers) == {200: 1, 409: 4}
    assert len((await salon.lobby.status())["waiting"]) == 1


async def test_a_hold_survives_a_restart(salon: Salon, settings: Settings, clock: ManualClock) -> None:
    body = {"definitionId": "cut", "slot": {"start": "2026-05-11T08:00:00Z"}}
    await salon.lobby.client.post("/api/crm/reservations/hold", json=body, headers=salon.public)
    database = open_database(settings, clock)
    salon.lobby.client._transport.app = create_app(settings, database, clock)  # type: ignore[attr-defined]
    async with salon.lobby.client._transport.app.router.lifespan_context(salon.lobby.client._transport.app):  # type: ignore[attr-defined]
        assert "08:00" not in await salon.starts()
    database.close()
