"""CRM events."""

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from server.db.base import Moment, table_of


class CrmEvent(SQLModel, table=True):
    """An entry in the calendar about somebody: `about` is `contact`, `lead` or `merchant`, `subject` its id.

    `owner` is the member of staff whose it is.
    """

    __tablename__ = "crm_event"

    id: str = Field(primary_key=True)
    org: str = Field(foreign_key="organization.id")
    kind: str
    title: str
    notes: str = ""
    place: str = ""
    about: str
    subject: str
    contact: str | None = Field(default=None, foreign_key="contact.id")
    owner: str
    starts: int = Field(sa_type=Moment)
    ends: int = Field(sa_type=Moment)
    created: int = Field(sa_type=Moment)
    changed: int = Field(sa_type=Moment)

    __table_args__ = (
        Index("ix_crm_event_starts", "org", "starts", "id"),
        Index("ix_crm_event_subject", "org", "about", "subject", "starts"),
        Index("ix_crm_event_owner", "org", "owner", "starts"),
    )


crm_events = table_of(CrmEvent)
