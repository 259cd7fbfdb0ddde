"""Work that the backend does by itself: when it is due, and when a commit wakes it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from domain.clock import SECOND, Instant
from domain.errors import Problem
from server.db.database import Clock, Database

_LONGEST = 30 * SECOND
"""A clock may be set, and a machine may sleep: never trust a longer pause than this."""
_PAUSE = 0.2


class Background:
    """Calls `work` again and again; it answers when the next thing is due, None for nothing in sight.

    A commit that touches a scope for which `wakes` is true calls it at once. What it raises is logged.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        name: str,
        work: Callable[[], Awaitable[Instant | None]],
        wakes: Callable[[str], bool],
    ) -> None:
        self._clock, self._name, self._work, self._wakes = clock, name, work, wakes
        self._log = logging.getLogger(f"usher.{name}")
        self._woken = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        database.on_commit(self._on_commit)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Works as long as the context lasts."""
        self._loop = asyncio.get_running_loop()
        task = asyncio.create_task(self._run(), name=self._name)
        try:
            yield
        finally:
            self._loop = None
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            pause: int = SECOND
            try:
                following = await self._work()
                pause = _LONGEST if following is None else max(0, following - self._clock())
            except Problem as problem:
                self._log.warning("%s: not now: %s", self._name, problem.detail)
            except Exception:
                self._log.exception("%s failed", self._name)
            with suppress(TimeoutError):
                async with asyncio.timeout(min(pause, _LONGEST) / SECOND):
                    await self._woken.wait()
            await asyncio.sleep(_PAUSE)

    def _on_commit(self, touched: frozenset[str]) -> None:
        loop = self._loop
        if loop is not None and any(scope == "*" or self._wakes(scope) for scope in touched):
            with suppress(RuntimeError):  # the loop has just been closed
                loop.call_soon_threadsafe(self._woken.set)
