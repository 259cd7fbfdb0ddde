"""Selling at the Door as staff see and press it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from kiosk.ui import samples_door, theme
from kiosk.ui.pages.door import DoorPage
from kiosk.ui.sale_views import SaleRequest
from kiosk.ui.theme import Theme
from kiosk.ui.views import VerdictKind, VerdictView
from kiosk.ui.widgets.qr import Qr
from kiosk.ui.widgets.sale_sheet import SaleSheet
from kiosk.ui.widgets.two_line_button import TwoLineButton
from kiosk.ui.widgets.verdict_panel import VerdictPanel
from tests.ui.seen import button, field, has, press, press_by_key


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication) -> DoorPage:
    theme.apply(qapp, Theme())
    page = DoorPage(stays=150)
    qtbot.addWidget(page)
    page.resize(1280, 730)
    page.show_view(replace(samples_door.door(), offers=samples_door.OFFERS))
    page.show()
    return page


def lines(page: DoorPage, type_: str) -> tuple[str, str]:
    found = page.findChild(TwoLineButton, f"saleType:{type_}")
    assert isinstance(found, TwoLineButton)
    return found.lines()


def tap(page: DoorPage, at: QPoint) -> None:
    """A finger: whatever takes the press there."""
    target = page.childAt(at)
    assert target is not None
    QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=target.mapFrom(page, at))


def test_where_nothing_is_sold_there_is_no_button(page: DoorPage) -> None:
    assert has(page, "sell")
    page.show_view(samples_door.door())
    assert not has(page, "sell")


def test_two_touches_sell_one_on_what_it_is_and_one_on_how_it_was_paid(page: DoorPage, qtbot: QtBot) -> None:
    press(page, "sell")
    assert lines(page, "general") == ("General admission", "€49.00 · 34 left")
    assert not button(page, "salePay:cash").isEnabled()
    press(page, "saleType:student")
    assert button(page, "salePay:card").text() == "Card · €19.00"
    with qtbot.waitSignal(page.sale_asked) as asked:
        press(page, "salePay:card")
    assert asked.args == [SaleRequest("student", "card", 1900)]


def test_a_second_tap_on_how_it_was_paid_sells_nothing_and_reaches_nothing_below(
    page: DoorPage, qtbot: QtBot
) -> None:
    press(page, "sell")
    press(page, "saleType:general")
    place = button(page, "salePay:card").mapTo(page, QPoint(20, 20))
    press(page, "salePay:card")
    with qtbot.assertNotEmitted(page.sale_asked, wait=50), qtbot.assertNotEmitted(page.undo_asked):
        tap(page, place)
    page.show_verdict(samples_door.VERDICTS["sold"])
    for name in ("verdictNext", "verdictPrint"):
        tap(page, button(page, name).mapTo(page, QPoint(20, 20)))
    panel = page.findChild(VerdictPanel)
    assert panel is not None
    QTest.keyClick(panel, Qt.Key.Key_Space)
    assert has(page, "verdictNext")
    qtbot.wait(700)
    tap(page, button(page, "verdictNext").mapTo(page, QPoint(20, 20)))
    assert not has(page, "verdictNext")


def test_after_a_sale_that_failed_the_next_one_can_be_pressed(page: DoorPage, qtbot: QtBot) -> None:
    press(page, "sell")
    press(page, "saleType:general")
    press(page, "salePay:card")
    page.sale_over()
    assert not has(page, "salePay:card")
    press(page, "sell")
    press(page, "saleType:general")
    with qtbot.waitSignal(page.sale_asked):
        press(page, "salePay:cash")


def test_a_finger_that_taps_twice_opens_the_sheet_and_leaves_it_open(page: DoorPage) -> None:
    press(page, "sell")
    beside, sheet = QPoint(5, 5), page.findChild(SaleSheet)
    assert sheet is not None
    QTest.mouseDClick(sheet, Qt.MouseButton.LeftButton, pos=beside)
    assert has(page, "saleType:general")
    tap(page, beside)
    assert not has(page, "saleType:general")


def test_the_keys_stay_on_what_was_chosen(page: DoorPage) -> None:
    press(page, "sell")
    press_by_key(page, "saleType:student")
    QApplication.processEvents()
    held = QApplication.focusWidget()
    assert isinstance(held, TwoLineButton)
    assert (held.objectName(), held.isVisible()) == ("saleType:student", True)


def test_it_is_done_by_keys_alone(page: DoorPage, qtbot: QtBot) -> None:
    press_by_key(page, "sell")
    press_by_key(page, "saleType:general")
    with qtbot.waitSignal(page.sale_asked):
        press_by_key(page, "salePay:cash")


def test_what_costs_nothing_is_given_with_one_button(page: DoorPage, qtbot: QtBot) -> None:
    press(page, "sell")
    press(page, "saleType:child")
    assert not has(page, "salePay:cash")
    with qtbot.waitSignal(page.sale_asked) as asked:
        press(page, "salePay:free")
    assert asked.args == [SaleRequest("child", "free")]


def test_what_is_sold_out_cannot_be_pressed_and_says_so(page: DoorPage) -> None:
    press(page, "sell")
    assert not button(page, "saleType:vip").isEnabled()
    assert lines(page, "vip") == ("VIP", "€149.00 · Sold out")


def test_only_what_is_sold_here_alone_is_chosen_by_itself(page: DoorPage) -> None:
    one, gone = samples_door.OFFERS[0], replace(samples_door.OFFERS[1], left=0)
    page.show_view(replace(samples_door.door(), offers=(one,)))
    press(page, "sell")
    assert button(page, "salePay:cash").isEnabled()
    press(page, "saleSheet:close")
    page.show_view(replace(samples_door.door(), offers=(one, gone)))
    press(page, "sell")
    assert not button(page, "salePay:cash").isEnabled()


def test_offline_the_kiosk_says_what_it_has_in_hand(page: DoorPage) -> None:
    page.show_view(replace(samples_door.door(), offers=samples_door.OFFERS_HERE))
    press(page, "sell")
    assert lines(page, "general") == ("General admission", "€49.00 · Offline: 5 left here")


def test_a_name_and_an_address_go_along_and_a_slip_in_it_is_shown_before_anything_is_sold(
    page: DoorPage, qtbot: QtBot
) -> None:
    press(page, "sell")
    press(page, "saleType:general")
    field(page, "saleName").setText(" Grace Hopper ")
    field(page, "saleEmail").setText("grace@example")
    with qtbot.assertNotEmitted(page.sale_asked, wait=50):
        press(page, "salePay:cash")
    wrong = page.findChild(QLabel, "saleWrong")
    assert isinstance(wrong, QLabel)
    assert wrong.isVisible()
    field(page, "saleEmail").setText("grace@example.com")
    with qtbot.waitSignal(page.sale_asked) as asked:
        press(page, "salePay:cash")
    assert asked.args == [SaleRequest("general", "cash", 4900, "Grace Hopper", "grace@example.com")]
    press(page, "sell")
    assert field(page, "saleName").text() == ""


def test_what_runs_out_while_somebody_looks_is_not_sold(page: DoorPage) -> None:
    press(page, "sell")
    press(page, "saleType:student")
    gone = tuple(replace(o, left=0) if o.type == "student" else o for o in samples_door.OFFERS)
    page.show_view(replace(samples_door.door(), offers=gone))
    assert not button(page, "saleType:student").isEnabled()
    assert not button(page, "salePay:cash").isEnabled()


def test_the_code_stays_until_somebody_is_done_with_it(page: DoorPage, qtbot: QtBot) -> None:
    page.show_verdict(samples_door.VERDICTS["sold"])
    qtbot.wait(400)
    code = page.findChild(Qr, "soldCode")
    assert isinstance(code, Qr)
    assert (code.isVisible(), code.text) == (True, "WK7Q2M4XPA9BTHC3RZ6DEN8FJU")
    QTest.mouseClick(page, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert has(page, "verdictNext")
    assert not has(page, "verdictUndo")
    with qtbot.waitSignal(page.print_asked):
        press(page, "verdictPrint")
    press(page, "verdictNext")
    assert not has(page, "verdictNext")


def test_without_a_printer_nobody_is_asked_to_print(page: DoorPage) -> None:
    sold = samples_door.VERDICTS["sold"]
    assert sold.sold is not None
    page.show_verdict(replace(sold, sold=replace(sold.sold, may_print=False)))
    assert not has(page, "verdictPrint")


def test_a_perk_is_handed_out_with_one_press_and_each_once(page: DoorPage, qtbot: QtBot) -> None:
    page.show_verdict(samples_door.VERDICTS["admitted-note"])
    with qtbot.waitSignal(page.perk_asked) as asked:
        press(page, "perk:1")
    assert asked.args == ["t2", "Backstage tour"]
    assert not button(page, "perk:1").isEnabled()
    assert button(page, "perk:0").isEnabled()


def test_who_is_not_let_in_is_handed_nothing(page: DoorPage) -> None:
    page.show_verdict(VerdictView(VerdictKind.EXIT, samples_door.NOTED))
    assert not has(page, "perk:0")
