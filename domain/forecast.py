"""The forecast of a wait: quantiles, and what they rest on."""

from dataclasses import dataclass
from math import sqrt

from domain.queue import Rules, fallback_wait

CONFIGURED = "configured"
"""The basis of a forecast without any history: the service point's configured duration."""

_Z80, _Z90 = 0.8416, 1.2816


@dataclass(frozen=True, slots=True)
class Forecast:
    """Milliseconds that half, 80 % and 90 % of the waits stay below."""

    p50: int
    p80: int
    p90: int
    basis: str = CONFIGURED


def configured(position: int, rules: Rules, open_counters: int) -> Forecast:
    """The forecast for a position in the line (1 is next) while there is no history.

    Services are taken to scatter by as much as they last, so that the wait for n of them scatters by
    1/√n of itself.
    """
    wait = fallback_wait(position, rules, open_counters)
    spread = wait / sqrt(max(1, position))
    return Forecast(wait, wait + round(_Z80 * spread), wait + round(_Z90 * spread))
