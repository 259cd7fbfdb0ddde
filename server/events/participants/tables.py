"""Participants of events, and the sessions that they chose."""

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from server.db.base import Moment, table_of


class Participant(SQLModel, table=True):
    """A contact's part in an event. `state` is one of `states.State`, `visibility` one of `Visibility`.

    `token` ends the address of a mailed invitation: whoever has it may answer. Each invitation has its own.
    """

    id: str = Field(primary_key=True)
    org: str
    event: str
    contact: str = Field(foreign_key="contact.id")
    state: str
    visibility: str = "hidden"
    token: str | None = None
    invited: int | None = Field(default=None, sa_type=Moment)
    answered: int | None = Field(default=None, sa_type=Moment)
    created: int = Field(sa_type=Moment)
    changed: int = Field(sa_type=Moment)

    __table_args__ = (
        UniqueConstraint("org", "event", "contact"),
        UniqueConstraint("token"),
        ForeignKeyConstraint(["org", "event"], ["event.org", "event.id"], ondelete="CASCADE"),
        Index("ix_participant_contact", "contact"),
        Index("ix_participant_event", "org", "event", "id"),
    )


class SessionChoice(SQLModel, table=True):
    """A seat in a session."""

    __tablename__ = "session_choice"

    participant: str = Field(foreign_key="participant.id", ondelete="CASCADE")
    org: str
    event: str
    session: str
    at: int = Field(sa_type=Moment)

    __table_args__ = (
        PrimaryKeyConstraint("participant", "session"),
        ForeignKeyConstraint(
            ["org", "event", "session"],
            ["event_session.org", "event_session.event", "event_session.id"],
            ondelete="CASCADE",
        ),
        Index("ix_session_choice_session", "org", "event", "session"),
    )


participants = table_of(Participant)
choices = table_of(SessionChoice)
