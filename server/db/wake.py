"""Waking streams: whoever follows a scope hears, on the event loop, that a commit touched it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from server.db.database import Database


class Wake:
    """Lets any number of coroutines wait for changes of a scope. Make it on the event loop."""

    def __init__(self, database: Database) -> None:
        self._loop = asyncio.get_running_loop()
        self._followers: dict[str, set[asyncio.Event]] = {}
        self.ended = False
        """The server stops: whoever follows ends."""
        database.on_commit(self._on_commit)

    @contextmanager
    def follow(self, scope: str) -> Iterator[asyncio.Event]:
        """An event that is set by each commit that touches the scope; the follower clears it."""
        event = asyncio.Event()
        followers = self._followers.setdefault(scope, set())
        followers.add(event)
        try:
            yield event
        finally:
            followers.discard(event)
            if not followers:
                self._followers.pop(scope, None)

    def end(self) -> None:
        self.ended = True
        self._wake(frozenset({"*"}))

    def _on_commit(self, touched: frozenset[str]) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake, touched)

    def _wake(self, touched: frozenset[str]) -> None:
        """`*` stands for every scope: changes may have been missed."""
        scopes = list(self._followers) if "*" in touched else touched
        for scope in scopes:
            for event in self._followers.get(scope, ()):
                event.set()
