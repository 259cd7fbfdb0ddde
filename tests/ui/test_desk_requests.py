"""Service requests at the desk, as staff see and press them."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from domain.service_request import State
from kiosk.ui.pages.desk import DeskPage
from kiosk.ui.request_views import IntakeRequest, MoveRequest, RequestsView
from kiosk.ui.samples_door import picture
from kiosk.ui.samples_request import HERE, IN_REPAIR, LATER, TAKEN
from kiosk.ui.views import Health
from kiosk.ui.widgets.qr import Qr
from tests.ui.seen import button, check_for_everyone, field, has, press, press_by_key, words


@pytest.fixture
def page(busy_desk: DeskPage) -> DeskPage:
    return busy_desk


def open_intake(page: DeskPage) -> None:
    press(page, "requests")
    press(page, "newRequest")


def test_what_is_ready_stands_first_and_what_was_handed_out_last(page: DeskPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.requests.asked):
        press(page, "requests")
    assert "Asking the server" in words(page.requests)
    page.requests.show_requests(HERE)
    said = words(page.requests)
    order = ["R127", "R131", "R129", "R128", "R130"]
    assert sorted(order, key=said.index) == order
    check_for_everyone(page.requests)
    with qtbot.waitSignal(page.requests.chosen) as chosen:
        press(page, "request:R128")
    assert chosen.args == ["r128"]
    assert page.requests.isHidden()


def test_without_the_server_it_says_so_and_a_device_can_be_taken_in(page: DeskPage) -> None:
    press(page, "requests")
    page.requests.show_requests(RequestsView(trouble="Only the server knows."))
    assert "Only the server knows." in words(page.requests)
    press(page, "newRequest")
    assert page.intake.isVisible()


def test_a_day_without_devices_says_so(page: DeskPage) -> None:
    press(page, "requests")
    page.requests.show_requests(RequestsView())
    assert "No device is here." in words(page.requests)


def test_all_that_is_known_of_a_device_is_shown(page: DeskPage) -> None:
    page.request.show_request(IN_REPAIR)
    said = words(page.request)
    for part in (
        "R128",
        "in repair",
        "stays dark",
        "A crack",
        "charger, blue case",
        "3 photos",
        "+49 30 123456",
    ):
        assert part in said
    assert "Promised for" in said
    assert "the customer reads it" in said
    check_for_everyone(page.request)


def test_a_promised_date_that_waits_says_so(page: DeskPage) -> None:
    page.request.show_request(replace(IN_REPAIR, state=State.WAITING_PARTS, waits=True))
    assert ", and waits" in words(page.request)


def test_it_moves_on_to_what_may_follow_with_a_note(page: DeskPage, qtbot: QtBot) -> None:
    page.request.show_request(IN_REPAIR)
    assert not has(page, "move:ready")
    field(page, "requestNote").setText(" All is well ")
    press(page, "requestPublic")
    with qtbot.waitSignal(page.request.asked) as asked:
        press_by_key(page, "move:quality_check")
    assert asked.args == [IN_REPAIR, MoveRequest(State.QUALITY_CHECK, "All is well", public=True)]
    assert not button(page, "move:quality_check").isEnabled()


def test_a_note_alone_leaves_it_where_it_is(page: DeskPage, qtbot: QtBot) -> None:
    page.request.show_request(IN_REPAIR)
    assert not button(page, "requestKeep").isEnabled()
    field(page, "requestNote").setText("Called the customer")
    with qtbot.waitSignal(page.request.asked) as asked:
        QTest.keyClick(field(page, "requestNote"), Qt.Key.Key_Return)
    assert asked.args == [IN_REPAIR, MoveRequest(None, "Called the customer")]


def test_what_cannot_be_taken_back_is_asked_twice(page: DeskPage, qtbot: QtBot) -> None:
    page.request.show_request(IN_REPAIR)
    with qtbot.assertNotEmitted(page.request.asked):
        press(page, "move:void")
    assert "there is no way back" in words(page.request)
    with qtbot.waitSignal(page.request.asked) as asked:
        press(page, "move:void")
    assert asked.args == [IN_REPAIR, MoveRequest(State.VOID)]


def test_what_did_not_work_is_said_and_may_be_tried_again(page: DeskPage) -> None:
    page.request.show_request(IN_REPAIR)
    field(page, "requestNote").setText("All is well")
    press(page, "move:quality_check")
    page.request.fail("The server did not answer in time.")
    assert "The server did not answer in time." in words(page.request)
    assert field(page, "requestNote").text() == "All is well"
    assert button(page, "move:quality_check").isEnabled()


def test_a_device_is_taken_in_once_it_is_said_what_it_is_and_what_is_wrong(
    page: DeskPage, qtbot: QtBot
) -> None:
    open_intake(page)
    assert not button(page, "intakeGo").isEnabled()
    for name, said in (
        ("type", " Phone "),
        ("problem", "It is dark"),
        ("accessories", "case, , charger "),
        ("email", "ada@example.com"),
    ):
        field(page, f"intake:{name}").setText(said)
    check_for_everyone(page.intake)
    with qtbot.waitSignal(page.intake.asked) as asked:
        press(page, "intakeGo")
    assert asked.args == [
        IntakeRequest("Phone", "It is dark", accessories=("case", "charger"), email="ada@example.com")
    ]
    assert not button(page, "intakeGo").isEnabled()
    page.intake.show_taken(TAKEN)
    assert "R132" in words(page.intake)
    [label] = [code for code in page.intake.findChildren(Qr) if code.isVisible()]
    assert label.text == "SR-K7Q2M4XPWA"
    press(page, "intakeDone")
    assert page.intake.isHidden()


def test_what_was_typed_stays_where_it_was_not_taken_in(page: DeskPage) -> None:
    open_intake(page)
    field(page, "intake:type").setText("Phone")
    field(page, "intake:problem").setText("It is dark")
    press(page, "intakeGo")
    page.intake.fail("This e-mail address is none.")
    assert "This e-mail address is none." in words(page.intake)
    assert field(page, "intake:problem").text() == "It is dark"
    assert button(page, "intakeGo").isEnabled()


def test_a_device_that_gets_its_number_later_says_what_to_write_on_it(page: DeskPage) -> None:
    open_intake(page)
    page.intake.show_taken(LATER)
    assert "until then write the name on the device" in words(page.intake)
    assert not [code for code in page.intake.findChildren(Qr) if code.isVisible()]


def test_the_next_device_begins_empty(page: DeskPage) -> None:
    open_intake(page)
    field(page, "intake:type").setText("Phone")
    press(page, "intakePhotos")
    shoot(page)
    page.intake.photo_kept()
    page.intake.close_sheet()
    open_intake(page)
    assert field(page, "intake:type").text() == ""
    assert "Add photos" in words(page.intake)


def shoot(page: DeskPage) -> None:
    page.intake.show_picture(picture())
    press(page, "takePhoto")


def test_photos_are_taken_one_after_the_other(page: DeskPage, qtbot: QtBot) -> None:
    open_intake(page)
    with qtbot.waitSignal(page.intake.looks) as looks:
        press(page, "intakePhotos")
    assert looks.args == [True]
    assert not button(page, "takePhoto").isEnabled()
    with qtbot.waitSignal(page.intake.photographed) as taken:
        shoot(page)
    assert isinstance(taken.args[0], QImage)
    assert not button(page, "takePhoto").isEnabled()
    page.intake.photo_kept()
    check_for_everyone(page.intake)
    shoot(page)
    page.intake.photo_lost("Photos need the server.")
    assert "Photos need the server." in words(page.intake)
    assert button(page, "takePhoto").isEnabled()
    with qtbot.waitSignal(page.intake.looks) as looks:
        press(page, "intakeBack")
    assert looks.args == [False]
    assert "1 photo" in words(page.intake)


def test_where_there_is_no_camera_that_is_said(page: DeskPage) -> None:
    open_intake(page)
    press(page, "intakePhotos")
    page.intake.camera_is(Health.ABSENT, "No camera is plugged in.")
    assert "There is no camera. The device can be taken in without photos." in words(page.intake)
    assert not button(page, "takePhoto").isEnabled()


def test_the_camera_looks_no_longer_than_the_sheet_is_open(page: DeskPage, qtbot: QtBot) -> None:
    open_intake(page)
    press(page, "intakePhotos")
    with qtbot.waitSignal(page.intake.looks) as looks:
        QTest.keyClick(page.intake, Qt.Key.Key_Escape)
    assert looks.args == [False]
