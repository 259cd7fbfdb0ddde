"""Rotating codes: the ticket code followed by `/` and six digits that change every 30 seconds.

The digits are those of RFC 6238 (HMAC-SHA-1, counted from 1970) with the ticket's own secret, which is
HMAC-SHA-256 of the ASCII text `ticket.generation`, such as `1234.0`, under the event's secret. Kiosks get
that with the sync. Vectors: `tests/wire/ticket_codes.json`.
"""

from hmac import compare_digest
from hmac import new as hmac

from domain import ticket_code
from domain.clock import Instant

STEP = 30_000
DIGITS = 6


def secret(event_secret: bytes, ticket_number: int, generation: int) -> bytes:
    """The ticket's own secret, 32 bytes, which changes with a transfer."""
    return hmac(event_secret, b"%d.%d" % (ticket_number, generation), "sha256").digest()


def digits(ticket_secret: bytes, at: Instant) -> str:
    """The six digits shown at `at`."""
    mac = hmac(ticket_secret, (at // STEP).to_bytes(8, "big"), "sha1").digest()
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def split(text: str) -> tuple[str, str | None]:
    """A scanned text as code and digits; the digits are None where the text has none.

    A code of another system may end like this by itself: look that one up whole first.
    """
    code, slash, tail = text.rpartition("/")
    if slash and len(tail) == DIGITS and tail.isascii() and tail.isdigit() and not _is_whole(text):
        return code, tail
    return text, None


def fresh(ticket_secret: bytes, shown: str, at: Instant) -> bool:
    """Whether these digits were shown within one step of `at`: clocks of phones and doors differ a little."""
    steps = (at, at - STEP, at + STEP)
    expected = [digits(ticket_secret, Instant(max(0, step))).encode() for step in steps]
    return any(compare_digest(one, shown.encode("utf-8", "replace")) for one in expected)


def _is_whole(text: str) -> bool:
    """Whether this is a signed code as it stands: one in 200,000 ends in `/` and six digits."""
    try:
        ticket_code.parse(text)
    except ticket_code.Malformed:
        return False
    return True
