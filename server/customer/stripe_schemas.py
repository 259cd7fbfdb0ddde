"""What a client needs to pay through Stripe."""

from typing import Annotated

from pydantic import Field

from server.customer.buying_schemas import OrderIdIn
from server.wire import Out

Address = Annotated[str, Field(pattern=r"^https?://[^\s]+$", max_length=2_000)]


class StripeConfig(Out):
    publishable_key: str


class IntentOut(Out):
    """What the embedded form of an order needs."""

    order_id: str
    client_secret: str


class CheckoutIn(OrderIdIn):
    """Where the hosted page leads once it was paid, or left."""

    success_url: Address
    cancel_url: Address


class CheckoutOut(Out):
    url: str


class Received(Out):
    received: bool = True
