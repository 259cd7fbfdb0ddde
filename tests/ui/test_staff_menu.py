"""The staff menu as staff use it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.ui import samples_door, theme
from kiosk.ui import samples_setup as sample
from kiosk.ui.pages.door import DoorPage
from kiosk.ui.pages.pin import PinPage
from kiosk.ui.pages.staff_menu import StaffMenuPage
from kiosk.ui.setup_views import Face, RejectedView, TillView
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.menu_settings import SIZES
from kiosk.ui.window import Window
from tests.ui.seen import (
    button,
    check_for_everyone,
    controls,
    field,
    has,
    press,
    press_by_key,
    tab_stops,
    words,
)


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication) -> StaffMenuPage:
    theme.apply(qapp, Theme())
    page = StaffMenuPage()
    qtbot.addWidget(page)
    page.resize(1280, 736)
    page.show_view(sample.MENU)
    page.show()
    return page


@pytest.mark.parametrize("face", [Face.DOOR, Face.DESK, Face.DISPLAY])
def test_another_face_is_chosen_in_one_press(page: StaffMenuPage, qtbot: QtBot, face: Face) -> None:
    with qtbot.waitSignal(page.face_chosen) as chosen:
        press_by_key(page, f"face:{face}")
    assert chosen.args == [face.value]


def test_only_faces_that_this_kiosk_has_are_offered(page: StaffMenuPage) -> None:
    page.show_view(replace(sample.MENU, faces=(Face.DISPLAY,), face=Face.DISPLAY))
    assert has(page, "face:display")
    assert not has(page, "face:door")


def test_the_till_says_what_should_be_in_it_and_of_what_nobody_is_sure(page: StaffMenuPage) -> None:
    said = words(page)
    for line in (
        "€649.00", "23 payments · €717.00 · 2 given back · €68.00", "€441.00", "9 payments · €441.00",
        "Not certain: look up K7Q2M4XP at the Desk",
    ):  # fmt: skip
        assert line in said
    assert "Since Mon 11 May, 05:00" in said


def test_where_no_money_is_taken_there_is_no_till_and_an_empty_one_says_so(page: StaffMenuPage) -> None:
    page.show_view(replace(sample.MENU, till=TillView(datetime(2026, 5, 11, 5, 0))))  # noqa: DTZ001
    assert "None was taken." in words(page)
    assert "Not certain" not in words(page)
    page.show_view(replace(sample.MENU, till=None))
    assert "Money on this kiosk" not in words(page)


ENTRIES: tuple[tuple[tuple[str, ...], str, list[object]], ...] = (
    (("syncNow",), "sync_asked", []),
    (("retry:op-2",), "retry_asked", ["op-2"]),
    (("chooseCamera", "camera:front"), "camera_chosen", ["front"]),
    (("sound:off",), "sound_toggled", [False]),
    (("theme:dark",), "theme_chosen", ["dark"]),
    (("textLarger",), "text_size_chosen", [115]),
    (("textSmaller",), "text_size_chosen", [90]),
    (("chooseLanguage", "language:ar"), "language_chosen", ["ar"]),
    (("changePin",), "pin_asked", []),
    (("closeMenu",), "closed", []),
    (("quit", "quitNow"), "quit_asked", []),
)


@pytest.mark.parametrize("by", [press, press_by_key], ids=["mouse", "keyboard"])
def test_every_entry_does_what_it_says(
    page: StaffMenuPage, qtbot: QtBot, by: Callable[[QWidget, str], None]
) -> None:
    for pressed, signal, said in ENTRIES:
        with qtbot.waitSignal(getattr(page, signal)) as emitted:
            for name in pressed:
                by(page, name)
        assert emitted.args == said, pressed


def test_what_was_not_taken_is_listed_with_time_and_reason(page: StaffMenuPage) -> None:
    shown = words(page)
    for wanted in ("New visitor in line", "09:12 · The line was closed at that time.", "Admission", "10:40"):
        assert wanted in shown
    assert button(page, "retry:op-1").accessibleName() == "Try again: New visitor in line"


def test_what_was_taken_at_last_leaves_the_list(page: StaffMenuPage) -> None:
    page.show_view(replace(sample.MENU, rejected=sample.MENU.rejected[1:]))
    assert not has(page, "retry:op-1")
    page.show_view(replace(sample.MENU, rejected=()))
    assert "Nothing: the server took every step." in words(page)


def test_a_computer_without_a_voice_says_so(page: StaffMenuPage) -> None:
    assert "No voice on this computer" not in words(page)
    page.show_view(replace(sample.MENU, voice=False))
    assert "No voice on this computer" in words(page)


def test_a_refusal_without_a_reason_says_so(page: StaffMenuPage) -> None:
    at = datetime(2026, 5, 11, 9, 0)  # noqa: DTZ001  # local to the kiosk
    page.show_view(replace(sample.MENU, rejected=(RejectedView("op-9", "Visitor called", "", at),)))
    assert "09:00 · The server gave no reason." in words(page)


def test_offline_says_what_waits_and_what_to_do(page: StaffMenuPage) -> None:
    page.show_view(sample.MENU_OFFLINE)
    shown = words(page)
    assert "Not connected: working alone" in shown
    assert "48 steps to send" in shown
    assert "Check the network cable or the Wi-Fi." in shown
    assert "No camera found" in shown
    assert not button(page, "chooseCamera").isEnabled()


def test_a_sync_under_way_is_not_asked_for_twice(page: StaffMenuPage) -> None:
    page.show_view(replace(sample.MENU, syncing=True))
    assert not button(page, "syncNow").isEnabled()
    assert "Syncing …" in words(page)


def test_the_text_has_a_smallest_and_a_largest_size(page: StaffMenuPage) -> None:
    page.show_view(replace(sample.MENU, text_size=SIZES[0]))
    assert not button(page, "textSmaller").isEnabled()
    page.show_view(replace(sample.MENU, text_size=SIZES[-1]))
    assert not button(page, "textLarger").isEnabled()


def test_quitting_is_asked_twice_and_may_be_thought_better_of(page: StaffMenuPage, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(page.quit_asked):
        press(page, "quit")
        assert "This kiosk stops until somebody starts it again." in words(page)
        press(page, "quitNot")
    assert not has(page, "quitNow")
    assert button(page, "quit").hasFocus()


def test_who_quits_in_a_hurry_by_keyboard_stays(page: StaffMenuPage, qtbot: QtBot) -> None:
    """The first button that takes the keys is the harmless one."""
    with qtbot.assertNotEmitted(page.quit_asked):
        press_by_key(page, "quit")
        focused = QApplication.focusWidget()
        assert focused is not None
        assert focused.objectName() == "quitNot"
        QTest.keyClick(focused, Qt.Key.Key_Space)


def test_escape_closes_the_sheet_first_and_then_the_menu(page: StaffMenuPage, qtbot: QtBot) -> None:
    press_by_key(page, "chooseLanguage")
    with qtbot.assertNotEmitted(page.closed):
        escape()
    with qtbot.waitSignal(page.closed):
        escape()


def escape() -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Escape)


def test_leaving_the_menu_returns_to_the_face_as_it_was(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, Theme())
    window, face = Window(fullscreen=False), DoorPage()
    qtbot.addWidget(window)
    window.show_page(face)
    face.show_view(samples_door.door())
    window.show()
    field(face, "searchField").setText("ann")
    for over in (PinPage(), StaffMenuPage()):
        window.show_over(over)
        assert not face.isVisible()
        window.take_back(over)
    assert window.page is face
    assert face.isVisible()
    assert field(face, "searchField").text() == "ann"


def test_a_face_that_changes_below_leaves_what_stands_over_it(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, Theme())
    window, menu, pin, other = Window(fullscreen=False), StaffMenuPage(), PinPage(), DoorPage()
    qtbot.addWidget(window)
    window.show_page(DoorPage())
    window.show()
    window.show_over(menu)
    window.show_over(pin)
    window.show_page(other)
    seen = [window.page]
    for over in (pin, menu):
        window.take_back(over)
        seen.append(window.page)
    assert seen == [pin, menu, other]


def test_the_keys_stay_where_they_are_while_the_figures_change(page: StaffMenuPage) -> None:
    press_by_key(page, "syncNow")
    before = button(page, "face:door")
    before.setFocus()
    page.show_view(replace(sample.MENU, backlog=0))
    assert button(page, "face:door") is before
    assert before.hasFocus()


@pytest.mark.parametrize("sheet", ["", "chooseLanguage", "chooseCamera", "quit"])
def test_every_control_is_large_named_and_not_cut_at_its_side(page: StaffMenuPage, sheet: str) -> None:
    if sheet:
        press(page, sheet)
    for size in ((1280, 736), (800, 416), (480, 736)):
        page.resize(*size)
        check_for_everyone(page)
        for control in controls(page):
            left = control.mapTo(page, control.rect().topLeft()).x()
            assert left >= 0, control.objectName()
            assert left + control.width() <= page.width(), control.objectName()


def test_the_tab_key_comes_to_every_control(page: StaffMenuPage) -> None:
    button(page, "face:door").setFocus()
    wanted = {control.objectName() for control in controls(page) if control.isEnabled()}
    assert wanted <= set(tab_stops(page))
