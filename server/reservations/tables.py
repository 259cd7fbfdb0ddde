"""Bookable services, reservations, and times that are held while somebody fills in a form."""

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from server.db.base import Moment, table_of


class ReservationDefinition(SQLModel, table=True):
    """A service that can be booked at a service point. `settings` is the JSON of its schema."""

    __tablename__ = "reservation_definition"

    org: str = Field(foreign_key="organization.id")
    id: str = Field(index=True)
    service_point: str
    settings: str
    created: int = Field(sa_type=Moment)
    changed: int = Field(sa_type=Moment)
    deleted: int | None = Field(default=None, sa_type=Moment)

    __table_args__ = (
        PrimaryKeyConstraint("org", "id"),
        ForeignKeyConstraint(["org", "service_point"], ["service_point.org", "service_point.id"]),
    )


class Reservation(SQLModel, table=True):
    """A booked time, buffers and seats as they were when it was booked; `shared`: others may join it.

    `secret` is in the links of its mails. `sequence` counts its changes for calendars, `version` all its
    changes. `remind` is when the next reminder is due, `lapses` when one that is still to come is given up.
    `entry` is its place in the walk-up line and `was` its state before it got one; until `watched` what
    becomes of that visit counts, of which it has `seen` so many changes. One that was deleted is kept for
    the mail about it.
    """

    id: str = Field(primary_key=True)
    org: str = Field(foreign_key="organization.id")
    number: str
    secret: str
    definition: str
    service_point: str
    staff: str | None = None
    starts: int = Field(sa_type=Moment)
    ends: int = Field(sa_type=Moment)
    before: int = 0
    after: int = 0
    seats: int = 1
    shared: bool = False
    state: str
    email: str = ""
    name: str = ""
    phone: str = ""
    language: str = "en"
    notes: str = ""
    contact: str | None = Field(default=None, foreign_key="contact.id")
    sequence: int = 0
    version: int = 1
    entry: str | None = None
    was: str | None = None
    seen: int = 0
    watched: int | None = Field(default=None, sa_type=Moment)
    lapses: int | None = Field(default=None, sa_type=Moment)
    remind: int | None = Field(default=None, sa_type=Moment)
    created: int = Field(sa_type=Moment)
    changed: int = Field(sa_type=Moment)
    deleted: int | None = Field(default=None, sa_type=Moment)

    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("secret"),
        ForeignKeyConstraint(
            ["org", "definition"], ["reservation_definition.org", "reservation_definition.id"]
        ),
        Index("ix_reservation_point", "org", "service_point", "starts", "id"),
        Index("ix_reservation_staff", "org", "staff", "starts"),
        Index("ix_reservation_email", "org", "email", "starts"),
        Index("ix_reservation_remind", "remind"),
        Index("ix_reservation_lapses", "lapses"),
        Index("ix_reservation_watched", "watched"),
        Index("ix_reservation_state", "state", "service_point"),
    )


class ReservationHold(SQLModel, table=True):
    """A time that is kept for somebody until `expires`; whoever knows the id may book it."""

    __tablename__ = "reservation_hold"

    id: str = Field(primary_key=True)
    org: str
    definition: str
    service_point: str
    staff: str | None = None
    starts: int = Field(sa_type=Moment)
    ends: int = Field(sa_type=Moment)
    before: int = 0
    after: int = 0
    seats: int = 1
    shared: bool = False
    expires: int = Field(sa_type=Moment)

    __table_args__ = (
        ForeignKeyConstraint(
            ["org", "definition"], ["reservation_definition.org", "reservation_definition.id"]
        ),
        Index("ix_reservation_hold_point", "org", "service_point", "starts"),
        Index("ix_reservation_hold_staff", "org", "staff", "starts"),
        Index("ix_reservation_hold_expires", "expires"),
    )


definitions = table_of(ReservationDefinition)
reservations = table_of(Reservation)
holds = table_of(ReservationHold)
