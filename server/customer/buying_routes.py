"""Routes to buy: tiers, purchase, confirmation, free registration."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection

from domain.clock import Instant
from domain.errors import Invalid, NotFound
from server.auth.caller import Caller
from server.customer.buying_schemas import (
    Confirmed,
    OrderIdIn,
    OrderStateOut,
    Purchased,
    PurchaseIn,
    RegisterIn,
    TierOut,
    Tiers,
)
from server.customer.dependencies import PREFIX, Answers, Customer, EventId, Selling, account, buyer
from server.customer.holding import adopted
from server.customer.ticket_answers import own_ticket
from server.db.database import Database, Transaction
from server.direct import DirectRoute
from server.events.service import scope
from server.kept_answers import HAD, sent
from server.ticketing import issuing, owning, types
from server.ticketing.orders import placing, registering, settling, store
from server.ticketing.orders.placing import sale
from server.ticketing.orders.sales import sold
from server.ticketing.orders.steps import order_of
from server.ticketing.orders.values import Order
from server.ticketing.types import Tier
from server.wire import Db, Now, Paging, cursor_values, next_cursor

router = APIRouter(prefix=PREFIX, tags=["attendees"])


async def tiers(
    event_id: EventId,
    caller: Customer,
    request: Request,
    db: Db,
    now: Now,
    answers: Answers,
    asked: Annotated[Paging, Query()],
) -> Response:
    """What can be bought for an event, and how much of it is left, in the organiser's order. Customers.

    `available` is never older than a second. With `If-None-Match` the answer may be `304`.
    """
    after = int(cursor_values(asked.cursor, int)[0]) if asked.cursor else 0

    async def make() -> bytes:
        at = now()
        page = await db.read(lambda c: _tiers(c, caller.org, event_id, after, asked.limit, at))
        return orjson.dumps(page.model_dump(mode="json", by_alias=True))

    key = f"tiers {caller.org} {event_id} {after} {asked.limit}"
    return sent(
        request,
        await answers.get(key, (scope(caller.org, event_id), sale(caller.org, event_id)), make),
    )


router.add_api_route(
    "/{eventId}/ticket-types",
    tiers,
    methods=["GET"],
    response_model=Tiers,
    responses=HAD,
    route_class_override=DirectRoute,
)


async def purchase(body: PurchaseIn, caller: Customer, sales: Selling) -> Response:
    """Orders tickets and holds their places for 15 minutes. Customers.

    `409`: `sold_out`, `sale_not_begun`, `sale_over`, `event_state`, `orders_pending`. `422`: `order_limit`,
    `currency_mixed`, `type_twice`, `coupon_unknown`. What it costs, the server says.
    """
    if body.coupon:
        raise Invalid("there is no such coupon for this event", code="coupon_unknown")
    wanted = [each.value() for each in body.tickets]
    order, begun = await sales.purchase(caller.org, lambda c: buyer(c, caller), body.event_id, wanted)
    bought = Purchased(
        order_id=order.id,
        number=order.number,
        payment_intent_secret=begun.secret if begun else None,
        total=order.total,
        currency=order.currency,
        expires_at=order.expires,
    )
    return Response(bought.model_dump_json(by_alias=True), 201, media_type="application/json")


router.add_api_route(
    "/tickets/purchase",
    purchase,
    methods=["POST"],
    status_code=201,
    response_model=Purchased,
    route_class_override=DirectRoute,
)


@router.post("/tickets/confirm-order")
async def confirm(body: OrderIdIn, caller: Customer, db: Db, sales: Selling) -> Confirmed:
    """The tickets of an order, once the payment provider itself says that it is paid. Customers.

    Any number of calls give the same tickets. `409 unpaid` while it is not, `409 order_refunded` where money
    came too late and went back, `410 order_expired`.
    """
    order = await db.read(lambda c: own_order(c, caller, body.order_id))
    await sales.confirm(caller.org, body.order_id)
    return await confirmed(db, caller, order)


@router.post("/tickets/cancel-order")
async def cancel(body: OrderIdIn, caller: Customer, db: Db) -> OrderStateOut:
    """Gives up an order that is not paid, and its places at once. Customers."""

    def job(transaction: Transaction) -> Order:
        own_order(transaction.connection, caller, body.order_id)
        order = order_of(transaction, caller.org, body.order_id)
        return settling.cancel(transaction, order, caller.actor)

    order = await db.write(job)
    return OrderStateOut(order_id=order.id, state=order.state)


@router.post("/tickets/register", status_code=201)
async def register(
    body: RegisterIn, caller: Customer, db: Db, sales: Selling, response: Response
) -> Confirmed:
    """A ticket of a free tier, confirmed at once; for several attendees one each. Customers.

    Whoever is registered for the event already gets that registration again, with `200`. `422 not_free` for
    a tier that costs something.
    """
    attendees = tuple(each.value() for each in body.attendees)

    def job(transaction: Transaction) -> tuple[Order, bool]:
        who = buyer(transaction.connection, caller)
        return registering.register(
            transaction, who, body.event_id, body.ticket_type_id, attendees, sales.sold_out
        )

    order, new = await db.write(job)
    response.status_code = 201 if new else 200
    return await confirmed(db, caller, order)


def own_order(connection: Connection, caller: Caller, id_: str) -> Order:
    """An order of this customer, be it placed with their address before they signed in. Raises `NotFound`,
    for anybody else's too."""
    who, order = account(connection, caller), store.order(connection, caller.org, id_)
    if order is None or (order.customer or who.id, order.email) != (who.id, who.email):
        raise NotFound("there is no order with this id")
    return order


async def confirmed(db: Database, caller: Caller, order: Order) -> Confirmed:
    """A confirmed order with its tickets, the caller's from now on. Raises what says why there are none."""
    if order.customer is None:
        await adopted(db, caller.id)

    def query(connection: Connection) -> Confirmed:
        now = sold(connection, caller.org, order.id)
        tickets = owning.of_order(connection, caller.org, order.id)
        return Confirmed(
            order_id=now.id,
            number=now.number,
            state=now.state,
            total=now.total,
            currency=now.currency,
            tickets=[own_ticket(each, caller.id) for each in tickets],
        )

    return await db.read(query)


def _tiers(connection: Connection, org: str, event: str, after: int, limit: int, now: Instant) -> Tiers:
    ends = placing.shown(connection, org, event).ends
    found = types.listed(connection, org, event, after, limit + 1, sold=True)
    page = found[:limit]
    left = issuing.left(connection, org, event, page, now)
    return Tiers(
        items=[_tier(tier, left[tier.id], ends, now) for tier in page],
        next_cursor=next_cursor(found, limit, lambda tier: (tier.number,)),
    )


def _tier(tier: Tier, left: int | None, ends: Instant, now: Instant) -> TierOut:
    return TierOut(
        id=tier.id,
        name=tier.name,
        description=dict(tier.description),
        colour=tier.colour,
        price=tier.price,
        currency=tier.currency,
        available=left,
        on_sale=tier.on_sale(now) and now < ends,
        sale_from=tier.sale_from,
        sale_until=tier.sale_until,
        min_per_order=tier.min_per_order,
        max_per_order=tier.max_per_order,
        perks=list(tier.perks),
    )
