"""The live stream of changes, for as long as its follower may have them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

import orjson

from domain.errors import Problem
from server.auth.access import Access
from server.db.database import Clock, Database
from server.db.wake import Wake
from server.sync import feed
from server.sync.rows import Part

_HEARTBEAT = 15.0
_PAGE = 1_000
_MANY, _BREATH = 20, 0.2
"""After so many changes at once the next may wait a little: whoever makes them is still at it."""
_log = logging.getLogger("usher.sync")


class Live:
    """Streams of one application."""

    def __init__(self, database: Database, wake: Wake, access: Access, clock: Clock) -> None:
        self._database, self._wake, self._access, self._clock = database, wake, access, clock

    async def follow(
        self, part: Part, cursor: int, allowed: Callable[[], Awaitable[bool]]
    ) -> AsyncIterator[bytes]:
        """Server-sent events of what changes after a cursor; a comment when nothing does.

        `allowed` is asked before each of them, and at once when anybody's access has changed.
        """
        yield b"retry: 2000\n\n"
        with self._wake.follow(part.name) as woken, self._access.waking(woken):
            try:
                while not self._wake.ended:
                    woken.clear()
                    if not await allowed():
                        return
                    pull = await self._database.read(
                        partial(feed.pull, part=part, cursor=cursor, limit=_PAGE, now=self._clock())
                    )
                    cursor = pull.cursor
                    if pull.changes:
                        yield b"".join(map(_event, pull.changes))
                    if len(pull.changes) >= _MANY and not pull.more:
                        await asyncio.sleep(_BREATH)
                    if not pull.more and not await _set_in_time(woken):
                        yield b": still here\n\n"
            except Problem as problem:
                _log.warning("the stream of %s ends: %s", part.name, problem.detail)


async def _set_in_time(woken: asyncio.Event) -> bool:
    # `wait_for` of Python 3.11 may swallow that this task is to end.
    try:
        async with asyncio.timeout(_HEARTBEAT):
            return await woken.wait()
    except TimeoutError:
        return False


def _event(change: feed.Change) -> bytes:
    data = {"seq": change.seq, "table": change.table, "key": change.key, "row": change.row}
    return b"id: %d\nevent: change\ndata: %s\n\n" % (change.seq, orjson.dumps(data))
