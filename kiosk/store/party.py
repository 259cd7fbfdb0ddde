"""The line of a service point as values: who is in it, the counters, the rules it runs by."""

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from domain import clock, queue
from domain.clock import Instant
from domain.forecast import Foresight
from domain.ids import EntryId, ServicePointId
from domain.queue import Entry, State
from domain.service_point import Settings
from domain.wait_history import NONE, History
from domain.waits import waits


@dataclass(frozen=True, slots=True)
class Counter:
    """Where people are served. `state` is `open`, `paused` or `closed`; `staff` names who serves there."""

    id: str
    name: str
    state: str = "closed"
    staff: str = ""


@dataclass(frozen=True, slots=True)
class ServicePoint:
    """`turn` is the place in the quota's pattern at which the next call stands.

    `history` is what the line has taught the server.
    """

    id: ServicePointId
    name: str
    zone: ZoneInfo
    settings: Settings
    turn: int = 0
    history: History = NONE

    def day(self, at: Instant) -> str:
        """The local date there, on which numbers begin anew."""
        return clock.local_day(at, self.zone)


@dataclass(frozen=True, slots=True)
class Party:
    """One person or party in the line, with what staff see of it. `version` counts its changes."""

    entry: Entry
    visit: str
    name: str = ""
    call_by_name: bool = False
    party: int = 1
    note: str = ""
    version: int = 0
    can_undo: bool = False

    @property
    def id(self) -> EntryId:
        return self.entry.id


@dataclass(frozen=True, slots=True)
class Line:
    """`expected` are the times of those who have booked and not come yet."""

    point: ServicePoint
    counters: tuple[Counter, ...] = ()
    parties: tuple[Party, ...] = ()
    expected: tuple[Instant, ...] = ()

    def party(self, id_: EntryId) -> Party | None:
        return next((party for party in self.parties if party.id == id_), None)

    def waiting(self, at: Instant) -> tuple[Party, ...]:
        """Everybody who waits, in the order in which they will be called."""
        by_id = {party.id: party for party in self.parties}
        rules, turn = self.point.settings.rules, self.point.turn
        ordered = queue.call_order((p.entry for p in self.parties), rules, at, turn)
        return tuple(by_id[entry.id] for entry in ordered)

    def waits(self, at: Instant) -> Foresight:
        """What is foretold to everybody who waits, and to whoever joins next; the server's own rule."""
        point, counters = self.point, {counter.id: counter.state for counter in self.counters}
        people = (party.entry for party in self.parties)
        return waits(
            people,
            counters,
            point.settings,
            point.zone,
            at,
            turn=point.turn,
            history=point.history,
            booked=self.expected,
        )

    def in_state(self, *states: State) -> Iterator[Party]:
        return (party for party in self.parties if party.entry.state in states)

    def last_joined(self) -> Instant | None:
        return max((party.entry.joined for party in self.parties), default=None)
