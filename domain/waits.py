"""The waits of a service point's line, from what server and kiosk keep of it."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from operator import attrgetter
from zoneinfo import ZoneInfo

from domain.clock import HOUR, SECOND, Instant, local
from domain.forecast import Foresight, foresee
from domain.forecast_situation import Booking, Desk, Situation
from domain.queue import LIVE, Entry
from domain.roster import planned
from domain.service_point import Settings
from domain.wait_history import History

_STEP = 10 * SECOND
"""Time alone changes a forecast so often."""

_LATE, _AHEAD = 1 * HOUR, 8 * HOUR

foreseen = lru_cache(maxsize=256)(foresee)
"""What is foretold of a line is worked out once for each change of it, however many look."""


def waits(
    people: Iterable[Entry],
    counters: Mapping[str, str],
    settings: Settings,
    where: ZoneInfo,
    at: Instant,
    *,
    turn: int = 0,
    history: History,
    booked: Iterable[Instant] = (),
) -> Foresight:
    """The forecast of everybody who waits, and of whoever joins next.

    `counters` gives each its state; `booked` are the times of those who have booked and not come yet.
    """
    since = Instant(at - at % _STEP)
    there = local(since, where)
    plan = planned(settings.roster, since, where)
    now = Situation(
        since,
        settings.rules,
        tuple(sorted((entry for entry in people if entry.state in LIVE), key=attrgetter("sequence"))),
        tuple(Desk(id_, state, plan.get(id_)) for id_, state in counters.items()),
        turn,
        _ahead(booked, settings, since),
        there.hour * 60 + there.minute,
        history,
    )
    return foreseen(now, settings.categories[0].priority)


def _ahead(booked: Iterable[Instant], settings: Settings, at: Instant) -> tuple[Booking, ...]:
    """Those who are to come within some hours, where they go first; elsewhere they overtake nobody."""
    if not (settings.bookings_first and settings.rules.quota):
        return ()
    first = settings.rules.quota[0]
    return tuple(Booking(time, first) for time in sorted(booked) if at - _LATE < time < at + _AHEAD)
