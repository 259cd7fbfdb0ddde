"""The Desk by keyboard, and with larger letters: pages that have just come up."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.ui import samples_desk as sample
from kiosk.ui import theme
from kiosk.ui.pages.desk import DeskPage
from kiosk.ui.theme import Theme
from tests.ui.seen import button, controls, has, tab_stops


@pytest.fixture
def page(busy_desk: DeskPage) -> DeskPage:
    return busy_desk


def test_a_button_stays_the_same_while_time_passes(page: DeskPage) -> None:
    before = button(page, "start:A015")
    before.setFocus()
    later = replace(sample.CALLED[0], grace_left=82_000, waited=sample.CALLED[0].waited + 1_000)
    page.show_view(replace(sample.BUSY, called=(later, sample.CALLED[1])))
    assert button(page, "start:A015") is before
    assert before.hasFocus()


def test_a_sheet_keeps_the_keys_and_gives_them_back(page: DeskPage) -> None:
    button(page, "join").setFocus()
    QTest.keyClick(button(page, "join"), Qt.Key.Key_Space)
    assert set(tab_stops(page)) == {
        "joinAs:passports",
        "joinAs:vehicles",
        "joinAs:residence",
        "joinAs:pick-up",
        "joinSheet:close",
        "joinName",
        "joinPhone",
        "joinPriority",
        "joinByName",
        "joinFewer",
        "joinMore",
    }
    within = QApplication.focusWidget()
    assert within is not None
    QTest.keyClick(within, Qt.Key.Key_Escape)
    assert not has(page, "joinSheet:close")
    assert button(page, "join").hasFocus()


def test_the_tab_key_goes_along_the_desk_as_one_reads_it(page: DeskPage) -> None:
    QApplication.processEvents()
    stops = tab_stops(page)
    lanes = ("callNext", "join", "undoLast", "call:A016", "start:A015", "complete:C006", "resume:B008")
    head = ("return:A011", "point:front", "point:cashier", "chooseCounter", "counterState:open")
    places = [stops.index(name) for name in (*lanes, *head)]
    assert places == sorted(places)
    assert stops[0] == "callNext"


def test_who_came_later_is_reached_where_they_stand(page: DeskPage) -> None:
    first = replace(sample.WAITING[0], id="new", number="A099")
    page.show_view(replace(sample.BUSY, waiting=(first, *sample.WAITING)))
    button(page, "undoLast").setFocus()
    assert tab_stops(page)[1:4] == ["call:A099", "more:A099", f"call:{sample.WAITING[0].number}"]


def test_the_line_is_run_by_keyboard_only(page: DeskPage, qtbot: QtBot) -> None:
    QApplication.processEvents()
    focused = QApplication.focusWidget()
    assert focused is button(page, "callNext")
    with qtbot.waitSignal(page.call_next_asked):
        QTest.keyClick(focused, Qt.Key.Key_Space)
    QTest.keyClick(focused, Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is button(page, "counterState:closed")


def test_the_tab_key_comes_to_every_control(page: DeskPage) -> None:
    button(page, "callNext").setFocus()
    wanted = {control.objectName() for control in controls(page) if control.isEnabled()}
    assert wanted <= set(tab_stops(page))


@pytest.mark.parametrize("factor", [1.0, 1.5])
def test_no_card_is_cut_at_its_side(page: DeskPage, qapp: QApplication, factor: float) -> None:
    theme.apply(qapp, Theme(text_factor=factor))
    for size in ((1280, 736), (1024, 536), (800, 1216), (560, 900)):
        page.resize(*size)
        for name in ("call:A016", "more:A016", "start:A015", "more:A015", "complete:C006", "callNext"):
            found = button(page, name)
            right = found.mapTo(page, found.rect().topRight()).x()
            assert right <= page.width(), f"{name} ends at {right} of {page.width()} at {size}"
