"""What time does to reservations: reminders fall due, holds run out, and who was served is done.

Any number of processes may sweep: each step locks its reservation and looks again.
"""

from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection, select

from domain import queue
from domain.clock import MINUTE, Instant
from domain.reservation import Event, State
from server.background import Background
from server.db.database import Clock, Database, Transaction
from server.queues.tables import queue_entries
from server.reservations import booking, store
from server.reservations.tables import reservations
from server.reservations.values import Reservation

_AT_ONCE = 100
_ENDED = {
    queue.State.COMPLETED: Event.COMPLETE,
    queue.State.NO_SHOW: Event.NO_SHOW,
    queue.State.LEFT: Event.NO_SHOW,
    queue.State.EXPIRED: Event.NO_SHOW,
}
"""What the end of a visit means for the reservation that it was for."""

_E, _R = queue_entries.c, reservations.c


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
        upcoming = await self._database.read(lambda c: store.reminding(c, _AT_ONCE))
        for each in upcoming:
            if each.remind is not None and each.remind <= self._clock():
                await self._database.write(partial(_remind, org=each.org, id_=each.id))
        for org, id_ in await self._database.read(_served):
            await self._database.write(partial(settle, org=org, id_=id_))
        await self._let_go()
        if len(upcoming) == _AT_ONCE and all(
            each.remind and each.remind <= self._clock() for each in upcoming
        ):
            return self._clock()
        later = [each.remind for each in upcoming if each.remind and each.remind > self._clock()]
        return min(later, default=None)

    async def _let_go(self) -> None:
        over = await self._database.read(store.next_end_of_a_hold)
        if over is not None and over <= self._clock():
            await self._database.write(store.drop_holds)


def _of_reservations(scope: str) -> bool:
    return scope.endswith("/reservations") or "/servicePoint:" in scope


def _remind(transaction: Transaction, org: str, id_: str) -> None:
    """One reminder for all that fell due while nobody was there to send them."""
    kept = store.reservation(transaction.connection, org, id_, lock=True)
    if kept.remind is None or kept.remind > transaction.now:
        return
    of = store.past_definition(transaction.connection, kept.org, kept.definition)
    due = [kept.starts - minutes * MINUTE for minutes in of.settings.reminder_minutes]
    latest = max((at for at in due if at <= transaction.now), default=None)
    if latest is not None and kept.starts > transaction.now:
        cause = f"reservation {kept.id} reminder {kept.starts} {latest}"
        booking.remind(transaction, kept, "system", cause)
    following = booking.next_reminder(of, kept.starts, transaction.now)
    store.keep(transaction, replace(kept, remind=following))


def settle(transaction: Transaction, org: str, id_: str) -> None:
    """Ends the reservation of a visit that has ended."""
    kept = store.reservation(transaction.connection, org, id_, lock=True)
    ended = _end_of(transaction.connection, kept)
    if kept.state is State.CHECKED_IN and ended is not None:
        booking.become(transaction, kept, ended, "system")


def _served(connection: Connection) -> list[tuple[str, str]]:
    """Those who checked in and whose visit has ended."""
    visit = queue_entries.alias("first").c
    query = (
        select(_R.org, _R.id)
        .join(visit.id.table, visit.id == _R.entry)
        .join(queue_entries, (_E.visit == visit.visit) & (_E.org == visit.org))
        .where(_R.state == State.CHECKED_IN.value, _E.state.in_([state.value for state in _ENDED]))
        .limit(_AT_ONCE)
    )
    return [(row.org, row.id) for row in connection.execute(query)]


def _end_of(connection: Connection, kept: Reservation) -> Event | None:
    visit = select(_E.visit).where(_E.id == kept.entry).scalar_subquery()
    query = select(_E.state).where(_E.org == kept.org, _E.visit == visit).order_by(_E.leg.desc()).limit(1)
    state = connection.execute(query).scalar()
    return None if state is None else _ENDED.get(queue.State(state))
