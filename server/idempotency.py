"""`Idempotency-Key`: a POST that is repeated gets the first answer again, and does nothing again.

The key is taken, and durable, before the request is carried out, so that a server that stops in between
leaves a mark and no request is carried out twice. Answers may hold secrets: they are kept encrypted
under the key itself, of which the database holds the digest.
"""

import asyncio
import re
from dataclasses import dataclass
from hashlib import blake2b
from secrets import token_bytes

import orjson
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from sqlalchemy import ColumnElement, and_, delete, insert, select, update
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.clock import DAY
from domain.errors import Conflict, Invalid, Problem, Unauthenticated
from server.auth.caller import bearer
from server.auth.limits import RateLimit, address_of
from server.db.database import Database, Transaction
from server.db.locks import lock
from server.db.tables import idempotent_answers
from server.errors import problem_response

KEPT = DAY
_HEADER = b"idempotency-key"
_EXEMPT = re.compile(
    r"/api/auth/.*|/api/client/events/[^/]+/media/upload(/[^/]+)?|/api/organizations/[^/]+/events/[^/]+/media"
    r"|/e/[^/]+/gallery|/g/[^/]+"
)
"""Secrets are kept nowhere. A picture that is sent again is there once anyway, and too large to be held."""
_TRIES, _PAUSE = 300, 0.1
# Nothing was done, and a next try may fare better: the key stays free for it.
_FREE = frozenset({400, 401, 403, 404, 405, 412, 413, 415, 422, 429, 503, 507})
_STRANGER = RateLimit("idempotency key", "120/minute")
"""A key is written down before a route, and its own limit, is asked; no route lets a stranger do more."""
_NONCE = 12
_T = idempotent_answers.c


@dataclass(frozen=True, slots=True)
class Key:
    """One caller's key: `digest` is stored, `secret` never. `request` is what it was sent with."""

    caller: str
    digest: str
    secret: bytes
    request: bytes

    @classmethod
    def of(cls, caller: str, text: str, request: bytes) -> "Key":
        raw = f"{caller}\n{text}".encode()
        secret = blake2b(raw, digest_size=32, person=b"usher-answer").digest()
        sent = blake2b(request, digest_size=16, key=secret).digest()
        return cls(caller, blake2b(raw, digest_size=16).hexdigest(), secret, sent)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a key; `status` 0 while its request is being carried out."""

    request: bytes
    status: int
    headers: str
    body: bytes


class Idempotency:
    """ASGI middleware; a request without the header passes untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._running: dict[str, asyncio.Event] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or not _given(scope):
            await self._app(scope, receive, send)
            return
        try:
            await self._once(scope, receive, send)
        except Problem as problem:
            await problem_response(problem)(scope, receive, send)

    async def _once(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        caller = _caller(request)
        if caller is None:
            await self._app(scope, receive, send)
            return
        if "authorization" not in request.headers:
            await _STRANGER(request)
        text, body = _text(request), await _body(request)
        address = f"{request.url.path}?{request.url.query}\n".encode()
        key = Key.of(caller, text, address + body)
        database: Database = scope["app"].state.database
        kept = await self._take(database, key)
        if kept is not None:
            await _again(key, kept)(scope, receive, send)
            return
        try:
            answer = await self._carry_out(database, key, scope, _replay(body, receive))
        finally:
            self._release(key)
        for message in answer:
            await send(message)

    async def _take(self, database: Database, key: Key) -> Kept | None:
        """Takes the key (None) until `_release`, or gives what is kept once whoever took it is done."""
        for _ in range(_TRIES):
            while running := self._running.get(key.digest):
                await running.wait()
            self._running[key.digest] = asyncio.Event()
            try:
                kept = await database.write(lambda transaction: _take(transaction, key))
            except BaseException:
                self._release(key)
                raise
            if kept is None:
                return None
            self._release(key)
            if kept.request != key.request:
                raise Invalid(
                    "this Idempotency-Key was used for another request: take a new key for a new request",
                    code="idempotency_mismatch",
                )
            if kept.status:
                return kept
            if database.dialect == "sqlite":
                # Nobody else serves this file: whoever took the key is no more.
                break
            await asyncio.sleep(_PAUSE)
        raise Conflict(
            "the first request with this key did not end: look whether its work was done, "
            "and if not, send it with a new key",
            code="idempotency_unfinished",
        )

    def _release(self, key: Key) -> None:
        self._running.pop(key.digest).set()

    async def _carry_out(self, database: Database, key: Key, scope: Scope, receive: Receive) -> list[Message]:
        """The application's answer, kept before anybody hears of it."""
        answer: list[Message] = []

        async def take(message: Message) -> None:
            answer.append(message)

        try:
            await self._app(scope, receive, take)
        except Exception:
            # What was done until then is not known: the same fault is all that the key will ever give.
            fault = problem_response(Problem("something went wrong on our side with this request"))
            await _keep(database, key, fault.status_code, fault.raw_headers, bytes(fault.body))
            raise
        body = b"".join(message.get("body", b"") for message in answer[1:])
        await _keep(database, key, answer[0]["status"], answer[0]["headers"], body)
        return answer


def _given(scope: Scope) -> bool:
    return any(name == _HEADER for name, _ in scope["headers"]) and not _EXEMPT.fullmatch(scope["path"])


def _text(request: Request) -> str:
    texts = request.headers.getlist(_HEADER.decode())
    if len(texts) != 1 or not 1 <= len(texts[0]) <= 255:
        raise Invalid("send one Idempotency-Key of 1 to 255 characters", code="idempotency_key_invalid")
    return texts[0]


def _caller(request: Request) -> str | None:
    """Whose keys these are; None where the token is not good, which the route will say."""
    if "authorization" not in request.headers:
        return f"address:{address_of(request)}"
    try:
        caller = request.app.state.access.caller(bearer(request))
    except Unauthenticated:
        return None
    return f"{caller.org} {caller.actor}"


async def _body(request: Request) -> bytes:
    return b"".join([part async for part in request.stream()])


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body once more, which was read already; after it what the connection tells."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return again


def _again(key: Key, kept: Kept) -> Response:
    body = ChaCha20Poly1305(key.secret).decrypt(kept.body[:_NONCE], kept.body[_NONCE:], None)
    response = Response(body, kept.status)
    response.raw_headers = [
        (name.encode("latin-1"), value.encode("latin-1")) for name, value in orjson.loads(kept.headers)
    ]
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _take(transaction: Transaction, key: Key) -> Kept | None:
    connection = transaction.connection
    lock(connection, f"idempotency {key.digest}")
    connection.execute(delete(idempotent_answers).where(_T.at < transaction.now - KEPT))
    row = connection.execute(select(_T.request, _T.status, _T.headers, _T.body).where(_mine(key))).first()
    if row is not None:
        return Kept(bytes(row.request), row.status, row.headers, bytes(row.body))
    connection.execute(
        insert(idempotent_answers).values(
            caller=key.caller,
            key=key.digest,
            request=key.request,
            status=0,
            headers="[]",
            body=b"",
            at=transaction.now,
        )
    )
    return None


async def _keep(
    database: Database, key: Key, status: int, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    nonce = token_bytes(_NONCE)
    values = {
        "status": status,
        "headers": orjson.dumps(
            [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
        ).decode(),
        "body": nonce + ChaCha20Poly1305(key.secret).encrypt(nonce, body, None),
    }
    change = delete(idempotent_answers) if status in _FREE else update(idempotent_answers).values(values)
    await database.write(
        lambda transaction: transaction.connection.execute(change.where(_mine(key))).rowcount
    )


def _mine(key: Key) -> ColumnElement[bool]:
    return and_(_T.caller == key.caller, _T.key == key.digest)
