"""Selling: what is written here and what is asked of a payment provider, one after the other.

No provider is asked within a transaction: first it is asked, then the transaction decides.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from domain.errors import Conflict, Gone, NotFound, Problem
from server.db.database import Database, Transaction
from server.db.locks import lock
from server.ticketing.orders import placing, settling, store
from server.ticketing.orders.late import SoldOut
from server.ticketing.orders.placing import begin
from server.ticketing.orders.states import Money, OrderState, Turn
from server.ticketing.orders.steps import order_of, turn
from server.ticketing.orders.values import Buyer, Order, Payment, Wanted
from server.ticketing.payments.choice import Payments
from server.ticketing.payments.provider import Begun, Due, Line, Seen, Standing, at_the_desk

FORM, PAGE = "form", "page"
"""How a customer pays: in a form of the client, or on a page of the provider."""

Ask = Callable[[Due], Awaitable[Begun]]


class Sales:
    def __init__(self, database: Database, payments: Payments) -> None:
        self._database = database
        self.sold_out = SoldOut(database)
        self.payments = payments

    async def purchase(
        self,
        org: str,
        who: Callable[[Connection], Buyer],
        event: str,
        wanted: Sequence[Wanted],
        secret: str = "",
    ) -> tuple[Order, Begun | None]:
        """A pending order, with the payment that was begun for it where customers pay themselves.

        Where a `secret` is given, the order that has it already is found instead, whatever became of it.

        Raises what `placing.place` and `who` do. A provider that cannot be asked leaves no order behind.
        """
        provider = self.payments.chosen

        def job(transaction: Transaction) -> tuple[Order, Payment | None]:
            placed = _placed(transaction, secret) if secret else None
            if placed is not None:
                return placed, None
            with self.sold_out.known(org, event, wanted, transaction.now):
                buyer = who(transaction.connection)
                order = placing.place(transaction, buyer, event, wanted, provider.name, secret)
            pays = provider.online and order.total > 0
            return order, begin(transaction, order, provider.name, FORM) if pays else None

        order, payment = await self._database.write(job)
        if payment is None:
            return order, None
        try:
            return order, await self._ask(order, payment, provider.begin)
        except Problem:
            await self._database.write(
                lambda t: settling.cancel(t, order_of(t, order.org, order.id), settling.SYSTEM)
            )
            raise

    async def confirm(self, org: str, id_: str) -> Order:
        """An order that is paid, as the provider itself says, and has its tickets. Any number of calls at
        once make them once.

        Raises `Conflict` for an order that waits for its money or was refunded, `Gone` for one that expired.
        """
        order = await self._order(org, id_)
        if not order.total and order.state is OrderState.PENDING:
            await self._database.write(lambda t: _confirm_free(t, org, id_))
        elif order.state is not OrderState.CONFIRMED:
            await self._look_up(order)
        return await self._database.read(lambda c: sold(c, org, id_))

    async def form(self, org: str, id_: str) -> Begun:
        """A payment for a form: the one that was begun, or a new one. Raises `Conflict`, `Gone`."""
        order = await self._order(org, id_)
        payment = await self._payment(order, FORM)
        provider = self.payments.of(payment.provider)
        if payment.reference is None:
            return await self._ask(order, payment, provider.begin)
        seen = await provider.look_up(payment.reference)
        if seen.standing is Standing.OPEN:
            return Begun(payment.reference, seen.secret)
        await self._database.write(lambda t: settling.settle(t, payment.id, seen))
        if seen.standing is Standing.DEAD:
            return await self.form(org, id_)
        raise Conflict("this order is paid already: confirm it", code="paid_before")

    async def page(self, org: str, id_: str, success: str, cancel: str) -> Begun:
        """A payment on the provider's page; what was begun before is dropped. Raises `Conflict`, `Gone`."""
        order = await self._order(org, id_)
        payment = await self._payment(order, PAGE, fresh=True)
        provider = self.payments.of(payment.provider)
        return await self._ask(order, payment, lambda due: provider.checkout(due, success, cancel))

    async def hear(self, provider: str, payment_id: str) -> None:
        """A provider says that something became of a payment: it is asked what. Unknown ones are not ours."""
        payment = await self._database.read(lambda c: store.payment(c, payment_id))
        if payment is not None and payment.provider == provider:
            await self._settle(payment)

    async def carry_out(self, payment: Payment) -> None:
        """Tells the provider what is still to be told: to give money back, or to take none any more."""
        provider = self.payments.of(payment.provider)
        if payment.state is Money.OWED:
            await provider.refund(payment.id, payment.charge)
            seen = Seen(Standing.RETURNED)
        elif payment.reference is None:
            # Nobody was ever told how to pay it.
            seen = Seen(Standing.DEAD)
        else:
            seen = await provider.give_up(payment.reference)
        await self._database.write(lambda t: settling.settle(t, payment.id, seen))

    async def _look_up(self, order: Order) -> None:
        found = await self._database.read(lambda c: store.payments_of(c, [order])[order.id])
        for payment in found:
            if payment.state in (Money.BEGUN, Money.DROPPING):
                await self._settle(payment)

    async def _settle(self, payment: Payment) -> None:
        if payment.reference is not None:
            seen = await self.payments.of(payment.provider).look_up(payment.reference)
            await self._database.write(lambda t: settling.settle(t, payment.id, seen))

    async def _payment(self, order: Order, method: str, *, fresh: bool = False) -> Payment:
        """The order's payment of this kind, all others being dropped. None is begun for what is called off or
        over."""
        provider = self.payments.chosen
        if not provider.online or not order.total:
            raise at_the_desk()

        def job(transaction: Transaction) -> Payment:
            now = order_of(transaction, order.org, order.id)
            check_waits(now, now.holds(transaction.now))
            placing.on_sale(transaction.connection, now.org, now.event, transaction.now)
            known = [
                payment
                for payment in store.payments_of(transaction.connection, [now])[now.id]
                if (payment.state, payment.method, payment.provider) == (Money.BEGUN, method, provider.name)
            ]
            found = known[-1] if known and not fresh else begin(transaction, now, provider.name, method)
            settling.drop_others(transaction, now, found.id)
            return found

        return await self._database.write(job)

    async def _ask(self, order: Order, payment: Payment, ask: Ask) -> Begun:
        """Begins a payment at the provider, and notes how it is called there before anybody hears of it."""
        begun = await ask(_due(order, payment))

        def note(transaction: Transaction) -> bool:
            now = order_of(transaction, order.org, order.id)
            known = store.payment(transaction.connection, payment.id)
            assert known is not None
            known = replace(known, reference=begun.reference)
            store.change_payment(transaction.connection, known)
            if known.state is Money.DROPPED:
                turn(transaction, known, Turn.DROP)
            return now.holds(transaction.now) and known.state is Money.BEGUN

        if not await self._database.write(note):
            raise Gone("this order does not wait for this payment any more", code="order_expired")
        return begun

    async def _order(self, org: str, id_: str) -> Order:
        order = await self._database.read(lambda c: store.order(c, org, id_))
        if order is None:
            raise NotFound("there is no order with this id")
        return order


def _placed(transaction: Transaction, secret: str) -> Order | None:
    """The order that was placed with this secret; whoever places it at the same time comes first."""
    lock(transaction.connection, f"order {secret}")
    return store.by_secret(transaction.connection, secret)


def sold(connection: Connection, org: str, id_: str) -> Order:
    """An order that is confirmed. Raises what says why it is not."""
    order = store.order(connection, org, id_)
    if order is None:
        raise NotFound("there is no order with this id")
    if order.state is not OrderState.CONFIRMED:
        check_waits(order, True)
        raise Conflict(
            "this order is not paid yet", code="unpaid", more={"state": order.state, "method": order.method}
        )
    return order


def check_waits(order: Order, holds: bool) -> None:
    """Raises what became of an order that does not wait for money any more."""
    match order.state:
        case OrderState.PENDING if holds:
            return
        case OrderState.PENDING | OrderState.EXPIRED:
            raise Gone("this order was not paid in time: place another one", code="order_expired")
        case OrderState.REFUNDED:
            raise Conflict("this order was refunded", code="order_refunded")
        case _:
            raise Conflict(f"this order is {order.state}", code="order_state", more={"state": order.state})


def _confirm_free(transaction: Transaction, org: str, id_: str) -> None:
    order = order_of(transaction, org, id_)
    if order.state is OrderState.PENDING:
        settling.confirm(transaction, order, order.actor, {})


def _due(order: Order, payment: Payment) -> Due:
    return Due(
        payment=payment.id,
        org=order.org,
        order=order.id,
        number=order.number,
        amount=payment.amount,
        currency=payment.currency,
        email=order.email,
        lines=tuple(Line(item.name, item.quantity, item.price) for item in order.items if item.price),
    )
