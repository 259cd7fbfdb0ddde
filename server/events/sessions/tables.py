"""Sessions and the seats in them. A client may choose a session's id, which is unique within its event."""

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlmodel import Field, SQLModel

from server.db.base import Moment, table_of


class EventSession(SQLModel, table=True):
    """A talk or a workshop. `title` and `abstract` are JSON objects from language to text, `speakers` a JSON
    list. `capacity` None is without limit."""

    __tablename__ = "event_session"

    org: str
    event: str
    id: str
    title: str
    abstract: str = "{}"
    room: str = ""
    track: str = ""
    speakers: str = "[]"
    starts: int = Field(sa_type=Moment)
    ends: int = Field(sa_type=Moment)
    capacity: int | None = None
    created: int = Field(sa_type=Moment)
    changed: int = Field(sa_type=Moment)

    __table_args__ = (
        PrimaryKeyConstraint("org", "event", "id"),
        ForeignKeyConstraint(["org", "event"], ["event.org", "event.id"], ondelete="CASCADE"),
        Index("ix_event_session_starts", "org", "event", "starts", "id"),
    )


class SessionChoice(SQLModel, table=True):
    """A seat in a session, which a participant chose."""

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


sessions = table_of(EventSession)
choices = table_of(SessionChoice)
