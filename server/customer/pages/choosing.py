"""Choosing sessions on a page: which there are, which were chosen, and why a choice cannot be."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from sqlalchemy import Connection

from domain.clock import Instant
from domain.errors import Conflict, Invalid
from server.events.life import EventState
from server.events.participants import store
from server.events.participants.store import Participant
from server.events.sessions import service as sessions_service
from server.events.sessions import store as sessions_store
from server.events.sessions.store import Session
from server.events.store import Event
from server.pages import look
from server.pages.forms import Fields
from server.pages.language import Language, language_of
from server.pages.organizer import Organizer

SAID = ("session_full", "sessions_overlap", "session_over", "session_unknown")
"""Refusals that a page says in words of its own."""
_MOST = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """A session that may be chosen, with the seats that are left; None is any number."""

    session: Session
    left: int | None
    chosen: bool


def choices(
    connection: Connection, event: Event, participant: Participant | None, now: Instant
) -> tuple[Choice, ...]:
    """The sessions that are not over, and those that were chosen, which would be given up otherwise."""
    had = set(store.chosen(connection, [participant.id])[participant.id]) if participant else set()
    listed = sessions_store.listed(connection, event.org, event.id)
    taken = sessions_store.taken(connection, event.org, event.id)
    return tuple(
        Choice(session, sessions_service.left(session, taken[session.id]), session.id in had)
        for session in listed
        if session.ends > now or session.id in had
    )


def chosen(form: Fields, offered: Collection[Choice]) -> list[str]:
    """What the form says of the sessions that its page offers."""
    ids = {choice.session.id for choice in offered}
    return [id_ for id_ in dict.fromkeys(form.all("session")) if id_ in ids][:_MOST]


def shown(offered: Collection[Choice], wanted: Collection[str] | None = None) -> list[tuple[Choice, bool]]:
    """Each with whether it is ticked: as it was chosen, or as it is `wanted` where that was refused."""
    return [(each, each.chosen if wanted is None else each.session.id in wanted) for each in offered]


def page(
    request: Request,
    name: str,
    organization: Organizer,
    event: Event,
    now: Instant,
    /,
    *,
    status: int,
    may: bool = True,
    **shown: Any,
) -> Response:
    """A page on which one chooses: `open` to choices where the event is to come, and one `may`."""
    past, cancelled = event.ends <= now, event.state is EventState.CANCELLED
    return look.show(
        request,
        name,
        language_of(request, event.languages),
        status=status,
        organization=organization,
        event=event,
        past=past or event.state is EventState.ARCHIVED,
        cancelled=cancelled,
        open=event.state is EventState.PUBLISHED and not past and may,
        **shown,
    )


def words(speech: Language, offered: Collection[Choice], refusal: Conflict | Invalid) -> str:
    """Why nothing was chosen, with the sessions because of which."""
    names = {choice.session.id: speech.pick(choice.session.title) for choice in offered}
    titles = ", ".join(names.get(id_, id_) for id_ in dict.fromkeys(_flat(refusal.more.get("sessions"))))
    return speech.say(f"invitation.{refusal.code}", sessions=titles)


def _flat(ids: object) -> Iterator[str]:
    """The ids of a list, or of a list of pairs."""
    if isinstance(ids, str):
        yield ids
    elif isinstance(ids, list):
        for each in ids:
            yield from _flat(each)
