"""Free times, and reservations that are made, moved, found and ended."""

import pytest
from httpx import Response

from domain.clock import HOUR, MINUTE
from server.auth import staff_service
from server.db.database import Transaction
from tests.builders import ManualClock
from tests.server.mailbox import Mailbox
from tests.server.queues.lobby import good, problem
from tests.server.reservations.salon import BASE, DAY, Salon, whole


async def test_slots_show_what_is_left_with_their_offset(salon: Salon) -> None:
    await salon.book("07:30")
    found = await salon.slots()
    assert [slot["start"][11:16] for slot in found[:3]] == ["07:00", "08:00", "08:30"]
    assert found[0] == {
        "start": f"{DAY}T07:00:00.000Z",
        "end": f"{DAY}T07:30:00.000Z",
        "localStart": f"{DAY}T09:00:00+02:00",
        "seatsLeft": 1,
        "staff": [],
    }
    assert (await salon.slots(timezone="America/New_York"))[0]["localStart"] == f"{DAY}T03:00:00-04:00"


async def test_slots_say_in_which_zone_their_local_times_are(salon: Salon) -> None:
    asked = {"definitionId": "cut", "from": f"{DAY}T00:00:00Z", "to": f"{DAY}T12:00:00Z"}
    for named, zone in (({}, "Europe/Berlin"), ({"timezone": "Asia/Tokyo"}, "Asia/Tokyo")):
        answer = await salon.lobby.ok("POST", f"{BASE}/slots", {**asked, **named}, salon.public)
        assert answer["timezone"] == zone
    body = {**asked, "timezone": "Mars/Base"}
    refused = await salon.lobby.client.post(f"{BASE}/slots", json=body, headers=salon.public)
    assert problem(refused)[0] == 422


async def test_the_example_of_the_specification_books(salon: Salon) -> None:
    await salon.service("def-haircut-30")
    body = {
        "definitionId": "def-haircut-30",
        "slot": {"start": whole("08:00"), "end": whole("08:30")},
        "customer": {"email": "alice@example.com", "name": "Alice", "phone": "+15551234567"},
        "notes": "First-time client",
    }
    made = await salon.lobby.client.post(f"{BASE}/create", json=body, headers=salon.public)
    assert made.status_code == 201
    assert (made.json()["state"], made.json()["notes"]) == ("confirmed", "First-time client")
    assert len(made.json()["reservationNumber"]) == 10
    again = await salon.lobby.client.post(f"{BASE}/create", json=body, headers=salon.public)
    assert problem(again) == (409, "slot_taken")


@pytest.mark.parametrize(
    ("start", "refused"),
    [
        ("2026-05-10T08:00:00Z", (422, "slot_past")),
        ("2026-05-12T08:00:00Z", (409, "slot_closed")),
        ("2027-05-10T08:00:00Z", (409, "slot_too_far")),
        ("07:10", (409, "slot_not_offered")),
    ],
)
async def test_a_time_that_cannot_be_booked_is_refused(
    salon: Salon, start: str, refused: tuple[int, str]
) -> None:
    assert problem(await salon.try_(start)) == refused


async def test_notice_is_refused_and_staff_may_book_without(salon: Salon) -> None:
    await salon.service("wash", noticeMinutes=2880)
    assert problem(await salon.try_("07:00", "wash")) == (409, "slot_too_soon")
    body = {"definitionId": "wash", "slot": {"start": whole("07:10")}, "customer": {"name": "Walk-in"}}
    made = await salon.lobby.ok("POST", f"{BASE}/create", body, salon.lobby.desk)
    assert (made["customer"]["name"], made["contact"]) == ("Walk-in", None)


async def test_local_times_that_the_clocks_skip_or_show_twice_are_refused_with_words(salon: Salon) -> None:
    night = {"sun": [{"opens": "00:00", "closes": "06:00"}]}
    await salon.lobby.point("help", openingHours=night)
    await salon.service("night", servicePoint="help", horizonDays=400)
    for local, code in (("2027-03-28T02:30", "time_skipped"), ("2026-10-25T02:30", "time_twice")):
        refused = await salon.try_("", "night", slot={"localStart": local})
        assert problem(refused) == (422, code)
        assert "02:30" in refused.json()["detail"]
    made = good(await salon.try_("", "night", slot={"localStart": "2027-03-28T03:30"}))
    assert made["localStart"] == "2027-03-28T03:30:00+02:00"


async def test_a_move_to_an_hour_that_the_clocks_skip_or_into_the_past_is_refused(salon: Salon) -> None:
    made = await salon.book("08:00")
    for slot, code in (
        ({"localStart": "2027-03-28T02:30"}, "time_skipped"),
        ({"start": "2026-05-10T08:00:00Z"}, "slot_past"),
    ):
        assert problem(await salon.update(made, slot=slot)) == (422, code)
    assert (await salon.one(made["id"]))["slot"] == made["slot"]


async def test_staff_give_a_booking_to_a_colleague_who_is_free(salon: Salon) -> None:
    lobby = salon.lobby
    change = {"id": "desk", "capacity": 3}
    await lobby.ok("PUT", f"{BASE}/service-point/update", change, lobby.clerk)
    anna, ben = await salon.person("anna"), await salon.person("ben")
    await salon.service("colour", staff=[{"id": anna}, {"id": ben}])
    made = await salon.book("08:00", "colour", staff=anna)
    given = good(await salon.update(made, staff=ben))
    assert (given["staff"], given["slot"], given["sequence"]) == (ben, made["slot"], 1)
    await salon.book("08:00", "colour", "bob", staff=anna)
    assert problem(await salon.update(given, staff=anna)) == (409, "slot_taken")
    assert problem(await salon.update(given, staff="nobody")) == (422, "staff_unknown")


async def test_a_booking_of_a_colleague_who_left_moves_to_somebody_else(salon: Salon) -> None:
    lobby, anna, ben = salon.lobby, await salon.person("anna"), await salon.person("ben")
    await salon.service("colour", staff=[{"id": anna}, {"id": ben}])
    made = await salon.book("08:00", "colour", staff=anna)

    def leave(transaction: Transaction) -> None:
        person = staff_service.person_of(transaction.connection, lobby.org, anna)
        staff_service.change_person(transaction, person, "system", {"active": False})

    await lobby.app.state.database.write(leave)
    later = {"start": whole("09:00")}
    refused = await salon.update(made, slot=later)
    assert problem(refused) == (409, "staff_left")
    assert "does not work here any more" in refused.json()["detail"]
    assert good(await salon.update(made, slot=later, staff=None))["staff"] == ben


async def test_a_phone_is_enough_to_be_known_and_somebody_must_come(salon: Salon) -> None:
    lobby = salon.lobby

    async def booked(start: str, **customer: str) -> Response:
        body = {"definitionId": "cut", "slot": {"start": whole(start)}, "customer": customer}
        return await lobby.client.post(f"{BASE}/create", json=body, headers=lobby.desk)

    refused = await booked("07:00")
    assert problem(refused) == (422, "invalid")
    assert "a name, a phone number" in refused.json()["detail"]
    first = good(await booked("07:00", name="Ada", phone="+49 30 123456"))
    again = good(await booked("08:00", phone="+4930123456"))
    assert first["contact"] == again["contact"] is not None
    good(await salon.update(first, state="cancelled"))
    assert (await salon.timeline(first))[-1] == "appointment_cancelled"
    by_mail = await salon.book("09:00", customer={"email": "ada@example.com", "name": "Ada"})
    assert by_mail["contact"] != first["contact"]


async def test_a_visitor_must_leave_an_address_and_a_name(salon: Salon) -> None:
    refused = await salon.try_("07:00", customer={"phone": "+4930123456"})
    assert problem(refused) == (422, "invalid")
    assert [error["loc"][-1] for error in refused.json()["errors"]] == ["email", "name"]


async def test_buffers_keep_others_away(salon: Salon) -> None:
    await salon.service("long", bufferBeforeMinutes=15, bufferAfterMinutes=15)
    await salon.book("09:00")
    assert "08:30" not in await salon.starts("long")
    assert "09:45" in await salon.starts("long")
    assert problem(await salon.try_("08:30", "long")) == (409, "slot_taken")


async def test_a_special_day_offers_its_own_hours(salon: Salon) -> None:
    special = {DAY: [{"opens": "10:00", "closes": "11:00"}], "2026-05-18": []}
    point = "/api/crm/reservations/service-point/update"
    await salon.lobby.ok("PUT", point, {"id": "desk", "specialDays": special}, salon.lobby.clerk)
    assert await salon.starts() == ["08:00", "08:30"]
    assert problem(await salon.try_("2026-05-18T08:00:00Z")) == (409, "slot_closed")


async def test_any_staff_is_who_has_the_least_to_do(salon: Salon) -> None:
    await salon.lobby.ok("PUT", "/api/crm/reservations/service-point/update", {"id": "desk", "capacity": 2},
                         salon.lobby.clerk)  # fmt: skip
    anna, ben = await salon.person("anna"), await salon.person("ben")
    await salon.service("colour", staff=[{"id": anna}, {"id": ben}])
    assert (await salon.book("07:00", "colour", staff=ben))["staff"] == ben
    assert (await salon.book("09:00", "colour", "bob"))["staff"] == anna
    assert problem(await salon.try_("07:00", "colour", staff=ben)) == (409, "slot_taken")
    assert problem(await salon.try_("07:00", "colour", staff="nobody")) == (422, "staff_unknown")


async def test_a_held_time_is_free_for_nobody_else_until_it_runs_out(
    salon: Salon, clock: ManualClock
) -> None:
    body = {"definitionId": "cut", "slot": {"start": whole("08:00")}}
    client = salon.lobby.client
    held = good(await client.post(f"{BASE}/hold", json=body, headers=salon.public))
    assert "08:00" not in await salon.starts()
    assert problem(await salon.try_("08:00")) == (409, "slot_taken")
    made = good(await salon.try_("08:00", who="bob", holdId=held["holdId"]))
    assert made["slot"]["start"] == held["start"]

    again = {"definitionId": "cut", "slot": {"start": whole("09:00")}}
    good(await client.post(f"{BASE}/hold", json=again, headers=salon.public))
    clock.forward(5 * MINUTE)
    good(await salon.try_("09:00", who="carol"))


async def test_a_hold_can_be_let_go(salon: Salon) -> None:
    body = {"definitionId": "cut", "slot": {"start": whole("08:00")}}
    held = good(await salon.lobby.client.post(f"{BASE}/hold", json=body, headers=salon.public))
    await salon.lobby.client.delete(f"{BASE}/hold/{held['holdId']}")
    good(await salon.try_("08:00"))


async def test_a_reservation_moves_and_its_own_time_does_not_block_it(salon: Salon) -> None:
    made = await salon.book("08:00")
    moved = good(await salon.update(made, slot={"start": whole("08:15")}))
    assert (moved["slot"]["start"], moved["sequence"]) == (f"{DAY}T08:15:00.000Z", 1)
    other = await salon.book("09:15", who="bob")
    assert problem(await salon.update(made, slot={"start": whole("09:00")})) == (409, "slot_taken")
    noted = good(await salon.update(other, notes="Brings a dog", staff=None, slot={"start": whole("09:15")}))
    assert (noted["notes"], noted["sequence"]) == ("Brings a dog", 0)
    assert await salon.timeline(made) == [
        "contact.made", "appointment_made", "appointment_confirmed", "appointment_moved",
    ]  # fmt: skip


async def test_a_change_on_an_old_state_is_refused(salon: Salon) -> None:
    made = await salon.book("08:00")
    headers = {**salon.lobby.clerk, "If-Match": '"old"'}
    late = await salon.lobby.client.put(
        f"{BASE}/update", json={"id": made["id"], "notes": "x"}, headers=headers
    )
    assert problem(late) == (412, "stale")


async def test_staff_confirm_each_where_the_service_says_so(salon: Salon) -> None:
    await salon.service("advice", confirmation="manual")
    made = await salon.book("08:00", "advice")
    assert (made["state"], made["allowed"]) == ("pending", ["cancel", "confirm", "move"])
    assert problem(await salon.try_("08:00")) == (409, "slot_taken")
    confirmed = good(await salon.update(made, state="confirmed"))
    assert confirmed["state"] == "confirmed"
    wrong = await salon.update(made, state="completed")
    assert problem(wrong) == (409, "wrong_transition")
    assert wrong.json()["allowed"] == ["cancel", "check_in", "move", "no_show"]


async def test_a_desk_confirms_what_waits_for_it_and_the_customer_is_told(salon: Salon) -> None:
    await salon.service("advice", confirmation="manual")
    made, lobby = await salon.book("08:00", "advice"), salon.lobby
    path = f"{BASE}/confirm/{made['id']}"
    elsewhere = await lobby.device("far", "desk", "servicePoint:other")
    assert problem(await lobby.client.post(path, headers=lobby.welcome)) == (403, "forbidden")
    assert problem(await lobby.client.post(path, headers=elsewhere)) == (404, "not_found")
    assert (await lobby.client.post(path)).status_code == 401
    assert (await lobby.ok("POST", path, None, lobby.desk))["state"] == "confirmed"
    assert (await salon.timeline(made))[-1] == "appointment_confirmed"
    assert (await Mailbox(lobby.app).newest())["Subject"].startswith("Booked: ")
    assert problem(await lobby.client.post(path, headers=lobby.clerk)) == (409, "wrong_transition")


async def test_a_no_show_is_noted_and_a_deleted_reservation_frees_its_time(salon: Salon) -> None:
    made, other = await salon.book("08:00"), await salon.book("09:00", who="bob")
    assert good(await salon.update(made, state="no_show"))["state"] == "no_show"
    assert (await salon.timeline(made))[-1] == "appointment_no_show"
    gone = await salon.lobby.client.delete(f"{BASE}/delete/{other['id']}", headers=salon.lobby.clerk)
    assert gone.status_code == 204
    assert {"08:00", "09:00"} <= set(await salon.starts())
    assert (await salon.timeline(other))[-2:] == ["appointment_cancelled", "appointment_deleted"]
    missing = await salon.lobby.client.get(f"{BASE}/get/{other['id']}", headers=salon.lobby.clerk)
    assert problem(missing) == (404, "not_found")


async def test_reservations_are_listed_by_day_staff_state_and_service_point(salon: Salon) -> None:
    first, second = await salon.book("09:00"), await salon.book("08:00", who="bob")
    await salon.update(first, state="cancelled")
    names = [each["customer"]["name"] for each in await salon.all(day=DAY, servicePoint="desk")]
    assert names == ["Bob", "Alice"]
    assert [each["id"] for each in await salon.all(state="confirmed")] == [second["id"]]
    assert await salon.all(day="2026-05-12", servicePoint="desk") == []
    assert await salon.all(staff="nobody") == []
    number = second["reservationNumber"]
    typed = f"{number[:5]}-{number[5:]}".lower()
    assert [each["id"] for each in await salon.all(reservationNumber=typed)] == [second["id"]]
    listed = await salon.lobby.ok("GET", f"{BASE}/get", None, salon.lobby.desk, params={"limit": 1})
    assert [each["id"] for each in listed["items"]] == [second["id"]]
    rest = {"limit": 1, "cursor": listed["nextCursor"]}
    following = await salon.lobby.ok("GET", f"{BASE}/get", None, salon.lobby.desk, params=rest)
    assert [each["id"] for each in following["items"]] == [first["id"]]


async def test_a_kiosk_finds_a_reservation_by_its_number_and_none_of_another_place(salon: Salon) -> None:
    made = await salon.book("08:00")
    await salon.book("09:00", who="bob")
    number = str(made["reservationNumber"])

    async def found(said: str, headers: dict[str, str]) -> list[str]:
        params = {"reservationNumber": said}
        page = await salon.lobby.ok("GET", f"{BASE}/get", None, headers, params=params)
        return [each["id"] for each in page["items"]]

    elsewhere = await salon.lobby.device("far", "welcome", "servicePoint:other")
    assert await found(f"{number[:5]}-{number[5:]}".lower(), salon.lobby.welcome) == [made["id"]]
    assert await found("2222222222", salon.lobby.welcome) == []
    assert await found(number, elsewhere) == []


async def test_who_knows_number_and_address_finds_a_reservation_and_nobody_else(salon: Salon) -> None:
    made = await salon.book("08:00")
    address = f"{BASE}/by-email/alice@example.com"
    found = good(await salon.lobby.client.get(f"{address}/{made['reservationNumber']}"))
    assert (found["slot"], found["canCancel"]) == (made["slot"], True)
    assert "customer" not in found
    wrong = await salon.lobby.client.get(f"{BASE}/by-email/bob@example.com/{made['reservationNumber']}")
    assert problem(wrong) == (404, "not_found")
    known, unknown = [
        await salon.lobby.client.get(f"{BASE}/by-email/{who}@example.com", headers=salon.public)
        for who in ("alice", "nobody")
    ]
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (202, b"")


async def test_who_checks_in_joins_the_line_and_is_done_when_served(salon: Salon, clock: ManualClock) -> None:
    made = await salon.book("07:30")
    early = await salon.lobby.client.post(f"{BASE}/check-in/{made['id']}", headers=salon.lobby.desk)
    assert problem(early) == (409, "not_today")
    clock.forward(19 * HOUR)
    walk_in = await salon.lobby.join(name="Walk-in")
    clock.forward(40 * MINUTE)
    later = await salon.lobby.join(name="Later")
    here = await salon.lobby.ok("POST", f"{BASE}/check-in/{made['id']}", None, salon.lobby.desk)
    assert (here["state"], here["queueNumber"]) == ("checked_in", "A003")
    # The booking stands where its time is: after who came before it, before who came later.
    waiting = (await salon.lobby.status())["waiting"]
    assert waiting == [walk_in["number"], "A003", later["number"]]
    entry = await salon.lobby.do("call", here["queueEntry"], counter="one")
    await salon.lobby.do("start", entry)
    await salon.lobby.do("complete", entry)
    await salon.lobby.app.state.reservation_sweeper.sweep()
    assert (await salon.one(made["id"]))["state"] == "completed"
    assert (await salon.timeline(made))[-2:] == ["appointment_checked_in", "appointment_completed"]


async def test_other_organisations_and_other_desks_see_nothing(salon: Salon) -> None:
    made = await salon.book("08:00")
    stranger = await salon.lobby.device("other-desk", "desk", "servicePoint:other")
    for path in (f"{BASE}/get/{made['id']}",):
        assert problem(await salon.lobby.client.get(path, headers=stranger)) == (404, "not_found")
    checked = await salon.lobby.client.post(f"{BASE}/check-in/{made['id']}", headers=stranger)
    assert problem(checked) == (404, "not_found")
    other = await salon.lobby.client.get(
        f"{BASE}/get/{made['id']}", headers={**salon.lobby.clerk, "orgid": "org-b"}
    )
    assert problem(other) == (404, "not_found")


async def test_more_than_two_months_are_not_listed_at_once(salon: Salon) -> None:
    body = {"definitionId": "cut", "from": "2026-05-11T00:00:00Z", "to": "2026-08-11T00:00:00Z"}
    refused = await salon.lobby.client.post(f"{BASE}/slots", json=body, headers=salon.public)
    assert problem(refused) == (422, "range_wrong")
