"""How things stand as the status line and the notices show it."""

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from domain import clock
from domain.clock import Instant
from domain.errors import Problem
from domain.ids import ServicePointId
from kiosk.desk.station import Station
from kiosk.qt.door_shown import in_language, trouble_words
from kiosk.store.notices import Notice
from kiosk.ui.text import text
from kiosk.ui.views import Connection, Health, NoticeView, StatusView, Tone


@dataclass(frozen=True, slots=True)
class Place:
    """What the kiosk works for: an event, or a service point. Times are told in its zone."""

    name: str
    zone: ZoneInfo


def status_view(
    station: Station, now: Instant, zone: ZoneInfo, language: str, camera: Health, point: str | None = None
) -> StatusView:
    """Reads the store. `zone` is the computer's, for a kiosk that works for nothing yet; `point` is the line
    that is worked on, None at a door. That the server does not answer says the connection itself.
    """
    at, work, status = station.store.offset.correct(now), station.work, station.status
    if work is None:
        return StatusView(connection=Connection.UNPAIRED, camera=camera, now=clock.local(at, zone))
    known = work.credentials
    place = next(_places(station, language, point), None)
    return StatusView(
        event=place.name if place else known.organization,
        device=known.name,
        connection=Connection(status.connection.value),
        backlog=status.backlog,
        rejected=status.rejected,
        fetched=status.fetched,
        camera=camera,
        clock_off=round(status.clock_off / 1000) if status.clock_is_wrong else 0,
        now=clock.local(at, place.zone if place else zone),
        trouble=trouble_words(status.trouble),
    )


def _places(station: Station, language: str, point: str | None) -> Iterator[Place]:
    """The line that is worked on before any other, else events before lines."""
    points = {each.id: Place(each.name, each.zone) for each in station.display.points()}
    if point in points:
        yield points[ServicePointId(point)]
    try:
        events = tuple(station.store.tickets.catalog().events.values())
    except Problem:
        events = ()
    yield from (Place(in_language(event.name, language), event.zone) for event in events)
    yield from points.values()


def notice_view(notice: Notice, name: str) -> NoticeView:
    """A notice in words. A ticket that two doors admitted stays until staff have seen it."""
    first = notice.detail.get("first")
    told = first if isinstance(first, dict) else {}
    where = str(told.get("gate") or told.get("deviceName") or "")
    return NoticeView(
        title=text(f"notice.{notice.kind}.title", name=name),
        body=text(f"notice.{notice.kind}.body", name=name, where=where),
        tone=Tone.BAD if notice.kind in ("double", "rejected") else Tone.WARN,
        lasting=notice.kind in ("double", "rejected"),
    )
