"""Participations as attendees are told of them."""

from collections.abc import Collection

from sqlalchemy import Connection

from server.customer.participation_schemas import Attendee, ChosenSession, Participation
from server.customer.ticket_answers import own_event
from server.events.participants import store
from server.events.participants.states import Visibility
from server.events.participants.store import Named, Participant
from server.events.service import event_of
from server.events.sessions import store as sessions_store
from server.events.sessions.store import Session
from server.events.store import Event
from server.ticketing.owning import Place


def participation(connection: Connection, participant: Participant) -> Participation:
    """One participation, with its event and its sessions."""
    event = event_of(connection, participant.org, participant.event)
    return participation_in(connection, participant, event)


def participation_in(connection: Connection, participant: Participant, event: Event) -> Participation:
    chosen = store.chosen(connection, [participant.id])[participant.id]
    sessions = sessions_store.some(connection, event.org, event.id, chosen)
    return Participation(
        id=participant.id,
        event=own_event(_place(event)),
        state=participant.state,
        visibility=participant.visibility,
        sessions=_chosen(sessions.values()),
    )


def attendee(named: Named, chosen: Collection[str]) -> Attendee:
    """Of a participant no more than they let others know."""
    tells = named.participant.visibility is Visibility.SESSIONS
    return Attendee(id=named.participant.id, name=named.name, sessions=list(chosen) if tells else None)


def _chosen(sessions: Collection[Session]) -> list[ChosenSession]:
    return [
        ChosenSession(
            id=session.id,
            title=session.title,
            room=session.room,
            starts=session.starts,
            ends=session.ends,
        )
        for session in sorted(sessions, key=lambda session: (session.starts, session.id))
    ]


def _place(event: Event) -> Place:
    return Place(
        event.id, event.name, event.starts, event.ends, event.zone, event.place, event.state.value, event.slug
    )
