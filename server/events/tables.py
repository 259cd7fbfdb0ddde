"""Events. Ids may be chosen by a client, so they are unique within an organisation only."""

from sqlalchemy import LargeBinary, PrimaryKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from server.db.base import Moment, table_of


class Event(SQLModel, table=True):
    """An event. `number` stands in ticket codes; `name` is a JSON object from language to text."""

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
    created: int = Field(sa_type=Moment)
    changed: int = Field(sa_type=Moment)

    __table_args__ = (PrimaryKeyConstraint("org", "id"), UniqueConstraint("org", "number"))


events = table_of(Event)
