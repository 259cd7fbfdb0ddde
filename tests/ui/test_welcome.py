"""The Welcome page: large, in the visitor's language, and without memory."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from kiosk.ui import samples_door, theme
from kiosk.ui import text as texts
from kiosk.ui.pages.welcome import WelcomePage
from kiosk.ui.samples_welcome import (
    ALONE,
    CLOSED,
    NUMBER,
    NUMBER_ALONE,
    NUMBER_CALLED,
    OPEN,
    SERVICES,
    STRICT,
)
from kiosk.ui.theme import Theme
from kiosk.ui.views import Health
from kiosk.ui.welcome_views import Seeing, WelcomeView, Wish
from kiosk.ui.widgets.camera_picture import CameraPicture
from kiosk.ui.widgets.qr import Qr
from kiosk.ui.window import Window
from tests.ui.seen import button, check_for_everyone, field, has, press, press_by_key, tab_stops, words

PASSPORTS = "service:front:passports"
LARGE = 64


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication) -> WelcomePage:
    theme.apply(qapp, Theme())
    page = WelcomePage(30)
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.show_view(OPEN)
    page.show()
    return page


def wait(page: WelcomePage, seconds: int) -> None:
    """As if so much time had passed."""
    for _ in range(seconds if page._timer.isActive() else 0):
        page._timer.timeout.emit()


def join(page: WelcomePage, name: str = "") -> list[Wish]:
    """As far as the wish."""
    wishes: list[Wish] = []
    page.join_asked.connect(wishes.append)
    press(page, "language:en")
    press(page, PASSPORTS)
    for letter in name:
        press(page, f"key:{letter}")
    press(page, "getNumber")
    return wishes


def test_a_visitor_chooses_language_and_service_and_gets_a_number(page: WelcomePage) -> None:
    assert join(page) == [Wish("front", "passports")]
    page.show_number(NUMBER)
    said = words(page)
    for part in ("Your number", "A020", "7 people ahead of you", "Wait: 25–40 min"):
        assert part in said
    [qr] = page.findChildren(Qr)
    assert qr.text == NUMBER.link
    press(page, "visitorDone")
    assert page.is_at_start


def test_the_place_in_the_line_is_shown_as_it_moves(page: WelcomePage) -> None:
    join(page)
    page.show_number(NUMBER)
    page.show_number(replace(NUMBER, ahead=0))
    assert "Nobody is ahead of you" in words(page)


def test_who_is_called_is_told_where_to_go(page: WelcomePage) -> None:
    join(page)
    page.show_number(NUMBER)
    page.show_number(NUMBER_CALLED)
    said = words(page)
    assert "It is your turn · Desk 2" in said
    assert "people ahead" not in said
    assert "Please take a seat" not in said


def test_a_name_is_written_with_keys_on_the_screen(page: WelcomePage) -> None:
    assert join(page, "ZOE")[0].name == "Zoe"


def test_a_name_is_written_with_a_keyboard_too(page: WelcomePage) -> None:
    wishes: list[Wish] = []
    page.join_asked.connect(wishes.append)
    press_by_key(page, "language:en")
    press_by_key(page, PASSPORTS)
    QTest.keyClicks(field(page, "visitor:name"), "Zoe")
    QTest.keyClick(field(page, "visitor:name"), Qt.Key.Key_Return)
    assert [wish.name for wish in wishes] == ["Zoe"]


def test_what_a_line_wants_to_know_is_asked_for(page: WelcomePage) -> None:
    page.show_view(WelcomeView(services=(STRICT,)))
    press(page, "language:en")
    press(page, PASSPORTS)
    wishes: list[Wish] = []
    page.join_asked.connect(wishes.append)
    assert not button(page, "getNumber").isEnabled()
    for name, said in (("name", "Zoe"), ("phone", "+4930123456"), ("email", "zoe@example.com")):
        field(page, f"visitor:{name}").setText(said)
    press(page, "getNumber")
    assert wishes == [Wish("front", "passports", "Zoe", "+4930123456", "zoe@example.com")]


def test_the_keys_go_with_the_field(page: WelcomePage) -> None:
    page.show_view(WelcomeView(services=(STRICT,)))
    press(page, "language:en")
    press(page, PASSPORTS)
    field(page, "visitor:email").setFocus()
    for key in ("A", "@", "B", "erase", "C"):
        press(page, f"key:{key}")
    assert field(page, "visitor:email").text() == "a@c"
    field(page, "visitor:phone").setFocus()
    assert has(page, "key:+")
    assert not has(page, "key:A")


@pytest.mark.parametrize("tag", ["en", "de", "es", "fr", "ar", "id"])
def test_the_page_speaks_the_language_that_was_chosen(page: WelcomePage, tag: str) -> None:
    chosen: list[str] = []
    page.language_chosen.connect(chosen.append)
    press(page, f"language:{tag}")
    assert texts.said(tag, "welcome.what") in words(page)
    assert chosen == [tag]
    right = Qt.LayoutDirection.RightToLeft if tag == "ar" else Qt.LayoutDirection.LeftToRight
    assert page.layoutDirection() is right


def test_untouched_it_starts_over_and_forgets(page: WelcomePage) -> None:
    left: list[None] = []
    page.left.connect(lambda: left.append(None))
    press(page, "language:ar")
    press(page, PASSPORTS)
    field(page, "visitor:name").setText("Zoe")
    wait(page, 21)
    assert words(page).count("٩") == 1  # Nine seconds are left.
    wait(page, 9)
    assert page.is_at_start
    assert left == [None]
    assert "Welcome" in words(page)
    assert page.layoutDirection() is Qt.LayoutDirection.LeftToRight
    QApplication.sendPostedEvents(None, 52)  # What was let go of is gone.
    assert [one.text() for one in page.findChildren(QLineEdit)] == []
    wait(page, 60)
    assert left == [None]


def test_a_touch_beside_the_buttons_is_one_too(page: WelcomePage) -> None:
    press(page, "language:en")
    wait(page, 29)
    QTest.mouseClick(page, Qt.MouseButton.LeftButton, pos=page.rect().bottomLeft())
    wait(page, 29)
    assert not page.is_at_start


def test_a_number_is_forgotten_like_all_else(page: WelcomePage) -> None:
    page.show_number(NUMBER)
    wait(page, 30)
    assert "A020" not in words(page)


def test_who_goes_back_leaves_nothing(page: WelcomePage) -> None:
    press(page, "language:en")
    press(page, PASSPORTS)
    field(page, "visitor:name").setText("Zoe")
    press(page, "welcomeBack")
    press(page, PASSPORTS)
    assert field(page, "visitor:name").text() == ""
    press(page, "welcomeAgain")
    assert page.is_at_start


def test_a_booking_s_number_is_typed(page: WelcomePage) -> None:
    asked: list[str] = []
    page.check_in_asked.connect(asked.append)
    press(page, "language:en")
    press(page, "haveBooking")
    for key in "K7Q2":
        press(page, f"key:{key}")
    press(page, "checkIn")
    assert asked == ["K7Q2"]
    page.show_trouble("There is no booking of this number here.")
    assert "There is no booking of this number here. Please ask at the desk." in words(page)
    assert button(page, "checkIn").isEnabled()


def test_the_camera_is_seen_where_it_is_needed_alone(page: WelcomePage) -> None:
    page.show_seeing(Seeing(Health.READY))
    page.show_picture(samples_door.picture())
    press(page, "language:en")
    assert page.findChildren(CameraPicture) == []
    press(page, "haveBooking")
    page.show_picture(samples_door.picture())
    [camera] = page.findChildren(CameraPicture)
    assert camera.isVisible()
    page.show_seeing(Seeing(Health.UNUSED))
    assert not camera.isVisible()


def test_without_the_server_bookings_are_said_to_wait_and_the_line_goes_on(page: WelcomePage) -> None:
    page.show_view(ALONE)
    press(page, "language:en")
    assert not button(page, "haveBooking").isEnabled()
    assert "please ask at the desk" in button(page, "haveBooking").accessibleName()
    assert button(page, PASSPORTS).isEnabled()
    page.show_number(NUMBER_ALONE)
    assert "Please remember this number." in words(page)
    assert not [qr for qr in page.findChildren(Qr) if qr.isVisible()]


def test_a_line_that_takes_nobody_says_why(page: WelcomePage) -> None:
    page.show_view(CLOSED)
    press(page, "language:en")
    said = [button(page, f"service:front:{service.category}").accessibleName() for service in SERVICES]
    assert [each.partition(": ")[2] for each in said] == [
        "Closed at the moment",
        "No new numbers today",
        "The line is full: please come back later",
        "Please join at the desk",
    ]


def test_what_is_under_a_finger_stays_there(page: WelcomePage) -> None:
    press(page, "language:en")
    before = button(page, PASSPORTS)
    page.show_view(replace(OPEN, services=tuple(replace(one, ahead=8) for one in OPEN.services)))
    assert button(page, PASSPORTS) is before
    assert "8 people ahead of you" in before.accessibleName()


@pytest.mark.parametrize("name", ["language:en", PASSPORTS, "haveBooking"])
def test_all_that_visitors_press_is_large_and_can_be_reached_by_keys(page: WelcomePage, name: str) -> None:
    if name != "language:en":
        press(page, "language:en")
    press(page, name)
    check_for_everyone(page)
    small = [
        one.objectName()
        for one in page.findChildren(QAbstractButton)
        if one.isVisible() and (one.height() < LARGE or one.width() < LARGE)
    ]
    assert small == []
    wanted = {
        one.objectName()
        for one in page.findChildren(QAbstractButton)
        if one.isVisible() and one.isEnabled() and not one.objectName().startswith("key:")
    }
    assert wanted <= set(tab_stops(page))


def test_the_number_is_said_to_who_does_not_see_it(page: WelcomePage) -> None:
    page.show_number(NUMBER)
    [number] = page.findChildren(QLabel, "visitorNumber")
    assert number.accessibleName() == "Your number: A020"
    check_for_everyone(page)


def test_what_was_wrong_with_a_code_goes_by_itself_also_at_the_start(page: WelcomePage) -> None:
    page.show_trouble("There is no booking of this number here.")
    assert "There is no booking of this number here." in words(page)
    wait(page, 30)
    assert "There is no booking of this number here." not in words(page)


def test_staff_come_to_their_menu_by_a_long_touch_beside_the_buttons(
    qapp: QApplication, qtbot: QtBot
) -> None:
    theme.apply(qapp, Theme())
    window = Window(fullscreen=False)
    qtbot.addWidget(window)
    page = WelcomePage(30)
    window.show_page(page, status=False)
    window.resize(1280, 800)
    window.show()
    title = next(label for label in page.findChildren(QLabel) if label.text() == "Welcome")
    QTest.mousePress(title, Qt.MouseButton.LeftButton)
    assert window._held.isActive()
    with qtbot.waitSignal(window.menu_asked, timeout=10):
        window._held.timeout.emit()
