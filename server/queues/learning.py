"""What the lines teach, worked out beside the requests: it takes longer than anybody should wait.

Any number of processes may learn: each works out the same from what is kept.
"""

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection, func, select

from domain.clock import SECOND, Instant, local
from domain.errors import NotFound
from domain.queue import State
from domain.wait_history import Gone, dump, learn
from server.activity.record import Changed, changes
from server.background import Background
from server.db.database import Clock, Database, Transaction
from server.queues import store
from server.queues.tables import queue_entries
from server.queues.values import Point, is_of_a_queue, names

_PAUSE = 10 * SECOND
_KNOWN = 1_000
_SHARE, _ENOUGH = 25, 10
"""One part in so many of what is known, or so many people, are new before it is worth to learn again."""

_ENDED = (State.COMPLETED, State.NO_SHOW, State.LEFT)

e = queue_entries.c


@dataclass(frozen=True, slots=True)
class _Lesson:
    learned: str
    taught: Instant


class Learner:
    """Learns again where a commit touched a queue, not more often than every few seconds."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._touched: set[str] = set()
        self._again = Instant(0)
        self._one_at_a_time = asyncio.Lock()
        self._background = Background(database, clock, "forecasts", self._work, self._wakes)

    def running(self) -> AbstractAsyncContextManager[None]:
        """Learns in the background."""
        return self._background.running()

    async def learn(self, org: str, id_: str) -> None:
        """Learns from the queue of a service point, if there is something new."""
        async with self._one_at_a_time:
            lesson = await self._database.read(partial(_lesson, org=org, id_=id_, now=self._clock()))
            if lesson is not None:
                await self._database.write(partial(_keep, org=org, id_=id_, lesson=lesson))

    async def _work(self) -> Instant | None:
        if self._clock() >= self._again:
            while self._touched:
                await self.learn(*names(self._touched.pop()))
            self._again = Instant(self._clock() + _PAUSE)
        return self._again if self._touched else None

    def _wakes(self, scope: str) -> bool:
        if is_of_a_queue(scope):
            self._touched.add(scope)
            return True
        return False


def _lesson(connection: Connection, org: str, id_: str, now: Instant) -> _Lesson | None:
    """What its line teaches now; None where that is hardly more than is known."""
    try:
        point = store.point(connection, org, id_)
    except NotFound:
        return None
    if _new(connection, point) < min(_ENOUGH, 1 + point.history.known // _SHARE):
        return None
    gone = _people(connection, point)
    taught = max((one.called for one in gone if one.called is not None), default=Instant(0))
    return _Lesson(dump(learn(gone, now)), taught)


def _keep(transaction: Transaction, org: str, id_: str, lesson: _Lesson) -> None:
    try:
        point = store.point(transaction.connection, org, id_, lock=True)
    except NotFound:
        return
    store.advance(transaction, point, learned=lesson.learned, taught=lesson.taught)
    changes(transaction, [Changed(point.scope, "service_point", point.id)])


def _people(connection: Connection, of: Point) -> list[Gone]:
    """Who left the line last, as far as that teaches something."""
    query = select(
        *(e.category, e.priority, e.state, e.joined, e.changed, e.called, e.counter, e.served, e.waited),
        *(e.model_p50, e.model_p80, e.model_p90, e.booked),
    ).where(e.org == of.org, e.service_point == of.id, e.live.is_(False))
    query = query.where(e.state.in_([state.value for state in _ENDED]))
    rows = connection.execute(query.order_by(e.day.desc(), e.sequence.desc()).limit(_KNOWN))
    return [_gone(of, row) for row in rows]


def _new(connection: Connection, of: Point) -> int:
    """How many left the line to whom nobody listened yet."""
    query = select(func.count()).where(e.org == of.org, e.service_point == of.id, e.live.is_(False))
    query = query.where(e.called > (of.taught or 0), e.state.in_([state.value for state in _ENDED]))
    return int(connection.execute(query).scalar_one())


def _gone(of: Point, row: Any) -> Gone:
    served, called, model = row.served, row.called, (row.model_p50, row.model_p80, row.model_p90)
    at = local(row.changed if called is None else called, of.where)
    return Gone(
        category=row.category,
        priority=row.priority,
        state=State(row.state),
        joined=row.joined,
        ended=row.changed,
        minute=at.hour * 60 + at.minute,
        called=called,
        counter=row.counter,
        served=served if served is not None and served <= of.settings.forgotten else None,
        waited=row.waited,
        foretold=None if None in model else model,
        booked=row.booked is not None,
    )
