"""Answers kept in memory, so that very many who ask the same cost one query.

An answer is given until a commit touches one of its scopes, and never longer than `FRESH`: what it says
changes with time too, when holds end and sales begin.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from fastapi import Request, Response

from domain.clock import SECOND, Instant
from server.db.database import Clock, Database

FRESH = 1 * SECOND
HAD: dict[int | str, dict[str, Any]] = {304: {"description": "Who asks has it already."}}
"""What a route whose answers have an ETag says of them beside."""
_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Answer:
    """The JSON of an answer, and its ETag."""

    body: bytes
    etag: str


@dataclass(slots=True)
class _Made:
    """An answer that is being made, or was, from what the database held at `since` or later."""

    since: Instant
    scopes: frozenset[str]
    task: asyncio.Task[Answer]
    stale: bool = False


class KeptAnswers:
    """Not for several event loops. Whoever asks while an answer is being made waits for that one."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._clock = clock
        self._made: dict[str, _Made] = {}
        database.on_commit(self._on_commit, at_once=True)

    async def get(self, key: str, scopes: Collection[str], make: Callable[[], Awaitable[bytes]]) -> Answer:
        """The answer of a key; `make` reads what it says. What `make` raises is not kept."""
        made = self._made.get(key)
        if made is None or made.stale or not made.since <= self._clock() < made.since + FRESH:
            # In this order: what is committed from here on marks it, whether it was read or not.
            made = _Made(self._clock(), frozenset(scopes), asyncio.create_task(_answer(make)))
            self._made[key] = made
            if len(self._made) > _KEPT:
                del self._made[next(iter(self._made))]
        try:
            return await asyncio.shield(made.task)
        except Exception:
            if self._made.get(key) is made:
                del self._made[key]
            raise

    def _on_commit(self, touched: frozenset[str]) -> None:
        """Called from another thread, right after the commit, before anybody hears of it."""
        for made in list(self._made.values()):
            if "*" in touched or not made.scopes.isdisjoint(touched):
                made.stale = True


def sent(request: Request, answer: Answer) -> Response:
    """The answer, or `304` to who has it already. Browsers keep it and ask each time."""
    headers = {"ETag": answer.etag, "Cache-Control": "private, no-cache"}
    known = request.headers.get("if-none-match", "")
    if known and answer.etag in {part.strip().removeprefix("W/") for part in known.split(",")}:
        return Response(status_code=304, headers=headers)
    return Response(answer.body, media_type="application/json", headers=headers)


async def _answer(make: Callable[[], Awaitable[bytes]]) -> Answer:
    body = await make()
    return Answer(body, f'"{blake2b(body, digest_size=12).hexdigest()}"')
