"""What the Desk shows of service requests, as frozen values. Moments are local to the service point."""

from dataclasses import dataclass
from datetime import datetime

from domain.service_request import State


@dataclass(frozen=True, slots=True)
class NoteView:
    """`public`: the customer reads it too."""

    at: datetime
    text: str
    public: bool = False


@dataclass(frozen=True, slots=True)
class RequestView:
    """A device that is here. `waits`: no time passes towards the promised date; `following` are the states
    that it may be moved on to."""

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

    id: str
    state: State | None = None
    note: str = ""
    public: bool = False
