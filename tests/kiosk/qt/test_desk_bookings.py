"""Today's bookings at the Desk at work, over a real kiosk: confirmed, checked in, taken back."""

import pytest

from kiosk.desk.bookings import NewBooking
from kiosk.desk.machine import system_clock
from kiosk.sync.status import Trouble
from tests.kiosk.qt.faces import Counter
from tests.kiosk.standin_bookings import ASKED_FOR, SERVICE
from tests.ui.seen import has, press, words


def booked(counter: Counter, service: str = SERVICE) -> str:
    """The number of Ada's booking, which is for now."""
    made = counter.work.bookings.book(NewBooking(service, system_clock(), "Ada"))
    assert not isinstance(made, Trouble)
    return made.number


@pytest.fixture
def number(counter: Counter) -> str:
    return booked(counter)


def test_a_request_is_confirmed_and_then_its_person_can_come(counter: Counter) -> None:
    number = booked(counter, ASKED_FOR)
    press(counter.page, "bookings")
    counter.sees("to be confirmed")
    assert not has(counter.page, f"arrive:{number}")
    press(counter.page, f"confirm:{number}")
    counter.hears(event="booking", confirmed=number)
    counter.offers(f"arrive:{number}")
    assert [kept["state"] for kept in counter.server.bookings.kept.values()] == ["confirmed"]


def test_who_was_checked_in_by_mistake_leaves_the_line_and_may_still_come(
    counter: Counter, number: str
) -> None:
    press(counter.page, "bookings")
    counter.offers(f"arrive:{number}")
    press(counter.page, f"arrive:{number}")
    counter.hears(event="booking", number=number)
    counter.offers(f"undo:{number}")
    press(counter.page, f"undo:{number}")
    counter.hears(event="booking", back=number)
    counter.offers(f"arrive:{number}")
    assert [row["state"] for row in counter.server.state.rows("queue_entry")] == ["left"]
    press(counter.page, f"arrive:{number}")
    counter.offers(f"undo:{number}")


def test_once_their_turn_has_come_nothing_is_taken_back(counter: Counter, number: str) -> None:
    press(counter.page, "bookings")
    counter.offers(f"arrive:{number}")
    press(counter.page, f"arrive:{number}")
    counter.offers(f"undo:{number}")
    [row] = counter.server.state.rows("queue_entry")
    counter.server.state.put("queue_entry", id=row["id"], state="called", called=system_clock(), calls=1)
    press(counter.page, f"undo:{number}")
    counter.sees("This cannot be taken back any more")
    counter.kiosk.wait(lambda: _is_called(counter))
    counter.page.bookings.asked.emit()
    counter.sees(str(row["number"]))
    counter.waits(lambda: not has(counter.page, f"undo:{number}"))
    assert "This cannot be taken back any more" not in words(counter.page)


def _is_called(counter: Counter) -> bool:
    line = counter.kiosk.station.display.desk(counter.face.point)
    return line is not None and bool(line.called)
