"""The line of a service point at an instant: who is called next, who is ahead of whom and why, how long."""

from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Literal

from sqlalchemy import Connection

from domain.clock import Instant
from domain.forecast import Forecast, configured
from domain.queue import Entry, call_order
from domain.service_point import Opening, opening
from server.queues import store
from server.queues.values import Counter, Place, Point

Why = Literal["priority", "appointment", "returned"]


@dataclass(frozen=True)
class Line:
    """`waiting` stands in the order in which they will be called; `booked` are the ids of bookings."""

    point: Point
    waiting: tuple[Entry, ...]
    booked: frozenset[str]
    counters: tuple[Counter, ...]
    at: Instant

    @cached_property
    def positions(self) -> dict[str, int]:
        """The position of each who waits, 1 is next."""
        return {entry.id: index for index, entry in enumerate(self.waiting, 1)}

    def position(self, of: Place) -> int | None:
        return self.positions.get(of.entry.id)

    def forecast(self, position: int) -> Forecast:
        """The wait of whoever stands at a position."""
        open_ = sum(counter.state == "open" for counter in self.counters)
        return configured(position, self.point.rules, open_)

    @property
    def next_forecast(self) -> Forecast:
        """The wait of whoever joins now."""
        return self.forecast(len(self.waiting) + 1)

    @property
    def opening(self) -> Opening:
        return opening(self.point.settings, self.point.where, self.at, self.next_forecast.p50)

    def counter_name(self, id_: str | None) -> str | None:
        return next((counter.name for counter in self.counters if counter.id == id_), id_)

    def why(self, of: Place) -> Why | None:
        """Why more people are ahead than there were at the join: the reason of the last who went ahead."""
        position = self.position(of)
        ahead = self.waiting[: position - 1] if position else ()
        overtook = [(entry.changed, self._reason(entry, of.entry)) for entry in ahead]
        return max((found for found in overtook if found[1]), key=itemgetter(0), default=(0, None))[1]

    def _reason(self, other: Entry, of: Entry) -> Why | None:
        """What lets somebody who began to wait later go first; None for who was there before."""
        came = of.changed if of.id in self.booked else of.joined
        if other.front:
            return "returned" if other.changed >= came else None
        if other.sequence < of.sequence:
            return "returned" if other.changed > came else None
        if other.id in self.booked:
            return "appointment"
        return "priority" if other.priority != of.priority else None


def line(connection: Connection, point: Point, at: Instant, *joining: Entry) -> Line:
    """The line as it is, and as it will be with those who are just joining."""
    entries, booked = store.waiting(connection, point)
    ordered = call_order((*entries, *joining), point.rules, at, point.turn)
    counters = store.counters_of(connection, point.org, point.id)
    return Line(point, ordered, booked, tuple(counters), at)
