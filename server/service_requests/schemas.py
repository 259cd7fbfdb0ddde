"""What the routes of service requests take and give. Money is in minor units of the request's currency."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from domain.service_request import Decision, State
from server.queues.schemas import Name, Phone
from server.wire import At, Currency, Id, In, Language, LongText, MailAddress, Out, Text

LONGEST = 2000
LINES = 100
PHOTOS = 20


def _stated(text: str) -> str:
    if not text:
        raise ValueError("say it in a word or two")
    return text


Said = Annotated[LongText, StringConstraints(strip_whitespace=True), Field(max_length=LONGEST)]
Needed = Annotated[Said, AfterValidator(_stated)]
ShortNeeded = Annotated[Name, AfterValidator(_stated)]
Price = Annotated[int, Field(ge=0, le=10**9)]
Sum = Annotated[int, Field(ge=0, le=10**15)]
Minutes = Annotated[int, Field(ge=0, le=100_000)]
PhotoIds = Annotated[list[Id], Field(max_length=PHOTOS)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="The request's version as you saw it.")]


class CustomerIn(In):
    email: MailAddress | Literal[""] = ""
    name: Name = ""
    phone: Phone | Literal[""] = ""
    language: Language | Literal[""] = ""


class DeviceIn(In):
    type: ShortNeeded
    brand: Name = ""
    model: Name = ""
    serial: Name = ""


class IntakeIn(In):
    """A device as it is taken in. `photos` and `signature` are ids that `POST …/photo` gave the caller.

    Customers who have signed in are known: what they say of themselves but name, phone and language is not
    heard. `promised`, `assignee` and `currency` count from staff and desks only.
    """

    service_point: Id
    customer: CustomerIn = Field(default_factory=CustomerIn)
    device: DeviceIn
    problem: Needed
    condition: Said = ""
    accessories: Annotated[list[ShortNeeded], Field(max_length=30)] = Field(default_factory=list)
    photos: PhotoIds = Field(default_factory=list)
    signature: Id | None = None
    promised: At | None = None
    assignee: Id | None = None
    currency: Currency = "EUR"


class PartIn(In):
    sku: Annotated[Text, Field(max_length=64)] = ""
    text: ShortNeeded
    quantity: Annotated[int, Field(ge=1, le=10_000)] = 1
    price: Price


class LabourIn(In):
    """`rate` is that of an hour; without `billable` all minutes are charged."""

    text: ShortNeeded
    minutes: Minutes
    billable: Minutes | None = None
    rate: Price


class NoteIn(In):
    """`public`: the customer reads it too."""

    text: Needed
    public: bool = False


class EstimateIn(In):
    """What the lines, as they are then, may cost: `low` to `high`, by themselves their sum."""

    low: Sum | None = None
    high: Sum | None = None
    valid_until: At | None = None
    note: Said = ""

    @model_validator(mode="after")
    def _ordered(self) -> "EstimateIn":
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("low is above high: give the smaller one first")
        return self


class ApprovalIn(In):
    """What the customer said at the desk or on the phone; `by` is who said it. `revision` is that of the
    estimate which they were told, by itself the newest."""

    decision: Decision
    by: Name = ""
    reason: Said = ""
    revision: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


class RequestChange(In):
    """What is not named stays. Notes and photos are added; `parts` and `labour` name all lines that remain;
    `estimate` is a new one, which nobody has approved yet. An approval moves it from `waiting_approval` to
    `approved`. `promised` and `assignee` null: none. What was said at intake can be corrected; of the
    customer only what is named changes."""

    version: Version | None = None
    customer: CustomerIn | None = None
    device: DeviceIn | None = None
    problem: Needed | None = None
    condition: Said | None = None
    accessories: Annotated[list[ShortNeeded], Field(max_length=30)] | None = None
    state: State | None = None
    notes: Annotated[list[NoteIn], Field(max_length=20)] = Field(default_factory=list)
    photos: PhotoIds = Field(default_factory=list)
    parts: Annotated[list[PartIn], Field(max_length=LINES)] | None = None
    labour: Annotated[list[LabourIn], Field(max_length=LINES)] | None = None
    estimate: EstimateIn | None = None
    approval: ApprovalIn | None = None
    promised: At | None = None
    assignee: Id | None = None


class CustomerOut(Out):
    email: str
    name: str
    phone: str
    language: str


class DeviceOut(Out):
    type: str
    brand: str
    model: str
    serial: str


class PartOut(Out):
    sku: str
    text: str
    quantity: int
    price: int
    amount: int


class LabourOut(Out):
    text: str
    minutes: int
    billable: int
    rate: int
    amount: int


class NoteOut(Out):
    at: At
    actor: str
    public: bool
    text: str


class ApprovalOut(Out):
    """`actor` is who wrote it down: `staff:id`, `device:id`, or `public` for the customer's own page."""

    decision: Decision
    at: At
    actor: str
    by: str
    reason: str


class EstimateOut(Out):
    """With the lines as they were when it was given, and their sum."""

    revision: int
    low: int
    high: int
    total: int
    currency: str
    valid_until: At | None
    note: str
    parts: list[PartOut]
    labour: list[LabourOut]
    given: At
    actor: str
    approval: ApprovalOut | None


class PhotoOut(Out):
    """`thumb` and `full` are addresses of JPEG pictures, for whoever may read the request."""

    id: str
    signature: bool
    width: int
    height: int
    thumb: str
    full: str


class RequestOut(Out):
    """`number` is for people, `code` is what its label shows to scanners, `link` the customer's page.

    `total` is the sum of the lines as they are now; `overEstimate` says that it is more than the customer
    approved. `promised` counts no pause that still runs since
    `pausedSince`. `allowed` are the states that may follow.
    """

    id: str
    number: str
    code: str
    service_point: str
    state: State
    since: At
    allowed: list[State]
    customer: CustomerOut
    contact: str | None
    device: DeviceOut
    problem: str
    condition: str
    accessories: list[str]
    photos: list[PhotoOut]
    notes: list[NoteOut]
    parts: list[PartOut]
    labour: list[LabourOut]
    total: int
    over_estimate: bool
    currency: str
    estimate: EstimateOut | None
    earlier_estimates: list[EstimateOut]
    promised: At | None
    paused_since: At | None
    assignee: str | None
    link: str
    version: int
    created: At
    changed: At


class PublicRequest(Out):
    """What a customer who has signed in gets of a request of their own; the rest is on its page."""

    id: str
    number: str
    service_point: str
    state: State
    device: DeviceOut
    problem: str
    link: str
    created: At
