"""How long a function takes for each of some inputs."""

from collections.abc import Callable, Iterable, Sequence
from time import perf_counter
from typing import TypeVar

from bench.result import Row

T = TypeVar("T")


def timed(name: str, inputs: Iterable[T], ask: Callable[[T], object]) -> Row:
    """Its times in milliseconds, each input asked once."""
    times = []
    for value in inputs:
        began = perf_counter()
        ask(value)
        times.append(1_000 * (perf_counter() - began))
    p50, p99 = _quantile(times, 0.5), _quantile(times, 0.99)
    return Row(name, {"p50 ms": p50, "p99 ms": p99, "max ms": max(times)})


def _quantile(times: Sequence[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]
