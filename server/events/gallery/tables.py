"""Pictures of events, and the links by which guests see and add them."""

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from server.db.base import Moment, table_of


class Media(SQLModel, table=True):
    """A picture in an event's gallery. `content` names its files, `uploader` is `customer:id`, `guest:id`
    or `staff:id`. The same picture of the same uploader is there once."""

    id: str = Field(primary_key=True)
    org: str
    event: str
    content: str
    width: int
    height: int
    uploader: str
    hidden: bool = False
    created: int = Field(sa_type=Moment)

    __table_args__ = (
        UniqueConstraint("org", "event", "content", "uploader"),
        ForeignKeyConstraint(["org", "event"], ["event.org", "event.id"], ondelete="CASCADE"),
        Index("ix_media_created", "org", "event", "created", "id"),
        Index("ix_media_content", "content"),
    )


class GuestLink(SQLModel, table=True):
    """An invitation to the gallery, for people without an account. `token` ends its address; it serves
    until it is `revoked`."""

    __tablename__ = "guest_link"

    id: str = Field(primary_key=True)
    org: str
    event: str
    token: str
    label: str = ""
    revoked: int | None = Field(default=None, sa_type=Moment)
    created: int = Field(sa_type=Moment)

    __table_args__ = (
        UniqueConstraint("token"),
        ForeignKeyConstraint(["org", "event"], ["event.org", "event.id"], ondelete="CASCADE"),
        Index("ix_guest_link_event", "org", "event", "id"),
    )


media = table_of(Media)
guest_links = table_of(GuestLink)
