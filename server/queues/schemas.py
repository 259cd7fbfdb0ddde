"""What the routes of the queues take and give."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from domain.queue import Event, State
from domain.service_point import Opening
from domain.service_request import State as RequestState
from server.wire import At, Id, In, Language, Out, Page, Text, Texts, Zone


def _date(text: str) -> str:
    date.fromisoformat(text)
    return text


Seconds = Annotated[int, Field(ge=0, le=86_400)]
Class = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
Date = Annotated[Day, AfterValidator(_date)]
Phone = Annotated[str, Field(pattern=r"^\+?[0-9 ()./-]{3,40}$")]
Email = Annotated[
    str, StringConstraints(strip_whitespace=True), Field(max_length=254, pattern=r"^[^\s@\x00]+@[^\s@\x00]+$")
]
Name = Annotated[Text, StringConstraints(strip_whitespace=True), Field(max_length=100)]
Note = Annotated[Text, Field(max_length=500)]
CounterState = Literal["open", "paused", "closed"]
Minute = Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
Version = Annotated[int | None, Field(ge=1, le=2**31 - 1, description="The entry's version as you saw it.")]


class WindowModel(In):
    """Local times; one that closes no later than it opens ends on the next day."""

    opens: Minute
    closes: Minute


Week = dict[
    Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    Annotated[list[WindowModel], Field(max_length=10)],
]


class CategoryModel(In):
    """`letter` begins its numbers; `priority` is the class in which its people wait."""

    id: Id
    letter: Annotated[str, Field(pattern=r"^[A-Z]$")]
    name: Texts = Field(default_factory=dict)
    priority: Class = "normal"


class DisplayTexts(In):
    """What a display shows beside the numbers, by language."""

    title: Texts = Field(default_factory=dict)
    ticker: Texts = Field(default_factory=dict)


class PointSettings(In):
    """How a service point runs its line. `openingHours` null: always open.

    `specialDays` gives dates windows of their own, none for a day that is closed.
    """

    capacity: Annotated[int, Field(ge=1, le=10_000)] = 1
    categories: Annotated[list[CategoryModel], Field(min_length=1, max_length=26)] = Field(
        default_factory=lambda: [CategoryModel(id="general", letter="A", name={"en": "General"})]
    )
    quota: Annotated[
        list[Class], Field(max_length=20, description="The repeating pattern of priority classes.")
    ] = Field(default_factory=lambda: ["priority", "priority", "normal"])
    age_limit_seconds: Seconds = 3600
    grace_seconds: Seconds = 180
    grace_mode: Literal["manual", "auto"] = "manual"
    return_seconds: Seconds = 900
    service_seconds: Annotated[int, Field(ge=1, le=86_400)] = 600
    forgotten_seconds: Annotated[int, Field(ge=60, le=7 * 86_400)] = 14_400
    opening_hours: Week | None = None
    special_days: Annotated[
        dict[Date, Annotated[list[WindowModel], Field(max_length=10)]], Field(max_length=1000)
    ] = Field(default_factory=dict)
    self_join: bool = True
    requires: Annotated[list[Literal["name", "phone", "email"]], Field(max_length=3)] = Field(
        default_factory=list, description="What whoever joins by phone must say."
    )
    max_waiting: Annotated[int, Field(ge=1, le=10_000)] | None = None
    bookings: Literal["time", "priority"] = "time"
    roster: Annotated[
        dict[Id, Week],
        Field(max_length=200, description="The hours planned for counters, by their ids; gaps are breaks."),
    ] = Field(default_factory=dict)
    service_request_steps: Annotated[
        dict[RequestState, Annotated[list[RequestState], Field(max_length=12)]],
        Field(description="What may follow each state of a service request, where that is not the usual."),
    ] = Field(default_factory=dict)
    display: DisplayTexts = Field(default_factory=DisplayTexts)

    @model_validator(mode="after")
    def _distinct(self) -> "PointSettings":
        for field in ("id", "letter"):
            if len({getattr(category, field) for category in self.categories}) < len(self.categories):
                raise ValueError(f"two categories have the same {field}: give each its own")
        return self


class CounterIn(In):
    """A counter; without an `id` it gets one."""

    id: Id | None = None
    name: Annotated[Name, Field(min_length=1)]


Counters = Annotated[list[CounterIn], Field(min_length=1, max_length=200)]


class PointIn(PointSettings):
    """A new service point. Without a zone it has its organisation's."""

    id: Id | None = None
    name: Annotated[Name, Field(min_length=1)]
    zone: Zone | None = None
    counters: Counters = Field(default_factory=lambda: [CounterIn(name="Counter 1")])


class PointChange(PointSettings):
    """What to change of a service point: what is not named stays. `counters` names all that remain."""

    id: Id
    name: Annotated[Name, Field(min_length=1)] | None = None
    zone: Zone | None = None
    counters: Counters | None = None


class CounterOut(Out):
    id: str
    service_point: str
    name: str
    state: CounterState
    staff: str


class Today(Out):
    """Figures of the local day. Means are seconds, null while there are none.

    `meanService` leaves out services that were forgotten, walk-outs and no-shows; `meanWait` is of those
    who were served.
    """

    day: str
    joined: int
    waiting: int
    called: int
    serving: int
    held: int
    completed: int
    no_shows: int
    left: int
    transferred: int
    expired: int
    forgotten: int
    mean_wait: float | None
    longest_wait: float | None
    mean_service: float | None


class PointSummary(PointSettings, Out):
    """What a service point is, without its figures; its ETag is of this."""

    id: str
    name: str
    zone: str
    counters: list[CounterOut]
    join_url: str


class PointOut(PointSummary):
    """`closesAt` is null while it is closed or where it never closes."""

    state: Opening
    closes_at: At | None
    today: Today


class ForecastOut(Out):
    """Seconds that half, 80 % and 90 % of the waits stay below, and what that rests on."""

    p50: int
    p80: int
    p90: int
    basis: str


class JoinIn(In):
    """Who joins. `priority`, `bookedFor` and `arrived` count from staff and devices only."""

    service_point: Id
    category: Id | None = None
    name: Name = ""
    call_by_name: bool = False
    phone: Phone | Literal[""] = ""
    email: Email | Literal[""] = ""
    language: Language | Literal[""] = ""
    party: Annotated[int, Field(ge=1, le=1000)] = 1
    note: Note = ""
    priority: Class | None = None
    booked_for: At | None = None
    arrived: bool | None = None


class EntryOut(Out):
    """An entry as staff and devices see it; times left in seconds."""

    id: str
    visit: str
    service_point: str
    number: str
    category: str
    priority: str
    state: State
    joined: At
    sequence: int
    changed: At
    counter: str | None
    called: At | None
    calls: int
    front: bool
    arrived: bool
    held_from: State | None
    name: str
    call_by_name: bool
    party: int
    note: str
    version: int
    position: int | None
    ahead: int | None
    forecast: ForecastOut | None
    grace_left: int | None
    overdue: bool
    allowed: list[Event]
    can_undo: bool
    phone: str
    email: str
    language: str
    booked_for: At | None
    outcome: str
    service_note: str
    link: str


class PublicEntry(Out):
    """An entry as whoever holds its link sees it. `why` tells who went ahead: `priority`, `appointment`
    or `returned`. `counter` is the counter's name."""

    id: str
    service_point: str
    number: str
    state: State
    position: int | None
    ahead: int | None
    forecast: ForecastOut | None
    counter: str | None
    why: Literal["priority", "appointment", "returned"] | None
    link: str


class Act(In):
    """`version`: the act is refused when the entry has changed since. `If-Match` says the same."""

    version: Version = None


class CounterAct(Act):
    """`counter` is the id or the name of a counter of the service point."""

    counter: Text | None = None


class CallNext(In):
    """`counter` is the id or the name of a counter; it may be left out where there is only one."""

    counter: Text | None = None


class CompleteAct(Act):
    outcome: Note = ""
    note: Note = ""


class NoShowAct(Act):
    """`force` marks a no-show before its grace has run out."""

    force: bool = False


class TransferAct(Act):
    """`newEntryId` is the id of the entry at the other service point, where a client makes ids."""

    service_point: Id
    category: Id | None = None
    new_entry_id: Id | None = None


class CounterSet(In):
    counter: Text
    state: CounterState
    staff: Name | None = None


class Working(Page[EntryOut]):
    """The working list, in the order of joining; `position` is the order of calls.

    `state` is `closing` when whoever joins now would not be served before closing time.
    """

    state: Opening
    closes_at: At | None
    forecast: ForecastOut


class PointName(Out):
    id: str
    name: str
    zone: str


class Serving(Out):
    """`name` is there only for those who chose to be called by it."""

    number: str
    counter: str | None
    name: str | None


class Called(Serving):
    at: At


class StatusOut(Out):
    """What a display shows. `forecast` is for whoever joins next; `waiting` stands in the order of calls."""

    service_point: PointName
    now_serving: list[Serving]
    last_called: list[Called]
    waiting: list[str]
    people_waiting: int
    forecast: ForecastOut
    state: Opening
    server_time: At
    join_url: str


class HitRate(Out):
    """The share of waits that stayed within each quantile; null while there are none."""

    p50: float | None
    p80: float | None
    p90: float | None


class QualityOut(Out):
    """How good the forecasts were that were made at the join, for those who were called since a day.

    `basis` is what forecasts rest on now, `services` how many that are known; `correction` is the factor by
    which each quantile is changed, since `outcomes` waits showed how far forecasts fall short.
    """

    service_point: str
    since: str
    basis: str
    services: int
    outcomes: int
    correction: HitRate
    forecasts: int
    hit_rate: HitRate
    mean_error: float | None


class Spread(Out):
    """How long something took, in seconds; null while there is nothing."""

    count: int
    mean: float | None
    longest: float | None


class Quantiles(Out):
    """Seconds that half and 90 % of the times stay within; null while there are none."""

    p50: float | None
    p90: float | None


class Figures(Out):
    """How many joined and what became of them. `wait` and `service` are of those who were served to the end:
    walk-outs, no-shows, expired entries and transfers count in no time, forgotten services not in theirs."""

    joined: int
    served: int
    no_shows: int
    left: int
    expired: int
    transferred: int
    forgotten: int
    wait: Spread
    service: Spread


class Grouped(Figures):
    """Those of one day, hour (`00` to `23`, of joining), category or counter; `name` is the counter's."""

    key: str
    name: str


class StatisticsOut(Out):
    """Local days `since` to `until`. Who came by a transfer counts where they came, on the day they came."""

    service_point: str
    since: str
    until: str
    total: Figures
    wait_quantiles: Quantiles
    service_quantiles: Quantiles
    days: list[Grouped]
    hours: list[Grouped]
    categories: list[Grouped]
    counters: list[Grouped]


class LeaseIn(In):
    service_point: Id
    category: Id
    day: Day
    size: Annotated[int, Field(ge=1, le=500)]


class LeaseOut(Out):
    """Numbers `first` to `last` of a letter, which this device alone may give out on that local day."""

    lease_id: str
    service_point: str
    category: str
    letter: str
    day: str
    first: int
    last: int
