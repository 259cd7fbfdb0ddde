"""New ids: UUIDv7 (RFC 9562), so that they sort by time and stay close together in an index."""

from secrets import token_bytes
from uuid import UUID

from domain.clock import Instant


def new_id(now: Instant) -> str:
    raw = bytearray(now.to_bytes(6, "big") + token_bytes(10))
    raw[6] = raw[6] & 0x0F | 0x70
    raw[8] = raw[8] & 0x3F | 0x80
    return str(UUID(bytes=bytes(raw)))
