"""New ids: UUIDv7 (RFC 9562), so that they sort by time and stay close together in an index; and those that
people read to each other."""

from secrets import choice, token_bytes
from uuid import UUID

from domain.clock import Instant
from domain.ids import READABLE


def new_id(now: Instant) -> str:
    raw = bytearray(now.to_bytes(6, "big") + token_bytes(10))
    raw[6] = raw[6] & 0x0F | 0x70
    raw[8] = raw[8] & 0x3F | 0x80
    return str(UUID(bytes=bytes(raw)))


def readable(length: int) -> str:
    """Random letters and digits that nobody takes for one another, of five bits each."""
    return "".join(choice(READABLE) for _ in range(length))
