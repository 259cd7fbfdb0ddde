"""What the parts of the sync share while they talk to one server as one device."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from threading import Event
from typing import ParamSpec, TypeVar

from domain import sync
from domain.clock import Instant
from kiosk.store.credentials import Credentials
from kiosk.store.store import Store
from kiosk.sync.client import Client
from kiosk.sync.status import News

P = ParamSpec("P")
T = TypeVar("T")

Clock = Callable[[], Instant]

_SLOW = 5_000
"""An exchange that took longer says nothing of a clock; milliseconds."""


@dataclass
class Session:
    """Belongs to the loop of the sync's thread; `work` takes what blocks to another one.

    `heard` is when the server was last heard, `stopped` that the kiosk is closing.
    """

    credentials: Credentials
    client: Client
    store: Store
    now: Clock
    tell: Callable[[News], None]
    executor: Executor
    stopped: Event = field(default_factory=Event)
    heard_at: Instant | None = None

    async def work(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.executor, lambda: job(*args, **kwargs))

    def heard(self) -> None:
        self.heard_at = self.now()

    async def measured(self, sent: Instant, server: Instant | None) -> None:
        """One exchange, begun at `sent` and over now, in which the server told its time."""
        received = self.now()
        self.heard()
        if server is not None and 0 <= received - sent <= _SLOW:
            await self.work(self.store.offset.measured, sync.clock_offset(sent, server, received))
