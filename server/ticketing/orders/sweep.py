"""What time does to orders: holds end; what providers must still be told is told, again until it was.

Any number of processes may sweep: each step locks the order and looks again, and providers take every
repetition for the first time.
"""

import logging
from contextlib import AbstractAsyncContextManager

from sqlalchemy import Connection

from domain.clock import SECOND, Instant, shift
from domain.errors import Problem
from server.background import Background
from server.db.database import Clock, Database
from server.ticketing.orders import settling, store
from server.ticketing.orders.sales import Sales
from server.ticketing.orders.steps import SCOPE, order_of
from server.ticketing.orders.values import Order, Payment

_AT_ONCE = 100
_AGAIN = 30 * SECOND
"""So long a provider that could not be asked is left alone about a payment."""
_log = logging.getLogger("usher.orders")


class OrderSweeper:
    """Sleeps until a hold ends. A commit after which a provider is to be told something wakes it."""

    def __init__(self, database: Database, clock: Clock, sales: Sales) -> None:
        self._database, self._clock, self._sales = database, clock, sales
        self._not_before: dict[str, Instant] = {}
        self._background = Background(database, clock, "orders", self.sweep, _of_orders)

    def running(self) -> AbstractAsyncContextManager[None]:
        """Sweeps in the background."""
        return self._background.running()

    async def sweep(self) -> Instant | None:
        """Does what is due; returns when the next thing is."""
        pending, unsettled = await self._database.read(_due)
        over = [order for order in pending if order.expires <= self._clock()]
        for order in over:
            await self._expire(order)
        self._not_before = {
            payment.id: self._not_before[payment.id]
            for payment in unsettled
            if payment.id in self._not_before
        }
        for payment in unsettled:
            if self._not_before.get(payment.id, 0) <= self._clock():
                await self._carry_out(payment)
        if len(over) == _AT_ONCE:
            return self._clock()
        soon = [order.expires for order in pending if order.expires > self._clock()]
        return min([*soon, *self._not_before.values()], default=None)

    async def _expire(self, order: Order) -> None:
        await self._database.write(lambda t: settling.expire(t, order_of(t, order.org, order.id)))

    async def _carry_out(self, payment: Payment) -> None:
        try:
            await self._sales.carry_out(payment)
        except Problem as problem:
            self._not_before[payment.id] = shift(self._clock(), _AGAIN)
            _log.warning("payment %s of order %s: %s", payment.id, payment.order_id, problem.detail)
        else:
            self._not_before.pop(payment.id, None)


def _due(connection: Connection) -> tuple[list[Order], list[Payment]]:
    return store.expiring(connection, _AT_ONCE), store.unsettled(connection, _AT_ONCE)


def _of_orders(scope: str) -> bool:
    return scope == SCOPE
