"""A service point that closes, for a day or for good, while people have booked there."""

from tests.server.mailbox import Mailbox
from tests.server.queues.lobby import POINT, good, problem
from tests.server.reservations.salon import BASE, DAY, Salon


async def test_a_service_point_is_not_deleted_under_its_bookings_unless_they_are_called_off(
    salon: Salon,
) -> None:
    lobby, made = salon.lobby, await salon.book("08:00")
    refused = await lobby.client.delete(f"{POINT}/delete/desk", headers=lobby.clerk)
    assert problem(refused) == (409, "bookings_ahead")
    assert (refused.json()["bookings"], refused.json()["first"]) == (1, f"{DAY}T08:00:00.000Z")
    assert await salon.swept(made) == "confirmed"
    good(await lobby.client.delete(f"{POINT}/delete/desk?force=true", headers=lobby.clerk))
    assert await salon.swept(made) == "cancelled"
    assert (await salon.timeline(made))[-1] == "appointment_cancelled"
    told = [str(mail["Subject"]) for mail in await Mailbox(lobby.app).all()]
    assert "Cancelled" in {subject.split(":")[0] for subject in told}


async def test_a_service_point_whose_bookings_are_over_is_deleted(salon: Salon) -> None:
    lobby, made = salon.lobby, await salon.book("08:00")
    good(await salon.update(made, state="cancelled"))
    good(await lobby.client.delete(f"{POINT}/delete/desk", headers=lobby.clerk))


async def test_a_day_with_bookings_is_not_closed_in_silence(salon: Salon) -> None:
    lobby, made = salon.lobby, await salon.book("08:00")
    closed = {"id": "desk", "specialDays": {DAY: []}}
    for change in (closed, {"id": "desk", "openingHours": {"mon": [{"opens": "12:00", "closes": "17:00"}]}}):
        refused = await lobby.client.put(f"{POINT}/update", json=change, headers=lobby.clerk)
        assert problem(refused) == (409, "bookings_ahead")
        assert DAY in refused.json()["detail"]
    earlier = {"id": "desk", "openingHours": {"mon": [{"opens": "08:00", "closes": "17:00"}]}}
    good(await lobby.client.put(f"{POINT}/update", json=earlier, headers=lobby.clerk))
    good(await lobby.client.put(f"{POINT}/update?force=true", json=closed, headers=lobby.clerk))
    assert await salon.swept(made) == "confirmed"
    assert await salon.slots() == []
    # What was outside before stays no reason.
    good(await lobby.client.put(f"{POINT}/update", json={**closed, "zone": "UTC"}, headers=lobby.clerk))


async def test_a_zone_that_does_not_exist_is_refused(salon: Salon) -> None:
    lobby = salon.lobby
    change = {"id": "desk", "zone": "Europe/Atlantis"}
    refused = await lobby.client.put(f"{POINT}/update", json=change, headers=lobby.clerk)
    assert problem(refused)[0] == 422
    assert "Europe/Atlantis" in refused.text
    assert (await lobby.ok("GET", f"{BASE}/get", None, lobby.clerk))["items"] == []
