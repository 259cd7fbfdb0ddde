"""The branches of the forecast's benchmark: those that it was tuned on, and those that only test it.

The test worlds differ from the tuned ones in structure: other shapes of services, rosters, orders and days.
What is changed for the sake of a number in `TEST` makes that number worthless.
"""

import math
import random
from collections.abc import Callable

from bench.branch import Kind, Shift, World

Draw = Callable[[random.Random], float]

_DAY: tuple[Shift, ...] = ((9.0, 17.0),)


def lognormal(mean: float, spread: float = 0.6) -> Draw:
    return lambda rng: rng.lognormvariate(math.log(mean) - spread**2 / 2, spread)


def gamma(mean: float, shape: float = 2.0) -> Draw:
    return lambda rng: rng.gammavariate(shape, mean / shape)


def weibull(mean: float, shape: float) -> Draw:
    return lambda rng: mean / math.gamma(1 + 1 / shape) * rng.weibullvariate(1, shape)


def pareto(mean: float, tail: float = 2.5) -> Draw:
    return lambda rng: mean * (tail - 1) / tail * rng.paretovariate(tail)


def even(low: float, high: float) -> Draw:
    return lambda rng: rng.uniform(low, high)


def either(short: float, long: float, share: float) -> Draw:
    """Some are through at once, others have a case."""
    return lambda rng: rng.gammavariate(4, (long if rng.random() < share else short) / 4)


def flat(rate: float) -> Callable[[float], float]:
    return lambda hour: rate


def peaks(rate: float, *at: float, height: float = 0.5) -> Callable[[float], float]:
    return lambda hour: rate * (1 + height * sum(math.exp(-((hour - peak) ** 2)) for peak in at) - height / 3)


def lunch(counters: int, at: float = 12.0, length: float = 0.75) -> tuple[tuple[Shift, ...], ...]:
    """Breaks one after the other."""
    return tuple(
        ((9.0, at + i * length), (at + (i + 1) * length, 17.0)) if i < 4 else _DAY for i in range(counters)
    )


_OFFICE = (
    Kind("passport", 0.4, lognormal(11, 0.5)),
    Kind("parcel", 0.45, lognormal(4, 0.6)),
    Kind("advice", 0.15, lognormal(20, 0.8)),
)
_MIXED = (*_OFFICE[:2], Kind("frail", 0.15, lognormal(12, 0.6), "priority"))

TUNED = (
    World("office, lunch breaks", _OFFICE, lunch(4), peaks(26, 10, 14)),
    World(
        "office with priority", _MIXED, lunch(4), peaks(28, 10, 14), quota=("priority", "priority", "normal")
    ),
    World("bookings first", _OFFICE, lunch(4), peaks(19, 10.5), bookings=36, quota=("booked", "normal")),
    World(
        "part-time and slow afternoons",
        _OFFICE,
        (*lunch(3), ((10.0, 14.0),), ((12.0, 17.0),)),
        peaks(27, 11),
        pace=lambda hour: 1.0 + 0.05 * max(0.0, hour - 12),
    ),
    World("one counter", (Kind("visit", 1.0, gamma(9, 3)),), (((9.0, 12.5), (13.0, 17.0)),), flat(6.2)),
    World("no plan known", _OFFICE, lunch(4), peaks(25, 10, 14), planned=False),
    World("illness", _OFFICE, lunch(6), peaks(32, 10, 14), ill=0.17),
)

TEST = (
    World("pareto tails", (Kind("a", 0.7, pareto(6)), Kind("b", 0.3, pareto(14, 2.2))), lunch(4), flat(25)),
    World("either quick or long", (Kind("all", 1.0, either(3, 22, 0.3)),), lunch(4), peaks(23, 11)),
    World("services of one length", (Kind("photo", 1.0, even(5.5, 6.5)),), (_DAY, _DAY), flat(17)),
    World(
        "seven reasons",
        tuple(Kind(f"k{i}", 1 / (i + 1), weibull(3 + 2.5 * i, 1.2 + 0.2 * i)) for i in range(7)),
        lunch(6),
        peaks(47, 9.5, 15),
    ),
    World(
        "twelve counters in shifts",
        (Kind("a", 0.6, lognormal(7)), Kind("b", 0.4, gamma(15))),
        tuple(((9.0 + i % 3, 13.0 + i % 4), (13.5 + i % 4, 17.0)) for i in range(12)),
        peaks(54, 11, 15),
    ),
    World("all close for lunch", _OFFICE, (((9.0, 12.0), (13.0, 17.0)),) * 3, peaks(17, 9.5, 14)),
    World(
        "siesta",
        (Kind("a", 0.5, gamma(6)), Kind("b", 0.5, gamma(12))),
        (((8.0, 13.0), (16.0, 20.0)),) * 3,
        peaks(17, 9, 18),
        opens=8.0,
        closes=20.0,
    ),
    World("busloads", (Kind("tour", 1.0, lognormal(4, 0.4)),), lunch(3), flat(36), batch=9),
    World("families", _OFFICE, lunch(5), peaks(32, 10, 15), batch=3, planned=False),
    World(
        "three classes",
        (
            Kind("a", 0.6, lognormal(8)),
            Kind("b", 0.3, lognormal(6), "member"),
            Kind("c", 0.1, gamma(10), "urgent"),
        ),
        lunch(4),
        peaks(28, 11),
        quota=("urgent", "member", "normal", "normal"),
    ),
    World("bookings at their time", _OFFICE, lunch(4), peaks(17, 10), bookings=40, booked_first=False),
    World(
        "hours of appointments",
        (Kind("a", 0.5, gamma(12)), Kind("b", 0.5, even(4, 12))),
        lunch(3),
        flat(9),
        bookings=56,
        quota=("booked", "booked", "normal"),
    ),
    World("nobody keeps the breaks", _OFFICE, lunch(4), peaks(24, 10, 14), slack=18.0),
    World("counters walk away", _OFFICE, lunch(5), peaks(29, 10, 14), unplanned=0.8),
    World("a plan of last year", _OFFICE, lunch(4), peaks(24, 10, 14), plan=lunch(4, at=11.0, length=0.5)),
    World(
        "fast and slow clerks",
        (Kind("a", 1.0, gamma(9)),),
        lunch(4),
        peaks(23, 10, 14),
        speeds=(0.7, 0.9, 1.15, 1.5),
    ),
    World(
        "slower each hour",
        (Kind("a", 0.5, gamma(6)), Kind("b", 0.5, lognormal(9))),
        lunch(4),
        peaks(26, 10),
        pace=lambda hour: 0.8 + 0.06 * (hour - 9),
    ),
    World("days unlike each other", _OFFICE, lunch(4), peaks(23, 10, 14), mood=0.25),
    World(
        "a new form on day ten",
        _OFFICE,
        lunch(4),
        peaks(23, 10, 14),
        change=lambda day: 1.2 if day >= 10 else 1.0,
    ),
    World("impatient", _OFFICE, lunch(3), peaks(27, 10, 14), patience=45.0),
    World("many do not come", (Kind("a", 1.0, lognormal(8, 0.9)),), lunch(3), peaks(24, 10, 14), absent=0.2),
    World(
        "night pharmacy",
        (Kind("a", 0.8, gamma(4, 4)), Kind("b", 0.2, lognormal(12))),
        (((0.5, 7.0),), ((0.5, 3.0), (3.5, 7.5))),
        flat(16),
        opens=0.5,
        closes=7.5,
    ),
    World(
        "evening rush",
        (Kind("a", 1.0, weibull(6, 0.9)),),
        (((14.0, 18.0), (18.5, 22.0)), ((16.0, 22.0),), ((17.0, 21.0),)),
        peaks(17, 18, height=1.2),
        opens=14.0,
        closes=22.0,
    ),
    World(
        "ten at the airport",
        (Kind("a", 0.9, gamma(5)), Kind("crew", 0.1, gamma(3), "crew")),
        tuple(((5.0 + i * 0.4, 9.0 + i * 0.5), (9.5 + i * 0.5, 15.0)) for i in range(10)),
        peaks(84, 7, 12),
        opens=5.0,
        closes=15.0,
        planned=False,
        quota=("crew", "normal", "normal", "normal"),
    ),
)
