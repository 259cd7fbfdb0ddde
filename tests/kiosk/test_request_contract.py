"""What every server must do about service requests: the stand-in of the tests, and the real one."""

from PySide6.QtGui import QImage

from domain.ids import ServicePointId
from domain.service_request import State
from kiosk.desk.service_requests import NO_SUCH, Intake, ServiceRequests, is_label
from kiosk.qt.request_shown import jpeg
from kiosk.sync.request_wire import RequestSeen, Taken
from kiosk.sync.status import Trouble
from tests.kiosk.sync.kiosks import Kiosk
from tests.kiosk.worlds import World, work


class TestRequestServer:
    def test_a_device_from_the_counter_to_the_bench_and_out(self, world: World, desk: Kiosk) -> None:
        requests, point = work(desk).requests, world.things.point
        photo = requests.photo(jpeg(_picture()))
        assert isinstance(photo, str), photo
        new = Intake(point, "Phone", "It is dark", "Acme", name="Ada", accessories=("case",), photos=(photo,))
        taken = requests.take_in(new)
        assert isinstance(taken, Taken), taken
        assert is_label(taken.code)
        made = requests.find(taken.code.lower())
        assert isinstance(made, RequestSeen), made
        assert (made.number, made.device, made.name) == (taken.number, ("Phone", "Acme", "", ""), "Ada")
        assert (made.state, made.photos, made.accessories) == (State.INTAKE, 1, ("case",))
        assert made in here(requests, point)
        moved = requests.move(made, State.TRIAGE, "Looked at", public=True)
        assert isinstance(moved, RequestSeen), moved
        assert (moved.state, moved.allowed) == (State.TRIAGE, (State.DIAGNOSTICS, State.VOID))
        assert [(note.text, note.public) for note in moved.notes] == [("Looked at", True)]
        assert requests.look(made.id) == moved
        assert trouble(requests.move(made, None, "Late")) == "stale_version"
        assert trouble(requests.move(moved, State.READY)) == "wrong_transition"
        over = requests.move(moved, State.VOID)
        assert isinstance(over, RequestSeen), over
        assert over.allowed == ()
        assert made.id not in {each.id for each in here(requests, point)}

    def test_work_that_waits_for_an_approval_needs_an_estimate(self, world: World, desk: Kiosk) -> None:
        requests = work(desk).requests
        taken = requests.take_in(Intake(world.things.point, "Laptop", "It is slow"))
        assert isinstance(taken, Taken), taken
        found = requests.find(taken.code)
        for state in (State.TRIAGE, State.DIAGNOSTICS):
            assert isinstance(found, RequestSeen), found
            found = requests.move(found, state)
        assert isinstance(found, RequestSeen), found
        assert trouble(requests.move(found, State.WAITING_APPROVAL)) == "estimate_missing"

    def test_a_label_that_nothing_has_is_no_device(self, desk: Kiosk) -> None:
        assert work(desk).requests.find("SR-ZZZZZZZZZZ") == NO_SUCH

    def test_what_the_server_will_not_take_is_said(self, world: World, desk: Kiosk) -> None:
        new = Intake(world.things.point, "Phone", "It is dark", photos=("never-sent",))
        assert trouble(work(desk).requests.take_in(new)) == "photo_unknown"

    def test_a_device_that_was_taken_in_alone_is_there_once(self, world: World, desk: Kiosk) -> None:
        requests, point = work(desk).requests, world.things.point
        before = here(requests, point)
        world.stop()
        try:
            assert requests.take_in(Intake(point, "Watch", "It stands still", name="Zoe")) == Taken()
        finally:
            world.start()
        desk.station.sync_now()
        desk.wait_synced()
        assert desk.station.store.outbox.rejected() == ()
        desk.wait(lambda: not isinstance(requests.open_at(point), Trouble))
        fresh = [each for each in here(requests, point) if each not in before]
        assert [(each.device[0], each.name) for each in fresh] == [("Watch", "Zoe")]


def here(requests: ServiceRequests, point: ServicePointId) -> tuple[RequestSeen, ...]:
    found = requests.open_at(point)
    assert not isinstance(found, Trouble), found
    return found


def trouble(answer: object) -> str:
    assert isinstance(answer, Trouble), answer
    return answer.code


def _picture() -> QImage:
    made = QImage(640, 480, QImage.Format.Format_RGB888)
    made.fill(0x6F6A62)
    return made
