"""The signed ticket code: a few bytes that say which ticket this is, and that its organisation says so.

A code is the letter `U` (this layout; another layout will take another letter, and no code begins with
a space, which scanners add and readers strip) and the base45 text (RFC 9285) of these bytes, so that
its QR uses the alphanumeric mode:

    field       form
    key         varint: number of the organisation's signing key, unique on its server
    event       varint: number of the event within the organisation
    ticket      varint: number of the ticket within the event
    type        varint: number of the ticket type within the event
    generation  varint: 0 when issued, one more for each transfer
    from        varint: first minute of validity, counted from 2024-01-01T00:00Z, plus 1; 0 for none
    length      varint: minutes of validity after `from` (after 2024-01-01 if `from` is 0), plus 1;
                0 for no end
    signature   the last 64 bytes: Ed25519 (RFC 8032) over "usher-ticket-1" and all the bytes before

A varint is an unsigned LEB128 in its shortest form, of at most 5 bytes and below 2³². Validity in a code
is whole minutes up to 9999-01-01T00:00Z: `from` rounded down, the end rounded up; a time before 2024 is
written as 2024-01-01T00:00Z, an end before its beginning as the beginning. A usual code is 76 bytes, 115
characters, a version 5-M QR of 37 modules.

A reader strips what scanners add (`strip`), takes rotating digits off (`domain.rotating_code`), and refuses
a text that is not exactly what a writer makes of these seven numbers and the signature. A code whose key
it does not have may belong to anybody; with a wrong signature it is a forgery. Vectors for readers and
writers: `tests/wire/ticket_codes.json`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice

from base45 import b45decode, b45encode

from domain.clock import LAST, MINUTE, Instant

PREFIX = "U"
CONTEXT = b"usher-ticket-1"
SIGNATURE_BYTES = 64
MAX_CODE_CHARS = 255

_EPOCH = 1_704_067_200_000
_MAX_VARINT = 2**32 - 1
_BLANKS = " \t\r\n\x00"
# A prefix stands before a code: alone it is the code.
_SCANNER_PREFIXES = re.compile(rf"(?:(?:\\000[0-9]{{3}}|\][A-Za-z][0-9A-Za-z])[{_BLANKS}]*(?=.))+", re.DOTALL)

Sign = Callable[[bytes], bytes]
Verify = Callable[[int, bytes, bytes], bool | None]
"""`verify(key number, message, signature)`: whether that key of the organisation signed the message;
None where the organisation has no such key. Key numbers are unique on a server, so that a ticket of
another organisation is unknown, not forged."""


class Malformed(ValueError):
    """These characters are not a signed ticket code (they may still be a code of another system)."""


@dataclass(frozen=True, slots=True)
class TicketCode:
    """What a code says. `valid_from` and `valid_until` are on whole minutes."""

    key: int
    event: int
    ticket: int
    type: int
    generation: int = 0
    valid_from: Instant | None = None
    valid_until: Instant | None = None


@dataclass(frozen=True, slots=True)
class SignedCode:
    """A code as read, its signature not yet looked at."""

    code: TicketCode
    message: bytes
    signature: bytes

    def verified(self, verify: Verify) -> bool | None:
        return verify(self.code.key, self.message, self.signature)


def encode(code: TicketCode, sign: Sign) -> str:
    """The text of a code. Raises `ValueError` for a number outside 0 to 2³²-1."""
    payload = _payload(code)
    return _text(payload + sign(CONTEXT + payload))


def parse(text: str) -> SignedCode:
    """Reads a code without trusting it. Raises `Malformed` for any text that is not one."""
    if not text.startswith(PREFIX) or len(text) > MAX_CODE_CHARS:
        raise Malformed("not a ticket code")
    try:
        raw = b45decode(text[len(PREFIX) :])
    except (ValueError, UnicodeError):
        raise Malformed("not base45") from None
    payload, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
    numbers = list(_varints(payload))
    if len(numbers) != 7:
        raise Malformed("wrong number of fields")
    key, event, ticket, type_, generation, start, length = numbers
    code = TicketCode(key, event, ticket, type_, generation, *_validity(start, length))
    if _payload(code) != payload or _text(raw) != text:
        raise Malformed("not in its shortest form")
    return SignedCode(code, CONTEXT + payload, signature)


def beginning(text: str) -> tuple[int, int, int] | None:
    """Key, event and ticket of a code of which at least the beginning is there; None where it says less.

    Nobody vouches for them: a signature stands at a code's end.
    """
    if not text.startswith(PREFIX) or len(text) > MAX_CODE_CHARS:
        return None
    # Three characters are two bytes.
    whole = (len(text) - len(PREFIX)) // 3 * 3
    try:
        numbers = list(islice(_varints(b45decode(text[len(PREFIX) : len(PREFIX) + whole])), 3))
    except (ValueError, UnicodeError):
        return None
    return (numbers[0], numbers[1], numbers[2]) if len(numbers) == 3 else None


def strip(scanned: str) -> str:
    """A scan without what scanners add: symbology prefixes (`]Q3`, `\\000001`), spaces, line ends."""
    text = scanned.strip(_BLANKS)
    prefixes = _SCANNER_PREFIXES.match(text)
    return text[prefixes.end() :] if prefixes else text


def digest(code: str) -> bytes:
    """16 bytes by which a code, signed or foreign, is looked up; the code itself is stored nowhere."""
    return blake2b(code.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _text(raw: bytes) -> str:
    text: str = PREFIX + b45encode(raw).decode("ascii")
    return text


def _payload(code: TicketCode) -> bytes:
    start, origin = 0, _EPOCH
    if code.valid_from is not None:
        start = max(0, code.valid_from - _EPOCH) // MINUTE + 1
        origin = _EPOCH + (start - 1) * MINUTE
    length = 0
    if code.valid_until is not None:
        length = max(0, -((origin - code.valid_until) // MINUTE)) + 1
    fields = (code.key, code.event, code.ticket, code.type, code.generation, start, length)
    return b"".join(_varint(field) for field in fields)


def _validity(start: int, length: int) -> tuple[Instant | None, Instant | None]:
    begins = _EPOCH + max(0, start - 1) * MINUTE
    ends = begins + max(0, length - 1) * MINUTE
    if ends > LAST:
        raise Malformed("a time past the year 9998")
    return Instant(begins) if start else None, Instant(ends) if length else None


def _varint(value: int) -> bytes:
    if not 0 <= value <= _MAX_VARINT:
        raise ValueError(f"{value} does not fit a ticket code")
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _varints(raw: bytes) -> Iterator[int]:
    value, shift = 0, 0
    for byte in raw:
        value |= (byte & 0x7F) << shift
        shift = shift + 7 if byte & 0x80 else 0
        if shift > 28 or value > _MAX_VARINT:
            raise Malformed("a number too large")
        if not byte & 0x80:
            yield value
            value = 0
    if shift:
        raise Malformed("cut off")
