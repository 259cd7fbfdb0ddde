"""What time itself does in the queues: the end of grace makes no-shows, the end of the day sends home.

Any number of processes may sweep: each sweep locks the service point and looks again.
"""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlalchemy import Connection, and_

from domain.business_hours import instant_of, open_window
from domain.clock import DAY, MINUTE, Instant, shift
from domain.queue import Event, State
from server.background import Background
from server.db.database import Clock, Database, Transaction
from server.queues import moves, store
from server.queues.stretches import SYSTEM
from server.queues.tables import queue_entries
from server.queues.values import Place, Point, is_of_a_queue

_SETTLE = 1 * MINUTE
"""What a kiosk tells of an earlier day comes in several operations: leave it alone until it is through."""

e = queue_entries.c


@dataclass(frozen=True, slots=True)
class Due:
    """When the next thing happens at a service point."""

    org: str
    service_point: str
    at: Instant


class Sweeper:
    """Sleeps until something is due. A commit that touches a queue wakes it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._background = Background(database, clock, "queues", self.sweep, is_of_a_queue)

    def running(self) -> AbstractAsyncContextManager[None]:
        """Sweeps in the background."""
        return self._background.running()

    async def sweep(self) -> Instant | None:
        """Does what is due; returns when the next thing is."""
        upcoming = await self._database.read(due)
        for each in upcoming:
            if each.at <= self._clock():
                await self._database.write(partial(sweep_point, org=each.org, id_=each.service_point))
        return min((each.at for each in upcoming if each.at > self._clock()), default=None)


def due(connection: Connection) -> list[Due]:
    """What happens next at each service point where anybody is."""
    called = and_(e.state == State.CALLED.value, e.spared.is_(False))
    found = []
    for point, day, written, first_call in store.people_by_day(connection, called):
        times = [_day_over(point, day, written)]
        if point.settings.auto_grace and first_call is not None:
            times.append(shift(first_call, point.rules.grace))
        found.append(Due(point.org, point.id, min(times)))
    return found


def sweep_point(transaction: Transaction, org: str, id_: str) -> None:
    """Moves everybody whose time has come, as of the instant at which it had come."""
    point = store.point(transaction.connection, org, id_, lock=True)
    for place in store.live(transaction.connection, point):
        event, at = _next_event(point, place)
        if at <= transaction.now:
            moves.act(transaction, point, place, moves.Wanted(event, at, SYSTEM))
            point = store.point(transaction.connection, org, id_)


def _next_event(point: Point, place: Place) -> tuple[Event, Instant]:
    entry = place.entry
    over = _day_over(point, place.day, place.written)
    if point.settings.auto_grace and entry.state is State.CALLED and entry.called and not place.spared:
        grace = shift(entry.called, point.rules.grace)
        return (Event.NO_SHOW, grace) if grace < over else (Event.EXPIRE, over)
    return Event.EXPIRE, over


def _day_over(point: Point, day: str, written: Instant) -> Instant:
    """When a day's people are sent home: at midnight, or when it closes where it is open over midnight."""
    midnight = instant_of(date.fromisoformat(day), DAY // MINUTE, point.where)
    window = open_window(point.settings.hours, midnight, point.where) if point.settings.hours else None
    overnight = window is not None and window[0] < midnight and window[1] < midnight + DAY
    over = window[1] if window and overnight else midnight
    return over if written < over else shift(written, _SETTLE)
