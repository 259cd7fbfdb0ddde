"""Contacts."""

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from server.db.base import Moment, table_of


class Contact(SQLModel, table=True):
    """A person whom the organisation knows. `email` is in lower case and unique where there is one, `phone`
    digits with or without a plus."""

    id: str = Field(primary_key=True)
    org: str = Field(foreign_key="organization.id")
    email: str | None = None
    phone: str | None = None
    name: str = ""
    language: str = ""
    created: int = Field(sa_type=Moment)
    changed: int = Field(sa_type=Moment)

    __table_args__ = (UniqueConstraint("org", "email"), Index("ix_contact_phone", "org", "phone"))


contacts = table_of(Contact)
