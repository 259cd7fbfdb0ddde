"""What ticket types and tickets are asked for and answer."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from domain.ticket import TicketState
from domain.ticket_code import MAX_CODE_CHARS
from server.ticketing.states import Act
from server.wire import At, Colour, Currency, Id, In, LongText, LongTexts, Money, Out, Patch, Text

MAX_PER_ORDER = 100
"""So many tickets an order holds at most, whatever their types allow."""

Perks = Annotated[list[Text], Field(max_length=50)]
Quota = Annotated[int, Field(ge=0, le=10_000_000)]
PerOrder = Annotated[int, Field(ge=1, le=MAX_PER_ORDER)]
Code = Annotated[Text, Field(max_length=MAX_CODE_CHARS)]


class TypeIn(In):
    """A tier. `quota` null is without limit; `perks` are what its tickets are handed out at the door.

    Customers see and buy what is `sold`, from `saleFrom` until `saleUntil`, where given, so many in an order.
    Kiosks that may sell what is `atDoor`, as long as the event lasts.
    """

    id: Id | None = None
    name: Annotated[Text, Field(min_length=1)]
    colour: Colour = "#3b6fd8"
    price: Money = 0
    currency: Currency = "EUR"
    quota: Quota | None = None
    perks: Perks = []
    rotating: bool = False
    description: LongTexts = {}
    sold: bool = True
    at_door: bool = False
    sale_from: At | None = None
    sale_until: At | None = None
    min_per_order: PerOrder = 1
    max_per_order: PerOrder = 10


class TypePatch(Patch):
    may_be_empty: ClassVar[frozenset[str]] = frozenset({"quota", "sale_from", "sale_until"})

    name: Annotated[Text, Field(min_length=1)] | None = None
    colour: Colour | None = None
    price: Money | None = None
    currency: Currency | None = None
    quota: Quota | None = None
    perks: Perks | None = None
    rotating: bool | None = None
    description: LongTexts | None = None
    sold: bool | None = None
    at_door: bool | None = None
    sale_from: At | None = None
    sale_until: At | None = None
    min_per_order: PerOrder | None = None
    max_per_order: PerOrder | None = None


class TypeOut(Out):
    """A tier. `number` stands in ticket codes."""

    id: str
    event: str
    number: int
    name: str
    colour: str
    price: int
    currency: str
    quota: int | None
    perks: list[str]
    rotating: bool
    description: dict[str, str]
    sold: bool
    at_door: bool
    sale_from: At | None
    sale_until: At | None
    min_per_order: int
    max_per_order: int
    created: At


class TicketIn(In):
    """A new ticket. `code` is one that another system made; without it a code is signed.

    Perks are those of the type unless given; what is due of a pending one is the type's price.
    """

    type: Id
    code: Code = ""
    state: TicketState = TicketState.VALID
    name: Text = ""
    email: Text = ""
    order: Text = ""
    seat: Text = ""
    session: Text = ""
    note: LongText = ""
    attention: bool = False
    perks: Perks | None = None
    due: Money | None = None
    valid_from: At | None = None
    valid_until: At | None = None
    main: Id | None = None

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if (
            self.valid_from is not None
            and self.valid_until is not None
            and self.valid_until <= self.valid_from
        ):
            raise ValueError("a ticket is valid until a time after that from which it is")
        return self


class TicketsIn(In):
    tickets: Annotated[list[TicketIn], Field(min_length=1, max_length=1000)]


class TicketPatch(Patch):
    """`act` moves the ticket to another state; the answer to a wrong one says what is allowed."""

    name: Text | None = None
    email: Text | None = None
    seat: Text | None = None
    note: LongText | None = None
    attention: bool | None = None
    act: Act | None = None


class TicketOut(Out):
    """A ticket. `foreign` tells that another system made its code; `main` is the one it is an add-on of."""

    id: str
    event: str
    type: str
    number: int
    generation: int
    state: TicketState
    name: str
    email: str
    order: str
    seat: str
    session: str
    note: str
    attention: bool
    perks: list[str]
    due: int
    currency: str
    valid_from: At | None
    valid_until: At | None
    main: str | None
    foreign: bool
    created: At


class TicketWithCode(TicketOut):
    code: str


class Issued(Out):
    items: list[TicketWithCode]


class CodeOut(Out):
    """`code` is the ticket's; `shown` is what its picture holds now, with digits where they rotate."""

    code: str
    shown: str


class KeyOut(Out):
    """A key that verifies ticket codes; `public` is its 32 bytes in base64."""

    number: int
    public: str
    created: At


class LineError(Out):
    """What is wrong with a line (the header is line 1) in one column; empty for the line as a whole."""

    line: int
    column: str
    msg: str


class ImportOut(Out):
    """What an import did, or with `dryRun` would do. Where the report has errors nothing is imported.

    `report` holds the first 1,000 of `errors`.
    """

    lines: int
    imported: int
    dry_run: bool
    errors: int
    report: list[LineError]
