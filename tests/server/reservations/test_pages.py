"""The pages on which people book for themselves, read without scripts."""

import re

import pytest

from domain.clock import HOUR, MINUTE
from server.qr import svg
from tests.builders import ManualClock
from tests.server.customer.pages.reader import Reader, links, words
from tests.server.mailbox import Mailbox, link
from tests.server.queues.lobby import good, open_lobby, problem
from tests.server.reservations.salon import BASE, OPEN, Salon, whole

BOOK = "/book/cut"


@pytest.fixture
def reader(salon: Salon) -> Reader:
    return Reader(salon.lobby.client)


async def choose(reader: Reader, time: int = 0) -> str:
    """The address of the form for one of the first free times."""
    page = await reader.get(BOOK)
    slots = re.findall(r'name="slot" value="(\d+)"', page.text)
    held = await reader.send(BOOK, {"slot": slots[time]})
    return str(held.headers["location"])


async def book(reader: Reader, time: int = 0, **said: str) -> str:
    """The address of a reservation's page."""
    fields = {"name": "Ada", "email": "ada@example.com", **said}
    return str((await reader.send(await choose(reader, time), fields)).headers["location"])


async def test_an_organiser_shows_what_can_be_booked(salon: Salon, reader: Reader) -> None:
    page = await reader.get("/r/org-a")
    assert "Haircut" in words(page)
    assert links(page, "/book/") == ["/book/cut?orgid=org-a"]


async def test_a_visitor_chooses_a_time_and_books_it(salon: Salon, reader: Reader) -> None:
    form = await choose(reader, 2)
    assert "10:00" not in words(await reader.get(BOOK))
    wrong = await reader.send(form, {"name": "", "email": "ada", "phone": "x"}, 422)
    assert len(re.findall(r'class="wrong"', wrong.text)) == 3
    done = await reader.send(form, {"name": "Ada", "email": "ada@example.com", "notes": "First time"})
    page = words(await reader.follow(done))
    assert "You are booked" in page
    assert "Monday, 11 May 2026, 10:00 – 10:30" in page
    [made] = await salon.all()
    assert (made["notes"], made["customer"]["name"]) == ("First time", "Ada")
    assert link(await Mailbox(salon.lobby.app).newest(), "booking") == done.headers["location"].split("/")[-1]


async def test_looking_changes_nothing_and_a_button_cancels(salon: Salon, reader: Reader) -> None:
    page = await book(reader)
    [made] = await salon.all()
    asking = f"{BASE}/cancel/ada@example.com/{made['reservationNumber']}"
    for address in (page, asking, f"{page}/move", f"{page}/calendar.ics"):
        await reader.get(address)
    assert (await salon.one(made["id"]))["state"] == "confirmed"
    assert 'action="' + page + '/cancel"' in (await reader.get(asking)).text
    assert "cancelled" in words(await reader.follow(await reader.send(f"{page}/cancel")))
    assert (await salon.timeline(made))[-1] == "appointment_cancelled"
    assert "07:00" in await salon.starts()


async def test_a_booking_s_page_has_the_code_to_check_in_with_as_long_as_it_is_to_come(
    salon: Salon, reader: Reader
) -> None:
    address = await book(reader)
    [made] = await salon.all()
    assert svg(made["reservationNumber"]) in (await reader.get(address)).text
    await reader.send(f"{address}/cancel", {})
    assert svg(made["reservationNumber"]) not in (await reader.get(address)).text


async def test_another_site_cannot_cancel(salon: Salon, reader: Reader) -> None:
    page = await book(reader)
    await reader.send(f"{page}/cancel", status=403, Origin="https://evil.example")
    assert (await salon.all())[0]["state"] == "confirmed"


async def test_number_and_address_cancel_until_the_cut_off(salon: Salon, clock: ManualClock) -> None:
    await salon.service("late", cutoffMinutes=60)
    made, other = await salon.book("08:00", "late"), await salon.book("09:30", "late", "bob")
    wrong = f"{BASE}/cancel/bob@example.com/{made['reservationNumber']}"
    assert problem(await salon.lobby.client.post(wrong)) == (404, "not_found")
    clock.forward(19 * HOUR)
    mine = f"{BASE}/cancel/alice@example.com/{made['reservationNumber']}"
    assert good(await salon.lobby.client.post(mine))["state"] == "cancelled"
    assert problem(await salon.lobby.client.post(mine)) == (409, "wrong_transition")
    clock.forward(90 * MINUTE + 1)
    theirs = f"{BASE}/cancel/bob@example.com/{other['reservationNumber']}"
    assert problem(await salon.lobby.client.post(theirs)) == (409, "cutoff_passed")


async def test_who_is_too_late_to_change_is_told_to_call(
    salon: Salon, reader: Reader, clock: ManualClock
) -> None:
    page = await book(reader)
    clock.forward(19 * HOUR + 1)
    for refused in (await reader.send(f"{page}/cancel"), await reader.get(f"{page}/move", 303)):
        assert "can no longer be changed here" in words(await reader.follow(refused))


async def test_a_visitor_moves_and_their_own_time_does_not_stand_in_the_way(
    salon: Salon, reader: Reader
) -> None:
    page = await book(reader)
    other = await reader.get(f"{page}/move")
    slots = re.findall(r'name="slot" value="(\d+)"', other.text)
    assert "09:00" in words(other)
    moved = await reader.send(f"{page}/move", {"slot": slots[3]})
    assert "10:30 – 11:00" in words(await reader.follow(moved))
    await salon.book("09:00", who="bob")
    taken = await reader.send(f"{page}/move", {"slot": slots[4]}, 409)
    assert "not free any more" in words(taken)


async def test_a_visitor_cannot_move_into_the_past(salon: Salon, reader: Reader, clock: ManualClock) -> None:
    page = await book(reader)
    gone = str(clock() - HOUR)
    assert "not free any more" in words(await reader.send(f"{page}/move", {"slot": gone}, 422))
    [made] = await salon.all()
    assert (made["state"], made["localStart"][11:16]) == ("confirmed", "09:00")


async def test_a_time_that_was_not_kept_any_longer_is_chosen_again(
    salon: Salon, reader: Reader, clock: ManualClock
) -> None:
    form = await choose(reader)
    clock.forward(5 * MINUTE)
    again = await reader.send(form, {"name": "Ada", "email": "ada@example.com"})
    assert "not kept any longer" in words(await reader.follow(again))
    assert await salon.all() == []


async def test_a_hold_that_ran_out_leads_back_to_the_same_organisation_s_service(
    salon: Salon, reader: Reader, clock: ManualClock
) -> None:
    """An older organisation has a service of this id too."""
    lobby = salon.lobby
    younger = Salon(await open_lobby(lobby.app, lobby.client, clock, "org-b"))
    await younger.lobby.point(openingHours={"mon": OPEN})
    await younger.service(name={"en": "Beard trim"})
    address = "/book/cut?orgid=org-b"
    slot = re.findall(r'name="slot" value="(\d+)"', (await reader.get(address)).text)[0]
    form = str((await reader.send(address, {"slot": slot})).headers["location"])
    assert "Beard trim" in words(await reader.get(form))
    clock.forward(5 * MINUTE)
    looked = await reader.get(form, 303)
    sent = await reader.send(form, {"name": "Ada", "email": "ada@example.com"})
    for gone in (looked, sent):
        page = words(await reader.follow(gone))
        assert "not kept any longer" in page
        assert "Beard trim" in page


async def test_who_chooses_again_lets_go_of_what_they_held(salon: Salon, reader: Reader) -> None:
    form = await reader.get(await choose(reader))
    [back] = links(form, "/book/cut?")
    assert "09:00" in words(await reader.get(back))
    held = re.search("held=([^&]+)", back)
    assert held is not None
    slot = str(int(re.findall(r'name="slot" value="(\d+)"', (await reader.get(back)).text)[3]))
    await reader.send(BOOK, {"slot": slot, "held": held[1]})
    assert (await salon.starts())[0] == "07:00"


async def test_an_hour_that_comes_twice_shows_its_offset(salon: Salon, reader: Reader) -> None:
    await salon.lobby.point("help", openingHours={"sun": [{"opens": "02:00", "closes": "03:00"}]})
    await salon.service("night", servicePoint="help", durationMinutes=60, horizonDays=400)
    page = words(await reader.get("/book/night?from=2026-10-20"))
    assert "02:00 (UTC+02:00) 02:00 (UTC+01:00)" in page
    spring = words(await reader.get("/book/night?from=2027-03-28"))
    assert "28 Mar" not in spring


async def test_a_request_waits_until_staff_confirm_it(salon: Salon, reader: Reader) -> None:
    await salon.service("advice", confirmation="manual")
    made = good(await salon.try_(whole("08:00"), "advice"))
    page = made["link"].removeprefix(salon.lobby.app.state.settings.base_url)
    assert "We have your request" in words(await reader.get(page))
    [whole_one] = await salon.all(state="pending")
    await salon.update(whole_one, state="confirmed")
    assert "You are booked" in words(await reader.get(page))


async def test_a_party_books_seats_together_where_so_many_are_left(salon: Salon, reader: Reader) -> None:
    await salon.service("yoga", capacity=5, durationMinutes=60)
    good(await salon.try_("07:00", "yoga", seats=3))
    page = await reader.get("/book/yoga?seats=3")
    assert "09:00" not in words(page)
    slot = re.findall(r'name="slot" value="(\d+)"', page.text)[0]
    form = (await reader.send("/book/yoga", {"slot": slot, "seats": "3"})).headers["location"]
    done = await reader.send(form, {"name": "Ada", "email": "ada@example.com"})
    await reader.follow(done)
    [made] = [each for each in await salon.all() if each["customer"]["name"] == "Ada"]
    assert (made["seats"], made["localStart"][11:16]) == (3, "10:00")


@pytest.mark.parametrize("path", ["/book/nothing", "/booking/nothing", "/r/nobody"])
async def test_what_is_not_there_has_a_page_that_says_so(reader: Reader, path: str) -> None:
    await reader.get(path, 404)
