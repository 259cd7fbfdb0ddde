"""The trail of activities and the change log that kiosks follow."""

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from server.db.base import Moment, Sequence, table_of


class Activity(SQLModel, table=True):
    """One thing that somebody did. Timeline, audit and automation read this one trail; nothing changes it."""

    seq: int | None = Field(default=None, primary_key=True, sa_type=Sequence)
    org: str
    at: int = Field(sa_type=Moment)
    kind: str
    subject: str
    actor: str
    data: str
    contact: str | None = None
    """Whose timeline it stands in."""

    __table_args__ = (
        Index("ix_activity_org_seq", "org", "seq"),
        Index("ix_activity_subject", "subject"),
        Index(
            "ix_activity_contact_seq",
            "contact",
            "seq",
            sqlite_where=text("contact IS NOT NULL"),
            postgresql_where=text("contact IS NOT NULL"),
        ),
    )


class Change(SQLModel, table=True):
    """A row of the replica that changed, or is gone; the row itself is read when somebody pulls."""

    __tablename__ = "change"

    seq: int | None = Field(default=None, primary_key=True, sa_type=Sequence)
    scope: str
    name: str
    key: str
    gone: bool = False
    at: int = Field(sa_type=Moment)

    __table_args__ = (Index("ix_change_scope_seq", "scope", "seq"),)


class ChangeFloor(SQLModel, table=True):
    """The last sequence of a scope that has been dropped; a cursor before it is gone."""

    __tablename__ = "change_floor"

    scope: str = Field(primary_key=True)
    seq: int = Field(sa_type=Moment)


activities = table_of(Activity)
changes = table_of(Change)
change_floors = table_of(ChangeFloor)
