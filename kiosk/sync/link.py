"""Whether to ask the server first, or to answer here at once: a rule about misses and recoveries."""

from threading import Lock

from domain import sync
from domain.clock import Instant

MISSES = 3
"""So many questions in a row without an answer in time, and nobody waits for the server any more."""

_STEADY = 60_000
"""A connection that held so long has left its past behind; milliseconds."""


class Link:
    """Safe to use from several threads. A server that answers probes but no questions in time is tried
    again less and less often."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._misses = 0
        self._up = False
        self._falls = 0
        self._closed_until = Instant(0)
        self._since = Instant(0)

    @property
    def up(self) -> bool:
        """Whether to ask."""
        return self._up

    def closed_for(self, now: Instant) -> int:
        """Milliseconds for which a server that answers probes is still not asked."""
        return 0 if self._up else max(0, self._closed_until - now)

    def answered(self) -> None:
        """A question was answered in time."""
        with self._lock:
            self._misses = 0

    def missed(self, now: Instant, chance: float) -> bool:
        """A question was not answered in time. Whether that was the last straw; `chance` is in [0, 1)."""
        with self._lock:
            self._misses += 1
            if not self._up or self._misses < MISSES:
                return False
            self._fall(now, chance)
            return True

    def lost(self, now: Instant) -> bool:
        """The server cannot be reached. Whether that is news."""
        with self._lock:
            was, self._up = self._up, False
            self._closed_until = now
            return was

    def probed(self, now: Instant) -> bool:
        """The server has answered in the background. Whether it may be asked again from now on."""
        with self._lock:
            if self._up or now < self._closed_until:
                return False
            self._up, self._misses, self._since = True, 0, now
            return True

    def _fall(self, now: Instant, chance: float) -> None:
        self._falls = 0 if now - self._since > _STEADY else self._falls + 1
        self._up, self._misses = False, 0
        self._closed_until = Instant(now + sync.retry_delay(self._falls, chance))
