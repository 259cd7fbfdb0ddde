"""What a line has taught: how long people keep a counter, who does not come, how good forecasts were.

Learned from those who have left the line, kept as JSON beside the service point, the same on the server and
in a kiosk. Walk-outs, no-shows, forgotten services and entries that expired never count as services.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from itertools import pairwise
from math import exp, log
from typing import Any

from domain.clock import DAY, HOUR, MINUTE, SECOND, Instant
from domain.queue import State
from domain.roster import Stay, usual

QUANTILES = (0.5, 0.8, 0.9)
LEEWAY = 1 * MINUTE
"""Added to a wait and to its forecast before they are compared: a wait of nothing has no ratio."""

_SERVICES, _BREAKS = 250, 100
_LONGEST_BREAK = 10 * MINUTE
_RECENT, _RECENTLY = 12, 2 * HOUR
_USUAL, _USUAL_HOUR, _USUAL_SPEED = 8, 60, 60
_OUTCOMES, _SURE = 300, 30


@dataclass(frozen=True, slots=True)
class Gone:
    """Somebody who has left the line. Times are instants, `served` and `waited` milliseconds.

    `served` is None for whoever was not served to the end, or whose service was forgotten. `foretold` are
    the quantiles as the model gave them at the join, before they were corrected. `minute` is the minute of
    the local day at the call, or at the end for somebody who was never called.
    """

    category: str
    priority: str
    state: State
    joined: Instant
    ended: Instant
    minute: int
    called: Instant | None = None
    counter: str | None = None
    served: int | None = None
    waited: int | None = None
    foretold: tuple[int, int, int] | None = None
    booked: bool = False

    @property
    def hour(self) -> int:
        return self.minute // 60 % 24


@dataclass(frozen=True, eq=False)
class History:
    """`services` are, by category, the milliseconds from a call until the counter was free, newest first.

    `breaks` lie between an end and the next call, while people waited. `absent` is the share of calls to
    which nobody came, `absences` how long such a call kept the counter. `leaving` is the share of those who
    wait that leaves in a millisecond. `arrivals` are joins in a millisecond by class. `pace` says how long
    services take in each local hour, and `lately` in the last two, against what they take on the whole.
    `speeds` says the same by counter. `shifts` are those that each counter keeps, in minutes of the day.
    `correction` multiplies each quantile; `outcomes` waits taught it.
    """

    services: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    breaks: tuple[int, ...] = ()
    absent: float = 0.0
    absences: tuple[int, ...] = ()
    leaving: float = 0.0
    arrivals: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    pace: tuple[float, ...] = (1.0,) * 24
    lately: float = 1.0
    speeds: Mapping[str, float] = field(default_factory=dict)
    shifts: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    correction: tuple[float, ...] = (1.0, 1.0, 1.0)
    outcomes: int = 0

    @property
    def known(self) -> int:
        """How many services it rests on."""
        return sum(map(len, self.services.values()))


NONE = History()


def learn(gone: Iterable[Gone], at: Instant) -> History:
    """What those who are gone teach at an instant."""
    people = sorted(gone, key=lambda one: one.ended, reverse=True)
    called = [one for one in people if one.called is not None]
    served = [one for one in called if one.state is State.COMPLETED and one.served is not None]
    absent = [one for one in called if one.state is State.NO_SHOW]
    services: dict[str, list[int]] = defaultdict(list)
    for one in served:
        if len(services[one.category]) < _SERVICES:
            services[one.category].append(_kept(one))
    means = {name: sum(kept) / len(kept) for name, kept in services.items()}
    pace, lately = _pace(served, means, at)
    return History(
        services={category: tuple(kept) for category, kept in services.items()},
        breaks=tuple(_breaks(called))[:_BREAKS],
        absent=len(absent) / (len(served) + len(absent) + 10),
        absences=tuple(_span(one.called, one.ended) for one in absent)[:_BREAKS],
        leaving=_leaving(people),
        arrivals=_arrivals(people, at),
        pace=pace,
        lately=lately,
        speeds=_speeds(served, means),
        shifts=usual(_stays(called)),
        correction=_correction(called),
        outcomes=sum(one.foretold is not None and one.waited is not None for one in called),
    )


def dump(history: History) -> str:
    """As JSON, with times in seconds: a second more or less teaches nothing."""
    kept = asdict(history)
    kept["services"] = {name: _seconds(spans) for name, spans in history.services.items()}
    kept["breaks"], kept["absences"] = _seconds(history.breaks), _seconds(history.absences)
    return json.dumps(kept, separators=(",", ":"))


@lru_cache(maxsize=256)
def load(text: str) -> History:
    """What `dump` wrote; nothing known where this version cannot read it."""
    try:
        kept: dict[str, Any] = json.loads(text or "{}")
        return History(
            services={name: _milliseconds(spans) for name, spans in kept.get("services", {}).items()},
            breaks=_milliseconds(kept.get("breaks", ())),
            absent=float(kept.get("absent", 0)),
            absences=_milliseconds(kept.get("absences", ())),
            leaving=float(kept.get("leaving", 0)),
            arrivals={name: tuple(map(float, rates)) for name, rates in kept.get("arrivals", {}).items()},
            pace=tuple(map(float, kept.get("pace", NONE.pace))),
            lately=float(kept.get("lately", 1)),
            speeds={name: float(speed) for name, speed in kept.get("speeds", {}).items()},
            shifts={
                name: tuple((int(a), int(b)) for a, b in s) for name, s in kept.get("shifts", {}).items()
            },
            correction=tuple(map(float, kept.get("correction", NONE.correction))),
            outcomes=int(kept.get("outcomes", 0)),
        )
    except (ValueError, TypeError, AttributeError):
        return NONE


def _kept(one: Gone) -> int:
    """How long somebody kept the counter: the way to it and the service, without time on hold."""
    assert one.served is not None
    way = _span(one.called, one.ended) - one.served
    return one.served + min(max(0, way), 3 * MINUTE)


def _pace(served: Sequence[Gone], means: Mapping[str, float], at: Instant) -> tuple[tuple[float, ...], float]:
    taken, usual = [0.0] * 24, [0.0] * 24
    whole = sum(means[one.category] for one in served) / max(1, len(served))
    for one in served:
        taken[one.hour] += _kept(one)
        usual[one.hour] += means[one.category]
    shrunk = _USUAL_HOUR * whole
    pace = tuple((t + shrunk) / (u + shrunk) if u else 1.0 for t, u in zip(taken, usual, strict=True))
    recent = [one for one in served[:_RECENT] if at - one.ended < _RECENTLY]
    expected = sum(means[one.category] * pace[one.hour] for one in recent)
    lately = (sum(map(_kept, recent)) + _USUAL * whole) / (expected + _USUAL * whole) if recent else 1.0
    return tuple(round(p, 4) for p in pace), round(lately, 4)


def _speeds(served: Sequence[Gone], means: Mapping[str, float]) -> dict[str, float]:
    taken: dict[str, float] = defaultdict(float)
    expected: dict[str, float] = defaultdict(float)
    whole = sum(map(_kept, served)) / max(1, len(served))
    for one in served:
        taken[one.counter or ""] += _kept(one)
        expected[one.counter or ""] += means[one.category]
    shrunk = _USUAL_SPEED * whole
    return {name: round((taken[name] + shrunk) / (expected[name] + shrunk), 4) for name in taken}


def _stays(called: Iterable[Gone]) -> Iterator[Stay]:
    for one in called:
        assert one.called is not None, "only those who were called stay at a counter"
        day = round((one.called - one.minute * MINUTE) / HOUR)
        waited = one.minute - _span(one.joined, one.called) // MINUTE
        yield Stay(
            day, one.counter or "", waited, one.minute, one.minute + _span(one.called, one.ended) // MINUTE
        )


def _breaks(called: Sequence[Gone]) -> Iterator[int]:
    """The time between an end and the next call at the same counter, if that person was there already."""
    counters: dict[str | None, list[Gone]] = defaultdict(list)
    for one in called:
        counters[one.counter].append(one)
    for people in counters.values():
        for later, before in pairwise(people):
            pause = _span(before.ended, later.called)
            if later.joined <= before.ended and pause < _LONGEST_BREAK:
                yield pause


def _leaving(people: Sequence[Gone]) -> float:
    left = [one for one in people if one.state is State.LEFT and one.called is None]
    waits = sum(one.waited if one.waited is not None else _span(one.joined, one.ended) for one in people)
    return len(left) / max(waits, HOUR)


def _arrivals(people: Sequence[Gone], at: Instant) -> dict[str, tuple[float, ...]]:
    """By class and local hour, of those who come without a booking; a mean of the days that are known."""
    days = len({one.joined // DAY for one in people}) or 1
    found: dict[str, list[float]] = defaultdict(lambda: [0.0] * 24)
    for one in people:
        if one.called is not None and not one.booked:
            hour = (one.hour - (one.called - one.joined) // HOUR) % 24
            found[one.priority][hour] += 1 / days / HOUR
    return {name: tuple(float(f"{rate:.4g}") for rate in rates) for name, rates in found.items()}


def _correction(called: Sequence[Gone]) -> tuple[float, ...]:
    """How far forecasts fell short: the quantile of the ratios of waits to it, from the last ones.

    While few waits are known it stays near 1.
    """
    known = [(one.waited, one.foretold) for one in called if one.waited is not None and one.foretold]
    factors: list[float] = []
    for index, share in enumerate(QUANTILES):
        ratios = sorted((wait + LEEWAY) / (told[index] + LEEWAY) for wait, told in known[:_OUTCOMES])
        if not ratios:
            return NONE.correction
        at = min(len(ratios) - 1, int(share * (len(ratios) + 1)))
        weight = len(ratios) / (len(ratios) + _SURE)
        factors.append(round(exp(weight * log(ratios[at])), 4))
    return tuple(factors)


def _span(since: Instant | None, until: Instant | None) -> int:
    return max(0, (until or 0) - (since or 0))


def _seconds(spans: Iterable[int]) -> list[int]:
    return [round(span / SECOND) for span in spans]


def _milliseconds(spans: Iterable[float]) -> tuple[int, ...]:
    return tuple(int(span) * SECOND for span in spans)
