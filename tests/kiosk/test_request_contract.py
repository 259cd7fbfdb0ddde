"""What every server must do about service requests: the stand-in of the tests, and the real one."""

from PySide6.QtGui import QImage

from domain.clock import DAY, Instant
from domain.ids import ServicePointId
from domain.service_request import Decision, Estimate, Labour, Part, State
from kiosk.desk.machine import system_clock
from kiosk.desk.service_requests import NO_SUCH, Intake, ServiceRequests, is_label
from kiosk.qt.request_shown import jpeg
from kiosk.sync.request_wire import RequestSeen, Taken
from kiosk.sync.status import Trouble
from tests.kiosk.sync.kiosks import Kiosk
from tests.kiosk.worlds import World, work

TOMORROW = Instant(system_clock() + DAY)


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
        found = examined(requests, world)
        assert trouble(requests.move(found, State.WAITING_APPROVAL)) == "estimate_missing"

    def test_a_repair_is_priced_approved_and_promised(self, world: World, desk: Kiosk) -> None:
        requests = work(desk).requests
        of = examined(requests, world)
        of = done(requests.add_line(of, Part("D-5", "Display", 2, 4950)))
        of = done(requests.add_line(of, Part("", "Strip", 1, 450)))
        of = done(requests.add_line(of, Labour("Fitting", 50, 40, 6000)))
        of = done(requests.drop_line(of, Part("", "Strip", 1, 450)))
        assert (of.parts, of.labour) == (
            (Part("D-5", "Display", 2, 4950),),
            (Labour("Fitting", 50, 40, 6000),),
        )
        of = done(requests.promise(of, TOMORROW))
        assert (of.promised, of.paused) == (TOMORROW, False)
        of = done(requests.ask_customer(of, 15_000, TOMORROW, "It may take a week"))
        assert (of.state, of.paused) == (State.WAITING_APPROVAL, True)
        assert of.estimate is not None
        assert of.estimate.terms == Estimate(1, 13_900, 15_000, TOMORROW)
        of = done(requests.decide(of, Decision.APPROVED))
        assert of.state is State.APPROVED
        assert of.estimate is not None
        assert (of.estimate.terms.decision, of.estimate.by) == (Decision.APPROVED, "Ada")
        of = done(requests.add_line(of, Part("", "Battery", 1, 9900)))
        assert of.over
        of = done(requests.promise(of, None))
        assert of.promised is None

    def test_an_estimate_that_was_declined_is_followed_by_another_one(
        self, world: World, desk: Kiosk
    ) -> None:
        requests = work(desk).requests
        of = examined(requests, world)
        assert isinstance(requests.ask_customer(of, None, None), Trouble), "nothing to ask for"
        of = done(requests.ask_customer(of, 9900, None))
        stale = of
        of = done(requests.decide(of, Decision.REJECTED, "Too dear"))
        assert of.state is State.WAITING_APPROVAL
        assert of.estimate is not None
        assert (of.estimate.terms.decision, of.estimate.reason) == (Decision.REJECTED, "Too dear")
        assert trouble(requests.decide(stale, Decision.APPROVED)) == "stale_version"
        assert trouble(requests.decide(of, Decision.APPROVED)) == "estimate_decided"
        of = done(requests.ask_customer(of, 5000, None))
        assert of.estimate is not None
        assert of.estimate.terms == Estimate(2, 5000, 5000, None)

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


def done(answer: RequestSeen | Trouble) -> RequestSeen:
    assert isinstance(answer, RequestSeen), answer
    return answer


def examined(requests: ServiceRequests, world: World) -> RequestSeen:
    """A new device of Ada's, as far as its costs can be known."""
    taken = requests.take_in(Intake(world.things.point, "Laptop", "It is slow", name="Ada"))
    assert isinstance(taken, Taken), taken
    of = done(requests.find(taken.code))
    for state in (State.TRIAGE, State.DIAGNOSTICS):
        of = done(requests.move(of, state))
    return of


def trouble(answer: object) -> str:
    assert isinstance(answer, Trouble), answer
    return answer.code


def _picture() -> QImage:
    made = QImage(640, 480, QImage.Format.Format_RGB888)
    made.fill(0x6F6A62)
    return made
