"""Bookings at the desk, as staff see and press them."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from kiosk.ui.booking_views import BookRequest, DayView
from kiosk.ui.pages.desk import DeskPage
from kiosk.ui.samples_booking import BOOKED, FULL, PASSPORT, SERVICES, TIMES, TODAY
from tests.ui.seen import button, check_for_everyone, field, has, press


@pytest.fixture
def page(busy_desk: DeskPage) -> DeskPage:
    return busy_desk


def words(sheet: QWidget) -> str:
    QApplication.processEvents()
    return " | ".join(label.text() for label in sheet.findChildren(QLabel) if label.isVisible())


def open_day(page: DeskPage, view: DayView = TODAY) -> None:
    press(page, "bookings")
    page.bookings.show_day(view)


def open_times(page: DeskPage) -> None:
    open_day(page)
    press(page, "newBooking")
    page.book.show_services(SERVICES)
    page.book.show_times(TIMES)


def test_who_is_due_stands_first_and_comes_with_one_touch(page: DeskPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.bookings.asked):
        press(page, "bookings")
    assert "Asking the server" in words(page.bookings)
    page.bookings.show_day(TODAY)
    said = words(page.bookings)
    order = ["Ngozi Okonkwo", "Rafael Ortiz", "Wei Zhang", "Julia Kovács", "Grace Hopper", "Amira Özdemir"]
    assert sorted(order, key=said.index) == order
    with qtbot.waitSignal(page.bookings.arrived) as arrived:
        press(page, "arrive:VXQV8QQCWW")
    assert arrived.args == ["VXQV8QQCWW"]
    assert not button(page, "arrive:VXQV8QQCWW").isEnabled()
    check_for_everyone(page.bookings)


def test_who_is_here_has_the_number_of_the_line_and_cannot_come_twice(page: DeskPage) -> None:
    open_day(page)
    assert "A019" in words(page.bookings)
    assert not has(page, "arrive:R3TVH5M9DK")
    assert "to be confirmed" in words(page.bookings)
    assert not has(page, "arrive:P6ZPP4HRTK")


def test_what_waits_for_a_word_is_confirmed_and_a_mistake_taken_back_with_one_touch(
    page: DeskPage, qtbot: QtBot
) -> None:
    open_day(page)
    with qtbot.waitSignal(page.bookings.confirmed) as confirmed:
        press(page, "confirm:P6ZPP4HRTK")
    assert confirmed.args == ["P6ZPP4HRTK"]
    with qtbot.waitSignal(page.bookings.taken_back) as back:
        press(page, "undo:R3TVH5M9DK")
    assert back.args == ["R3TVH5M9DK"]
    assert not button(page, "confirm:P6ZPP4HRTK").isEnabled()
    assert not button(page, "undo:R3TVH5M9DK").isEnabled()
    offered = {made.objectName() for made in page.bookings.findChildren(QPushButton) if made.isVisible()}
    assert {name for name in offered if name.split(":")[0] in ("confirm", "undo")} == {
        "confirm:P6ZPP4HRTK",
        "undo:R3TVH5M9DK",
    }


def test_what_did_not_work_is_said_and_may_be_tried_again(page: DeskPage) -> None:
    open_day(page)
    press(page, "arrive:Q8J4GZSUUX")
    page.bookings.fail("This booking is not for today.")
    assert "This booking is not for today." in words(page.bookings)
    page.bookings.show_day(TODAY)
    assert button(page, "arrive:Q8J4GZSUUX").isEnabled()


def test_without_the_server_it_says_so_and_the_line_goes_on(page: DeskPage) -> None:
    open_day(page, DayView(trouble="Bookings need the server."))
    assert "Bookings need the server." in words(page.bookings)
    QTest.keyClick(page.bookings, Qt.Key.Key_Escape)
    assert button(page, "callNext").isEnabled()


def test_a_day_without_bookings_says_so(page: DeskPage) -> None:
    open_day(page, DayView())
    assert "Nobody is booked today." in words(page.bookings)


def test_a_booking_is_made_with_a_few_touches(page: DeskPage, qtbot: QtBot) -> None:
    open_day(page)
    with qtbot.waitSignal(page.book.opened):
        press(page, "newBooking")
    assert page.bookings.isHidden()
    page.book.show_services(SERVICES)
    with qtbot.waitSignal(page.book.times_asked) as times:
        press(page, "book:passport")
    assert times.args == ["passport", 0]
    page.book.show_times(TIMES)
    press(page, "day:2026-05-12")
    press(page, "time:103")
    assert not button(page, "bookNow").isEnabled()
    for name, said in (("name", " Ada "), ("phone", "+4930123456")):
        field(page, f"book:{name}").setText(said)
    check_for_everyone(page.book)
    with qtbot.waitSignal(page.book.book_asked) as asked:
        press(page, "bookNow")
    assert asked.args == [BookRequest("passport", 103, "Ada", "+4930123456", "")]
    page.book.show_booked(BOOKED)
    assert "VXQV8QQCWW" in words(page.book)
    press(page, "bookDone")
    assert page.book.isHidden()


def test_where_one_thing_can_be_booked_nobody_is_asked_which(page: DeskPage, qtbot: QtBot) -> None:
    open_day(page)
    press(page, "newBooking")
    with qtbot.waitSignal(page.book.times_asked) as asked:
        page.book.show_services((PASSPORT,))
    assert asked.args == ["passport", 0]


def test_where_nothing_can_be_booked_it_says_so(page: DeskPage) -> None:
    open_day(page)
    press(page, "newBooking")
    page.book.show_services(())
    assert "Nothing can be booked at this line" in words(page.book)


def test_other_weeks_are_a_touch_away(page: DeskPage, qtbot: QtBot) -> None:
    open_times(page)
    assert not has(page, "week:-1")
    with qtbot.waitSignal(page.book.times_asked) as later:
        press(page, "week:1")
    assert later.args == ["passport", 1]
    page.book.show_times(FULL)
    assert "Nothing is free" in words(page.book)
    with qtbot.waitSignal(page.book.times_asked) as earlier:
        press(page, "week:0")
    assert earlier.args == ["passport", 0]


def test_who_was_slower_chooses_another_time(page: DeskPage, qtbot: QtBot) -> None:
    open_times(page)
    press(page, "time:3")
    page.book.fail("Somebody else was faster.")
    assert "Somebody else was faster." in words(page.book)
    with qtbot.waitSignal(page.book.times_asked) as again:
        press(page, "bookBack")
    assert again.args == ["passport", 0]


def test_the_next_booking_begins_empty(page: DeskPage) -> None:
    open_times(page)
    press(page, "time:3")
    field(page, "book:name").setText("Ada")
    page.book.close_sheet()
    open_times(page)
    press(page, "time:5")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert field(page, "book:name").text() == ""


def test_the_day_that_was_looked_at_stays_as_the_times_change(page: DeskPage) -> None:
    open_times(page)
    press(page, "day:2026-05-14")
    page.book.show_times(replace(TIMES, times=TIMES.times[1:]))
    assert has(page, "time:303")
    assert not has(page, "time:5")


def test_what_was_just_told_is_whole_before_the_window_has_had_another_turn(page: DeskPage) -> None:
    """As whoever takes a picture in that moment sees it."""
    due = tuple(booking for booking in TODAY.bookings if booking.may_arrive)
    open_day(page, DayView(due[:1]))
    QApplication.processEvents()
    page.bookings.show_day(DayView(due[:3]))
    page.bookings.grab()
    shown = [made for made in page.bookings.findChildren(QPushButton) if made.isVisible()]
    assert {"newBooking", *(f"arrive:{booking.number}" for booking in due[:3])} <= {
        made.objectName() for made in shown
    }
    for made in shown:
        assert made.visibleRegion().boundingRect() == made.rect(), made.objectName()
