"""Taking payments for orders at the Desk, as staff see and press it."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from kiosk.ui import samples_desk
from kiosk.ui.pages.desk import DeskPage
from kiosk.ui.setup_views import PinView
from kiosk.ui.till_views import FoundOrders
from tests.ui.seen import button, field, has, press

UNPAID, PAID = samples_desk.UNPAID, samples_desk.PAID


@pytest.fixture
def page(busy_desk: DeskPage) -> DeskPage:
    return busy_desk


def said(page: DeskPage) -> str:
    label = page.findChild(QLabel, "tillSaid")
    assert isinstance(label, QLabel)
    QApplication.processEvents()
    return label.text() if label.isVisible() else ""


def words(page: DeskPage) -> str:
    QApplication.processEvents()
    return " | ".join(label.text() for label in page.till.findChildren(QLabel) if label.isVisible())


def open_order(page: DeskPage) -> None:
    press(page, "till")
    field(page, "tillSearch").setText("gra")
    page.till.show_found(FoundOrders("gra", (UNPAID, PAID)))


def test_an_order_is_looked_for_as_one_types_and_chosen_with_one_touch(page: DeskPage, qtbot: QtBot) -> None:
    press(page, "till")
    assert "three letters" in said(page)
    with qtbot.waitSignal(page.till.searched) as asked:
        field(page, "tillSearch").setText("gra")
    assert asked.args == ["gra"]
    page.till.show_found(FoundOrders("gra", (UNPAID, PAID)))
    with qtbot.waitSignal(page.till.chosen) as chosen:
        press(page, f"tillOrder:{UNPAID.number}")
    assert chosen.args == ["o1"]


def test_an_answer_to_what_was_typed_before_is_passed_over(page: DeskPage) -> None:
    open_order(page)
    page.till.show_found(FoundOrders("gr", ()))
    assert has(page, f"tillOrder:{UNPAID.number}")


def test_the_order_shows_what_it_is_for_and_takes_the_money_once(page: DeskPage, qtbot: QtBot) -> None:
    open_order(page)
    page.till.show_order(UNPAID)
    for wanted in ("Grace Hopper", "2 × General admission · €98.00", "€117.00", "Waits for payment"):
        assert wanted in words(page)
    assert not has(page, "tillRefund")
    field(page, "tillReceipt").setText(" Z-77 ")
    with qtbot.waitSignal(page.till.paid) as paid:
        press(page, "tillPay:card")
    assert paid.args == ["o1", "card", "Z-77"]
    assert not button(page, "tillPay:cash").isEnabled()
    assert not button(page, "tillPay:card").isEnabled()


def test_what_went_wrong_is_said_and_can_be_tried_again(page: DeskPage) -> None:
    open_order(page)
    page.till.show_order(UNPAID)
    field(page, "tillReceipt").setText("A-117")
    press(page, "tillPay:cash")
    page.till.fail("No seats are left.")
    assert (said(page), field(page, "tillReceipt").text()) == ("No seats are left.", "A-117")
    assert button(page, "tillPay:cash").isEnabled()


def test_a_paid_order_shows_its_receipt_and_is_given_back_on_request(page: DeskPage, qtbot: QtBot) -> None:
    open_order(page)
    page.till.show_order(PAID)
    assert "Paid · Cash · Receipt M4XPA9BT-1" in words(page)
    assert not has(page, "tillPay:cash")
    with qtbot.waitSignal(page.till.refunded) as asked:
        press(page, "tillRefund")
    assert asked.args == ["o2"]
    page.till.show_order(replace(PAID, may_refund=False))
    assert not has(page, "tillRefund")


def test_the_pin_is_asked_for_over_the_order(page: DeskPage, qtbot: QtBot) -> None:
    open_order(page)
    page.pin.ask(PinView())
    with qtbot.waitSignal(page.pin.entered) as entered:
        for key in "1234":
            press(page.pin, f"pin:{key}")
        press(page.pin, "pin:ok")
    assert entered.args == ["1234"]


def test_while_the_server_is_away_that_is_said(page: DeskPage) -> None:
    press(page, "till")
    field(page, "tillSearch").setText("K7Q2")
    page.till.show_found(FoundOrders("K7Q2", trouble="Payments for orders need the server."))
    assert said(page) == "Payments for orders need the server."
