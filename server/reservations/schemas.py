"""What the routes of reservations take and give. Durations are minutes."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from domain.reservation import Event, State
from domain.slots import Grid
from server.queues.schemas import Date, Phone, WindowModel
from server.wire import (
    At,
    Currency,
    Id,
    In,
    Language,
    LongText,
    LongTexts,
    MailAddress,
    Money,
    Out,
    Text,
    Texts,
    Zone,
)

_DAY = 1440
Minutes = Annotated[int, Field(ge=0, le=_DAY)]
Name = Annotated[Text, StringConstraints(strip_whitespace=True), Field(max_length=100)]
Seats = Annotated[int, Field(ge=1, le=1000)]
Windows = Annotated[list[WindowModel], Field(max_length=10)]
Week = dict[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], Windows]
LocalTime = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d$")]


class StaffHours(In):
    """Who does a service: a member of staff, with hours of their own where those are not the service
    point's."""

    id: Id
    opening_hours: Week | None = None
    special_days: Annotated[dict[Date, Windows], Field(max_length=1000)] = Field(default_factory=dict)


class DefinitionSettings(In):
    """A bookable service. `stepMinutes` null: duration and buffers together.

    `staff` empty: the service point alone is needed. `confirmation` `manual`: staff confirm each.
    `cutoffMinutes` before the start is the last moment to cancel or move it oneself. `category` is where in
    the walk-up line its people wait.
    """

    name: Annotated[Texts, Field(min_length=1)]
    description: LongTexts = Field(default_factory=dict)
    service_point: Id
    category: Id | None = None
    duration_minutes: Annotated[int, Field(ge=1, le=_DAY)]
    buffer_before_minutes: Minutes = 0
    buffer_after_minutes: Minutes = 0
    step_minutes: Annotated[int, Field(ge=1, le=_DAY)] | None = None
    grid: Grid = Grid.WINDOW
    notice_minutes: Annotated[int, Field(ge=0, le=90 * _DAY)] = 0
    horizon_days: Annotated[int, Field(ge=1, le=730)] = 90
    capacity: Seats = 1
    staff: Annotated[list[StaffHours], Field(max_length=100)] = Field(default_factory=list)
    price: Money = 0
    currency: Currency = "EUR"
    confirmation: Literal["auto", "manual"] = "auto"
    cutoff_minutes: Annotated[int, Field(ge=0, le=90 * _DAY)] = 0
    reminder_minutes: Annotated[list[Annotated[int, Field(ge=1, le=90 * _DAY)]], Field(max_length=10)] = (
        Field(default_factory=lambda: [_DAY])
    )

    @model_validator(mode="after")
    def _distinct(self) -> "DefinitionSettings":
        if len({person.id for person in self.staff}) < len(self.staff):
            raise ValueError("somebody is named twice: name each member of staff once")
        return self


class DefinitionIn(DefinitionSettings):
    id: Id | None = None


class StaffName(Out):
    id: str
    name: str


class DefinitionOut(DefinitionSettings, Out):
    """`timezone` and `people` are for who shows free times; `bookUrl` is its page."""

    id: str
    timezone: str
    people: list[StaffName]
    book_url: str
    created: At
    changed: At


class SlotsIn(In):
    """`from` and `to` frame the starts. `timezone` is that in which local times are answered; without it
    the service point's. `staff` is one of those who do it."""

    definition_id: Id
    from_: Annotated[At, Field(alias="from")]
    to: At
    staff: Id | None = None
    timezone: Zone | None = None


class SlotOut(Out):
    """A free time. `localStart` shows its offset, so that an hour that comes twice is told apart."""

    start: At
    end: At
    local_start: str
    seats_left: int
    staff: list[str]


class SlotsOut(Out):
    definition_id: str
    timezone: str
    slots: list[SlotOut]


class SlotIn(In):
    """`start` with its offset, or `localStart` as the clocks of `timezone` (the service point's) show it.

    `end` may be left out.
    """

    start: At | None = None
    end: At | None = None
    local_start: LocalTime | None = None
    timezone: Zone | None = None

    @model_validator(mode="after")
    def _one(self) -> "SlotIn":
        if (self.start is None) == (self.local_start is None):
            raise ValueError("give either start or localStart")
        return self


class CustomerIn(In):
    email: MailAddress | Literal[""] = ""
    name: Name = ""
    phone: Phone | Literal[""] = ""
    language: Language | Literal[""] = ""


class HoldIn(In):
    definition_id: Id
    slot: SlotIn
    staff: Id | None = None
    seats: Seats = 1


class HoldOut(Out):
    """Until it expires only who knows `holdId` can book this time."""

    hold_id: str
    start: At
    end: At
    staff: str | None
    expires: At


class ReservationIn(In):
    """`staff` null: any who is free. `holdId` books what was held. `seats` are for group sessions."""

    definition_id: Id
    slot: SlotIn
    customer: CustomerIn
    notes: Annotated[LongText, Field(max_length=2000)] = ""
    staff: Id | None = None
    seats: Seats = 1
    hold_id: Annotated[Text, Field(max_length=100)] | None = None


class ReservationChange(In):
    """What is not named stays. `state` is `confirmed`, `completed` or `no_show`; `cancelled` cancels.

    `staff` null gives it to any who is free.
    """

    id: Id
    slot: SlotIn | None = None
    staff: Id | None = None
    notes: Annotated[LongText, Field(max_length=2000)] | None = None
    state: Literal["confirmed", "completed", "no_show", "cancelled"] | None = None


class CustomerOut(Out):
    email: str
    name: str
    phone: str
    language: str


class TakenSlot(Out):
    start: At
    end: At


class ReservationOut(Out):
    """`queueEntry` is its place in the walk-up line once the person is here. `link` is the customer's page,
    `allowed` what fits its state."""

    id: str
    reservation_number: str
    definition_id: str
    service_point: str
    staff: str | None
    slot: TakenSlot
    timezone: str
    local_start: str
    state: State
    customer: CustomerOut
    notes: str
    seats: int
    sequence: int
    version: int
    contact: str | None
    queue_entry: str | None
    queue_number: str | None
    link: str
    allowed: list[Event]
    created: At
    changed: At


class PublicReservation(Out):
    """A reservation as whoever knows its number and address sees it."""

    reservation_number: str
    definition_id: str
    service_point: str
    staff: str | None
    slot: TakenSlot
    timezone: str
    local_start: str
    state: State
    seats: int
    notes: str
    link: str
    can_cancel: bool
