"""How long people keep a counter, in every play of a line.

All draws come from one bank of evenly spread numbers, so that the same line gives the same answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from domain.clock import MINUTE
from domain.wait_history import History

PLAYS = 256

_SEED, _ROWS = 20_260_510, 64
_BREAK, _ABSENCE = 20_000.0, 3.0 * MINUTE
_LIKENESS = 0.08
_OWN_SHAPE, _SHRINK, _USUAL_SPREAD = 25, 4, 0.7
_BEYOND, _TAIL = 0.985, 0.4
_EVEN = (np.arange(PLAYS) + 0.5) / PLAYS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Spans:
    """How long counters are kept, as evenly spread quantiles by category; "" is any category."""

    tables: Mapping[str, Floats]
    pause: Floats
    absence: Floats
    absent: float
    likeness: Floats

    def table(self, category: str) -> Floats:
        return self.tables.get(category, self.tables[""])

    def drawn(self, tables: Floats, rows: Ints) -> Floats:
        """In every play, for the people in some rows: from the call to the end of the break."""
        which = np.arange(len(tables))[:, None]
        bank = _bank()
        kept = tables[which, bank[(rows * 3 + 1) % _ROWS]] * self.likeness
        if self.absent:
            gone = bank[(rows * 3 + 2) % _ROWS] < self.absent * PLAYS
            kept = np.where(gone, self.absence[bank[(rows * 3 + 1) % _ROWS]], kept)
        kept += self.pause[bank[rows * 3 % _ROWS]]
        return kept

    def left(self, category: str, been: int, draw: Floats) -> Floats:
        """How long somebody at a counter still keeps it, given how long it has been."""
        table = self.table(category)
        share = float(np.searchsorted(table, been)) / PLAYS
        if share > _BEYOND:
            # Past everything that is known, what is to come grows with what has been.
            tail: Floats = been * (draw**-_TAIL - 1) + self.pause.mean()
            return tail
        whole = table[((share + (1 - share) * draw) * PLAYS).astype(np.int64)]
        left: Floats = np.maximum(whole - been, 0.0) + self.pause.mean()
        return left


@lru_cache(maxsize=512)
def spans_of(history: History, usual: int, hour: int) -> Spans:
    """For a local hour and the next; `usual` is the configured duration, for as long as little is known."""
    factor = history.lately * (history.pace[hour] + history.pace[(hour + 1) % 24]) / 2
    everybody = [span for spans in history.services.values() for span in spans]
    whole, shape = _shrunk(everybody, float(usual)), _shape(history)
    tables = {"": whole * shape * factor}
    for name, spans in history.services.items():
        own = _quantiles(spans) / _mean(spans) if len(spans) >= _OWN_SHAPE else shape
        tables[name] = own * _shrunk(spans, whole) * factor
    pause = _quantiles(history.breaks) if len(history.breaks) >= 10 else np.full(PLAYS, _BREAK)
    absence = _quantiles(history.absences) if history.absences else np.full(PLAYS, _ABSENCE)
    return Spans(tables, pause, absence, history.absent, np.exp(_LIKENESS * _normal(draws(61))))


def _shape(history: History) -> Floats:
    """How services scatter around the mean of their category; while few are known, as they usually do."""
    usual: Floats = np.exp(_USUAL_SPREAD * _normal(_EVEN))
    usual /= usual.mean()
    pooled = [s / _mean(spans) for spans in history.services.values() for s in spans if len(spans) > 1]
    weight = len(pooled) / (len(pooled) + 15)
    known = _quantiles(pooled) if pooled else usual
    return weight * known + (1 - weight) * usual


def _mean(spans: Sequence[float]) -> float:
    return max(1.0, sum(spans) / len(spans))


def _shrunk(spans: Sequence[float], towards: float) -> float:
    return (sum(spans) + _SHRINK * towards) / (len(spans) + _SHRINK)


def _quantiles(spans: Sequence[float]) -> Floats:
    found: Floats = np.quantile(np.array(spans, float), _EVEN)
    return found


def _normal(share: Floats) -> Floats:
    """About the normal distribution's quantiles."""
    near: Floats = np.log(share / (1 - share)) / 1.702
    return near


def draws(rows: Ints | int) -> Floats:
    """Numbers between 0 and 1, one for each play."""
    drawn: Floats = (_bank()[rows % _ROWS] + 0.5) / PLAYS
    return drawn


@lru_cache(maxsize=1)
def _bank() -> Ints:
    """Rows of the numbers from 0 to `PLAYS`, each in an order of its own."""
    rng = np.random.default_rng(_SEED)
    return np.array([rng.permutation(PLAYS) for _ in range(_ROWS)])
