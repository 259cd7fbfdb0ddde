"""What attendees read of events and of their sessions."""

from server.events.schemas import Coordinates
from server.events.sessions.schemas import Speaker
from server.wire import At, Out


class Cover(Out):
    """Where an event's picture is, small and whole."""

    thumb: str
    full: str


class EventCard(Out):
    """An event in a list. Its page for people stands at `/e/{slug}`."""

    id: str
    slug: str
    name: dict[str, str]
    starts: At
    ends: At
    zone: str
    place: str
    address: str
    coordinates: Coordinates | None
    languages: list[str]
    tags: list[str]
    state: str
    cover: Cover | None


class EventCards(Out):
    """One page; `nextCursor` is null on the last."""

    items: list[EventCard]
    next_cursor: str | None


class HeldTicket(Out):
    """A ticket of the caller's; the whole of it stands at `/api/client/events/tickets/{id}`."""

    id: str
    type: str
    type_name: str
    state: str


class Part(Out):
    """How the caller takes part; `sessions` are those that they chose."""

    id: str
    state: str
    visibility: str
    sessions: list[str]


class EventPage(EventCard):
    """An event, and what the caller has of it."""

    description: dict[str, str]
    tickets: list[HeldTicket]
    participation: Part | None


class SessionCard(Out):
    """A session as attendees see it. `left` are the seats that nobody chose, null without limit."""

    id: str
    title: dict[str, str]
    abstract: dict[str, str]
    room: str
    track: str
    speakers: list[Speaker]
    starts: At
    ends: At
    capacity: int | None
    left: int | None


class Track(Out):
    """The sessions of one track on one day, by their start."""

    track: str
    sessions: list[SessionCard]


class Day(Out):
    """A day in the event's zone, such as `2026-05-10`."""

    day: str
    tracks: list[Track]


class Schedule(Out):
    zone: str
    days: list[Day]
