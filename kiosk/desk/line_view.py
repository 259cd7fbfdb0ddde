"""The line of a service point as staff at the desk see it."""

from dataclasses import dataclass
from datetime import time

from domain import clock, queue, service_point
from domain.clock import Instant
from domain.forecast import Forecast
from domain.queue import State
from domain.service_point import Opening
from kiosk.store.party import Counter, Line, Party, ServicePoint


@dataclass(frozen=True, slots=True)
class Place:
    """A party with what the clock says of it: `forecast` while it waits, `grace_left` while it is called."""

    party: Party
    waited: int
    position: int | None = None
    forecast: Forecast | None = None
    grace_left: int | None = None

    @property
    def overdue(self) -> bool:
        return self.grace_left == 0


@dataclass(frozen=True, slots=True)
class DayFigures:
    """The day so far. `mean_wait` is of those who were served to the end, None while there are none."""

    served: int
    no_shows: int
    mean_wait: int | None


@dataclass(frozen=True, slots=True)
class LineView:
    """The line as staff see it; `missed` are today's no-shows, who may come back."""

    point: ServicePoint
    counters: tuple[Counter, ...]
    waiting: tuple[Place, ...]
    called: tuple[Place, ...]
    serving: tuple[Place, ...]
    held: tuple[Place, ...]
    missed: tuple[Place, ...]
    figures: DayFigures
    opening: Opening
    forecast: Forecast
    at: Instant


def line_view(line: Line, at: Instant) -> LineView:
    foresight = line.waits(at)
    waiting = tuple(
        Place(party, _since(party.entry.joined, at), position, foresight.waiting[party.id])
        for position, party in enumerate(line.waiting(at), start=1)
    )
    today = clock.last_daily(time(), at, line.point.zone) or Instant(0)
    return LineView(
        point=line.point,
        counters=line.counters,
        waiting=waiting,
        called=_places(line, State.CALLED, at),
        serving=_places(line, State.SERVING, at),
        held=_places(line, State.HELD, at),
        missed=tuple(
            place for place in _places(line, State.NO_SHOW, at) if place.party.entry.changed >= today
        ),
        figures=_figures(line, today),
        opening=service_point.opening(line.point.settings, line.point.zone, at, lambda: foresight.joiner.p50),
        forecast=foresight.joiner,
        at=at,
    )


def _places(line: Line, state: State, at: Instant) -> tuple[Place, ...]:
    rules = line.point.settings.rules
    parties = sorted(line.in_state(state), key=lambda party: (party.entry.changed, party.id))
    return tuple(
        Place(party, _since(party.entry.joined, at), grace_left=queue.grace_left(party.entry, at, rules))
        for party in parties
    )


def _figures(line: Line, today: Instant) -> DayFigures:
    ended = [p.entry for p in line.in_state(State.COMPLETED, State.NO_SHOW) if p.entry.changed >= today]
    served = [entry for entry in ended if entry.state is State.COMPLETED]
    waits = [_since(entry.joined, entry.called) for entry in served if entry.called is not None]
    mean = sum(waits) // len(waits) if waits else None
    return DayFigures(len(served), len(ended) - len(served), mean)


def _since(then: Instant, now: Instant) -> int:
    return max(0, now - then)
