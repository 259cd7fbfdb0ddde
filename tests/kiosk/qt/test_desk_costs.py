"""What a repair costs at the Desk at work, over a real kiosk: priced, answered, promised."""

from typing import Any

from domain import clock
from domain.service_request import State
from kiosk.desk.service_requests import Intake
from kiosk.sync.request_wire import RequestSeen, Taken
from kiosk.sync.status import Connection
from tests.kiosk.qt.faces import Counter
from tests.ui.seen import button, field, has, press


def examined(counter: Counter) -> dict[str, Any]:
    """A device that is being examined, as the server has it, and open at the desk."""
    requests = counter.work.requests
    taken = requests.take_in(Intake(counter.face.point, "Watch", "It stands still", name="Zoe"))
    assert isinstance(taken, Taken)
    of = requests.find(taken.code)
    for state in (State.TRIAGE, State.DIAGNOSTICS):
        assert isinstance(of, RequestSeen)
        of = requests.move(of, state)
    counter.face.scanned(taken.code)
    counter.sees("It stands still")
    [made] = counter.server.state.requests.values()
    return made


def add_part(counter: Counter, said: str, price: str) -> None:
    if not has(counter.page, "part:add"):
        press(counter.page, "requestCosts")
    field(counter.page, "part:text").setText(said)
    field(counter.page, "part:price").setText(price)
    press(counter.page, "part:add")


def test_a_repair_is_priced_and_its_customer_asked_and_answers_elsewhere(counter: Counter) -> None:
    made = examined(counter)
    add_part(counter, "Battery", "12,50")
    counter.hears(event="request", changed=made["number"], total=1250)
    press(counter.page, "line:labour")
    for name, typed in (("text", "Fitting"), ("minutes", "30"), ("rate", "60")):
        field(counter.page, f"labour:{name}").setText(typed)
    press(counter.page, "labour:add")
    counter.hears(event="request", changed=made["number"], total=4250)
    press(counter.page, "costsAsk")
    counter.hears(event="request", changed=made["number"], state=State.WAITING_APPROVAL)
    assert (made["estimate"]["high"], made["state"]) == (4250, State.WAITING_APPROVAL)
    until = clock.parse(made["estimate"]["validUntil"])
    assert abs(until - counter.server.state.now() - 14 * clock.DAY) < clock.MINUTE
    counter.offers("approve")
    said = {"decision": "rejected", "at": made["estimate"]["given"], "by": "Zoe", "reason": "Too dear"}
    made |= {"estimate": {**made["estimate"], "approval": said}, "version": made["version"] + 1}
    counter.page.request.look_again()
    counter.sees("Declined: €42.50 · Zoe")


def test_what_the_customer_says_at_the_desk_lets_the_work_go_on(counter: Counter) -> None:
    made = examined(counter)
    add_part(counter, "Battery", "12")
    counter.hears(event="request", total=1200)
    press(counter.page, "costsAsk")
    counter.offers("approve")
    press(counter.page, "approve")
    counter.hears(event="request", changed=made["number"], state=State.APPROVED)
    counter.sees("Approved: €12.00 · Zoe")
    counter.offers("move:waiting_parts")


def test_a_line_that_somebody_else_added_meanwhile_is_not_lost_nor_what_was_typed(counter: Counter) -> None:
    made = examined(counter)
    theirs = {"sku": "", "text": "Strap", "quantity": 1, "price": 900}
    made |= {"parts": [theirs], "version": made["version"] + 1}
    add_part(counter, "Battery", "12")
    counter.sees("Somebody else changed this meanwhile")
    assert has(counter.page, "drop:0"), "theirs is seen"
    assert field(counter.page, "part:text").text() == "Battery"
    counter.waits(button(counter.page, "part:add").isEnabled)
    press(counter.page, "part:add")
    counter.hears(event="request", changed=made["number"], total=2100)
    assert [part["text"] for part in made["parts"]] == ["Strap", "Battery"]
    press(counter.page, "drop:0")
    counter.hears(event="request", changed=made["number"], total=1200)


def test_without_the_server_nothing_changes_and_what_was_typed_stays(counter: Counter) -> None:
    made = examined(counter)
    counter.server.stop()
    counter.kiosk.wait(lambda: counter.kiosk.station.status.connection is Connection.OFFLINE)
    add_part(counter, "Battery", "12")
    counter.sees("nothing was changed")
    assert field(counter.page, "part:text").text() == "Battery"
    counter.server.start()
    counter.kiosk.wait(lambda: counter.kiosk.station.status.connection is Connection.ONLINE)
    press(counter.page, "part:add")
    counter.hears(event="request", changed=made["number"], total=1200)
    assert [part["text"] for part in made["parts"]] == ["Battery"]


def test_a_date_is_promised_by_the_clock_of_the_service_point(counter: Counter) -> None:
    made = examined(counter)
    press(counter.page, "requestPromise")
    press(counter.page, "hour:12:00")
    press(counter.page, "promise:2")
    counter.sees("Promised for")
    points = counter.kiosk.station.display.points()
    point = next(each for each in points if each.id == made["servicePoint"])
    promised = clock.local(clock.parse(made["promised"]), point.zone)
    today = clock.local(counter.server.state.now(), point.zone).date()
    assert (promised.hour, (promised.date() - today).days) == (12, 2)
