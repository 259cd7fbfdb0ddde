"""A line at an instant, with all that its forecast rests on."""

from dataclasses import dataclass

from domain.clock import MINUTE, Instant
from domain.queue import Entry, Rules
from domain.wait_history import NONE, History


@dataclass(frozen=True, slots=True)
class Desk:
    """A counter as it is now, `open`, `paused` or `closed`; `shifts` is its plan.

    None where there is none: then it keeps its usual shifts.
    """

    id: str
    state: str
    shifts: tuple[tuple[Instant, Instant], ...] | None = None


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking whose person is yet to come, and the class in which they will wait."""

    at: Instant
    priority: str


@dataclass(frozen=True)
class Situation:
    """A line at an instant. `people` are those who wait, are called or are served.

    `minute` is the minute of the local day.
    """

    at: Instant
    rules: Rules
    people: tuple[Entry, ...]
    desks: tuple[Desk, ...]
    turn: int = 0
    bookings: tuple[Booking, ...] = ()
    minute: int = 720
    history: History = NONE

    @property
    def open_counters(self) -> int:
        return sum(desk.state == "open" for desk in self.desks)

    @property
    def hour(self) -> int:
        return self.minute // 60 % 24

    def shifts(self, desk: Desk) -> tuple[tuple[float, float], ...]:
        """The shifts of a counter that are not over, from and to in milliseconds from now."""
        if desk.shifts is not None:
            found = tuple((float(start - self.at), float(end - self.at)) for start, end in desk.shifts)
        else:
            usual = self.history.shifts.get(desk.id, ())
            found = tuple(((a - self.minute) * MINUTE, (b - self.minute) * MINUTE) for a, b in usual)
        return tuple((start, end) for start, end in found if end > 0)
