"""A stand-in for Stripe, run as a process: payment intents, checkout sessions, refunds, signed webhooks.

It speaks the wire format (form-encoded requests with brackets, `expand`, idempotency keys, error bodies) to
the real library. Under `/_test` it is told what customers and the world do.

python -m tests.server.stripe.standin
"""

import asyncio
import hashlib
import hmac
import json
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

SECRET_KEY, WEBHOOK_SECRET = "sk_test_standin", "whsec_standin"
Object = dict[str, Any]


class Refusal(Exception):
    """An answer that Stripe gives to what cannot be."""

    def __init__(self, message: str, code: str | None = None, status: int = 400, kind: str = "") -> None:
        self.status = status
        kind = kind or "invalid_request_error"
        self.body = {"error": {"type": kind, "code": code, "message": message}}


@dataclass
class State:
    objects: dict[str, Object] = field(default_factory=dict)
    answers: dict[str, tuple[Object, Object]] = field(default_factory=dict)
    """By idempotency key: what was asked, what was answered."""
    events: list[Object] = field(default_factory=list)
    numbers: Any = field(default_factory=lambda: count(1))
    broken: int = 0
    """So many calls still fail."""
    slow: float = 0.0
    hook: str = ""
    """Where events are sent to, in their order, as long as one is named."""
    sent: int = 0
    lost: bool = False
    """Whether answers are lost on their way back, after the work was done."""

    def new(self, prefix: str, kind: str, **values: Any) -> Object:
        id_ = f"{prefix}_{next(self.numbers):08d}"
        made = {"id": id_, "object": kind, "livemode": False, "created": int(time.time()), **values}
        self.objects[id_] = made
        return made

    def get(self, id_: str, kind: str) -> Object:
        found = self.objects.get(id_)
        if found is None or found["object"] != kind:
            raise Refusal(f"No such {kind}: '{id_}'", "resource_missing", 404)
        return found

    def happened(self, type_: str, about: Object) -> None:
        event = self.new("evt", "event", type=type_, api_version="2026-10-28.endive", data={})
        event["data"]["object"] = json.loads(json.dumps(about))
        self.events.append(event)


state = State()
Act = Callable[[Request, Object], Awaitable[Object]]


def api(act: Act) -> Callable[[Request], Awaitable[Response]]:
    """One call of the API: authenticated, decoded, done once for each idempotency key, expanded."""

    async def answer(request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {SECRET_KEY}":
            return JSONResponse(Refusal("Invalid API Key provided").body, 401)
        await asyncio.sleep(state.slow)
        if state.broken > 0:
            state.broken -= 1
            return JSONResponse(Refusal("Something went wrong", kind="api_error").body, 500)
        params = decoded((await request.body()).decode()) if request.method == "POST" else {}
        try:
            made = await once(act, request, params)
        except Refusal as refusal:
            return JSONResponse(refusal.body, refusal.status)
        if state.lost:
            state.lost = False
            return JSONResponse(
                Refusal("Lost on the way", kind="api_error").body, 500, {"Stripe-Should-Retry": "false"}
            )
        return JSONResponse(expanded(made, request.query_params.multi_items()))

    return answer


async def once(act: Act, request: Request, params: Object) -> Object:
    key = request.headers.get("idempotency-key")
    asked = {"path": request.url.path, "params": params}
    if key is None or request.method != "POST":
        return await act(request, params)
    if key in state.answers:
        before, made = state.answers[key]
        if before != asked:
            raise Refusal(
                "Keys for idempotent requests can only be used with the same parameters",
                kind="idempotency_error",
            )
        return made
    made = await act(request, params)
    state.answers[key] = (asked, json.loads(json.dumps(made)))
    return made


def decoded(body: str) -> Object:
    """`a[b][0][c]=d` as nested objects and lists."""
    tree: Object = {}
    for name, value in parse_qsl(body, keep_blank_values=True, strict_parsing=bool(body)):
        first, *rest = re.split(r"\[|\]\[", name.rstrip("]"))
        at: Any = tree
        for part, following in zip([first, *rest], [*rest, None], strict=True):
            if following is None:
                at[part] = value
            else:
                at = at.setdefault(part, {})
    return lists(tree)  # type: ignore[no-any-return]


def lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: lists(each) for key, each in value.items()}
    return list(inner.values()) if inner and all(key.isdigit() for key in inner) else inner


def expanded(made: Object, query: list[tuple[str, str]]) -> Object:
    """Ids are objects only where it was asked for."""
    copy = json.loads(json.dumps(made))
    for name, path in query:
        if not name.startswith("expand"):
            continue
        at = copy
        for part in path.split("."):
            if isinstance(at.get(part), str):
                at[part] = json.loads(json.dumps(state.objects[at[part]]))
            at = at[part]
            if at is None:
                break
    return copy  # type: ignore[no-any-return]


def intent(amount: int, params: Object) -> Object:
    made = state.new(
        "pi",
        "payment_intent",
        amount=amount,
        amount_received=0,
        currency=params["currency"],
        status="requires_payment_method",
        latest_charge=None,
        metadata=params.get("metadata", {}),
        description=params.get("description"),
    )
    made["client_secret"] = f"{made['id']}_secret_{hashlib.sha256(made['id'].encode()).hexdigest()[:24]}"
    return made


def whole(text: Any, name: str) -> int:
    if not isinstance(text, str) or not text.isdigit() or int(text) < 1:
        raise Refusal(f"Invalid positive integer: {name}", "parameter_invalid_integer")
    return int(text)


async def create_intent(_request: Request, params: Object) -> Object:
    amount = whole(params.get("amount"), "amount")
    if amount < 50:
        raise Refusal("Amount must be at least €0.50 eur", "amount_too_small")
    return intent(amount, params)


async def get_intent(request: Request, _params: Object) -> Object:
    return state.get(request.path_params["id"], "payment_intent")


async def cancel_intent(request: Request, _params: Object) -> Object:
    found = state.get(request.path_params["id"], "payment_intent")
    if found["status"] in ("succeeded", "canceled", "processing"):
        raise Refusal(
            f"You cannot cancel this PaymentIntent because it has a status of {found['status']}.",
            "payment_intent_unexpected_state",
        )
    found["status"] = "canceled"
    state.happened("payment_intent.canceled", found)
    return found


async def create_session(_request: Request, params: Object) -> Object:
    if params.get("mode") != "payment" or not params.get("line_items"):
        raise Refusal("Missing required param: line_items", "parameter_missing")
    for name in ("success_url", "cancel_url"):
        if not re.match(r"https?://", str(params.get(name))):
            raise Refusal("Not a valid URL", "url_invalid")
    total = sum(
        whole(line["quantity"], "quantity") * whole(line["price_data"]["unit_amount"], "unit_amount")
        for line in params["line_items"]
    )
    made = state.new(
        "cs",
        "checkout.session",
        mode="payment",
        status="open",
        payment_status="unpaid",
        payment_intent=None,
        amount_total=total,
        currency=params["line_items"][0]["price_data"]["currency"],
        metadata=params.get("metadata", {}),
        success_url=params["success_url"],
        intent_data=params.get("payment_intent_data", {}),
    )
    made["url"] = f"https://checkout.stripe.test/pay/{made['id']}"
    return made


async def get_session(request: Request, _params: Object) -> Object:
    return state.get(request.path_params["id"], "checkout.session")


async def expire_session(request: Request, _params: Object) -> Object:
    found = state.get(request.path_params["id"], "checkout.session")
    if found["status"] != "open":
        raise Refusal(f"This Session is {found['status']}", None)
    found["status"] = "expired"
    state.happened("checkout.session.expired", found)
    return found


async def create_refund(_request: Request, params: Object) -> Object:
    paid = state.get(str(params.get("payment_intent")), "payment_intent")
    if paid["status"] != "succeeded":
        raise Refusal("This PaymentIntent does not have a successful charge to refund.", None)
    return give_back(paid, params.get("metadata", {}))


def give_back(paid: Object, metadata: Object) -> Object:
    charge = state.objects[paid["latest_charge"]]
    if charge["refunded"]:
        raise Refusal(f"Charge {charge['id']} has already been refunded.", "charge_already_refunded")
    charge.update(refunded=True, amount_refunded=charge["amount"])
    made = state.new(
        "re",
        "refund",
        amount=charge["amount"],
        payment_intent=paid["id"],
        status="succeeded",
        metadata=metadata,
    )
    state.happened("charge.refunded", charge)
    return made


def pay(id_: str) -> None:
    """The customer pays: in the form, or on the hosted page."""
    found = state.objects[id_]
    if found["object"] == "checkout.session":
        if found["status"] != "open":
            raise Refusal("This page has expired")
        data = {"currency": found["currency"], **found["intent_data"]}
        paid = intent(found["amount_total"], data)
        found.update(payment_intent=paid["id"], status="complete", payment_status="paid")
        succeed(paid)
        state.happened("checkout.session.completed", found)
        return
    if found["status"] == "canceled":
        raise Refusal("This PaymentIntent was canceled")
    succeed(found)


def succeed(paid: Object) -> None:
    charge = state.new(
        "ch", "charge", amount=paid["amount"], amount_refunded=0, currency=paid["currency"], refunded=False,
        payment_intent=paid["id"], metadata=paid["metadata"],
    )  # fmt: skip
    paid.update(status="succeeded", amount_received=paid["amount"], latest_charge=charge["id"])
    state.happened("payment_intent.succeeded", paid)


async def told(request: Request) -> Response:
    """What customers and the world do."""
    body = await request.json()
    try:
        match body:
            case {"pay": str(id_)}:
                pay(id_)
            case {"fail": str(id_)}:
                state.objects[id_]["last_payment_error"] = {"code": "card_declined"}
                state.happened("payment_intent.payment_failed", state.objects[id_])
            case {"process": str(id_)}:
                state.objects[id_]["status"] = "processing"
            case {"refund": str(id_)}:
                give_back(state.objects[id_], {})
            case {"change": str(id_), "values": dict(values)}:
                state.objects[id_].update(values)
            case {"broken": int(times)}:
                state.broken = times
            case {"slow": int() | float() as seconds}:
                state.slow = seconds
            case {"lost": True}:
                state.lost = True
            case {"hook": str(address)}:
                state.hook, state.sent = address, len(state.events)
            case {"reset": True}:
                state.__init__()  # type: ignore[misc]
            case _:
                return JSONResponse({"error": "what?"}, 400)
    except Refusal as refusal:
        return JSONResponse(refusal.body, refusal.status)
    return JSONResponse({}, background=BackgroundTask(send))


async def send() -> None:
    """Posts what happened since the last time, each signed; what is not taken is sent again the next time."""
    async with httpx.AsyncClient() as client:
        while state.hook and state.sent < len(state.events):
            body = json.dumps(state.events[state.sent])
            headers = {"Stripe-Signature": signed(body), "Content-Type": "application/json"}
            answer = await client.post(state.hook, content=body, headers=headers)
            if not answer.is_success:
                return
            state.sent += 1


async def seen(_request: Request) -> Response:
    """All objects, and the events as they would be sent: the body, and the header that signs it."""
    events = [{"body": json.dumps(event), "signature": signed(json.dumps(event))} for event in state.events]
    return JSONResponse({"objects": state.objects, "events": events})


def signed(body: str) -> str:
    at = int(time.time())
    made = hmac.new(WEBHOOK_SECRET.encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={at},v1={made}"


def _route(path: str, act: Act, method: str) -> Route:
    return Route(f"/v1/{path}", api(act), methods=[method])


app = Starlette(
    routes=[
        _route("payment_intents", create_intent, "POST"),
        _route("payment_intents/{id}", get_intent, "GET"),
        _route("payment_intents/{id}/cancel", cancel_intent, "POST"),
        _route("checkout/sessions", create_session, "POST"),
        _route("checkout/sessions/{id}", get_session, "GET"),
        _route("checkout/sessions/{id}/expire", expire_session, "POST"),
        _route("refunds", create_refund, "POST"),
        Route("/_test", told, methods=["POST"]),
        Route("/_test", seen, methods=["GET"]),
    ]
)


class _Server(uvicorn.Server):
    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        print(f"http://{host}:{port}", flush=True)


if __name__ == "__main__":
    _Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning")).run()
