"""What a display in the lobby shows of a service point; nothing personal but a name that was chosen."""

from dataclasses import dataclass
from datetime import time

from domain import clock, service_point
from domain.clock import SECOND, Instant
from domain.forecast import Forecast
from domain.ids import ServicePointId
from domain.queue import State
from domain.service_point import Opening
from kiosk.store.party import Line, Party

STALE = 15 * SECOND
"""Older than this, a display says so."""

_LAST_CALLS = 10


@dataclass(frozen=True, slots=True)
class Serving:
    """`name` is empty unless the visitor chose to be called by it."""

    number: str
    counter: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A call; `calls` grows with each time it was announced. `entry` tells two calls of one number apart."""

    entry: str
    number: str
    counter: str
    at: Instant
    calls: int = 1
    name: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """The public state of a service point. `age` is how old it is, in milliseconds, None if never heard."""

    point: ServicePointId
    name: str
    now_serving: tuple[Serving, ...]
    last_called: tuple[Call, ...]
    waiting: tuple[str, ...]
    forecast: Forecast
    opening: Opening
    at: Instant
    age: int | None = None

    @property
    def stale(self) -> bool:
        return self.age is None or self.age > STALE


def board(line: Line, at: Instant, age: int | None) -> Board:
    names = {counter.id: counter.name for counter in line.counters}
    serving = sorted(line.in_state(State.SERVING), key=lambda party: -party.entry.changed)
    waiting = line.waiting(at)
    ahead = line.waits(at).joiner
    return Board(
        point=line.point.id,
        name=line.point.name,
        now_serving=tuple(
            Serving(p.entry.number, _counter(names, p), p.name if p.call_by_name else "") for p in serving
        ),
        last_called=_calls(line, at, names),
        waiting=tuple(party.entry.number for party in waiting),
        forecast=ahead,
        opening=service_point.opening(line.point.settings, line.point.zone, at, lambda: ahead.p50),
        at=at,
        age=age,
    )


def _calls(line: Line, at: Instant, names: dict[str, str]) -> tuple[Call, ...]:
    """Today's, the newest first."""
    midnight = clock.last_daily(time(), at, line.point.zone) or Instant(0)
    called = [(p.entry.called, p) for p in line.parties if p.entry.called and p.entry.called >= midnight]
    newest = sorted(called, key=lambda call: (-call[0], call[1].entry.number))[:_LAST_CALLS]
    return tuple(
        Call(p.id, p.entry.number, _counter(names, p), when, p.entry.calls, p.name if p.call_by_name else "")
        for when, p in newest
    )


def _counter(names: dict[str, str], party: Party) -> str:
    """The counter's name; one that is no more is shown as it was called."""
    return names.get(party.entry.counter or "", party.entry.counter or "")
