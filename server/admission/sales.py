"""What a kiosk sold at its door, and let in with the same act: both facts, kept and marked. What it took
back of that, with the money, is one too."""

from contextlib import suppress

from domain.errors import Conflict, NotFound
from domain.sync import Answer, Operation, Status
from server.addresses import Unaddressable, typed
from server.admission import offline, service
from server.admission.request import Request
from server.admission.schemas import OfflineSale, OfflineSaleBack
from server.admission.store import DoorStore
from server.auth import store as auth
from server.auth.caller import Caller
from server.db.database import Transaction
from server.ticketing.orders import settling, walk_in
from server.ticketing.orders.steps import order_of
from server.ticketing.orders.values import Order
from server.ticketing.orders.walk_in import Sold, Walk


def keep(transaction: Transaction, caller: Caller, operation: Operation, payload: OfflineSale) -> Answer:
    """`mark` tells what staff should know: `beyond` the quota, another `price` than was taken, or that the
    door would have refused it."""
    walk = Walk(
        lease=payload.lease,
        event=payload.event,
        type=payload.type,
        order=payload.order_id,
        number=payload.number,
        ticket=payload.ticket_id,
        code=payload.code,
        name=payload.name,
        email=_address(payload.email),
        language=payload.language,
        method=payload.method,
        taken=payload.taken,
        perks=tuple(payload.perks),
        at=operation.at,
    )
    sold = walk_in.sell(transaction, caller, walk)
    mark = _admit(transaction, caller, operation, payload, sold)
    if sold.order.total != walk.taken:
        mark = "price"
    if sold.beyond:
        mark = "beyond"
    detail = {
        "orderId": sold.order.id,
        "number": sold.order.number,
        "ticketId": sold.ticket.id,
        "total": sold.order.total,
        "taken": walk.taken,
        "currency": sold.order.currency,
        "mark": mark or None,
    }
    return Answer(operation.op, Status.CONFLICT if mark else Status.APPLIED, detail)


def take_back(
    transaction: Transaction, caller: Caller, operation: Operation, payload: OfflineSaleBack
) -> Answer:
    """The order is refunded, its ticket void, and nobody went in.

    Raises `NotFound` for what this kiosk, also as another device before, has not sold by that operation,
    `Conflict` where the money was given back already.
    """
    order = _sold_by(transaction, caller, payload)
    why = payload.reason or "taken back at the door"
    settling.refund(transaction, order, caller.actor, why)
    with suppress(Conflict, NotFound), transaction.step():
        # The entry alone may have been taken back before, or be another device's matter by now.
        service.undo(transaction, caller, payload.sale, operation.op, operation.at, why, offline=True)
    return Answer(operation.op, Status.APPLIED, {"orderId": order.id, "number": order.number})


def _sold_by(transaction: Transaction, caller: Caller, payload: OfflineSaleBack) -> Order:
    """The order, held until the end of the transaction. One that was sold with an act is of the same time."""
    connection = transaction.connection
    scan = DoorStore(connection, caller.org).recorded(payload.sale)
    mine = scan is not None and auth.is_or_was(connection, caller.id, scan.device or "")
    if scan is not None and mine and scan.ticket == payload.ticket_id:
        order = order_of(transaction, caller.org, payload.order_id, scan.event)
        if (order.created, order.expires) == (scan.at, scan.at):
            return order
    raise NotFound("this device has not sold this order", code="sale_unknown")


def _admit(
    transaction: Transaction, caller: Caller, operation: Operation, payload: OfflineSale, sold: Sold
) -> str:
    """The scan, on the kiosk's list, or where that is gone, on one that the event has still."""
    store = DoorStore(transaction.connection, caller.org)
    known = [list_.id for list_ in store.lists([payload.list, *payload.lists])]
    lists = known or store.lists_of(sold.order.event)
    request = Request(
        op=operation.op,
        at=operation.at,
        lists=lists,
        ticket=sold.ticket.id,
        gate=payload.gate or caller.gate,
        confirmed=True,
        confirmed_unpaid=True,
    )
    try:
        mark, _ = offline.keep(transaction, caller, request, reason=None, chosen=next(iter(lists), ""))
    except NotFound:
        return "conflict"
    return mark


def _address(text: str) -> str:
    try:
        return typed(text) if text else ""
    except Unaddressable:
        return ""
