"""The line of a service point at an instant: who is called next, who is ahead of whom and why, how long."""

from dataclasses import dataclass, replace
from functools import cached_property
from operator import itemgetter
from typing import Literal

from sqlalchemy import Connection

from domain.clock import Instant
from domain.forecast import Forecast, Foresight
from domain.queue import Entry, State, call_order
from domain.service_point import Opening, opening
from domain.waits import waits
from server.queues import expected, store
from server.queues.values import Counter, Place, Point

Why = Literal["priority", "appointment", "returned"]


@dataclass(frozen=True)
class Line:
    """`present` is everybody who is here, `booked` the ids of those who came for a booking; `expected` are
    the times of bookings still to come."""

    point: Point
    present: tuple[Entry, ...]
    booked: frozenset[str]
    counters: tuple[Counter, ...]
    at: Instant
    expected: tuple[Instant, ...] = ()

    @cached_property
    def waiting(self) -> tuple[Entry, ...]:
        """Who waits, in the order in which they will be called."""
        return call_order(self.present, self.point.rules, self.at, self.point.turn)

    @property
    def length(self) -> int:
        """How many wait."""
        return sum(entry.state is State.WAITING for entry in self.present)

    @cached_property
    def positions(self) -> dict[str, int]:
        """The position of each who waits, 1 is next."""
        return {entry.id: index for index, entry in enumerate(self.waiting, 1)}

    def position(self, of: Place) -> int | None:
        return self.positions.get(of.entry.id)

    def forecast(self, of: Place) -> Forecast:
        """The wait of somebody who waits here."""
        return self._foresight.waiting[of.entry.id]

    @property
    def next_forecast(self) -> Forecast:
        """The wait of whoever joins now."""
        return self._foresight.joiner

    @cached_property
    def _foresight(self) -> Foresight:
        point = self.point
        return waits(
            self.present,
            {counter.id: counter.state for counter in self.counters},
            point.settings,
            point.where,
            self.at,
            turn=point.turn,
            history=point.history,
            booked=self.expected,
        )

    @property
    def opening(self) -> Opening:
        return opening(self.point.settings, self.point.where, self.at, lambda: self.next_forecast.p50)

    def joined_by(self, new: Place) -> "Line":
        """The same line with somebody more, who is just joining."""
        booked = self.booked if new.person.booked is None else self.booked | {new.entry.id}
        return replace(self, present=(*self.present, store.as_present(new)), booked=booked)

    def counter_name(self, id_: str | None) -> str | None:
        return next((counter.name for counter in self.counters if counter.id == id_), id_)

    def why(self, of: Place) -> Why | None:
        """Why more people are ahead than there were at the join: the reason of the last who went ahead."""
        position = self.position(of)
        if not position:
            return None
        came = of.entry.changed if of.entry.id in self.booked else of.entry.joined
        ahead = (entry for entry in self.waiting[: position - 1] if _is_later(entry, of.entry, came))
        overtook = [(entry.changed, self._reason(entry, of.entry, came)) for entry in ahead]
        return max((found for found in overtook if found[1]), key=itemgetter(0), default=(0, None))[1]

    def _reason(self, other: Entry, of: Entry, came: Instant) -> Why | None:
        """What lets somebody who began to wait later go first."""
        if other.front:
            return "returned" if other.changed >= came else None
        if other.sequence < of.sequence:
            return "returned"
        if other.id in self.booked:
            return "appointment"
        return "priority" if other.priority != of.priority else None


def _is_later(other: Entry, of: Entry, came: Instant) -> bool:
    """Whether somebody in a line began to wait after somebody who `came` then."""
    return other.front or other.sequence > of.sequence or other.changed > came


def line(connection: Connection, point: Point, at: Instant) -> Line:
    counters = store.ask_counters(connection, point.org, point.id)
    entries, booked = store.present(connection, point)
    coming = expected.coming(connection, point, at)
    return Line(point, tuple(entries), booked, tuple(counters()), at, coming)
