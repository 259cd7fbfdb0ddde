"""The first start as an administrator goes through it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.ui import samples_door, theme
from kiosk.ui import samples_setup as sample
from kiosk.ui.pages.first_start import FirstStartPage
from kiosk.ui.setup_views import Begin, FirstStartView, LocalSetup, SetupStep
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.camera_picture import CameraPicture
from kiosk.ui.widgets.setup_progress import Bar
from tests.ui.seen import button, check_for_everyone, controls, field, has, press, tab_stops, words


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication) -> FirstStartPage:
    theme.apply(qapp, Theme())
    page = FirstStartPage()
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.show_picture(samples_door.picture())
    page.show_view(sample.CHOOSE)
    page.show()
    return page


def focused() -> QWidget:
    QApplication.processEvents()
    found = QApplication.focusWidget()
    assert found is not None, "nothing has the focus"
    return found


def type_in(text: str) -> None:
    QTest.keyClicks(focused(), text)


def key(pressed: Qt.Key) -> None:
    QTest.keyClick(focused(), pressed)


def camera(page: FirstStartPage) -> CameraPicture:
    found = page.findChild(CameraPicture)
    assert isinstance(found, CameraPicture)
    return found


def test_it_asks_to_scan_first_and_shows_what_the_camera_sees(page: FirstStartPage) -> None:
    assert "Hold the pairing code before the camera" in words(page)
    assert camera(page).isVisible()


def test_without_a_camera_it_asks_to_type(page: FirstStartPage) -> None:
    page.show_view(sample.NO_CAMERA)
    assert "There is no camera here" in words(page)
    assert has(page, "typeCode")


def test_a_code_is_typed_with_the_server_that_was_offered(page: FirstStartPage, qtbot: QtBot) -> None:
    press(page, "typeCode")
    assert focused() is field(page, "pairCode")
    type_in(" 4F7K-29QX ")
    with qtbot.waitSignal(page.invitation_entered) as entered:
        press(page, "pair")
    assert entered.args == ["https://tickets.example.org", "4F7K-29QX"]


def test_a_code_is_typed_by_keyboard_only(page: FirstStartPage, qtbot: QtBot) -> None:
    button(page, "typeCode").setFocus(Qt.FocusReason.TabFocusReason)
    key(Qt.Key.Key_Space)
    type_in("4F7K-29QX")
    with qtbot.waitSignal(page.invitation_entered) as entered:
        key(Qt.Key.Key_Return)
    assert entered.args[1] == "4F7K-29QX"


def test_a_wrong_code_is_told_of_and_what_was_typed_stays_ready_to_be_mended(page: FirstStartPage) -> None:
    press(page, "typeCode")
    field(page, "pairServer").setText("https://usher.example.org")
    type_in("WRONG")
    page.show_view(FirstStartView(SetupStep.PAIRING))
    page.show_view(sample.FAILED)
    assert "This code is wrong or was used already. Ask the administrator for a new one." in words(page)
    assert field(page, "pairServer").text() == "https://usher.example.org"
    assert field(page, "pairCode").text() == "WRONG"
    assert focused() is field(page, "pairCode")


def test_a_wrong_scan_is_told_of_beside_the_picture(page: FirstStartPage) -> None:
    page.show_view(FirstStartView(SetupStep.PAIRING))
    assert not camera(page).isVisible()
    page.show_view(sample.FAILED)
    assert "This code is wrong" in words(page)
    assert camera(page).isVisible()


def test_the_error_goes_once_the_person_goes_on(page: FirstStartPage) -> None:
    page.show_view(sample.FAILED)
    press(page, "typeCode")
    assert "This code is wrong" not in words(page)


def test_back_keeps_what_was_typed(page: FirstStartPage) -> None:
    press(page, "typeCode")
    type_in("4F7K")
    press(page, "setupBack")
    assert has(page, "typeCode")
    press(page, "typeCode")
    assert field(page, "pairCode").text() == "4F7K"


def test_another_offer_of_a_server_does_not_replace_what_was_typed(page: FirstStartPage) -> None:
    press(page, "typeCode")
    field(page, "pairServer").setText("https://mine.example.org")
    page.show_view(replace(sample.CHOOSE, server="https://other.example.org"))
    assert field(page, "pairServer").text() == "https://mine.example.org"


@pytest.mark.parametrize("begin", list(Begin))
def test_a_server_of_its_own_is_named_in_two_steps(page: FirstStartPage, qtbot: QtBot, begin: Begin) -> None:
    press(page, "thisComputer")
    field(page, "organization").setText(" Riverside ")
    press(page, "setupNext")
    press(page, f"begin:{begin}")
    field(page, "beginName").setText("Spring concert")
    with qtbot.waitSignal(page.local_chosen) as chosen:
        press(page, "setupNext")
    assert chosen.args == [LocalSetup("Riverside", begin, "Spring concert")]


def test_a_server_of_its_own_is_set_up_by_keyboard_only(page: FirstStartPage, qtbot: QtBot) -> None:
    button(page, "thisComputer").setFocus(Qt.FocusReason.TabFocusReason)
    key(Qt.Key.Key_Space)
    type_in("Riverside")
    key(Qt.Key.Key_Return)
    type_in("Concert")
    with qtbot.waitSignal(page.local_chosen) as chosen:
        key(Qt.Key.Key_Return)
    assert chosen.args == [LocalSetup("Riverside", Begin.EVENT, "Concert")]


def test_a_step_back_keeps_the_names(page: FirstStartPage) -> None:
    press(page, "thisComputer")
    field(page, "organization").setText("Riverside")
    press(page, "setupNext")
    field(page, "beginName").setText("Concert")
    press(page, "setupBack")
    assert field(page, "organization").text() == "Riverside"
    press(page, "setupNext")
    assert field(page, "beginName").text() == "Concert"


def test_what_was_named_is_ready_to_be_tried_again_after_it_failed(
    page: FirstStartPage, qtbot: QtBot
) -> None:
    press(page, "thisComputer")
    field(page, "organization").setText("Riverside")
    press(page, "setupNext")
    field(page, "beginName").setText("Concert")
    press(page, "setupNext")
    page.show_view(FirstStartView(SetupStep.STARTING))
    page.show_view(FirstStartView(error="Port 8750 is taken."))
    assert "Port 8750 is taken." in words(page)
    with qtbot.waitSignal(page.local_chosen) as chosen:
        press(page, "setupNext")
    assert chosen.args == [LocalSetup("Riverside", Begin.EVENT, "Concert")]


def test_a_name_is_needed_to_go_on(page: FirstStartPage) -> None:
    press(page, "thisComputer")
    field(page, "organization").setText("   ")
    assert not button(page, "setupNext").isEnabled()


def test_it_shows_how_far_the_first_copy_has_come(page: FirstStartPage) -> None:
    page.show_view(sample.FETCHING)
    shown = words(page)
    assert "Pairing with the server" in shown
    assert "Starting the server in this computer" not in shown
    bar = page.findChild(Bar)
    assert isinstance(bar, Bar)
    assert bar.share() == 0.42
    assert bar.accessibleName() == "42 percent"


def test_a_server_of_its_own_is_started_and_not_paired_with(page: FirstStartPage) -> None:
    page.show_view(FirstStartView(SetupStep.STARTING))
    page.show_view(sample.FETCHING)
    assert "Starting the server in this computer" in words(page)
    assert "Pairing with the server" not in words(page)


@pytest.mark.parametrize("way", ["", "typeCode", "thisComputer"])
@pytest.mark.parametrize("size", [(1280, 800), (800, 480), (480, 800), (1080, 1920)])
def test_every_control_is_large_named_reached_by_tab_and_inside_the_screen(
    page: FirstStartPage, way: str, size: tuple[int, int]
) -> None:
    page.resize(*size)
    if way:
        press(page, way)
    check_for_everyone(page)
    wanted = {control.objectName() for control in controls(page) if control.isEnabled()}
    assert wanted <= set(tab_stops(page))
    for control in controls(page):
        box = control.rect().translated(control.mapTo(page, control.rect().topLeft()))
        assert page.rect().contains(box), control.objectName()
