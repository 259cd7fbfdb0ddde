"""Times as values: an `Instant` is whole milliseconds since 1970 in UTC. Nothing here reads a clock."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import NewType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.errors import Invalid

Instant = NewType("Instant", int)

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The years 1970 to 9998: every such instant, moved by any zone, is still a date.
LAST = Instant(253_370_764_800_000)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def instant(moment: datetime) -> Instant:
    """The instant of an aware time. Raises `Invalid` for a time without a zone or outside 1970–9998."""
    if moment.tzinfo is None:
        raise Invalid("a time needs a zone: write it as 2026-05-10T14:00:00Z", code="time_without_zone")
    value = _milliseconds(moment)
    if not 0 <= value <= LAST:
        raise Invalid("a time must lie between the years 1970 and 9998", code="time_out_of_range")
    return Instant(value)


def shift(at: Instant, by: int) -> Instant:
    """The instant `by` milliseconds later, kept within 1970–9998."""
    return Instant(min(max(0, at + by), LAST))


def parse(text: str) -> Instant:
    """The instant of an RFC 3339 time. Raises `Invalid` with what to write instead."""
    if not _RFC3339.fullmatch(text):
        raise Invalid(f"{text[:40]!r} is not a time: write it as 2026-05-10T14:00:00Z", code="time_malformed")
    try:
        return instant(datetime.fromisoformat(text.upper()))
    except (ValueError, OverflowError):
        raise Invalid(f"{text[:40]!r} is not a date that exists", code="time_malformed") from None


def rfc3339(at: Instant) -> str:
    """`2026-05-10T14:00:00.000Z`."""
    moment = _EPOCH + timedelta(milliseconds=at)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises `Invalid` where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(
            f"{name[:64]!r} is not a time zone: write one such as Europe/Berlin", code="zone_unknown"
        ) from None


def local(at: Instant, where: ZoneInfo) -> datetime:
    """The wall-clock time of an instant in a zone."""
    return (_EPOCH + timedelta(milliseconds=at)).astimezone(where)


def local_day(at: Instant, where: ZoneInfo) -> str:
    """The local date, `2026-05-10`."""
    return local(at, where).date().isoformat()


def last_daily(hour: time, until: Instant, where: ZoneInfo) -> Instant | None:
    """The last instant up to `until` at which the zone's clocks came to `hour`; None if before 1970.

    An hour that the clocks skip or repeat comes once, at the moment that its first offset names.
    """
    today = local(until, where).date()
    # Three days, since a zone that crosses the date line skips one.
    for back in range(3):
        at = _milliseconds(datetime.combine(today - timedelta(days=back), hour, where))
        if 0 <= at <= until:
            return Instant(at)
    return None


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)
