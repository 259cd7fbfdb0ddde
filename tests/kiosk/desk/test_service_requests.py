"""Service requests at a kiosk: the server knows where devices stand, and one is taken in without it too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

import pytest

from domain import clock
from domain.clock import DAY, Instant
from domain.errors import Conflict, NotFound
from domain.ids import ServicePointId
from domain.service_request import Decision, Estimate, Labour, Part, State
from domain.sync import Kind, Operation
from kiosk.desk.service_requests import (
    NO_PHOTO,
    NO_SERVER,
    NO_SUCH,
    NOT_CHANGED,
    UNSURE,
    Intake,
    ServiceRequests,
    is_label,
)
from kiosk.store.outbox import Act
from kiosk.sync import request_wire
from kiosk.sync.replies import Denied, Got, Missed, Reply
from kiosk.sync.request_wire import EstimateSeen, NoteSeen, RequestSeen, Taken
from kiosk.sync.status import Trouble

NINE = clock.parse("2026-05-11T07:00:00Z")
POINT = ServicePointId("desk")
READ = {
    "id": "q1", "number": "R0007", "code": "SR-K7Q2M4XPWA", "servicePoint": "desk", "state": "waiting_parts",
    "allowed": ["in_repair", "void"], "version": 4,
    "device": {"type": "Phone", "brand": "Acme", "model": "", "serial": "SN-77"},
    "customer": {"name": "Ada", "phone": "", "email": "ada@example.com", "language": "en"},
    "problem": "It is dark", "condition": "scratched", "accessories": ["case"],
    "photos": [{"id": "p1", "signature": False}, {"id": "p2", "signature": True}],
    "notes": [{"at": "2026-05-11T07:00:00Z", "actor": "staff:1", "public": True, "text": "Ordered"}],
    "promised": "2026-05-11T07:00:00Z", "pausedSince": "2026-05-10T07:00:00Z",
    "parts": [{"sku": "D-5", "text": "Display", "quantity": 2, "price": 4950, "amount": 9900}],
    "labour": [{"text": "Fitting", "minutes": 50, "billable": 40, "rate": 6000, "amount": 4000}],
    "currency": "EUR", "overEstimate": True,
    "estimate": {
        "revision": 2, "low": 9900, "high": 12000, "validUntil": None, "given": "2026-05-10T07:00:00Z",
        "approval": {"decision": "approved", "at": "2026-05-11T07:00:00Z", "by": "Ada", "reason": "Please"},
    },
}  # fmt: skip
DISPLAY, FITTING = Part("D-5", "Display", 2, 4950), Labour("Fitting", 50, 40, 6000)
SEEN = request_wire.request(READ)
NEW = Intake(POINT, "Phone", "It is dark", serial="SN-77", name="Ada", photos=("p1",))


@dataclass
class World:
    """A server with one request, and an outbox; `says` instead where something is in the way."""

    says: Denied | Missed | None = None
    asked: list[object] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    kept: list[Act] = field(default_factory=list)
    told: int = 0

    def requests(self, point: ServicePointId, states: Sequence[State]) -> Reply[tuple[RequestSeen, ...]]:
        self.asked += [point, *states]
        return self.says or Got((SEEN,))

    def request(self, id_: str) -> Reply[RequestSeen]:
        return self.says or Got(SEEN)

    def request_of(self, code: str) -> Reply[RequestSeen]:
        self.asked.append(code)
        return self.says or Got(SEEN)

    def send_photo(self, picture: bytes) -> Reply[str]:
        return self.says or Got("p1")

    def take_in(self, act: Act) -> Reply[Taken]:
        self.acts.append(act)
        return self.says or Got(Taken("R0008", "SR-9DKR3TVH5M"))

    def change_request(self, id_: str, change: Mapping[str, object]) -> Reply[RequestSeen]:
        self.asked.append(change)
        return self.says or Got(SEEN)

    def sent(self) -> None:
        self.told += 1

    def add(self, act: Act) -> Operation:
        self.kept.append(act)
        return Operation(act.op, act.kind, act.at, 1, act.payload)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def requests(world: World) -> ServiceRequests:
    ids = count(1)
    return ServiceRequests(world, world, lambda: NINE, lambda: f"id-{next(ids)}")


def test_what_the_server_says_is_read_as_it_is() -> None:
    assert SEEN.device == ("Phone", "Acme", "", "SN-77")
    assert (SEEN.state, SEEN.allowed) == (State.WAITING_PARTS, (State.IN_REPAIR, State.VOID))
    assert SEEN.notes == (NoteSeen(NINE, "Ordered", public=True),)
    assert (SEEN.photos, SEEN.promised, SEEN.paused) == (1, NINE, True)
    assert (SEEN.parts, SEEN.labour, SEEN.currency, SEEN.over) == ((DISPLAY,), (FITTING,), "EUR", True)
    terms = Estimate(2, 9900, 12000, None, Decision.APPROVED)
    assert SEEN.estimate == EstimateSeen(terms, NINE, "Ada", "Please")


def test_an_estimate_that_nobody_answered_is_as_old_as_it_was_given() -> None:
    given = {**READ["estimate"], "approval": None, "validUntil": "2026-05-11T07:00:00Z"}  # type: ignore[dict-item]
    seen = request_wire.request({**READ, "estimate": given}).estimate
    assert seen == EstimateSeen(Estimate(2, 9900, 12000, NINE), Instant(NINE - DAY))
    assert request_wire.request({**READ, "estimate": None}).estimate is None


def test_what_is_over_is_not_asked_for(requests: ServiceRequests, world: World) -> None:
    assert requests.open_at(POINT) == (SEEN,)
    assert world.asked[0] == POINT
    assert set(world.asked[1:]) == set(State) - {State.CLOSED, State.VOID}


def test_a_device_is_found_by_its_label_however_it_was_read(requests: ServiceRequests, world: World) -> None:
    assert requests.find(" sr-k7q2m4xpwa\n") == SEEN
    assert world.asked == ["SR-K7Q2M4XPWA"]
    world.says = Denied(NotFound("there is no such service request"))
    assert requests.find("SR-K7Q2M4XPWA") == NO_SUCH


@pytest.mark.parametrize(
    ("code", "is_one"),
    [
        ("SR-K7Q2M4XPWA", True),
        ("sr-k7q2m4xpwa ", True),
        ("K7Q2M4XPWA", False),
        ("SR-K7Q2M4XPW", False),
        ("SR-K7Q2M4XPW0", False),
        ("", False),
    ],
)
def test_only_a_label_s_code_is_one(code: str, is_one: bool) -> None:
    assert is_label(code) is is_one


def test_a_device_gets_its_number_at_once(requests: ServiceRequests, world: World) -> None:
    assert requests.take_in(NEW) == Taken("R0008", "SR-9DKR3TVH5M")
    [act] = world.acts
    assert (act.kind, act.at) == (Kind.SERVICE_REQUEST_JOIN, NINE)
    assert act.payload == {
        "requestId": "id-1",
        "servicePoint": "desk",
        "device": {"type": "Phone", "serial": "SN-77"},
        "customer": {"name": "Ada"},
        "problem": "It is dark",
        "photos": ["p1"],
    }
    assert world.kept == []


@pytest.mark.parametrize("asked", [True, False])
def test_a_device_is_taken_in_without_the_server_as_the_very_same_act(
    requests: ServiceRequests, world: World, asked: bool
) -> None:
    world.says = Missed(asked=asked)
    assert requests.take_in(NEW) == Taken()
    assert world.kept == world.acts
    assert world.told == 1


def test_what_the_server_refuses_is_not_kept(requests: ServiceRequests, world: World) -> None:
    world.says = Denied(Conflict("a photo is none that you sent", code="photo_unknown"))
    assert requests.take_in(NEW) == Trouble("photo_unknown", "a photo is none that you sent")
    assert world.kept == []


def test_it_moves_on_from_the_version_that_was_seen(requests: ServiceRequests, world: World) -> None:
    requests.move(SEEN, State.IN_REPAIR, "They came", public=True)
    requests.move(SEEN, None, "Still waiting")
    requests.move(SEEN, State.VOID)
    assert world.asked == [
        {"version": 4, "state": "in_repair", "notes": [{"text": "They came", "public": True}]},
        {"version": 4, "notes": [{"text": "Still waiting", "public": False}]},
        {"version": 4, "state": "void"},
    ]


def test_a_line_is_added_to_those_that_were_seen_and_taken_out_of_them(
    requests: ServiceRequests, world: World
) -> None:
    strip = Part("", "Strip", 1, 450)
    display = {"sku": "D-5", "text": "Display", "quantity": 2, "price": 4950}
    requests.add_line(SEEN, strip)
    requests.drop_line(SEEN, DISPLAY)
    requests.drop_line(SEEN, FITTING)
    assert world.asked == [
        {"version": 4, "parts": [display, {"sku": "", "text": "Strip", "quantity": 1, "price": 450}]},
        {"version": 4, "parts": []},
        {"version": 4, "labour": []},
    ]


def test_a_line_that_is_gone_already_is_not_taken_out_again(requests: ServiceRequests, world: World) -> None:
    assert requests.drop_line(SEEN, Part("", "Strip", 1, 450)) == SEEN
    assert world.asked == []


def test_the_customer_is_asked_once_it_waits_for_their_answer(
    requests: ServiceRequests, world: World
) -> None:
    requests.ask_customer(SEEN, 12000, NINE, "It may take a week")
    requests.ask_customer(replace(SEEN, state=State.WAITING_APPROVAL), None, None)
    until = "2026-05-11T07:00:00.000Z"
    assert world.asked == [
        {
            "version": 4,
            "estimate": {"high": 12000, "validUntil": until, "note": "It may take a week"},
            "state": "waiting_approval",
        },
        {"version": 4, "estimate": {"high": None, "validUntil": None, "note": ""}},
    ]


def test_what_the_customer_says_is_said_of_the_estimate_that_was_seen(
    requests: ServiceRequests, world: World
) -> None:
    requests.decide(SEEN, Decision.REJECTED, "Too dear")
    assert world.asked == [
        {"version": 4, "approval": {"decision": "rejected", "revision": 2, "reason": "Too dear"}}
    ]


def test_a_date_is_promised_or_taken_back(requests: ServiceRequests, world: World) -> None:
    requests.promise(SEEN, NINE)
    requests.promise(SEEN, None)
    assert world.asked == [
        {"version": 4, "promised": "2026-05-11T07:00:00.000Z"},
        {"version": 4, "promised": None},
    ]


def test_while_the_server_is_away_that_is_said(requests: ServiceRequests, world: World) -> None:
    world.says = Missed()
    assert requests.open_at(POINT) == NO_SERVER
    assert requests.look("q1") == NO_SERVER
    assert requests.find("SR-K7Q2M4XPWA") == NO_SERVER
    assert requests.photo(b"picture") == NO_PHOTO
    assert requests.move(SEEN, State.IN_REPAIR) == NOT_CHANGED
    assert requests.add_line(SEEN, DISPLAY) == NOT_CHANGED


def test_where_it_may_have_heard_one_looks_first(requests: ServiceRequests, world: World) -> None:
    world.says = Missed(asked=True)
    assert requests.move(SEEN, State.IN_REPAIR) == UNSURE
