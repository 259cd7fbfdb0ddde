"""What waits to be written, and when its writing starts: group commit that does not hurry."""

import asyncio
import queue
import threading
from typing import Generic, Protocol, TypeVar

_PATIENCE = 0.002
"""Seconds for which a group waits for the rest of it."""
_LARGEST = 256


class Waiting(Protocol):
    """Somebody who waits on an event loop."""

    @property
    def loop(self) -> asyncio.AbstractEventLoop: ...


W = TypeVar("W", bound=Waiting)


class Gathering(Generic[W]):
    """Groups for one writing thread: `put` on event loops; `take`, then `written` in that thread, in turns.

    Whoever has just been told that a write is done mostly writes again at once. A writer that started with
    the first of them would run beside the event loop that serves the others, and both would take turns at
    the interpreter's lock, statement by statement, at three times the cost. So a group starts once as many
    wait as were told last or waited then, or when the first of them has been patient.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[W] = []
        self._expected = 0
        self._writing = self._ended = False
        self._timed: asyncio.AbstractEventLoop | None = None
        self._starts: queue.SimpleQueue[None] = queue.SimpleQueue()

    def put(self, waiting: W) -> None:
        """Lets one wait; call it on its event loop."""
        with self._lock:
            self._waiting.append(waiting)
            self._consider(waiting.loop)

    def take(self) -> list[W]:
        """The next group, for which this waits; empty once there is an end and nobody waits."""
        self._starts.get()
        with self._lock:
            group, self._waiting = self._waiting[:_LARGEST], self._waiting[_LARGEST:]
            return group

    def written(self, group: list[W]) -> None:
        """The group is done with, and the next one may start."""
        with self._lock:
            self._writing = False
            self._expected = len(group) + len(self._waiting)
            if self._ended:
                self._start()
            elif self._waiting:
                loop = self._waiting[0].loop
                try:
                    loop.call_soon_threadsafe(self._reconsider, loop)
                except RuntimeError:  # closed meanwhile
                    self._start()

    def end(self) -> None:
        """Whoever waits is taken now; after them `take` gives nobody."""
        with self._lock:
            self._ended = True
            if not self._writing:
                self._start()

    def _consider(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._writing or not self._waiting:
            return
        if len(self._waiting) >= min(self._expected, _LARGEST):
            self._start()
        elif self._timed is not loop:
            self._timed = loop
            loop.call_later(_PATIENCE, self._patient_no_more)

    def _reconsider(self, loop: asyncio.AbstractEventLoop) -> None:
        with self._lock:
            self._consider(loop)

    def _patient_no_more(self) -> None:
        with self._lock:
            self._timed = None
            if self._waiting and not self._writing:
                self._start()

    def _start(self) -> None:
        self._writing = True
        self._starts.put(None)
