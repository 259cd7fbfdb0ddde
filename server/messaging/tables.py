"""Mails, from the moment in which they are owed until they were sent."""

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from server.db.base import Moment, table_of


class Mail(SQLModel, table=True):
    """A mail that is owed to somebody. `cause` names what it is for: each has its mail once.

    `about` is the JSON of what its composer needs (ids, never secrets that outlive it). `state` is
    `waiting`, `sent`, `failed`, or `dropped` where there was nothing to say any more; `due` is when it is
    tried next, `claimed` until when a server has it in hand, `trouble` what went wrong the last time. What
    was sent is kept in `subject` and `text`, and as it went in `message` until it is forgotten; of a secret
    nothing is kept.
    """

    id: str = Field(primary_key=True)
    org: str = Field(foreign_key="organization.id")
    kind: str
    cause: str
    recipient: str
    name: str = ""
    language: str = "en"
    about: str = "{}"
    event: str | None = None
    contact: str | None = None
    state: str = "waiting"
    tries: int = 0
    due: int = Field(sa_type=Moment)
    claimed: int = Field(default=0, sa_type=Moment)
    sent: int | None = Field(default=None, sa_type=Moment)
    trouble: str = ""
    subject: str = ""
    text: str = ""
    message: bytes | None = Field(default=None, sa_type=LargeBinary)
    created: int = Field(sa_type=Moment)

    __table_args__ = (
        UniqueConstraint("org", "cause"),
        Index("ix_mail_state_due", "state", "due"),
        Index("ix_mail_event", "org", "event"),
    )


mails = table_of(Mail)
