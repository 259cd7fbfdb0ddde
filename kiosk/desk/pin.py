"""The staff PIN: kept as an Argon2id hash, and each wrong try makes the next one wait longer."""

from dataclasses import dataclass

import orjson
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from domain.clock import Instant
from domain.errors import Invalid
from kiosk.desk.ports import Clock, Kept

_HASH, _FAILURES = "pin_hash", "pin_failures"
_FREE = 3
"""Wrong tries without a wait: fingers slip."""

_FIRST_WAIT = 5_000
_LONGEST_WAIT = 15 * 60_000
_DIGITS = range(4, 13)


@dataclass(frozen=True, slots=True)
class Right:
    pass


@dataclass(frozen=True, slots=True)
class Wrong:
    """`wait` milliseconds until the next try counts."""

    wait: int


@dataclass(frozen=True, slots=True)
class TooSoon:
    """Not even looked at: `wait` milliseconds are left."""

    wait: int


@dataclass(frozen=True, slots=True)
class NoPin:
    """None was set yet."""


PinAnswer = Right | Wrong | TooSoon | NoPin


@dataclass(frozen=True, slots=True)
class Failures:
    """Wrong tries in a row, and when the last one was."""

    count: int = 0
    last: Instant | None = None


def delay(failures: int) -> int:
    """Milliseconds to wait after so many wrong tries in a row: none at first, then doubling."""
    return 0 if failures < _FREE else min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(failures - _FREE, 20))


def left(failures: Failures, now: Instant) -> int:
    """Milliseconds left to wait. A clock that was set back makes nobody wait longer than at first."""
    whole = delay(failures.count)
    return 0 if failures.last is None else min(whole, max(0, failures.last + whole - now))


class Pin:
    """The PIN of this kiosk. Wrong tries are counted on the disk: switching it off forgives nothing."""

    def __init__(self, kept: Kept, clock: Clock, hasher: PasswordHasher | None = None) -> None:
        self._kept, self._clock = kept, clock
        self._hasher = hasher or PasswordHasher()

    @property
    def is_set(self) -> bool:
        return bool(self._kept.get(_HASH))

    def set(self, pin: str) -> None:
        """Raises `Invalid` for anything but 4 to 12 digits."""
        if not (pin.isascii() and pin.isdigit() and len(pin) in _DIGITS):
            raise Invalid("A PIN has 4 to 12 digits.", code="pin_malformed")
        self._kept.put(_HASH, self._hasher.hash(pin))
        self._kept.put(_FAILURES, "")

    def check(self, pin: str) -> PinAnswer:
        kept, failures, now = self._kept.get(_HASH), self._failures(), self._clock()
        if not kept:
            return NoPin()
        if wait := left(failures, now):
            return TooSoon(wait)
        if self._matches(kept, pin):
            self._kept.put(_FAILURES, "")
            return Right()
        count = failures.count + 1
        self._kept.put(_FAILURES, orjson.dumps({"count": count, "last": now}).decode())
        return Wrong(delay(count))

    def _matches(self, kept: str, pin: str) -> bool:
        try:
            return self._hasher.verify(kept, pin)
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False

    def _failures(self) -> Failures:
        kept = self._kept.get(_FAILURES)
        return Failures(**orjson.loads(kept)) if kept else Failures()
