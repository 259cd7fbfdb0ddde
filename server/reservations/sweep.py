"""What time does to reservations: reminders fall due, holds run out, visits end, and nobody came.

Any number of processes may sweep: each step locks its reservation and looks again.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from domain.clock import MINUTE, Instant
from domain.errors import NotFound
from domain.reservation import AHEAD, LAPSED, Event, State
from server.background import Background
from server.db.database import Clock, Database, Transaction
from server.queues.stretches import SYSTEM
from server.reservations import booking, due, store, visits
from server.reservations.values import Reservation

_AT_ONCE = 100
_log = logging.getLogger("usher.reservations")

Find = Callable[[Connection, Instant, str, int], due.Keys]
Act = Callable[[Transaction, Reservation], object]


class ReservationSweeper:
    """Sleeps until something is due. A commit that touches reservations or a line wakes it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._background = Background(database, clock, "reservations", self.sweep, _of_reservations)

    def running(self) -> AbstractAsyncContextManager[None]:
        """Sweeps in the background."""
        return self._background.running()

    async def sweep(self) -> Instant | None:
        """Does what is due; returns when the next thing is."""
        for find, act in _STEPS:
            await self._each(find, act)
        hold = await self._let_go()
        following = await self._database.read(lambda c: due.next_(c, self._clock()))
        return min((at for at in (hold, following) if at is not None), default=None)

    async def _each(self, find: Find, act: Act) -> None:
        """Takes one after the other; a fault of one is logged, and stops no other."""
        after, more = "", True
        while more:
            page = await self._database.read(partial(_found, find=find, now=self._clock(), after=after))
            for org, id_ in page:
                try:
                    await self._database.write(partial(_one, org=org, id_=id_, act=act))
                except NotFound:  # it was deleted meanwhile
                    continue
                except Exception:
                    _log.exception("reservation %s of %s is passed over", id_, org)
            more = len(page) == _AT_ONCE
            after = page[-1][1] if page else after

    async def _let_go(self) -> Instant | None:
        """Ends what is held too long; when the next hold runs out."""
        over = await self._database.read(store.next_end_of_a_hold)
        if over is None or over > self._clock():
            return over
        await self._database.write(store.drop_holds)
        return await self._database.read(store.next_end_of_a_hold)


def _of_reservations(scope: str) -> bool:
    return scope.endswith("/reservations") or "/servicePoint:" in scope


def _found(connection: Connection, find: Find, now: Instant, after: str) -> due.Keys:
    return find(connection, now, after, _AT_ONCE)


def _one(transaction: Transaction, org: str, id_: str, act: Act) -> None:
    act(transaction, store.reservation(transaction.connection, org, id_, lock=True))


def _remind(transaction: Transaction, kept: Reservation) -> None:
    """One reminder for all that fell due while nobody was there to send them."""
    if kept.remind is None or kept.remind > transaction.now:
        return
    of = store.past_definition(transaction.connection, kept.org, kept.definition)
    times = [kept.starts - minutes * MINUTE for minutes in of.settings.reminder_minutes]
    latest = max((at for at in times if at <= transaction.now), default=None)
    if latest is not None and kept.starts > transaction.now:
        cause = f"reservation {kept.id} reminder {kept.starts} {latest}"
        booking.remind(transaction, kept, SYSTEM, cause)
    following = booking.next_reminder(of, kept.starts, transaction.now)
    store.keep(transaction, replace(kept, remind=following))


def _lapse(transaction: Transaction, kept: Reservation) -> None:
    """Nobody came, or nobody ever confirmed it."""
    if kept.lapses is not None and kept.lapses <= transaction.now and kept.state in AHEAD:
        booking.become(transaction, kept, LAPSED[kept.state], SYSTEM)


def _settle(transaction: Transaction, kept: Reservation) -> None:
    """How its visit ended stands."""
    if kept.state is not State.CHECKED_IN:
        store.keep(transaction, replace(kept, watched=None))


def _call_off(transaction: Transaction, kept: Reservation) -> None:
    """There is no place for it any more; the customer is told."""
    if kept.state in AHEAD:
        booking.become(transaction, kept, Event.CANCEL, SYSTEM)


_STEPS: tuple[tuple[Find, Act], ...] = (
    (due.reminders, _remind),
    (due.visits, visits.follow),
    (due.lapsed, _lapse),
    (due.settled, _settle),
    (due.homeless, _call_off),
)
