"""Events. Ids may be chosen by a client, so they are unique within an organisation only."""

from sqlalchemy import Index, LargeBinary, PrimaryKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from server.db.base import Moment, table_of


class Event(SQLModel, table=True):
    """An event. `number` stands in ticket codes; `name` is a JSON object from language to text.

    `numbered` is the highest ticket number that was given out; `search` is what a search looks in.
    """

    org: str = Field(foreign_key="organization.id")
    id: str
    number: int
    name: str
    starts: int = Field(sa_type=Moment)
    ends: int = Field(sa_type=Moment)
    zone: str
    place: str = ""
    state: str = "draft"
    rotating_secret: bytes = Field(sa_type=LargeBinary)
    numbered: int = 0
    search: str = ""
    created: int = Field(sa_type=Moment)
    changed: int = Field(sa_type=Moment)

    __table_args__ = (
        PrimaryKeyConstraint("org", "id"),
        UniqueConstraint("org", "number"),
        Index("ix_event_starts", "org", "starts", "id"),
    )


events = table_of(Event)
