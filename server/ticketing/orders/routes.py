"""Routes of orders for staff and desks: look, find, take the money, give it back."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from sqlalchemy import Connection

from domain.errors import Forbidden, NotFound
from server.auth.caller import ANYBODY, Allow, Caller, Role
from server.auth.staff_routes import organization
from server.db.constraints import held
from server.db.database import Database, Transaction
from server.events.routes import EventId
from server.events.service import event_of
from server.ticketing.orders import settling, store
from server.ticketing.orders.answers import order_out, whole
from server.ticketing.orders.schemas import OrderOut, OrderWhole, Paid, PayIn, RefundIn
from server.ticketing.orders.states import OrderState
from server.ticketing.orders.steps import order_of
from server.ticketing.orders.store import Filters
from server.ticketing.orders.values import Order
from server.wire import Cursor, Db, Id, Limit, Page, Text, cursor_values, next_cursor

router = APIRouter(prefix="/api/organizations/{orgId}", tags=["orders"], dependencies=[Depends(organization)])

OrderId = Annotated[Id, Path(alias="orderId", description="The order's id.")]
_PERMISSIONS = ("desk", "events")


class Till(Allow):
    """Lets in staff with `desk` or `events`, and devices of some modes."""

    def __init__(self, *modes: str) -> None:
        super().__init__(staff=ANYBODY, modes=modes)

    async def __call__(self, request: Request) -> Caller:
        caller = await super().__call__(request)
        if caller.role is Role.STAFF and not any(map(caller.may, _PERMISSIONS)):
            raise Forbidden("this needs the permission 'desk' or 'events'")
        return caller


AtTheTill = Annotated[Caller, Depends(Till("desk", "door"))]
AtTheDesk = Annotated[Caller, Depends(Till("desk"))]


@router.get("/orders")
async def found(
    caller: AtTheTill,
    database: Db,
    text: Annotated[
        Text, Query(min_length=3, description="The number, or parts of the name or e-mail address.")
    ],
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[OrderOut]:
    """Orders of all events, the newest first. Staff `desk` or `events`, devices of desk and door.

    A device that is bound to events finds those of them.
    """
    events = _bound(caller)
    return await _list(database, caller, events, Filters(None, text), limit, cursor)


@router.get("/events/{eventId}/orders")
async def listed(
    event_id: EventId,
    caller: AtTheTill,
    database: Db,
    state: OrderState | None = None,
    text: Annotated[Text, Query(description="The number, or parts of the name or e-mail address.")] = "",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[OrderOut]:
    """The orders of an event, the newest first. Staff `desk` or `events`, devices of desk and door."""
    await database.read(lambda c: _covered(c, caller, event_id))
    return await _list(database, caller, [event_id], Filters(state, text), limit, cursor)


@router.get("/events/{eventId}/orders/{orderId}")
async def one(event_id: EventId, order_id: OrderId, caller: AtTheTill, database: Db) -> OrderWhole:
    """One order with its payments and tickets. Staff `desk` or `events`, devices of desk and door."""

    def query(connection: Connection) -> OrderWhole:
        _covered(connection, caller, event_id)
        order = store.order(connection, caller.org, order_id)
        if order is None or order.event != event_id:
            raise NotFound("there is no order with this id")
        return whole(connection, order)

    return await database.read(query)


@router.post("/events/{eventId}/orders/{orderId}/pay")
async def pay(event_id: EventId, order_id: OrderId, caller: AtTheTill, database: Db, body: PayIn) -> Paid:
    """Takes the money for an order, which has its tickets from then on. Staff `desk` or `events`, devices of
    desk and door.

    One that expired is honoured where places are left. `409`: `sold_out`, `order_state`, `receipt_taken`.
    """

    def job(transaction: Transaction) -> Paid:
        _covered(transaction.connection, caller, event_id)
        order = order_of(transaction, caller.org, order_id, event_id)
        with held("this receipt was given out already: give another number", "receipt_taken"):
            order, payment = settling.pay_at_desk(transaction, order, caller.actor, body.method, body.receipt)
        answer = whole(transaction.connection, order)
        return Paid(**dict(answer), receipt=payment.receipt or "")

    return await database.write(job)


@router.post("/events/{eventId}/orders/{orderId}/refund")
async def refund(
    event_id: EventId, order_id: OrderId, caller: AtTheDesk, database: Db, body: RefundIn
) -> OrderWhole:
    """Voids the tickets of an order and gives the money back: by hand what was taken by hand, through the
    payment provider what came through it. Staff `desk` or `events`, devices of the desk."""
    return await _change(
        database, caller, event_id, order_id, lambda t, o: settling.refund(t, o, caller.actor, body.reason)
    )


@router.post("/events/{eventId}/orders/{orderId}/cancel")
async def cancel(event_id: EventId, order_id: OrderId, caller: AtTheDesk, database: Db) -> OrderWhole:
    """Gives up an order that is not paid, and its places. Staff `desk` or `events`, devices of the desk."""
    return await _change(
        database, caller, event_id, order_id, lambda t, o: settling.cancel(t, o, caller.actor)
    )


async def _change(
    database: Database,
    caller: Caller,
    event: str,
    id_: str,
    act: Callable[[Transaction, Order], Order],
) -> OrderWhole:
    def job(transaction: Transaction) -> OrderWhole:
        _covered(transaction.connection, caller, event)
        order = order_of(transaction, caller.org, id_, event)
        return whole(transaction.connection, act(transaction, order))

    return await database.write(job)


async def _list(
    database: Database,
    caller: Caller,
    events: list[str] | None,
    filters: Filters,
    limit: int,
    cursor: str | None,
) -> Page[OrderOut]:
    before = str(cursor_values(cursor, str)[0]) if cursor else None
    orders = await database.read(lambda c: store.listed(c, caller.org, events, filters, before, limit + 1))
    return Page[OrderOut](
        items=[order_out(order) for order in orders[:limit]],
        next_cursor=next_cursor(orders, limit, lambda order: (order.id,)),
    )


def _bound(caller: Caller) -> list[str] | None:
    """The events that a device is bound to; None: all of its organisation's."""
    if caller.role is not Role.DEVICE:
        return None
    events = [scope.removeprefix("event:") for scope in caller.scopes if scope.startswith("event:")]
    return events if events or caller.mode != "desk" else None


def _covered(connection: Connection, caller: Caller, event: str) -> None:
    """Raises `NotFound` for an event that is not the caller's."""
    events = _bound(caller)
    if events is not None and event not in events:
        raise NotFound("there is no event with this id")
    event_of(connection, caller.org, event)
