"""Routes to pay through Stripe: in a form of the client, or on a page of Stripe's."""

from typing import Annotated

from fastapi import APIRouter, Header, Request

from domain.errors import NotFound
from server.auth.limits import RateLimit
from server.customer.buying_routes import own_order
from server.customer.buying_schemas import OrderIdIn
from server.customer.dependencies import PREFIX, Customer, Selling
from server.customer.stripe_schemas import CheckoutIn, CheckoutOut, IntentOut, Received, StripeConfig
from server.ticketing.orders.sales import Sales
from server.ticketing.payments.provider import at_the_desk
from server.wire import Config, Db

router = APIRouter(prefix=f"{PREFIX}/stripe", tags=["attendees"])

# All of Stripe calls from a few addresses.
HEAR = RateLimit("stripe webhook", "6000/minute")
_STRIPE = "stripe"


@router.get("/config")
async def config(_caller: Customer, settings: Config, sales: Selling) -> StripeConfig:
    """The publishable key. Customers. `409 pay_at_desk` where payment is not taken through Stripe."""
    _chosen(sales)
    return StripeConfig(publishable_key=settings.stripe_publishable_key)


@router.post("/intent")
async def intent(body: OrderIdIn, caller: Customer, db: Db, sales: Selling) -> IntentOut:
    """The client secret of an order's payment, for the embedded form. Customers.

    Any number of calls give the same payment. `409`: `pay_at_desk`, `paid_before`, `event_state`,
    `sale_over`. `410 order_expired`.
    """
    _chosen(sales)
    await db.read(lambda c: own_order(c, caller, body.order_id))
    begun = await sales.form(caller.org, body.order_id)
    return IntentOut(order_id=body.order_id, client_secret=begun.secret or "")


@router.post("/checkout-session")
async def checkout(body: CheckoutIn, caller: Customer, db: Db, sales: Selling) -> CheckoutOut:
    """The address of Stripe's own page for an order; a payment begun before is given up. Customers.

    `409`: `pay_at_desk`, `event_state`, `sale_over`. `410 order_expired`.
    """
    _chosen(sales)
    await db.read(lambda c: own_order(c, caller, body.order_id))
    begun = await sales.page(caller.org, body.order_id, body.success_url, body.cancel_url)
    return CheckoutOut(url=begun.address or "")


@router.post("/webhook", openapi_extra={"requestBody": {"content": {"application/json": {"schema": {}}}}})
async def webhook(
    request: Request,
    sales: Selling,
    stripe_signature: Annotated[str, Header(max_length=2_000)] = "",
) -> Received:
    """Where Stripe tells of payments; finishes an order whose client never came back. Public, signed.

    Messages may come twice and in any order. `400 signature` for one that Stripe did not sign.
    """
    await HEAR(request)
    provider = sales.payments.known.get(_STRIPE)
    if provider is None:
        raise NotFound("payment is not taken through Stripe here")
    payment = provider.heard(await request.body(), stripe_signature)
    if payment is not None:
        await sales.hear(_STRIPE, payment)
    return Received()


def _chosen(sales: Sales) -> None:
    if sales.payments.chosen.name != _STRIPE:
        raise at_the_desk()
