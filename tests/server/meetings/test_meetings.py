"""Video rooms for reservations: the same rules whichever provider gives the room."""

from typing import Any

import pytest
from pydantic import ValidationError

from domain.clock import HOUR, MINUTE
from server.settings import Settings
from tests.builders import ManualClock
from tests.server.queues.lobby import good, problem
from tests.server.reservations.salon import BASE, DAY, Salon, whole
from tests.server.world import World

MEETING = f"{BASE}/meeting"
UNTIL = f"{DAY}T08:45:00.000Z"
"""A quarter of an hour after the end."""


async def call(salon: Salon, act: str, headers: dict[str, str] | None = None, **body: object) -> Any:
    sent = salon.lobby.clerk if headers is None else headers
    return await salon.lobby.client.post(f"{MEETING}/{act}", json=body, headers=sent)


async def customer(salon: Salon, email: str) -> dict[str, str]:
    state = salon.lobby.app.state
    world = World(state.database, state.access, salon.lobby.org, now=salon.lobby.clock())
    return await world.customer(email, "Alice")


async def test_a_room_is_made_once_and_its_token_lets_in_until_a_quarter_past_the_end(
    salon: Salon, clock: ManualClock, provider: str
) -> None:
    reservation = await salon.book("08:00")
    first = await call(salon, "create", reservationId=reservation["id"])
    again = await call(salon, "create", reservationId=reservation["id"])
    assert (first.status_code, again.status_code) == (201, 200)
    made = good(first)
    assert (made["id"], made["roomUrl"]) == (good(again)["id"], good(again)["roomUrl"])
    assert (made["provider"], made["expires"]) == (provider, UNTIL)
    assert made["url"].startswith(made["roomUrl"])
    assert made["token"] in made["url"]
    said = good(await call(salon, "validate", token=made["token"]))
    assert (said["valid"], said["host"], said["name"], said["until"]) == (True, True, "Clerk", UNTIL)
    clock.forward(20 * HOUR + 45 * MINUTE)
    assert good(await call(salon, "validate", token=made["token"]))["valid"] is False
    assert problem(await call(salon, "token", meetingId=made["id"])) == (410, "meeting_over")


async def test_a_customer_enters_their_own_meeting_as_a_guest_and_no_other(salon: Salon) -> None:
    mine, other = await salon.book("08:00"), await salon.book("09:00", who="bob")
    rooms = [good(await call(salon, "create", reservationId=each["id"])) for each in (mine, other)]
    alice = await customer(salon, "alice@example.com")
    entered = good(await call(salon, "token", alice, meetingId=rooms[0]["id"]))
    said = good(await call(salon, "validate", alice, token=entered["token"]))
    assert (said["host"], said["name"], said["reservationId"]) == (False, "Alice", mine["id"])
    assert problem(await call(salon, "token", alice, meetingId=rooms[1]["id"])) == (404, "not_found")
    assert problem(await call(salon, "create", alice, reservationId=other["id"])) == (404, "not_found")


async def test_the_page_of_a_booking_leads_its_customer_into_the_room(salon: Salon) -> None:
    reservation = await salon.book("08:00")
    page = reservation["link"].removeprefix(salon.lobby.app.state.settings.base_url)
    assert (await salon.lobby.client.get(f"{page}/meeting")).status_code == 404
    made = good(await call(salon, "create", reservationId=reservation["id"]))
    assert f"{page}/meeting" in (await salon.lobby.client.get(page)).text
    there = (await salon.lobby.client.get(f"{page}/meeting")).headers["location"]
    assert there.startswith(made["roomUrl"])
    said = good(await call(salon, "validate", token=there.partition("=")[2]))
    assert (said["host"], said["name"]) == (False, "Alice")
    handed_on = good(await call(salon, "token", meetingId=made["id"], guest=True))
    assert good(await call(salon, "validate", token=handed_on["token"]))["host"] is False


async def test_a_meeting_moves_with_its_reservation_and_ends_with_it(salon: Salon) -> None:
    reservation = await salon.book("08:00")
    made = good(await call(salon, "create", reservationId=reservation["id"]))
    good(await salon.update(reservation, slot={"start": whole("09:00")}))
    moved = good(await call(salon, "token", meetingId=made["id"]))
    assert (moved["roomUrl"], moved["expires"]) == (made["roomUrl"], f"{DAY}T09:45:00.000Z")
    good(await salon.update(reservation, state="cancelled"))
    assert good(await call(salon, "validate", token=moved["token"]))["valid"] is False
    assert problem(await call(salon, "token", meetingId=made["id"])) == (409, "wrong_transition")


async def test_no_room_is_opened_for_what_is_over(salon: Salon, clock: ManualClock) -> None:
    reservation = await salon.book("08:00")
    clock.forward(20 * HOUR + 44 * MINUTE)
    assert (await call(salon, "create", reservationId=reservation["id"])).status_code == 201
    other = await salon.book("09:00", who="bob")
    clock.forward(HOUR + MINUTE)
    for each in (reservation, other):
        assert problem(await call(salon, "create", reservationId=each["id"])) == (410, "meeting_over")


async def test_a_token_of_somebody_else_lets_nobody_in(salon: Salon) -> None:
    assert problem(await call(salon, "validate", token="a.b.c")) == (404, "not_found")
    assert problem(await call(salon, "token", meetingId="nothing")) == (404, "not_found")
    assert (await call(salon, "validate", {}, token="a")).status_code == 401


@pytest.mark.parametrize("provider", ["none"], indirect=False)
async def test_without_a_provider_a_clear_message_refuses(salon: Salon) -> None:
    reservation = await salon.book("08:00")
    refused = await call(salon, "create", reservationId=reservation["id"])
    assert problem(refused) == (409, "meetings_off")
    assert "USHER_MEETING_PROVIDER" in refused.json()["detail"]


def test_a_provider_that_is_not_set_up_is_refused_at_the_start() -> None:
    for name, missing in (("jitsi", "USHER_JITSI_SECRET"), ("daily", "USHER_DAILY_API_KEY")):
        with pytest.raises(ValidationError, match=missing):
            Settings(meeting_provider=name)
