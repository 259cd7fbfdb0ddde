"""What the store gives: a service point, who stands in its line, a counter. Frozen values."""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from domain import clock
from domain.clock import Instant
from domain.forecast import Forecast
from domain.queue import Entry, Rules
from domain.service_point import Settings, settings
from domain.wait_history import History, load

_settings = lru_cache(maxsize=256)(settings)
"""Each text is read once; nothing changes what was read."""


@dataclass(frozen=True)
class Point:
    """A service point. `text` is the JSON of its settings; `joined` is its last join time.

    `taught` is the last call from which its history was learned.
    """

    org: str
    id: str
    name: str
    zone: str
    text: str
    turn: int
    sequence: int
    joined: Instant | None
    created: Instant
    learned: str = ""
    taught: Instant | None = None

    @cached_property
    def settings(self) -> Settings:
        return _settings(self.text)

    @property
    def rules(self) -> Rules:
        return self.settings.rules

    @cached_property
    def where(self) -> ZoneInfo:
        return clock.zone(self.zone)

    @property
    def history(self) -> History:
        """What its line has taught."""
        return load(self.learned)

    @property
    def scope(self) -> str:
        """Its scope in the change log."""
        return scope(self.org, self.id)


@dataclass(frozen=True, slots=True)
class Person:
    """Who waits, as far as they said. `browser` is the digest of a phone's cookie, `booked` the time of
    the booking that they came for."""

    name: str = ""
    call_by_name: bool = False
    party: int = 1
    note: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""
    browser: str = ""
    booked: Instant | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """An entry with all that the store keeps about it; `server.queues.tables.QueueEntry` says what."""

    entry: Entry
    org: str
    visit: str
    day: str
    person: Person
    leg: int = 1
    issued: str | None = None
    version: int = 1
    outcome: str = ""
    service_note: str = ""
    stretch: int = 1
    turn_before: int | None = None
    turn_after: int | None = None
    spared: bool = False
    waited: int | None = None
    served: int | None = None
    forecast: Forecast | None = None
    written: Instant = field(default=Instant(0))


@dataclass(frozen=True, slots=True)
class Counter:
    id: str
    service_point: str
    name: str
    state: str
    staff: str


def scope(org: str, service_point: str) -> str:
    """The name under which the changes of a service point are logged and followed."""
    return f"{org}/servicePoint:{service_point}"


def is_of_a_queue(scope: str) -> bool:
    """Whether changes under a scope are those of a service point."""
    return "/servicePoint:" in scope


def names(scope: str) -> tuple[str, str]:
    """The organisation and the service point of a scope."""
    org, _, service_point = scope.partition("/servicePoint:")
    return org, service_point
