"""The PIN as staff enter it."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.ui import samples_setup as sample
from kiosk.ui import theme
from kiosk.ui.pages.pin import PinPage
from kiosk.ui.setup_views import PinStep, PinView
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.keypad import MOST, Dots
from tests.ui.seen import button, check_for_everyone, controls, press, tab_stops, words


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication) -> PinPage:
    theme.apply(qapp, Theme())
    page = PinPage()
    qtbot.addWidget(page)
    page.resize(1280, 736)
    page.show_view(sample.PIN)
    page.show()
    return page


def type_in(digits: str, last: Qt.Key | None = None) -> None:
    QApplication.processEvents()
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClicks(target, digits)
    if last is not None:
        QTest.keyClick(target, last)


def dots(page: PinPage) -> int:
    found = page.findChild(Dots)
    assert isinstance(found, Dots)
    return found.count()


def test_a_pin_is_entered_by_touch(page: PinPage, qtbot: QtBot) -> None:
    for digit in "1123":
        press(page, f"pin:{digit}")
    with qtbot.waitSignal(page.entered) as entered:
        press(page, "pin:ok")
    assert entered.args == ["1123"]


def test_a_pin_is_typed_as_fast_as_one_can_without_losing_a_digit(page: PinPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.entered) as entered:
        type_in("110022", Qt.Key.Key_Return)
    assert entered.args == ["110022"]


def test_no_digit_is_ever_shown(page: PinPage) -> None:
    before = words(page)
    type_in("9876")
    assert words(page) == before
    assert dots(page) == 4


def test_a_digit_too_many_is_deleted_and_a_short_pin_is_not_taken(page: PinPage, qtbot: QtBot) -> None:
    type_in("1234")
    press(page, "pin:back")
    assert not button(page, "pin:ok").isEnabled()
    with qtbot.assertNotEmitted(page.entered):
        type_in("", Qt.Key.Key_Return)
    type_in("", Qt.Key.Key_Backspace)
    assert dots(page) == 2


def test_a_pin_ends_at_twelve_digits(page: PinPage) -> None:
    type_in("1" * (MOST + 3))
    assert dots(page) == MOST


def test_a_wrong_pin_is_told_of_and_forgotten(page: PinPage) -> None:
    type_in("1234")
    page.show_view(sample.PIN_WRONG)
    assert page.says() == "That is not the PIN. Try again."
    assert dots(page) == 0
    type_in("12")
    assert dots(page) == 2


def test_while_it_is_locked_it_counts_down_and_takes_nothing(page: PinPage, qtbot: QtBot) -> None:
    page.show_view(sample.PIN_WAITS)
    assert page.says() == "Too many wrong tries. Try again in 1:15."
    type_in("1234")
    assert dots(page) == 0
    assert not button(page, "pin:1").isEnabled()
    qtbot.waitUntil(lambda: page.says().endswith("1:14."))


def test_once_the_time_is_over_it_asks_again_by_itself(page: PinPage, qtbot: QtBot) -> None:
    page.show_view(PinView(wrong=True, wait=900))
    qtbot.waitUntil(lambda: page.says() == "Enter it to open the staff menu.")
    with qtbot.waitSignal(page.entered) as entered:
        type_in("2468", Qt.Key.Key_Return)
    assert entered.args == ["2468"]


def test_a_new_pin_is_asked_for_twice_in_words_of_its_own(page: PinPage) -> None:
    page.show_view(sample.PIN_NEW)
    assert "Choose a staff PIN" in words(page)
    assert page.says() == "4 to 12 digits. It opens the menu of this kiosk."
    page.show_view(sample.PIN_AGAIN)
    assert "The PIN once more" in words(page)
    page.show_view(PinView(PinStep.NEW, wrong=True))
    assert page.says() == "The two PINs were not the same. Choose one again."


def test_after_a_wait_it_asks_for_what_it_asked_before(page: PinPage, qtbot: QtBot) -> None:
    page.show_view(PinView(PinStep.OLD, wrong=True, wait=900))
    qtbot.waitUntil(lambda: page.says() == "First the PIN of now, then a new one.")


@pytest.mark.parametrize("by", ["touch", "key"])
def test_one_may_go_back_without_the_pin(page: PinPage, qtbot: QtBot, by: str) -> None:
    with qtbot.waitSignal(page.cancelled):
        if by == "touch":
            press(page, "cancelPin")
        else:
            type_in("", Qt.Key.Key_Escape)


def test_one_may_go_back_while_it_is_locked(page: PinPage, qtbot: QtBot) -> None:
    page.show_view(sample.PIN_WAITS)
    with qtbot.waitSignal(page.cancelled):
        press(page, "cancelPin")


@pytest.mark.parametrize("size", [(1280, 736), (1024, 536), (800, 416), (480, 736), (1920, 1016)])
def test_every_key_is_large_named_and_inside_the_screen(page: PinPage, size: tuple[int, int]) -> None:
    page.resize(*size)
    check_for_everyone(page)
    for control in controls(page):
        box = control.rect().translated(control.mapTo(page, control.rect().topLeft()))
        assert page.rect().contains(box), control.objectName()
        assert not any(_over(control, other) for other in controls(page)), control.objectName()


def test_the_keypad_is_one_stop_of_the_tab_key(page: PinPage) -> None:
    type_in("1234")
    stops = tab_stops(page)
    assert {"pin:ok", "pin:back", "cancelPin"} <= set(stops)
    assert "pin:5" not in stops


def _over(one: QWidget, other: QWidget) -> bool:
    top = QPoint(0, 0)
    boxes = [each.rect().translated(each.mapTo(each.window(), top)) for each in (one, other)]
    return one is not other and boxes[0].intersects(boxes[1])
