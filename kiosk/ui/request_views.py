"""What the Desk shows of service requests, as frozen values. Moments are local to the service point."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.service_request import Decision, Labour, Part, State, total


@dataclass(frozen=True, slots=True)
class NoteView:
    """`public`: the customer reads it too."""

    at: datetime
    text: str
    public: bool = False


@dataclass(frozen=True, slots=True)
class EstimateView:
    """What the customer was told that it may cost. `at` is when, or when they decided: `by` says who that
    was, and `reason` why. `expired`: they did not in time."""

    low: int
    high: int
    at: datetime
    until: datetime | None = None
    decision: Decision | None = None
    by: str = ""
    reason: str = ""
    expired: bool = False


@dataclass(frozen=True, slots=True)
class RequestView:
    """A device that is here, as it stood in a `version`. `waits`: no time passes towards the promised date;
    `following` are the states that it may be moved on to now. Money is in minor units of `currency`.

    `asked`: the customer has the estimate, and may yet answer. `may_ask`: another one can be given. `over`:
    the lines cost more than was approved. `today` is the day at the service point.
    """

    id: str
    number: str
    device: str
    state: State = State.INTAKE
    name: str = ""
    phone: str = ""
    email: str = ""
    problem: str = ""
    condition: str = ""
    accessories: tuple[str, ...] = ()
    notes: tuple[NoteView, ...] = ()
    photos: int = 0
    promised: datetime | None = None
    waits: bool = False
    following: tuple[State, ...] = ()
    version: int = 1
    parts: tuple[Part, ...] = ()
    labour: tuple[Labour, ...] = ()
    currency: str = "EUR"
    estimate: EstimateView | None = None
    may_ask: bool = False
    over: bool = False
    today: date = date.min

    @property
    def total(self) -> int:
        return total(self.parts, self.labour)

    @property
    def asked(self) -> bool:
        if self.estimate is None or self.state is not State.WAITING_APPROVAL:
            return False
        return self.estimate.decision is None and not self.estimate.expired


@dataclass(frozen=True, slots=True)
class RequestsView:
    """The devices that are here, the newest first; `trouble` says why they cannot be told."""

    requests: tuple[RequestView, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class IntakeRequest:
    """A device to be taken in; what was not said is empty."""

    type: str
    problem: str
    brand: str = ""
    model: str = ""
    serial: str = ""
    condition: str = ""
    accessories: tuple[str, ...] = ()
    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class TakenView:
    """A device was taken in. Without a `number` the server gives it one later; `code` is what its label
    shows, `device` what it is and whose."""

    device: str
    number: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """A device is moved on to a state, with a note; without a state the note alone."""

    state: State | None = None
    note: str = ""
    public: bool = False


@dataclass(frozen=True, slots=True)
class LineRequest:
    """A part or some work is added to what it costs, or taken out."""

    line: Part | Labour
    out: bool = False


@dataclass(frozen=True, slots=True)
class EstimateRequest:
    """The customer is to be asked whether they want what it costs, or what it may cost at most (`high`);
    they have `days` to answer."""

    high: int | None = None
    note: str = ""
    days: int = 14


@dataclass(frozen=True, slots=True)
class DecisionRequest:
    """The customer says at the desk whether they want it."""

    decision: Decision
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PromiseRequest:
    """When it is to be ready, by the clock of the service point; None promises nothing."""

    at: datetime | None


ChangeRequest = MoveRequest | LineRequest | EstimateRequest | DecisionRequest | PromiseRequest
