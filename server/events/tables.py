"""Events. Ids may be chosen by a client, so they are unique within an organisation only."""

from sqlalchemy import Index, LargeBinary, PrimaryKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from server.db.base import Moment, table_of


class Event(SQLModel, table=True):
    """An event. `number` stands in ticket codes; `name` and `description` are JSON objects from language to
    text, `languages` and `tags` JSON lists; `cover` is the content of its picture.

    `numbered` is the highest ticket number that was given out; `search` is what a search looks in, and
    `labels` what a filter by tag or language looks in.
    """

    org: str = Field(foreign_key="organization.id")
    id: str
    number: int
    name: str
    starts: int = Field(sa_type=Moment)
    ends: int = Field(sa_type=Moment)
    zone: str
    place: str = ""
    description: str = "{}"
    languages: str = "[]"
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    tags: str = "[]"
    slug: str
    cover: str | None = None
    state: str = "draft"
    rotating_secret: bytes = Field(sa_type=LargeBinary)
    numbered: int = 0
    search: str = ""
    labels: str = ""
    created: int = Field(sa_type=Moment)
    changed: int = Field(sa_type=Moment)

    __table_args__ = (
        PrimaryKeyConstraint("org", "id"),
        UniqueConstraint("org", "number"),
        Index("ix_event_starts", "org", "starts", "id"),
        Index("ix_event_slug", "slug", unique=True),
    )


events = table_of(Event)
