"""When to try again: later after each failure, at random, and at once when somebody asks for it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from domain import sync
from domain.errors import Problem
from kiosk.sync.faults import Revoked

_LOG = logging.getLogger("usher.kiosk.sync")

Chance = Callable[[], float]
Trouble = Callable[[Problem | None], None]


class Retries:
    """Of one task. `trouble` is told of each problem, and with None that it is over."""

    def __init__(self, chance: Chance, trouble: Trouble) -> None:
        self._chance, self._trouble = chance, trouble
        self._failures = 0
        self._now = asyncio.Event()

    def soon(self) -> None:
        """Somebody asks to try again at once."""
        self._now.set()

    def succeeded(self) -> None:
        self._failures = 0
        self._trouble(None)

    async def attempt(self, job: Callable[[], Awaitable[None]]) -> None:
        """Does a job once; a problem is told, and then there is a pause. `Revoked` comes through."""
        self._now.clear()
        try:
            await job()
        except Revoked:
            raise
        except Problem as problem:
            await self._failed(problem)
        except Exception as error:  # Nothing that a server may answer ends the sync.
            _LOG.exception("the sync met something that nobody foresaw")
            await self._failed(Problem(f"The sync failed ({error}); it is tried again.", code="sync_failed"))

    async def breathe(self) -> None:
        """Before doing again what ended well, so that nothing goes round and round."""
        await self.pause(sync.retry_delay(0, self._chance()))

    async def hold_back(self, at_least: int = 0) -> None:
        """A pause that grows each time, until something succeeds; milliseconds."""
        self._failures += 1
        await self.pause(max(sync.retry_delay(self._failures - 1, self._chance()), at_least))

    async def pause(self, milliseconds: int) -> None:
        """So long, or until somebody asks."""
        # Not `wait_for`: before Python 3.12 it swallows a cancellation that comes with the event.
        with suppress(TimeoutError):
            async with asyncio.timeout(milliseconds / 1_000):
                await self._now.wait()
                self._now.clear()

    async def _failed(self, problem: Problem) -> None:
        self._trouble(problem)
        await self.hold_back(1_000 * (problem.retry_after or 0))
