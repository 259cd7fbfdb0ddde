"""iCalendar (RFC 5545): appointments as calendar programs read them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from domain import clock
from domain.clock import Instant

Status = Literal["TENTATIVE", "CONFIRMED", "CANCELLED"]
MEDIA_TYPE = "text/calendar; charset=utf-8"
_WIDTH = 75
_UNPRINTABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_UTC = clock.zone("UTC")


@dataclass(frozen=True, slots=True)
class Appointment:
    """Something that lasts from one time to another. `uid` is the same whenever it is sent again, `sequence`
    grows with each change."""

    uid: str
    starts: Instant
    ends: Instant
    changed: Instant
    summary: str
    description: str = ""
    location: str = ""
    url: str = ""
    status: Status = "CONFIRMED"
    sequence: int = 0


def calendar(name: str, appointments: Iterable[Appointment], now: Instant, method: str = "PUBLISH") -> str:
    """A calendar of that name, made at `now`; times are in UTC, which every program shows as its own."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Usher//Usher//EN",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method}",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for appointment in appointments:
        lines += _event(appointment, now)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in _folded(line))


def _event(appointment: Appointment, now: Instant) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(appointment.uid)}"
    yield f"DTSTAMP:{_time(now)}"
    yield f"SEQUENCE:{appointment.sequence}"
    yield f"LAST-MODIFIED:{_time(appointment.changed)}"
    yield f"DTSTART:{_time(appointment.starts)}"
    yield f"DTEND:{_time(appointment.ends)}"
    yield f"SUMMARY:{_text(appointment.summary)}"
    if appointment.description:
        yield f"DESCRIPTION:{_text(appointment.description)}"
    if appointment.location:
        yield f"LOCATION:{_text(appointment.location)}"
    if appointment.url:
        yield f"URL:{_UNPRINTABLE.sub('', ''.join(appointment.url.split()))}"
    yield f"STATUS:{appointment.status}"
    yield "END:VEVENT"


def _time(at: Instant) -> str:
    return clock.local(at, _UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    plain = _UNPRINTABLE.sub("", value.replace("\t", " "))
    for special in ("\\", ";", ","):
        plain = plain.replace(special, f"\\{special}")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of 75 bytes, each but the first behind a space; no letter is cut."""
    piece, size = "", 0
    for char in line:
        width = len(char.encode())
        if size + width > _WIDTH:
            yield piece
            piece, size = " ", 1
        piece += char
        size += width
    yield piece
