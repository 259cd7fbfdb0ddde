"""What the store gives: a bookable service, a reservation, a hold. Frozen values."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from domain.business_hours import Hours, hours
from domain.clock import DAY, MINUTE, Instant
from domain.reservation import State
from domain.slots import Place, Service, Taken
from server.queues.values import Point
from server.reservations.schemas import DefinitionSettings, StaffHours

HOLD = 5 * MINUTE
NEVER = hours({})


@dataclass(frozen=True)
class Definition:
    """`text` is the JSON of its settings."""

    org: str
    id: str
    service_point: str
    text: str
    created: Instant
    changed: Instant

    @cached_property
    def settings(self) -> DefinitionSettings:
        return DefinitionSettings.model_validate_json(self.text)

    @cached_property
    def service(self) -> Service:
        said = self.settings
        return Service(
            self.id,
            said.duration_minutes * MINUTE,
            before=said.buffer_before_minutes * MINUTE,
            after=said.buffer_after_minutes * MINUTE,
            step=(said.step_minutes or 0) * MINUTE,
            grid=said.grid,
            notice=said.notice_minutes * MINUTE,
            horizon=said.horizon_days * DAY,
            capacity=said.capacity,
            staff=tuple(person.id for person in said.staff),
        )

    def place(self, point: Point, working: Collection[str]) -> Place:
        """Where and when it can be done; those who do not work here any more never do it."""
        own = {person.id: found for person in self.settings.staff if (found := hours_of(person))}
        own |= {id_: NEVER for id_ in self.service.staff if id_ not in working}
        capacity = point.settings.capacity
        return Place(point.id, point.where, point.settings.hours, capacity, own)


@dataclass(frozen=True, slots=True)
class Customer:
    email: str = ""
    name: str = ""
    phone: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Reservation:
    """`server.reservations.tables.Reservation` says what is what."""

    id: str
    org: str
    number: str
    secret: str
    definition: str
    service_point: str
    staff: str | None
    starts: Instant
    ends: Instant
    before: int
    after: int
    seats: int
    shared: bool
    state: State
    customer: Customer
    notes: str
    contact: str | None
    sequence: int
    version: int
    entry: str | None
    was: State | None
    seen: int
    watched: Instant | None
    lapses: Instant | None
    remind: Instant | None
    created: Instant
    changed: Instant

    @property
    def subject(self) -> str:
        return f"reservation:{self.id}"


@dataclass(frozen=True, slots=True)
class Hold:
    id: str
    org: str
    definition: str
    taken: Taken
    expires: Instant


def hours_of(person: StaffHours) -> Hours | None:
    """The hours of somebody's own; None for who is there whenever it is open."""
    if person.opening_hours is None and not person.special_days:
        return None
    week: dict[str, object] | None = None
    if person.opening_hours is not None:
        week = {day: [window.model_dump() for window in of] for day, of in person.opening_hours.items()}
    special = {day: [window.model_dump() for window in of] for day, of in person.special_days.items()}
    return hours(week, special)
