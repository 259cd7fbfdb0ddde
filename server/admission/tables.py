"""Check-in lists and scans. A scan is never changed or dropped; an undo is a scan of its own."""

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint
from sqlmodel import Field, SQLModel

from server.db.base import Moment, table_of


class CheckInList(SQLModel, table=True):
    """A list. `settings` is the JSON of `schemas.ListSettings`."""

    __tablename__ = "check_in_list"

    org: str
    event: str
    id: str
    name: str
    settings: str
    created: int = Field(sa_type=Moment)
    changed: int = Field(sa_type=Moment)

    __table_args__ = (
        PrimaryKeyConstraint("org", "id"),
        ForeignKeyConstraint(["org", "event"], ["event.org", "event.id"]),
        Index("ix_check_in_list_event", "org", "event"),
    )


class Scan(SQLModel, table=True):
    """One scan. `code` holds what was read where it led to no ticket; `mark` is `late`, `conflict` or
    `double` for what a kiosk decided on its own; `ticket` is empty for a scan that led to none."""

    org: str
    op: str
    at: int = Field(sa_type=Moment)
    received: int = Field(sa_type=Moment)
    event: str
    list: str
    ticket: str
    direction: str
    granted: bool
    reason: str = ""
    gate: str = ""
    actor: str
    device: str = ""
    offline: bool = False
    forced: bool = False
    undoes: str | None = None
    mark: str = ""
    code: str = ""
    note: str = ""
    answers: str = "{}"

    __table_args__ = (
        PrimaryKeyConstraint("org", "op"),
        Index("ix_scan_ticket", "ticket"),
        Index("ix_scan_event_at", "org", "event", "at"),
    )


check_in_lists = table_of(CheckInList)
scans = table_of(Scan)
