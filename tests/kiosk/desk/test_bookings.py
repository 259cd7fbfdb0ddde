"""Bookings at a kiosk: the server decides, and while it is away that is said openly."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from zoneinfo import ZoneInfo

import pytest

from domain import clock
from domain.clock import DAY, Instant
from domain.errors import Conflict, NotFound
from domain.ids import ServicePointId
from domain.reservation import State
from domain.service_point import Settings
from kiosk.desk.bookings import MOVED_ON, NO_SERVER, NO_SUCH, UNSURE, Bookings, NewBooking
from kiosk.store.party import ServicePoint
from kiosk.sync import booking_wire
from kiosk.sync.booking_wire import Bookable, BookingSeen, FreeTime
from kiosk.sync.replies import Denied, Got, Missed, Reply
from kiosk.sync.status import Trouble

NINE = clock.parse("2026-05-11T07:00:00Z")
POINT = ServicePoint(ServicePointId("desk"), "Desk", ZoneInfo("Pacific/Auckland"), Settings())
READ = {
    "id": "r1", "reservationNumber": "K7Q2M4XPWA", "definitionId": "cut", "servicePoint": "desk",
    "slot": {"start": "2026-05-11T07:00:00Z", "end": "2026-05-11T07:30:00Z"}, "state": "confirmed",
    "customer": {"name": "Ada", "phone": "", "email": "ada@example.com", "language": "en"},
    "notes": "left ear", "seats": 1, "queueEntry": None, "queueNumber": None,
}  # fmt: skip
BOOKED = booking_wire.booking(READ)
CUT = {"id": "cut", "servicePoint": "desk", "name": {"en": "Haircut"}, "durationMinutes": 30}


@dataclass
class Server:
    """One booking; `says` instead where something is in the way."""

    kept: BookingSeen = BOOKED
    says: Denied | Missed | None = None
    asked: list[str] = field(default_factory=list)
    booked: list[Mapping[str, object]] = field(default_factory=list)

    def bookings(self, point: ServicePointId, day: str) -> Reply[tuple[BookingSeen, ...]]:
        self.asked.append(f"{point} {day}")
        return self.says or Got((self.kept,))

    def booking(self, number: str) -> Reply[tuple[BookingSeen, ...]]:
        self.asked.append(number)
        return self.says or Got((self.kept,) if number == self.kept.number else ())

    def arrive(self, id_: str, key: str) -> Reply[BookingSeen]:
        self.asked.append(f"{id_} {key}")
        self.kept = replace(self.kept, state=State.CHECKED_IN, place="A007")
        return self.says or Got(self.kept)

    def take_back(self, id_: str, key: str) -> Reply[BookingSeen]:
        self.asked.append(f"not {id_} {key}")
        return self.says or Got(self.kept)

    def confirm(self, id_: str, key: str) -> Reply[BookingSeen]:
        self.asked.append(f"yes {id_} {key}")
        return self.says or Got(self.kept)

    def bookable(self) -> Reply[tuple[Bookable, ...]]:
        other = {**CUT, "id": "far", "servicePoint": "other"}
        return self.says or Got(booking_wire.services({"items": [CUT, other]}))

    def free_times(self, service: str, since: Instant, until: Instant) -> Reply[tuple[FreeTime, ...]]:
        self.asked.append(f"{service} {since} {until}")
        read = {"slots": [{"start": "2026-05-11T07:00:00Z", "seatsLeft": 2}]}
        return self.says or Got(booking_wire.times(read))

    def book(self, body: Mapping[str, object], key: str) -> Reply[BookingSeen]:
        self.booked.append(body)
        return self.says or Got(self.kept)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def bookings(server: Server) -> Bookings:
    ids = count(1)
    return Bookings(server, lambda: f"id-{next(ids)}")


def test_the_bookings_of_a_day_are_those_of_the_day_there(bookings: Bookings, server: Server) -> None:
    noon = clock.parse("2026-05-11T00:00:00Z")
    assert bookings.of_day(POINT, noon) == (BOOKED,)
    assert server.asked == ["desk 2026-05-11"]


def test_who_comes_shortly_before_or_after_midnight_is_on_the_list(
    bookings: Bookings, server: Server
) -> None:
    server.kept = replace(BOOKED, starts=clock.parse("2026-05-11T12:30:00Z"))
    for at in ("2026-05-11T11:50:00Z", "2026-05-11T12:10:00Z"):
        assert bookings.of_day(POINT, clock.parse(at)) == (server.kept,)
    assert server.asked == ["desk 2026-05-11", "desk 2026-05-12"] * 2
    assert bookings.of_day(POINT, clock.parse("2026-05-11T02:00:00Z")) == ()


@pytest.mark.parametrize("said", ["K7Q2M4XPWA", "k7q2m-4xpwa", " k7q2m 4xpwa\n"])
def test_a_number_checks_in_however_it_is_written(bookings: Bookings, server: Server, said: str) -> None:
    here = bookings.check_in(said)
    assert isinstance(here, BookingSeen)
    assert (here.state, here.place) == (State.CHECKED_IN, "A007")
    assert server.asked == ["K7Q2M4XPWA", "r1 id-1"]


def test_who_checked_in_before_gets_the_same_place_and_is_not_checked_in_again(
    bookings: Bookings, server: Server
) -> None:
    first, again = bookings.check_in("K7Q2M4XPWA"), bookings.check_in("K7Q2M4XPWA")
    assert first == again
    assert [each for each in server.asked if "id-" in each] == ["r1 id-1"]


@pytest.mark.parametrize("code", ["", "A012", "2222222222", "NCFOXN%TS3DH3ZSUZK+.V0ETD%65NL", "K7Q2M4XPW0"])
def test_what_is_no_booking_is_said_to_be_none(bookings: Bookings, code: str) -> None:
    assert bookings.check_in(code) == NO_SUCH


def test_a_ticket_s_code_is_not_even_asked_about(bookings: Bookings, server: Server) -> None:
    bookings.check_in("6BFOXN%TS3DH3ZSUZK+.V0ETD%65NL-AH-R6IOO6+IUKRG*I.I5BROCWAAT4V22F")
    assert server.asked == []


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (State.PENDING, "booking_pending"),
        (State.CANCELLED, "booking_cancelled"),
        (State.COMPLETED, "booking_over"),
    ],
)
def test_a_booking_that_nobody_can_come_for_says_why(
    bookings: Bookings, server: Server, state: State, code: str
) -> None:
    server.kept = replace(BOOKED, state=state)
    found = bookings.check_in("K7Q2M4XPWA")
    assert isinstance(found, Trouble)
    assert found.code == code


def test_who_was_missed_may_still_come(bookings: Bookings, server: Server) -> None:
    server.kept = replace(BOOKED, state=State.NO_SHOW)
    assert isinstance(bookings.check_in("K7Q2M4XPWA"), BookingSeen)


def test_a_mistake_is_taken_back_unless_the_line_has_gone_on(bookings: Bookings, server: Server) -> None:
    assert bookings.take_back("r1") == BOOKED
    assert server.asked == ["not r1 id-1"]
    server.says = Denied(Conflict("A007 is called", code="moved_on"))
    assert bookings.take_back("r1") == MOVED_ON
    server.says = Denied(NotFound("there is no such reservation"))
    assert bookings.take_back("r1") == Trouble("not_found", "there is no such reservation")


def test_what_was_asked_for_is_confirmed_once(bookings: Bookings, server: Server) -> None:
    assert bookings.confirm("r1") == BOOKED
    assert server.asked == ["yes r1 id-1"]
    server.says = Denied(Conflict("it is confirmed", code="wrong_transition"))
    assert bookings.confirm("r1") == Trouble("wrong_transition", "it is confirmed")


def test_a_booking_of_another_day_says_so(bookings: Bookings, server: Server) -> None:
    server.says = Denied(Conflict("this reservation is for 2026-05-12", code="not_today"))
    assert bookings.arrive("r1") == Trouble("not_today", "this reservation is for 2026-05-12")


def test_a_new_booking_takes_a_free_time(bookings: Bookings, server: Server) -> None:
    [cut] = bookings.services(POINT.id)  # type: ignore[misc]
    [free] = bookings.times(cut.id, NINE, 7)  # type: ignore[misc]
    assert (cut.minutes, free) == (30, FreeTime(NINE, 2))
    assert server.asked == [f"cut {NINE} {NINE + 7 * DAY}"]
    assert bookings.book(NewBooking("cut", free.starts, "Ada", phone="+15551234567")) == BOOKED
    assert server.booked == [
        {
            "definitionId": "cut",
            "slot": {"start": "2026-05-11T07:00:00.000Z"},
            "customer": {"name": "Ada", "phone": "+15551234567"},
        }
    ]


def test_somebody_who_was_faster_is_told_of(bookings: Bookings, server: Server) -> None:
    server.says = Denied(NotFound("gone", code="slot_taken"))
    assert bookings.book(NewBooking("cut", NINE, "Ada")) == Trouble("slot_taken", "gone")


@pytest.mark.parametrize(("says", "trouble"), [(Missed(), NO_SERVER), (Missed(asked=True), UNSURE)])
def test_without_the_server_nothing_is_promised(
    bookings: Bookings, server: Server, says: Missed, trouble: Trouble
) -> None:
    server.says = says
    assert bookings.of_day(POINT, NINE) == NO_SERVER
    assert bookings.check_in("K7Q2M4XPWA") == NO_SERVER
    assert bookings.services(POINT.id) == NO_SERVER
    assert bookings.times("cut", NINE, 1) == NO_SERVER
    assert bookings.arrive("r1") == trouble
    assert bookings.take_back("r1") == trouble
    assert bookings.confirm("r1") == trouble
    assert bookings.book(NewBooking("cut", NINE, "Ada")) == trouble
