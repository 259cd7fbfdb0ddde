"""Check-in lists and scans. A scan is never changed or dropped; an undo is a scan of its own."""

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint, text
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
        ForeignKeyConstraint(["org", "event"], ["event.org", "event.id"], ondelete="CASCADE"),
        Index("ix_check_in_list_event", "org", "event"),
    )


class Scan(SQLModel, table=True):
    """One scan. `code` holds what was read where it led to no ticket, and `ticket` is empty then."""

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
    code: str = ""
    note: str = ""
    answers: str = "{}"

    __table_args__ = (
        PrimaryKeyConstraint("org", "op"),
        Index("ix_scan_ticket", "ticket"),
        Index("ix_scan_event_at", "org", "event", "at"),
        Index(
            "ix_scan_undoes",
            "org",
            "event",
            "undoes",
            sqlite_where=text("undoes IS NOT NULL"),
            postgresql_where=text("undoes IS NOT NULL"),
        ),
    )


class ScanMark(SQLModel, table=True):
    """What is to be said of a scan in the light of the others, worked out anew whenever one arrives.

    `mark` is `double` (this ticket was admitted twice; `other` is the other scan), `conflict` (a kiosk
    admitted what the server would have refused, for `reason`, which it keeps as one of two) or `late` (it
    arrived after a later scan).
    """

    __tablename__ = "scan_mark"

    org: str
    op: str
    mark: str
    other: str = ""
    reason: str = ""
    ticket: str = ""
    event: str
    list: str

    __table_args__ = (
        PrimaryKeyConstraint("org", "op"),
        Index("ix_scan_mark_ticket", "ticket"),
        Index("ix_scan_mark_event", "org", "event", "mark"),
    )


check_in_lists = table_of(CheckInList)
scans = table_of(Scan)
scan_marks = table_of(ScanMark)
