"""How large the body of a request may be: told from its header, or counted as it comes."""

import re
from functools import partial

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.errors import TooLarge
from server.errors import Answer, as_problem

_MB = 2**20
USUAL = 1 * _MB
LARGER = (
    (re.compile(r"/api/sync/ops"), 8 * _MB),
    (re.compile(r"/api/organizations/[^/]+/events/[^/]+/tickets"), 8 * _MB),
    (re.compile(r"/api/organizations/[^/]+/events/[^/]+/tickets/import"), 64 * _MB),
    (re.compile(r"/api/organizations/[^/]+/events/[^/]+/(cover|media)"), 21 * _MB),
    (re.compile(r"/api/client/events/[^/]+/media/upload(/[^/]+)?"), 21 * _MB),
    (re.compile(r"/api/crm/reservations/service-request/photo"), 21 * _MB),
    (re.compile(r"/(e/[^/]+/gallery|g/[^/]+)"), 21 * _MB),
)
"""Addresses that take many records at once, or a picture of 20 MB in a form."""


class BodyLimit:
    """ASGI middleware: a larger body is answered `413`, and the application hears of no more of it."""

    def __init__(self, app: ASGIApp, answer: Answer = as_problem) -> None:
        self._app, self._answer = app, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = limit_of(scope["path"])
        declared = _declared(scope)
        if declared is not None:
            # HTTP itself sees to it that no more comes than was declared.
            await (self._app if declared <= limit else partial(self._refuse, limit))(scope, receive, send)
            return
        counted = _Counted(limit, receive, send)
        try:
            await self._app(scope, counted.receive, counted.send)
        except Exception:
            # Whatever the application says of half a body.
            if not counted.over:
                raise
        if counted.over and not counted.answered:
            await self._refuse(limit, scope, receive, send)

    async def _refuse(self, limit: int, scope: Scope, receive: Receive, send: Send) -> None:
        fault = TooLarge(f"the request is larger than {limit // _MB} MB: send it in parts")
        await self._answer(Request(scope), fault)(scope, receive, send)


def limit_of(path: str) -> int:
    """The bytes that a body sent to this address may have."""
    return next((limit for pattern, limit in LARGER if pattern.fullmatch(path)), USUAL)


class _Counted:
    """One request; once it is `over` its limit it looks broken off, and no answer to that gets out."""

    __slots__ = ("_left", "_receive", "_send", "answered", "over")

    def __init__(self, limit: int, receive: Receive, send: Send) -> None:
        self._left, self._receive, self._send = limit, receive, send
        self.over = self.answered = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        self.over = self.over or self._left < 0
        return {"type": "http.disconnect"} if self.over else message

    async def send(self, message: Message) -> None:
        if self.over and not self.answered:
            return
        self.answered = True
        await self._send(message)


def _declared(scope: Scope) -> int | None:
    """The length of the body where the request says it; without a body, 0."""
    names = dict(scope["headers"])
    length = names.get(b"content-length")
    if length is None:
        return None if b"transfer-encoding" in names else 0
    return int(length) if length.isdigit() and b"transfer-encoding" not in names else None
