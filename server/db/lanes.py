"""Who waits to write in which lane: jobs that lock the same row would only wait for each other."""

import threading
from typing import Generic, TypeVar

_PATIENCE = 0.002
"""Seconds for which a group waits to be as large as the one before: who was told just now writes again."""
_LARGEST = 64

W = TypeVar("W")


class Lanes(Generic[W]):
    """Groups of those who wait in a lane, for one thread at a time in each."""

    def __init__(self) -> None:
        self._lanes: dict[str, list[W]] = {}
        self._came = threading.Condition()

    def put(self, lane: str, waiting: W) -> bool:
        """Lets one wait. True where nobody takes from this lane: then somebody must begin to."""
        with self._came:
            others = self._lanes.get(lane)
            if others is None:
                self._lanes[lane] = [waiting]
                return True
            others.append(waiting)
            self._came.notify_all()
            return False

    def take(self, lane: str, last: int) -> list[W]:
        """The next group after one of `last`; after an empty one, nobody takes from this lane any more."""
        with self._came:
            self._came.wait_for(lambda: len(self._lanes[lane]) >= min(last, _LARGEST), _PATIENCE)
            waiting = self._lanes.pop(lane)
            if waiting:
                self._lanes[lane] = waiting[_LARGEST:]
            return waiting[:_LARGEST]
