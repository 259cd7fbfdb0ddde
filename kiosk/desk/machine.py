"""The machine's clock and source of ids: read here, passed on to everything else."""

from secrets import choice, randbits
from threading import Lock
from time import time_ns
from uuid import UUID

from domain.clock import Instant
from domain.ids import READABLE

_RANDOM_BITS = 62
_COUNTED_BITS = 12


def system_clock() -> Instant:
    return Instant(time_ns() // 1_000_000)


def letters(count: int) -> str:
    """Letters and digits that nobody guesses, five bits each."""
    return "".join(choice(READABLE) for _ in range(count))


class Uuid7:
    """New ids: UUIDv7 (RFC 9562, method 1). Those of one process sort as they were made, also within one
    millisecond and when the clock steps back. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last = 0

    def __call__(self) -> str:
        with self._lock:
            now = (system_clock() << _COUNTED_BITS) | randbits(_COUNTED_BITS - 1)
            self._last = max(now, self._last + 1)
            made = self._last
        milliseconds, counted = made >> _COUNTED_BITS, made & ((1 << _COUNTED_BITS) - 1)
        value = milliseconds << 80 | 0x7 << 76 | counted << 64 | 0b10 << 62 | randbits(_RANDOM_BITS)
        return str(UUID(int=value))
