"""Video meetings."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from server.db.base import Moment, table_of


class Meeting(SQLModel, table=True):
    """The room of a reservation at a provider; `until` is how long the provider keeps it open."""

    id: str = Field(primary_key=True)
    org: str = Field(foreign_key="organization.id")
    reservation: str = Field(foreign_key="reservation.id")
    provider: str
    room: str
    address: str
    until: int = Field(sa_type=Moment)
    created: int = Field(sa_type=Moment)

    __table_args__ = (UniqueConstraint("reservation"), UniqueConstraint("room"))


meetings = table_of(Meeting)
