"""Services that can be booked: kept by staff, read by whoever shows them."""

import pytest

from domain.clock import DAY
from server.auth import staff_service
from server.db.database import Transaction
from tests.builders import ManualClock
from tests.server.queues.lobby import problem
from tests.server.reservations.salon import BASE, OPEN, Salon
from tests.server.world import World

DEFINITIONS = f"{BASE}/definitions"
NEW = {"name": {"en": "Colour"}, "servicePoint": "desk", "durationMinutes": 60}


def window(opens: str, closes: str) -> dict[str, str]:
    return {"opens": opens, "closes": closes}


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


@pytest.mark.parametrize(
    ("own", "code", "words"),
    [
        ({"openingHours": {"tue": OPEN}}, "invalid", "Anna is never there for 60 minutes at a time"),
        ({"openingHours": {"mon": [window("16:30", "20:00")]}}, "invalid", "while The desk is open"),
        ({"specialDays": {"2026-05-11": []}, "openingHours": {"sun": OPEN}}, "invalid", "never there"),
        ({"openingHours": {}, "specialDays": {"2026-05-09": OPEN}}, "hours_never_open", "still to come"),
    ],
)
async def test_own_hours_of_staff_that_give_no_time_are_refused_with_words(
    salon: Salon, own: dict[str, object], code: str, words: str
) -> None:
    anna = await salon.person("anna")
    body, clerk = {**NEW, "staff": [{"id": anna, **own}]}, salon.lobby.clerk
    made = await salon.lobby.client.post(DEFINITIONS, json=body, headers=clerk)
    changed = await salon.lobby.client.put(f"{DEFINITIONS}/cut", json=body, headers=clerk)
    assert [problem(made), problem(changed)] == [(422, code)] * 2
    assert words in made.json()["detail"]


async def test_own_hours_may_be_those_of_one_day_to_come_or_last_over_the_edges(salon: Salon) -> None:
    anna = await salon.person("anna")
    for own in (
        {"openingHours": {}, "specialDays": {"2026-05-18": [window("16:00", "22:00")]}},
        {"openingHours": {"sun": [window("22:00", "10:00")]}},
    ):
        await salon.service(f"wash-{len(own)}", durationMinutes=60, staff=[{"id": anna, **own}])


async def test_a_service_point_keeps_the_hours_that_its_services_need(salon: Salon) -> None:
    anna, lobby = await salon.person("anna"), salon.lobby
    own = {"id": anna, "openingHours": {"mon": [window("09:00", "10:00")]}}
    await salon.service("wash", durationMinutes=60, staff=[own])
    for hours, words in (
        ([window("09:00", "09:20")], "Haircut (cut) could not be booked any more"),
        ([window("10:00", "17:00")], "Haircut (wash) could not be booked any more: Anna is never there"),
    ):
        body = {"id": "desk", "openingHours": {"mon": hours}}
        refused = await lobby.client.put(f"{BASE}/service-point/update", json=body, headers=lobby.clerk)
        assert problem(refused) == (422, "invalid")
        assert words in refused.json()["detail"]
    assert len(await salon.starts()) == 16
    body = {"id": "desk", "openingHours": {"mon": [window("09:00", "10:00")]}}
    await lobby.ok("PUT", f"{BASE}/service-point/update", body, lobby.clerk)
    assert await salon.starts() == ["07:00", "07:30"]


async def test_whose_own_days_are_over_stands_in_no_way_of_other_hours(
    salon: Salon, clock: ManualClock
) -> None:
    anna, lobby = await salon.person("anna"), salon.lobby
    own = {"id": anna, "openingHours": {}, "specialDays": {"2026-05-11": OPEN}}
    await salon.service("wash", staff=[own, {"id": lobby.clerk_id}])
    clock.forward(3 * DAY)
    body = {"id": "desk", "openingHours": {"tue": OPEN}}
    assert (await lobby.ok("PUT", f"{BASE}/service-point/update", body, lobby.clerk))["openingHours"]["tue"]


async def test_hours_of_staff_that_overlap_are_refused(salon: Salon) -> None:
    anna = await salon.person("anna")
    own = {"mon": [window("09:00", "12:00"), window("11:00", "14:00")]}
    body = {**NEW, "staff": [{"id": anna, "openingHours": own}]}
    answer = await salon.lobby.client.post(DEFINITIONS, json=body, headers=salon.lobby.clerk)
    assert problem(answer) == (422, "hours_overlap")


async def test_customers_may_read_what_can_be_booked(salon: Salon) -> None:
    state = salon.lobby.app.state
    ada = await World(state.database, state.access, salon.lobby.org).customer("ada@example.com", "Ada")
    listed = await salon.lobby.ok("GET", DEFINITIONS, None, ada)
    assert [each["id"] for each in listed["items"]] == ["cut"]


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
    assert problem(await salon.try_("07:00", "wash", staff=anna)) == (409, "staff_left")


async def test_a_service_of_a_service_point_that_is_no_more_is_not_listed(salon: Salon) -> None:
    lobby, made = salon.lobby, await salon.book("08:00")
    await lobby.client.delete(f"{BASE}/service-point/delete/desk?force=true", headers=lobby.clerk)
    assert (await lobby.ok("GET", DEFINITIONS, None, lobby.clerk))["items"] == []
    assert problem(await salon.try_("09:00")) == (404, "not_found")
    assert (await salon.one(made["id"]))["timezone"] == "Europe/Berlin"
