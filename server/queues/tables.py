"""Service points, counters, entries of queues, each stay in a state, numbers given out and leased."""

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from server.db.base import Moment, table_of


class ServicePoint(SQLModel, table=True):
    """A place with capacity. `settings` is the JSON that `domain.service_point` reads.

    `turn` is the place in the quota's pattern, `sequence` counts the joins, `joined` is the last join
    time. `learned` is the JSON of what its line has taught, by those who were called until `taught`. Every
    change of its queue locks this row first, so that one comes after the other.
    """

    __tablename__ = "service_point"

    org: str = Field(foreign_key="organization.id")
    id: str = Field(index=True)
    name: str
    zone: str
    settings: str
    turn: int = 0
    sequence: int = 0
    joined: int | None = Field(default=None, sa_type=Moment)
    learned: str = ""
    taught: int | None = Field(default=None, sa_type=Moment)
    created: int = Field(sa_type=Moment)
    deleted: int | None = Field(default=None, sa_type=Moment)

    __table_args__ = (PrimaryKeyConstraint("org", "id"),)


class Counter(SQLModel, table=True):
    """Where people are served: `open`, `paused` or `closed`; `staff` names who serves there.

    `place` is its position in the service point's list.
    """

    org: str
    id: str
    service_point: str
    name: str
    state: str = "closed"
    staff: str = ""
    place: int = 0

    __table_args__ = (
        PrimaryKeyConstraint("org", "id"),
        ForeignKeyConstraint(["org", "service_point"], ["service_point.org", "service_point.id"]),
        Index("ix_counter_service_point", "org", "service_point"),
    )


class QueueEntry(SQLModel, table=True):
    """One person or party at one service point: leg `leg` of the visit that its first entry names.

    `day` is the local day of joining; `issued` is the day and number where this service point gave the
    number out, which it does once, and null where it came along by a transfer. `live` says whether the
    person is still here, `written` when the row last changed by the server's clock.
    `prior` is JSON, for undo; `turn_before` and `turn_after` are the turn around its call.
    `spared`: a no-show was taken back, so that the end of grace makes no other one.
    `waited` and `served` are milliseconds, once known; `forecast_*` what was foretold at the join,
    `model_*` the same before it was corrected, where history gave it.
    """

    __tablename__ = "queue_entry"

    id: str = Field(primary_key=True)
    org: str
    visit: str = Field(index=True)
    leg: int = 1
    service_point: str
    number: str
    day: str
    issued: str | None = None
    category: str
    priority: str
    state: str
    live: bool = True
    joined: int = Field(sa_type=Moment)
    sequence: int
    changed: int = Field(sa_type=Moment)
    counter: str | None = None
    called: int | None = Field(default=None, sa_type=Moment)
    calls: int = 0
    front: bool = False
    arrived: bool = True
    held_from: str | None = None
    prior: str | None = None
    name: str = ""
    call_by_name: bool = False
    party: int = 1
    note: str = ""
    version: int = 1
    phone: str = ""
    email: str = ""
    language: str = ""
    browser: str = ""
    booked: int | None = Field(default=None, sa_type=Moment)
    outcome: str = ""
    service_note: str = ""
    stretch: int = 1
    turn_before: int | None = None
    turn_after: int | None = None
    spared: bool = False
    waited: int | None = Field(default=None, sa_type=Moment)
    served: int | None = Field(default=None, sa_type=Moment)
    forecast_p50: int | None = Field(default=None, sa_type=Moment)
    forecast_p80: int | None = Field(default=None, sa_type=Moment)
    forecast_p90: int | None = Field(default=None, sa_type=Moment)
    model_p50: int | None = Field(default=None, sa_type=Moment)
    model_p80: int | None = Field(default=None, sa_type=Moment)
    model_p90: int | None = Field(default=None, sa_type=Moment)
    written: int = Field(sa_type=Moment)

    __table_args__ = (
        ForeignKeyConstraint(["org", "service_point"], ["service_point.org", "service_point.id"]),
        UniqueConstraint("org", "service_point", "issued"),
        Index("ix_queue_entry_live", "live", "org", "service_point"),
        Index("ix_queue_entry_day", "org", "service_point", "day"),
        Index("ix_queue_entry_called", "org", "service_point", "called"),
    )


class QueueStretch(SQLModel, table=True):
    """A stay of an entry in one state, `[since, until)`; nothing but its end and `undone` ever changes."""

    __tablename__ = "queue_stretch"

    entry: str = Field(foreign_key="queue_entry.id")
    sequence: int
    state: str
    since: int = Field(sa_type=Moment)
    until: int | None = Field(default=None, sa_type=Moment)
    counter: str | None = None
    actor: str
    undone: bool = False

    __table_args__ = (PrimaryKeyConstraint("entry", "sequence"),)


class QueueNumber(SQLModel, table=True):
    """The last number that a service point gave out, or leased, under a letter on a local day."""

    __tablename__ = "queue_number"

    org: str
    service_point: str
    day: str
    letter: str
    last: int

    __table_args__ = (
        PrimaryKeyConstraint("org", "service_point", "day", "letter"),
        ForeignKeyConstraint(["org", "service_point"], ["service_point.org", "service_point.id"]),
    )


class NumberLease(SQLModel, table=True):
    """The numbers `first` to `last` that one device alone gives out on a local day."""

    __tablename__ = "number_lease"

    id: str = Field(primary_key=True)
    org: str
    device: str
    service_point: str
    category: str
    letter: str
    day: str
    first: int
    last: int
    at: int = Field(sa_type=Moment)

    __table_args__ = (
        ForeignKeyConstraint(["org", "service_point"], ["service_point.org", "service_point.id"]),
        Index("ix_number_lease_service_point", "org", "service_point", "day"),
    )


class ExpectedVisit(SQLModel, table=True):
    """Somebody who has booked a time here and has not come yet; the id is the booking's."""

    __tablename__ = "expected_visit"

    id: str = Field(primary_key=True)
    org: str
    service_point: str
    at: int = Field(sa_type=Moment)

    __table_args__ = (
        ForeignKeyConstraint(["org", "service_point"], ["service_point.org", "service_point.id"]),
        Index("ix_expected_visit_at", "org", "service_point", "at"),
    )


service_points = table_of(ServicePoint)
counters = table_of(Counter)
queue_entries = table_of(QueueEntry)
queue_stretches = table_of(QueueStretch)
queue_numbers = table_of(QueueNumber)
number_leases = table_of(NumberLease)
expected_visits = table_of(ExpectedVisit)
