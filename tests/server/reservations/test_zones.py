"""Reservations by the clocks of a zone: of the service point, of who asks, and of who moves them."""

from tests.server.queues.lobby import POINT, good, problem
from tests.server.reservations.salon import DAY, OPEN, Salon

NIGHT = {"sun": [{"opens": "00:00", "closes": "06:00"}]}


async def test_a_service_point_that_moves_opens_by_its_new_clocks_and_bookings_stay(salon: Salon) -> None:
    made, lobby = await salon.book("14:00"), salon.lobby
    await lobby.ok("PUT", f"{POINT}/update", {"id": "desk", "zone": "America/New_York"}, lobby.clerk)
    assert (await salon.starts())[:3] == ["13:00", "13:30", "14:30"]
    kept = await salon.one(made["id"])
    assert (kept["slot"], kept["timezone"]) == (made["slot"], "America/New_York")
    assert kept["localStart"] == f"{DAY}T10:00:00-04:00"


async def test_a_local_time_of_another_zone_is_meant_by_its_clocks(salon: Salon) -> None:
    slot = {"localStart": f"{DAY}T12:45", "timezone": "Asia/Kathmandu"}
    made = good(await salon.try_("", slot=slot))
    assert made["slot"]["start"] == f"{DAY}T07:00:00.000Z"
    assert made["localStart"] == f"{DAY}T09:00:00+02:00"


async def test_nothing_is_moved_to_a_time_that_the_clocks_show_twice(salon: Salon) -> None:
    await salon.lobby.point("help", openingHours={**NIGHT, "mon": OPEN})
    await salon.service("night", servicePoint="help", horizonDays=400)
    made = await salon.book("08:00", "night")
    refused = await salon.update(made, slot={"localStart": "2026-10-25T02:30"})
    assert problem(refused) == (422, "time_twice")
    assert "02:30" in refused.json()["detail"]
    assert (await salon.one(made["id"]))["slot"] == made["slot"]
    named = good(await salon.update(made, slot={"start": "2026-10-25T01:30:00Z"}))
    assert named["localStart"] == "2026-10-25T02:30:00+01:00"


async def test_own_hours_of_staff_are_by_the_clocks_of_the_service_point_on_either_side_of_a_change(
    salon: Salon,
) -> None:
    anna = await salon.person("anna")
    own = {"id": anna, "openingHours": {"mon": [{"opens": "10:00", "closes": "10:30"}]}}
    await salon.service("wash", horizonDays=400, staff=[own])
    starts = []
    for day in ("2026-10-19", "2026-10-26"):
        frame = {"from": f"{day}T00:00:00Z", "to": f"{day}T23:59:59Z"}
        starts += [slot["start"][11:16] for slot in await salon.slots("wash", **frame)]
    assert starts == ["08:00", "09:00"]
