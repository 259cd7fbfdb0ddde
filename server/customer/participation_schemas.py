"""How attendees take part, and what they see of each other."""

from typing import Annotated

from pydantic import Field

from server.customer.ticket_schemas import OwnEvent
from server.wire import At, Out


class ChosenSession(Out):
    """A session in which a participant has a seat."""

    id: str
    title: dict[str, str]
    room: str
    starts: At
    ends: At


class Participation(Out):
    """How the caller takes part in an event, with the sessions that they chose, by their start."""

    id: str
    event: OwnEvent
    state: str
    visibility: str
    sessions: list[ChosenSession]


class Attendee(Out):
    """Somebody who takes part and lets others know. `sessions` is null where they do not tell which."""

    id: str
    name: str
    sessions: list[str] | None


class Invitation(Out):
    """An invitation as whoever has its link sees it."""

    participation: Participation
    name: Annotated[str, Field(description="Who is invited, as far as it is known.")]
