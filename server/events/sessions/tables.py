"""Sessions. Their ids may be chosen by a client, so they are unique within an event only."""

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


sessions = table_of(EventSession)
