"""Money that customers pay through Stripe, by its official library: payment intents and hosted checkout.

What Stripe tells of its own accord is a hint only: which payment to ask about. Hints may come twice, late
or in any order, and change nothing by themselves.

Importing the library takes a second: import this module only where Stripe is set up.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import orjson
import stripe
from stripe import StripeClient

from domain.errors import Conflict, Unavailable, Unreadable
from server.ticketing.payments.provider import Begun, Due, Seen, Standing

STRIPE = "stripe"
_PATIENCE = 10
_OLD = 300
_TRIES = 2
_SESSION = "cs_"
# These have no smaller unit, yet Stripe counts them in hundredths.
_HUNDREDTHS = ("ISK", "UGX")
_log = logging.getLogger("usher.stripe")


class Stripe:
    name = STRIPE
    online = True

    def __init__(self, secret_key: str, webhook_secret: str, address: str = "") -> None:
        self._webhook_secret = webhook_secret
        self._http = stripe.HTTPXClient(timeout=_PATIENCE)
        self._client = StripeClient(
            secret_key,
            base_addresses={"api": address} if address else {},
            max_network_retries=_TRIES,
            http_client=self._http,
        )

    async def begin(self, due: Due) -> Begun:
        params = {
            "amount": _units(due.amount, due.currency),
            "currency": due.currency.lower(),
            "automatic_payment_methods": {"enabled": True},
            "description": f"Order {due.number}",
            "metadata": _metadata(due),
        }
        with _faults():
            intent: Any = await self._client.v1.payment_intents.create_async(
                cast(Any, params), {"idempotency_key": due.payment}
            )
        return Begun(intent.id, intent.client_secret)

    async def checkout(self, due: Due, success: str, cancel: str) -> Begun:
        params: dict[str, Any] = {
            "mode": "payment",
            "line_items": [
                {
                    "quantity": line.quantity,
                    "price_data": {
                        "currency": due.currency.lower(),
                        "unit_amount": _units(line.price, due.currency),
                        "product_data": {"name": line.name},
                    },
                }
                for line in due.lines
            ],
            "success_url": success,
            "cancel_url": cancel,
            "client_reference_id": due.order,
            "metadata": _metadata(due),
            "payment_intent_data": {"metadata": _metadata(due), "description": f"Order {due.number}"},
        }
        if due.email:
            params["customer_email"] = due.email
        with _faults():
            session: Any = await self._client.v1.checkout.sessions.create_async(
                cast(Any, params), {"idempotency_key": due.payment}
            )
        return Begun(session.id, address=session.url)

    async def look_up(self, reference: str) -> Seen:
        with _faults():
            if reference.startswith(_SESSION):
                expand = {"expand": ["payment_intent.latest_charge"]}
                return _session(
                    await self._client.v1.checkout.sessions.retrieve_async(reference, cast(Any, expand))
                )
            expand = {"expand": ["latest_charge"]}
            return _intent(await self._client.v1.payment_intents.retrieve_async(reference, cast(Any, expand)))

    async def give_up(self, reference: str) -> Seen:
        try:
            with _faults():
                if reference.startswith(_SESSION):
                    await self._client.v1.checkout.sessions.expire_async(reference)
                else:
                    await self._client.v1.payment_intents.cancel_async(reference)
        except Conflict:
            # It was paid, or given up before: what stands is looked up.
            pass
        return await self.look_up(reference)

    async def refund(self, payment: str, charge: str) -> None:
        params = {"payment_intent": charge, "metadata": {"payment": payment}}
        try:
            with _faults():
                await self._client.v1.refunds.create_async(
                    cast(Any, params), {"idempotency_key": f"refund-{payment}"}
                )
        except Conflict as problem:
            if problem.more.get("stripeCode") != "charge_already_refunded":
                raise

    def heard(self, payload: bytes, signature: str) -> str | None:
        """The payment that a signed message of Stripe's is about, None for one that is none of ours.

        Raises `Unreadable` for a message that Stripe did not sign, or signed long ago.
        """
        try:
            stripe.WebhookSignature.verify_header(payload, signature, self._webhook_secret, tolerance=_OLD)
            event = orjson.loads(payload)
        except (stripe.StripeError, ValueError, TypeError) as fault:
            _log.warning("a message in Stripe's name was refused: %s", type(fault).__name__)
            raise Unreadable("this message is not signed by Stripe", code="signature") from None
        match event:
            case {"data": {"object": {"metadata": {"payment": str(named)}}}}:
                return named
            case _:
                return None

    async def close(self) -> None:
        await self._http.close_async()  # type: ignore[no-untyped-call]


def _session(session: Any) -> Seen:
    if session.payment_intent is not None and session.payment_intent.status == "succeeded":
        return _intent(session.payment_intent)
    return Seen(Standing.DEAD if session.status == "expired" else Standing.OPEN)


def _intent(intent: Any) -> Seen:
    currency = str(intent.currency).upper()
    match intent.status:
        case "succeeded":
            charge = intent.latest_charge
            back = charge is not None and charge.refunded
            return Seen(
                Standing.RETURNED if back else Standing.PAID,
                amount=_minor(intent.amount_received, currency),
                currency=currency,
                charge=intent.id,
            )
        case "canceled":
            return Seen(Standing.DEAD, charge=intent.id)
        case _:
            return Seen(Standing.OPEN, charge=intent.id, secret=intent.client_secret)


def _metadata(due: Due) -> dict[str, str]:
    return {"payment": due.payment, "order": due.order, "org": due.org, "number": due.number}


def _units(amount: int, currency: str) -> int:
    return amount * 100 if currency in _HUNDREDTHS else amount


def _minor(units: int, currency: str) -> int:
    return units // 100 if currency in _HUNDREDTHS else units


@contextmanager
def _faults() -> Iterator[None]:
    """Stripe's faults as ours: the world's as `Unavailable`, what it refuses as `Conflict`."""
    try:
        yield
    except (stripe.InvalidRequestError, stripe.CardError) as fault:
        raise Conflict(
            f"the payment provider refused this: {fault.user_message or 'look at the order'}",
            code="payment_refused",
            more={"stripeCode": fault.code},
        ) from fault
    except stripe.StripeError as fault:
        _log.warning("Stripe cannot be asked: %s (%s)", type(fault).__name__, fault.http_status)
        raise Unavailable(
            "the payment provider cannot be reached: try again in a moment", code="payment_unavailable"
        ) from fault
