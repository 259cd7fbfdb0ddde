"""Services that can be booked: kept by staff, read by whoever shows them."""

import pytest

from server.auth import staff_service
from server.db.database import Transaction
from tests.server.queues.lobby import problem
from tests.server.reservations.salon import BASE, Salon

DEFINITIONS = f"{BASE}/definitions"
NEW = {"name": {"en": "Colour"}, "servicePoint": "desk", "durationMinutes": 60}


async def test_a_service_keeps_what_it_was_told_and_has_defaults_for_the_rest(salon: Salon) -> None:
    anna = await salon.person("anna")
    told = {"id": "colour", **NEW, "bufferAfterMinutes": 10, "grid": "clock", "staff": [{"id": anna}]}
    made = await salon.lobby.ok("POST", DEFINITIONS, told, salon.lobby.clerk)
    assert made["people"] == [{"id": anna, "name": "Anna"}]
    assert (made["capacity"], made["confirmation"], made["reminderMinutes"]) == (1, "auto", [1440])
    assert (made["timezone"], made["bufferAfterMinutes"]) == ("Europe/Berlin", 10)
    listed = await salon.lobby.ok("GET", DEFINITIONS, None, salon.lobby.desk)
    assert [each["id"] for each in listed["items"]] == ["colour", "cut"]
    assert listed["items"][0] == made


async def test_a_change_is_refused_on_an_old_state_and_a_deleted_service_cannot_be_booked(
    salon: Salon,
) -> None:
    client, clerk = salon.lobby.client, salon.lobby.clerk
    changed = await client.put(f"{DEFINITIONS}/cut", json={**NEW, "price": 4200}, headers=clerk)
    assert (changed.json()["price"], changed.json()["durationMinutes"]) == (4200, 60)
    late = await client.put(f"{DEFINITIONS}/cut", json=NEW, headers={**clerk, "If-Match": '"old"'})
    assert problem(late) == (412, "stale")
    assert (await client.delete(f"{DEFINITIONS}/cut", headers=clerk)).status_code == 204
    assert problem(await salon.try_("07:00")) == (404, "not_found")
    again = await client.post(DEFINITIONS, json={"id": "cut", **NEW}, headers=clerk)
    assert problem(again) == (409, "id_taken")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"servicePoint": "nowhere"}, "invalid"),
        ({"category": "nothing"}, "invalid"),
        ({"staff": [{"id": "nobody"}]}, "invalid"),
        ({"durationMinutes": 600}, "invalid"),
        ({"durationMinutes": 0}, "invalid"),
        ({"grid": "round"}, "invalid"),
        ({"name": {}}, "invalid"),
        ({"colour": "red"}, "invalid"),
    ],
)
async def test_a_service_that_cannot_be_is_refused_with_words(
    salon: Salon, wrong: dict[str, object], code: str
) -> None:
    answer = await salon.lobby.client.post(DEFINITIONS, json={**NEW, **wrong}, headers=salon.lobby.clerk)
    assert problem(answer) == (422, code)
    assert answer.json()["errors"][0]["msg"]


async def test_hours_of_staff_that_never_open_are_refused(salon: Salon) -> None:
    anna = await salon.person("anna")
    staff = [{"id": anna, "openingHours": {"mon": []}}]
    answer = await salon.lobby.client.post(
        DEFINITIONS, json={**NEW, "staff": staff}, headers=salon.lobby.clerk
    )
    assert problem(answer) == (422, "hours_never_open")


async def test_only_staff_of_the_desk_keep_services(salon: Salon) -> None:
    for headers in (salon.lobby.desk, {}):
        answer = await salon.lobby.client.post(DEFINITIONS, json=NEW, headers=headers)
        assert answer.status_code in (401, 403)


async def test_staff_are_bookable_in_their_own_hours(salon: Salon) -> None:
    anna = await salon.person("anna")
    own = {"id": anna, "openingHours": {"mon": [{"opens": "10:00", "closes": "11:00"}]}}
    await salon.service("wash", staff=[own])
    assert await salon.starts("wash") == ["08:00", "08:30"]


async def test_whoever_left_is_booked_no_more_and_a_service_without_anybody_has_no_times(
    salon: Salon,
) -> None:
    anna = await salon.person("anna")
    await salon.service("wash", staff=[{"id": anna}])
    assert await salon.starts("wash")
    lobby = salon.lobby

    def leave(transaction: Transaction) -> None:
        person = staff_service.person_of(transaction.connection, lobby.org, anna)
        staff_service.change_person(transaction, person, "system", {"active": False})

    await lobby.app.state.database.write(leave)
    assert await salon.starts("wash") == []
    assert problem(await salon.try_("07:00", "wash")) == (409, "slot_closed")


async def test_a_service_of_a_service_point_that_is_no_more_is_not_listed(salon: Salon) -> None:
    lobby, made = salon.lobby, await salon.book("08:00")
    await lobby.client.delete(f"{BASE}/service-point/delete/desk", headers=lobby.clerk)
    assert (await lobby.ok("GET", DEFINITIONS, None, lobby.clerk))["items"] == []
    assert problem(await salon.try_("09:00")) == (404, "not_found")
    assert (await salon.one(made["id"]))["timezone"] == "Europe/Berlin"
