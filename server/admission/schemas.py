"""What the door sends and is told."""

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, JsonValue, field_validator, model_validator

from domain import door_rules
from domain.admission import Direction, EntryPolicy, Reason
from domain.errors import Invalid
from server.wire import At, Id, In, Language, LongText, Money, Out, Text, Texts


class Question(In):
    """Something to ask at the door."""

    id: Id
    text: Annotated[Texts, Field(min_length=1)]
    kind: Literal["text", "number", "boolean", "choice"] = "text"
    required: bool = True
    choices: Annotated[list[Text], Field(max_length=50)] = []

    @model_validator(mode="after")
    def _has_choices(self) -> Self:
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError("choices belong to the kind choice, which needs them")
        return self


class ListSettings(In):
    """What a check-in list admits; empty lists of types, sessions or gates admit all.

    `checkoutAt` is a time of the event's zone at which everybody is out, each day.
    """

    types: Annotated[list[Id], Field(max_length=500)] = []
    sessions: Annotated[list[Text], Field(max_length=500)] = []
    gates: Annotated[list[Text], Field(max_length=500)] = []
    include_pending: bool = False
    entry: EntryPolicy = EntryPolicy.AFTER_EXIT
    addons: bool = False
    checkout_at: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] | None = None
    counts: bool = True
    require_confirmation: Annotated[list[Text], Field(max_length=20)] = []
    questions: Annotated[list[Question], Field(max_length=20)] = []
    valid_from: At | None = None
    valid_until: At | None = None
    rules: JsonValue = None

    @field_validator("questions")
    @classmethod
    def _told_apart(cls, value: list[Question]) -> list[Question]:
        if len({question.id for question in value}) < len(value):
            raise ValueError("each question has an id of its own")
        return value

    @field_validator("rules")
    @classmethod
    def _readable(cls, value: JsonValue) -> JsonValue:
        if value is not None:
            try:
                door_rules.read(value)
            except Invalid as fault:
                raise ValueError(fault.detail) from None
        return value


Name = Annotated[Text, Field(min_length=1)]


class ListIn(ListSettings):
    id: Id | None = None
    name: Name


class ListPatch(ListSettings):
    """What is absent stays; null takes a time or the rules away."""

    name: Name | None = None


class ListOut(ListSettings, Out):
    id: str
    name: str
    event: str
    created: At


Answers = Annotated[dict[Id, Text], Field(max_length=50)]
Lists = Annotated[list[Id], Field(min_length=1, max_length=20)]


class CheckIn(In):
    """One scan. `opId` is the scanner's own and makes the scan idempotent."""

    code: Annotated[str, Field(max_length=4096)]
    lists: Lists
    direction: Direction = Direction.ENTRY
    gate: Text = ""
    op_id: Id
    scanned_at: At | None = None
    force: bool = False
    simulate: bool = False
    answers: Answers = {}
    confirmed: bool = False
    confirm_unpaid: bool = False


class CheckInById(In):
    """One ticket admitted by its id. Without lists, all those of the ticket's event."""

    lists: Annotated[list[Id], Field(max_length=20)] = []
    direction: Direction = Direction.ENTRY
    gate: Text = ""
    op_id: Id | None = None
    scanned_at: At | None = None
    force: bool = False
    simulate: bool = False
    answers: Answers = {}
    confirmed: bool = False
    confirm_unpaid: bool = False


class Undo(In):
    op_id: Id | None = None
    reason: LongText = ""
    at: At | None = None


class UndoOut(Out):
    op_id: str
    undoes: str
    at: At


class OfflineCheckIn(In):
    """A scan that a kiosk decided: what it read, and the verdict that it showed."""

    code: Annotated[str, Field(max_length=4096)] | None = None
    ticket_id: Id | None = None
    lists: Lists
    list: Id
    direction: Direction = Direction.ENTRY
    gate: Text = ""
    verdict: Literal["admitted", "refused"]
    reason: Reason | None = None
    forced: bool = False
    answers: Answers = {}


class OfflineUndo(In):
    undoes: Id
    reason: LongText = ""


class OfflinePerk(In):
    ticket_id: Id
    perk: Text


class OfflineSale(In):
    """A ticket that a kiosk sold under a lease, and let in. It made the ids, the code and the order's number;
    `taken` is the money that it took, `perks` what it said that comes with the ticket. An e-mail address that
    is none is left out, and the sale stands."""

    lease: Id
    event: Id
    type: Id
    order_id: Id
    number: Annotated[str, Field(pattern=r"^[0-9A-Z]{6,16}$")]
    ticket_id: Id
    code: Annotated[str, Field(pattern=r"^[0-9A-Z]{20,64}$")]
    name: Text = ""
    email: Text = ""
    language: Language = "en"
    method: Literal["cash", "card", "free"]
    taken: Money
    perks: Annotated[list[Text], Field(max_length=50)] = []
    lists: Lists
    list: Id
    gate: Text = ""


class OfflineSaleBack(In):
    """A sale of this kiosk that it took back, and gave the money for: `sale` is the operation that sold."""

    sale: Id
    order_id: Id
    ticket_id: Id
    reason: LongText = ""


class PerkIn(In):
    """A perk to hand out. `opId` makes it once."""

    perk: Text
    op_id: Id
    at: At | None = None


class PerkOut(Out):
    """What was handed out, and what is left."""

    op_id: str
    ticket_id: str
    perk: str
    at: At
    left: list[str]
    redeemed: list[str]
    duplicate: bool


class TypeOut(Out):
    id: str
    name: str
    colour: str


class TicketOut(Out):
    """What the person at the door needs to see of a ticket. `perks` are still to hand out, `redeemed` not
    any more."""

    id: str
    type: TypeOut
    name: str
    seat: str
    session: str
    order: str
    note: str
    attention: bool
    perks: list[str]
    redeemed: list[str]
    state: str
    due: int
    currency: str


class NamedList(Out):
    id: str
    name: str


class FirstOut(Out):
    """The admission that stands."""

    op_id: str
    at: At
    gate: str
    device: str
    device_name: str


class UnmetOut(Out):
    """A rule that stood in the way."""

    fact: str
    op: str
    value: JsonValue
    moment: At | None
    negated: bool
    unknown: bool


class VerdictOut(Out):
    """The verdict; `reason` and `sentence` say why."""

    verdict: Literal["admitted", "ask", "refused"]
    reason: str | None = None
    sentence: str
    op_id: str
    at: At
    direction: Direction
    list: NamedList | None = None
    ticket: TicketOut | None = None
    first: FirstOut | None = None
    unmet: Sequence[UnmetOut] = ()
    questions: Sequence[Question] = ()
    confirmations: Sequence[str] = ()
    unpaid: bool = False
    duplicate: bool = False
    forced: bool = False


class Found(Out):
    """A ticket found by search."""

    ticket: TicketOut
    inside: bool
    last_scan: At | None


class ScanOut(Out):
    """One line of the history. `code` is what was read where it led to no ticket.

    `mark` is `double` (`other` is the other admission), `conflict` (`why` the server would have refused) or
    `late`; empty where nothing is to be said.
    """

    op_id: str
    at: At
    received: At
    list: str
    ticket: str
    name: str
    direction: str
    granted: bool
    reason: str
    gate: str
    actor: str
    device_name: str
    offline: bool
    forced: bool
    undoes: str | None
    mark: str
    why: str
    other: str
    note: str
    code: str
    answers: dict[str, str]


class Moves(Out):
    """What happened at the door; `refused` by reason. Of two admissions of one ticket the later is double."""

    entries: int
    exits: int
    double_admissions: int
    refused: dict[str, int]


class Counts(Moves):
    """`inside` are those who came in here and are in now."""

    inside: int


class TypeFigures(Counts):
    expected: int


class QuarterFigures(Moves):
    """A quarter hour, by its beginning."""

    at: At


class ListFigures(Counts):
    """Figures of one list. `expected` are the tickets that it admits; a gate that was not named is empty."""

    id: str
    name: str
    counts: bool
    expected: int
    by_gate: dict[str, Counts]
    by_type: dict[str, TypeFigures]
    by_quarter: list[QuarterFigures]


class Figures(Counts):
    """Figures of an event; lists that do not count for statistics are left out of the sums."""

    expected: int
    lists: list[ListFigures]
