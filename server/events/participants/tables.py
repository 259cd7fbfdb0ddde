"""Participants of events."""

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
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


participants = table_of(Participant)
