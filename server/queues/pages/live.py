"""Parts of pages that stay true while somebody looks: sent anew at each change, in the reader's language."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import orjson
from fastapi import Request
from fastapi.responses import StreamingResponse
from sqlalchemy import Connection

from domain import clock, service_point
from domain.clock import MINUTE, SECOND
from domain.forecast import CONFIGURED
from domain.queue import LIVE, Event, State
from domain.wording import wait_range
from server.pages import look
from server.pages.language import Language
from server.queues import store
from server.queues.answers import public_entry
from server.queues.boards import Boards
from server.queues.feeds import Frame, frame
from server.queues.line import Line
from server.queues.moves import events_for_people
from server.queues.schemas import ForecastOut
from server.queues.status import join_url, status
from server.wire import event_stream

_FRESH = 2 * MINUTE
"""A call stands out on the display for so long."""
_CALLS, _NUMBERS = 5, 24


@dataclass(frozen=True, slots=True)
class Part(ABC):
    """Part of a page, in a language. `beat` lets a page tell within 15 s that it hears nothing any more."""

    tag: str
    base_url: str
    beat = 5.0
    still = b"event: still\ndata: 1\n\n"

    @abstractmethod
    def html(self, connection: Connection, there: Line) -> str | None:
        """None where there is nothing to see here any more."""

    def frame(self, connection: Connection, there: Line) -> Frame | None:
        shown = self.html(connection, there)
        return None if shown is None else framed(shown)


@dataclass(frozen=True, slots=True)
class PlacePart(Part):
    """One's own place. It is nothing to see at a service point that the visit has left."""

    entry: str

    def html(self, connection: Connection, there: Line) -> str | None:
        first = store.place(connection, self.entry, there.point.org)
        place = store.current_leg(connection, first) if first else None
        if place is None or place.entry.service_point != there.point.id:
            return None
        speech, entry = Language(self.tag), public_entry(there, place, self.base_url)
        over = place.entry.state not in LIVE and place.entry.state is not State.NO_SHOW
        category = there.point.settings.category(place.entry.category)
        several = len(there.point.settings.categories) > 1
        return look.part(
            "queue_place_part",
            speech,
            entry=entry,
            category=category.name if category and several else {},
            wait=wait(speech, entry.forecast),
            rough=entry.forecast is not None and entry.forecast.basis == CONFIGURED,
            may_leave=Event.LEAVE in events_for_people(place.entry),
            over=over,
            again=join_url(connection, there.point, "") if over else "",
        )


@dataclass(frozen=True, slots=True)
class DisplayPart(Part):
    """What the lobby sees."""

    organization: str

    def html(self, connection: Connection, there: Line) -> str:
        speech, shown = Language(self.tag), status(connection, there, self.base_url)
        return look.part(
            "display_part",
            speech,
            shared=speech.shared,
            shown=shown,
            organization=self.organization,
            title=there.point.settings.title,
            ticker=there.point.settings.ticker,
            opening=opening(speech, there),
            calls=shown.last_called[:_CALLS],
            fresh=there.at - _FRESH,
            numbers=shown.waiting[:_NUMBERS],
            more=max(0, len(shown.waiting) - _NUMBERS),
            wait=wait(speech, shown.forecast),
        )


def framed(html: str) -> Frame:
    """The event that shows a part; the page that came with it has its id."""
    return frame("page", orjson.dumps(html))


def wait(speech: Language, forecast: ForecastOut | None) -> str:
    """`20–35 min`, as a kiosk says it; nothing for who is not waiting."""
    if forecast is None:
        return ""
    low, high = wait_range(forecast.p50 * SECOND, forecast.p80 * SECOND)
    if low:
        return speech.shared("desk.wait.range", low=speech.number(low), high=speech.number(high))
    return speech.shared("desk.wait.upto", high=speech.number(high))


def opening(speech: Language, there: Line) -> str:
    """Whether it is open, and until when."""
    point, key = there.point, f"display.{there.opening}"
    rules, where = point.settings, point.where
    then = service_point.closes(rules, where, there.at) or service_point.opens(rules, where, there.at)
    if then is None:
        return speech.shared(key)
    if clock.local_day(then, where) == clock.local_day(there.at, where):
        return speech.shared(f"{key}.turns", time=speech.time(then, point.zone))
    day = speech.short_date(then, point.zone)
    return speech.shared(f"{key}.turns.day", day=day, time=speech.time(then, point.zone))


def stream(
    request: Request, org: str, point: str, part: Part, last: str | None, seen: str
) -> StreamingResponse:
    """The part live: `page` with its HTML, `still` as a sign of life. `seen` is what a page came with."""
    boards: Boards = request.app.state.boards
    return event_stream(boards.follow(org, point, part, last or seen or None), look.HEADERS)
