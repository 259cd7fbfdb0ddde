"""The forecast of waits: quantiles, and what they rest on. The same inputs give the same answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import sqrt

from domain.forecast_situation import Situation
from domain.ids import EntryId, ServicePointId
from domain.queue import Entry, Rules, call_order, fallback_wait
from domain.wait_history import History

CONFIGURED = "configured"
"""The basis of a forecast without any history: the service point's configured duration."""
MIXED = "mixed"
"""The basis while there is little history: it counts beside the configured duration."""
HISTORY = "history"

_Z80, _Z90 = 0.8416, 1.2816
_FEW, _ENOUGH = 5, 40
_JOINER = EntryId("")


@dataclass(frozen=True, slots=True)
class Forecast:
    """Milliseconds that half, 80 % and 90 % of the waits stay below.

    `model` are the same before the correction that earlier waits taught.
    """

    p50: int
    p80: int
    p90: int
    basis: str = CONFIGURED
    model: tuple[int, int, int] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Foresight:
    """The forecast of each who waits, and of whoever joins next."""

    waiting: Mapping[EntryId, Forecast]
    joiner: Forecast


def foresee(now: Situation, joiner: str = "normal") -> Foresight:
    """What each who waits has to expect; and whoever joins next, in the class `joiner`."""
    order = call_order((*now.people, _joining(now, joiner)), now.rules, now.at, now.turn)
    if basis(now.history) == CONFIGURED:
        places = {entry.id: place for place, entry in enumerate(order, 1)}
        last = configured(places.pop(_JOINER), now.rules, now.open_counters)
        return Foresight(_Configured(places, now.rules, now.open_counters), last)
    # Much is loaded to play a line, which most servers and kiosks never do.
    from domain import forecast_play

    rests_on = basis(now.history)
    by_id = {
        entry.id: Forecast(*told, rests_on, model)
        for entry, (told, model) in zip(order, forecast_play.quantiles(now, order), strict=True)
    }
    return Foresight(by_id, by_id.pop(_JOINER))


def basis(history: History) -> str:
    """What forecasts rest on while so much is known."""
    if history.known < _FEW:
        return CONFIGURED
    return HISTORY if history.known >= _ENOUGH else MIXED


def configured(position: int, rules: Rules, open_counters: int) -> Forecast:
    """The forecast for a position in the line (1 is next) while there is no history.

    Services are taken to scatter by as much as they last, so that the wait for n of them scatters by
    1/√n of itself.
    """
    wait = fallback_wait(position, rules, open_counters)
    spread = wait / sqrt(max(1, position))
    p80, p90 = wait + round(_Z80 * spread), wait + round(_Z90 * spread)
    return Forecast(wait, p80, p90, model=(wait, p80, p90))


class _Configured(Mapping[EntryId, Forecast]):
    """Forecasts by position, worked out for those who are asked about."""

    def __init__(self, places: Mapping[EntryId, int], rules: Rules, open_counters: int) -> None:
        self._places, self._rules, self._open_counters = places, rules, open_counters

    def __getitem__(self, id_: EntryId) -> Forecast:
        return configured(self._places[id_], self._rules, self._open_counters)

    def __iter__(self) -> Iterator[EntryId]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def _joining(now: Situation, priority: str) -> Entry:
    """Somebody who joins now, behind everybody else of that class."""
    last = max((entry.sequence for entry in now.people), default=0)
    joined = max((now.at, *(entry.joined for entry in now.people)))
    return Entry(_JOINER, ServicePointId(""), "", "", joined, last + 1, joined, priority)
