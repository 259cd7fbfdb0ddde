"""What the store gives: a request, its notes, estimates, photos. Frozen values."""

from dataclasses import dataclass

from domain.clock import Instant
from domain.service_request import Decision, Estimate, Labour, Part, Promise, State


@dataclass(frozen=True, slots=True)
class Customer:
    name: str = ""
    email: str = ""
    phone: str = ""
    language: str = "en"
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """`type` is what it is called at the desk: phone, bicycle."""

    type: str
    brand: str = ""
    model: str = ""
    serial: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.type, self.brand, self.model)))


@dataclass(frozen=True, slots=True)
class Request:
    """`server.service_requests.tables.ServiceRequest` says what is what."""

    id: str
    org: str
    service_point: str
    sequence: int
    code: str
    secret: str
    state: State
    since: Instant
    customer: Customer
    device: Device
    problem: str
    condition: str
    accessories: tuple[str, ...]
    currency: str
    parts: tuple[Part, ...]
    labour: tuple[Labour, ...]
    assignee: str | None
    promise: Promise
    estimate: int
    version: int
    created: Instant
    changed: Instant

    @property
    def number(self) -> str:
        """As people read it to each other."""
        return f"R{self.sequence:04}"

    @property
    def subject(self) -> str:
        return f"service_request:{self.id}"


@dataclass(frozen=True, slots=True)
class Note:
    request: str
    sequence: int
    at: Instant
    actor: str
    public: bool
    text: str


@dataclass(frozen=True, slots=True)
class Decided:
    """Who decided on an estimate: `actor` of the trail, `person` who said so."""

    at: Instant
    actor: str
    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class Offer:
    """An estimate as it was given to the customer, with its lines."""

    request: str
    terms: Estimate
    note: str
    parts: tuple[Part, ...]
    labour: tuple[Labour, ...]
    given: Instant
    actor: str
    decided: Decided | None = None

    @property
    def decision(self) -> Decision | None:
        return self.terms.decision


@dataclass(frozen=True, slots=True)
class Photo:
    id: str
    org: str
    request: str | None
    signature: bool
    content: str
    width: int
    height: int
    uploader: str
    created: Instant
