"""What a repair costs, the customer's answer and the promised date, as staff see and press them."""

from dataclasses import replace
from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from domain.service_request import Decision, Labour, Part, State
from kiosk.ui.pages.desk import DeskPage
from kiosk.ui.request_views import (
    DecisionRequest,
    EstimateRequest,
    LineRequest,
    PromiseRequest,
    RequestView,
)
from kiosk.ui.samples_request import ASKED, DECLINED, EXAMINED, IN_REPAIR, OVER, UNPRICED
from tests.ui.seen import button, check_for_everyone, field, has, press, press_by_key, words


@pytest.fixture
def page(busy_desk: DeskPage) -> DeskPage:
    return busy_desk


def open_costs(page: DeskPage, view: RequestView = EXAMINED) -> None:
    page.request.show_request(view)
    press(page, "requestCosts")


def type_line(page: DeskPage, **said: str) -> None:
    for name, typed in said.items():
        field(page, name.replace("_", ":")).setText(typed)


def test_the_costs_come_next_where_nothing_else_can(page: DeskPage) -> None:
    page.request.show_request(EXAMINED)
    assert "Parts and work: €153.90" in words(page.request)
    assert not has(page, "move:waiting_approval")
    open_costs(page)
    said = words(page.request)
    for part in ("Display with frame", "2 × €4.50", "45 of 60 min charged", "€45.00", "€153.90"):
        assert part in said
    assert "asked by mail, to grace@example.com" in said
    check_for_everyone(page.request)


def test_a_part_is_added_however_its_price_was_typed(page: DeskPage, qtbot: QtBot) -> None:
    open_costs(page)
    type_line(page, part_text=" Battery ", part_price="12,50")
    with qtbot.waitSignal(page.request.asked) as asked:
        QTest.keyClick(field(page, "part:price"), Qt.Key.Key_Return)
    assert asked.args == [EXAMINED, LineRequest(Part("", "Battery", 1, 1250))]
    assert not button(page, "part:add").isEnabled()
    assert field(page, "part:text").text() == " Battery "
    now = replace(EXAMINED, parts=(*EXAMINED.parts, Part("", "Battery", 1, 1250)))
    page.request.show_done(now)
    assert field(page, "part:text").text() == ""
    assert "€166.40" in words(page.request)
    assert button(page, "part:add").isEnabled()


def test_work_is_added_by_the_minutes_and_its_rate_stays_for_the_next(page: DeskPage, qtbot: QtBot) -> None:
    open_costs(page)
    press_by_key(page, "line:labour")
    type_line(page, labour_text="Fitting", labour_minutes="50", labour_billable="40", labour_rate="60")
    with qtbot.waitSignal(page.request.asked) as asked:
        press(page, "labour:add")
    assert asked.args == [EXAMINED, LineRequest(Labour("Fitting", 50, 40, 6000))]
    page.request.show_done(EXAMINED)
    assert field(page, "labour:rate").text() == ""
    assert field(page, "labour:rate").placeholderText() == "€60.00 an hour"
    type_line(page, labour_text="Testing", labour_minutes="10")
    with qtbot.waitSignal(page.request.asked) as asked:
        press(page, "labour:add")
    assert asked.args == [EXAMINED, LineRequest(Labour("Testing", 10, 10, 6000))]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"part_text": "", "part_price": "12"}, "Say first what it is."),
        ({"part_text": "Battery", "part_price": "twelve"}, "Write an amount here, such as €12.50."),
        ({"part_text": "Battery", "part_price": "99999999999"}, "Write an amount here, such as €12.50."),
        (
            {"part_text": "Battery", "part_price": "1", "part_quantity": "0"},
            "Write a whole number here.",
        ),
    ],
)
def test_what_cannot_be_meant_is_said_and_stays(
    page: DeskPage, qtbot: QtBot, said: dict[str, str], why: str
) -> None:
    open_costs(page)
    type_line(page, **said)
    with qtbot.assertNotEmitted(page.request.asked):
        press(page, "part:add")
    assert why in words(page.request)
    assert field(page, "part:price").text() == said["part_price"]


def test_a_line_is_taken_out_by_one_touch(page: DeskPage, qtbot: QtBot) -> None:
    open_costs(page)
    with qtbot.waitSignal(page.request.asked) as asked:
        press(page, "drop:1")
    assert asked.args == [EXAMINED, LineRequest(EXAMINED.parts[1], out=True)]
    type_line(page, part_text="Battery")
    page.request.show_done(replace(EXAMINED, parts=EXAMINED.parts[:1]))
    assert not has(page, "drop:2")
    assert field(page, "part:text").text() == "Battery", "what was being typed stays"


def test_what_was_not_added_because_somebody_was_faster_stays_typed(page: DeskPage) -> None:
    open_costs(page)
    type_line(page, part_text="Battery", part_price="12")
    field(page, "requestNote").setText("Swollen")
    press(page, "part:add")
    now = replace(EXAMINED, version=8, parts=())
    page.request.fail("Somebody else changed this meanwhile.", now)
    assert "Somebody else changed this meanwhile." in words(page.request)
    assert "€45.00" in button(page, "costsAsk").text()
    assert (field(page, "part:text").text(), field(page, "part:price").text()) == ("Battery", "12")
    assert field(page, "requestNote").text() == "Swollen"
    assert button(page, "part:add").isEnabled()


def test_one_touch_asks_the_customer_for_the_total(page: DeskPage, qtbot: QtBot) -> None:
    open_costs(page)
    assert button(page, "costsAsk").text() == "Ask the customer: €153.90"
    with qtbot.waitSignal(page.request.asked) as asked:
        press(page, "costsAsk")
    assert asked.args == [EXAMINED, EstimateRequest()]
    page.request.show_done(ASKED)
    assert has(page, "approve"), "back at the device"


def test_what_it_may_cost_at_most_and_until_when_can_be_said(page: DeskPage, qtbot: QtBot) -> None:
    open_costs(page)
    field(page, "costsMost").setText("100")
    with qtbot.assertNotEmitted(page.request.asked):
        press(page, "costsAsk")
    assert "less than the total" in words(page.request)
    field(page, "costsMost").setText("180")
    field(page, "costsNote").setText("The frame may be bent")
    press(page, "days:30")
    assert button(page, "costsAsk").text() == "Ask the customer: €153.90 to €180.00"
    with qtbot.waitSignal(page.request.asked) as asked:
        press(page, "costsAsk")
    assert asked.args == [EXAMINED, EstimateRequest(18_000, "The frame may be bent", 30)]


def test_nobody_is_asked_for_nothing_nor_before_it_is_examined(page: DeskPage) -> None:
    open_costs(page, UNPRICED)
    assert not button(page, "costsAsk").isEnabled()
    assert "There is no mail address" in words(page.request)
    field(page, "costsMost").setText("50")
    assert button(page, "costsAsk").isEnabled()
    open_costs(page, replace(UNPRICED, state=State.INTAKE, may_ask=False))
    assert not has(page, "costsAsk")
    assert "once the device is being examined" in words(page.request)


def test_what_the_customer_says_at_the_desk_is_one_touch(page: DeskPage, qtbot: QtBot) -> None:
    page.request.show_request(ASKED)
    assert "The customer was asked: €153.90 to €180.00" in words(page.request)
    check_for_everyone(page.request)
    with qtbot.waitSignal(page.request.asked) as asked:
        press(page, "approve")
    assert asked.args == [ASKED, DecisionRequest(Decision.APPROVED)]
    page.request.show_request(ASKED)
    field(page, "requestNote").setText("Too dear")
    with qtbot.waitSignal(page.request.asked) as asked:
        press_by_key(page, "decline")
    assert asked.args == [ASKED, DecisionRequest(Decision.REJECTED, "Too dear")]


def test_what_the_customer_has_answered_is_seen_at_a_glance(page: DeskPage) -> None:
    page.request.show_request(IN_REPAIR)
    assert "Approved: €153.90 to €180.00 · Grace Hopper" in words(page.request)
    page.request.show_request(DECLINED)
    assert "declined" in words(page.request)
    assert "That is more than a used one costs." in words(page.request)
    assert not has(page, "approve")
    page.request.show_request(OVER)
    assert "It costs €228.90 by now: more than the customer approved" in words(page.request)


def test_an_answer_that_comes_while_one_looks_shows_by_itself(page: DeskPage, qtbot: QtBot) -> None:
    page.request.show_request(ASKED)
    field(page, "requestNote").setText("Called twice")
    with qtbot.waitSignal(page.request.looked) as looked:
        page.request.look_again()
    assert looked.args == [ASKED.id]
    page.request.keep_up(DECLINED)
    assert "declined" in words(page.request)
    assert field(page, "requestNote").text() == "Called twice"
    page.request.close_sheet()
    with qtbot.assertNotEmitted(page.request.looked):
        page.request.look_again()


def test_what_comes_while_something_is_being_done_waits(page: DeskPage) -> None:
    page.request.show_request(ASKED)
    press(page, "approve")
    page.request.keep_up(DECLINED)
    assert "declined" not in words(page.request)


def test_one_touch_on_a_day_promises_it(page: DeskPage, qtbot: QtBot) -> None:
    page.request.show_request(EXAMINED)
    press(page, "requestPromise")
    check_for_everyone(page.request)
    press(page, "hour:15:00")
    with qtbot.waitSignal(page.request.asked) as asked:
        press(page, "promise:1")
    at = datetime(2026, 5, 12, 15)  # noqa: DTZ001  # local to the service point
    assert asked.args == [EXAMINED, PromiseRequest(at)]
    page.request.show_done(replace(EXAMINED, promised=at))
    assert "Promised for Tue 12 May, 15:00" in words(page.request)


def test_a_later_day_is_some_touches_away_and_a_promise_can_be_taken_back(
    page: DeskPage, qtbot: QtBot
) -> None:
    page.request.show_request(EXAMINED)
    press(page, "requestPromise")
    assert not button(page, "promise:earlier").isEnabled()
    press(page, "promise:later")
    with qtbot.waitSignal(page.request.asked) as asked:
        press(page, "promise:0")
    assert asked.args == [EXAMINED, PromiseRequest(datetime(2026, 5, 23, 9))]  # noqa: DTZ001
    page.request.show_request(EXAMINED)
    press(page, "requestPromise")
    with qtbot.waitSignal(page.request.asked) as asked:
        press(page, "promise:none")
    assert asked.args == [EXAMINED, PromiseRequest(None)]


def test_the_next_device_finds_nothing_typed(page: DeskPage) -> None:
    open_costs(page)
    type_line(page, part_text="Battery")
    field(page, "costsMost").setText("180")
    page.request.close_sheet()
    open_costs(page, UNPRICED)
    assert (field(page, "part:text").text(), field(page, "costsMost").text()) == ("", "")
