"""Service requests at the Desk at work, over a real kiosk: taken in, photographed, found, moved on."""

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel

from domain.service_request import State
from kiosk.desk.service_requests import Intake
from kiosk.sync.request_wire import Taken
from kiosk.sync.status import Connection
from kiosk.ui.views import Health
from tests.kiosk.qt.faces import Counter
from tests.ui.seen import button, field, press


def take_in(counter: Counter, **more: object) -> Taken:
    made = counter.work.requests.take_in(Intake(counter.face.point, "Watch", "It stands still", **more))  # type: ignore[arg-type]
    assert isinstance(made, Taken)
    return made


def open_intake(counter: Counter) -> None:
    press(counter.page, "requests")
    press(counter.page, "newRequest")
    for name, said in (("type", "Phone"), ("problem", "It is dark"), ("name", "Ada")):
        field(counter.page, f"intake:{name}").setText(said)


def picture() -> QImage:
    made = QImage(640, 480, QImage.Format.Format_RGB888)
    made.fill(0x6F6A62)
    return made


def test_a_device_is_taken_in_with_photos_and_its_number_stands_large(counter: Counter) -> None:
    open_intake(counter)
    press(counter.page, "intakePhotos")
    assert counter.looks == [True]
    counter.face.camera_is(Health.READY, "")
    counter.face.pictured(picture(), ())
    for count in (1, 2):
        press(counter.page, "takePhoto")
        counter.sees(f"{count} photo")
    press(counter.page, "intakeBack")
    assert counter.looks == [True, False]
    press(counter.page, "intakeGo")
    counter.hears(event="request", taken="R001")
    [number] = counter.page.findChildren(QLabel, "intakeNumber")
    assert number.text() == "R001"
    [made] = counter.server.state.requests.values()
    assert (made["device"]["type"], made["customer"]["name"]) == ("Phone", "Ada")
    assert [each["id"] for each in made["photos"]] == counter.server.state.photos
    assert len(made["photos"]) == 2


def test_photos_of_a_device_that_was_not_taken_in_go_to_no_other(counter: Counter) -> None:
    open_intake(counter)
    press(counter.page, "intakePhotos")
    counter.face.pictured(picture(), ())
    press(counter.page, "takePhoto")
    counter.sees("1 photo")
    press(counter.page, "intakeSheet:close")
    assert counter.looks == [True, False]
    open_intake(counter)
    press(counter.page, "intakeGo")
    counter.hears(event="request", taken="R001")
    [made] = counter.server.state.requests.values()
    assert made["photos"] == []


def test_without_the_server_it_is_kept_and_gets_its_number_later(counter: Counter) -> None:
    counter.server.stop()
    counter.kiosk.wait(lambda: counter.kiosk.station.status.connection is Connection.OFFLINE)
    open_intake(counter)
    press(counter.page, "intakePhotos")
    counter.face.pictured(picture(), ())
    press(counter.page, "takePhoto")
    counter.sees("Photos need the server")
    press(counter.page, "intakeBack")
    press(counter.page, "intakeGo")
    counter.sees("Its number comes once the server answers")
    counter.server.start()
    counter.kiosk.wait(lambda: len(counter.server.state.requests) == 1)


def test_a_label_that_is_scanned_opens_its_device_and_it_is_moved_on(counter: Counter) -> None:
    taken = take_in(counter, name="Zoe")
    counter.face.scanned(taken.code)
    counter.sees("It stands still")
    field(counter.page, "requestNote").setText("The battery is empty")
    press(counter.page, "move:triage")
    counter.hears(event="request", changed=taken.number, state=State.TRIAGE)
    counter.sees("The battery is empty")
    assert field(counter.page, "requestNote").text() == ""
    assert button(counter.page, "move:diagnostics").isEnabled()


def test_whoever_was_slower_is_told_and_keeps_what_they_typed(counter: Counter) -> None:
    taken = take_in(counter)
    counter.face.scanned(taken.code)
    counter.sees("It stands still")
    [made] = counter.server.state.requests.values()
    made |= {"version": 2, "problem": "It stands still, and is wet"}
    field(counter.page, "requestNote").setText("The battery is empty")
    press(counter.page, "requestKeep")
    counter.sees("Somebody else changed this meanwhile")
    counter.sees("It stands still, and is wet")
    assert field(counter.page, "requestNote").text() == "The battery is empty"
    press(counter.page, "requestKeep")
    counter.hears(event="request", changed=taken.number)
    assert [note["text"] for note in made["notes"]] == ["The battery is empty"]


def test_the_list_has_what_is_here_and_one_touch_opens_it(counter: Counter) -> None:
    taken = take_in(counter, name="Zoe")
    press(counter.page, "requests")
    counter.sees(taken.number)
    press(counter.page, f"request:{taken.number}")
    counter.sees("It stands still")


def test_a_label_of_nothing_here_is_said(counter: Counter) -> None:
    counter.face.scanned("SR-ZZZZZZZZZZ")
    counter.sees("There is no device with this label here.")


def test_a_code_that_is_scanned_at_intake_is_the_serial_number(counter: Counter) -> None:
    open_intake(counter)
    counter.face.scanned("SN-77-4411")
    assert field(counter.page, "intake:serial").text() == "SN-77-4411"
