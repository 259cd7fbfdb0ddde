"""The line of a service point at an instant: who is called next, who is ahead of whom and why, how long."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Literal

from sqlalchemy import Connection

from domain.clock import Instant
from domain.forecast import Forecast, configured
from domain.queue import State, call_order
from domain.service_point import Opening, opening
from server.queues import store
from server.queues.values import Counter, Place, Point

Why = Literal["priority", "appointment", "returned"]


@dataclass(frozen=True)
class Line:
    """`waiting` stands in the order in which they will be called."""

    point: Point
    waiting: tuple[Place, ...]
    counters: tuple[Counter, ...]
    at: Instant

    @cached_property
    def positions(self) -> dict[str, int]:
        """The position of each who waits, 1 is next."""
        return {place.entry.id: index for index, place in enumerate(self.waiting, 1)}

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
        overtook = [(place.entry.changed, _reason(place, of)) for place in ahead]
        return max((found for found in overtook if found[1]), key=itemgetter(0), default=(0, None))[1]


def line(connection: Connection, point: Point, at: Instant, live: Sequence[Place] | None = None) -> Line:
    """The line as it is; `live` are those who are here, where the caller has read them already."""
    places = store.live(connection, point, State.WAITING) if live is None else live
    by_id = {place.entry.id: place for place in places}
    ordered = call_order((place.entry for place in places), point.rules, at, point.turn)
    counters = store.counters_of(connection, point.org, point.id)
    return Line(point, tuple(by_id[entry.id] for entry in ordered), tuple(counters), at)


def _reason(other: Place, of: Place) -> Why | None:
    """What lets somebody who began to wait later go first; None for who was there before."""
    came = of.entry.changed if of.person.booked is not None else of.entry.joined
    if other.entry.sequence < of.entry.sequence:
        return "returned" if other.entry.changed > came else None
    if other.entry.front:
        return "returned"
    if other.person.booked is not None:
        return "appointment"
    return "priority" if other.entry.priority != of.entry.priority else None
