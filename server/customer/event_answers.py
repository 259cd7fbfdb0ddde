"""Events and sessions as attendees are told of them."""

from collections.abc import Sequence
from itertools import groupby

from domain import clock
from domain.clock import Instant
from server import ics
from server.customer.dependencies import PREFIX
from server.customer.event_schemas import (
    Cover,
    Day,
    EventCard,
    HeldTicket,
    Part,
    Schedule,
    SessionCard,
    Track,
)
from server.events.life import EventState
from server.events.participants.store import Participant
from server.events.service import coordinates
from server.events.sessions.schemas import Speaker
from server.events.sessions.service import left
from server.events.sessions.store import Session
from server.events.store import Event
from server.ics import Appointment
from server.texts import written
from server.ticketing.owning import Owned


def card(event: Event) -> EventCard:
    return EventCard(
        id=event.id,
        slug=event.slug,
        name=event.name,
        starts=event.starts,
        ends=event.ends,
        zone=event.zone,
        place=event.place,
        address=event.address,
        coordinates=coordinates(event),
        languages=list(event.languages),
        tags=list(event.tags),
        state=event.state,
        cover=_cover(event),
    )


def held(owned: Owned) -> HeldTicket:
    ticket = owned.ticket
    return HeldTicket(id=ticket.id, type=ticket.type, type_name=owned.type.name, state=ticket.state)


def part(participant: Participant, chosen: list[str]) -> Part:
    return Part(
        id=participant.id,
        state=participant.state,
        visibility=participant.visibility,
        sessions=chosen,
    )


def session_card(session: Session, taken: int) -> SessionCard:
    return SessionCard(
        id=session.id,
        title=session.title,
        abstract=session.abstract,
        room=session.room,
        track=session.track,
        speakers=[Speaker(name=name, about=about) for name, about in session.speakers],
        starts=session.starts,
        ends=session.ends,
        capacity=session.capacity,
        left=left(session, taken),
    )


def schedule(event: Event, sessions: Sequence[tuple[Session, int]]) -> Schedule:
    """Sessions, which come by their start, day by day in the event's zone, and track by track."""
    where = clock.zone(event.zone)
    days = groupby(sessions, lambda each: clock.local_day(each[0].starts, where))
    return Schedule(zone=event.zone, days=[Day(day=day, tracks=_tracks(list(each))) for day, each in days])


def event_ics(event: Event, language: str, now: Instant, base_url: str) -> str:
    """The event as a calendar, in the language that is nearest to the one asked for."""
    appointment = Appointment(
        uid=f"{event.org}/{event.id}@usher",
        starts=event.starts,
        ends=event.ends,
        changed=event.changed,
        summary=written(event.name, language),
        location=event.whereabouts,
        url=f"{base_url}/e/{event.slug}",
        status="CANCELLED" if event.state is EventState.CANCELLED else "CONFIRMED",
    )
    return ics.calendar(appointment.summary, [appointment], now)


def schedule_ics(
    event: Event, sessions: Sequence[Session], language: str, now: Instant, base_url: str
) -> str:
    """The same as a calendar, in the language that is nearest to the one asked for."""
    page = f"{base_url}/e/{event.slug}"
    appointments = (
        Appointment(
            uid=f"{event.org}/{event.id}/{session.id}@usher",
            starts=session.starts,
            ends=session.ends,
            changed=session.changed,
            summary=written(session.title, language),
            description="\n".join(filter(None, (*_speakers(session), written(session.abstract, language)))),
            location=", ".join(filter(None, (session.room, event.place))),
            url=page,
            status="CANCELLED" if event.state is EventState.CANCELLED else "CONFIRMED",
        )
        for session in sessions
    )
    return ics.calendar(written(event.name, language), appointments, now)


def _tracks(sessions: list[tuple[Session, int]]) -> list[Track]:
    """In the order in which each begins."""
    tracks: dict[str, list[SessionCard]] = {}
    for session, taken in sessions:
        tracks.setdefault(session.track, []).append(session_card(session, taken))
    return [Track(track=track, sessions=cards) for track, cards in tracks.items()]


def _speakers(session: Session) -> list[str]:
    return [f"{name} ({about})" if about else name for name, about in session.speakers]


def _cover(event: Event) -> Cover | None:
    if event.cover is None:
        return None
    address = f"{PREFIX}/{event.id}/cover/{event.cover}"
    return Cover(thumb=f"{address}/thumb", full=f"{address}/full")
