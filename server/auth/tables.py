"""Organisations, staff, devices, and the tokens' keys."""

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from server.db.base import Moment, table_of


class Organization(SQLModel, table=True):
    id: str = Field(primary_key=True)
    name: str
    zone: str = "UTC"
    created: int = Field(sa_type=Moment)


class Staff(SQLModel, table=True):
    """A person who works for an organisation. `permissions` is a JSON list."""

    id: str = Field(primary_key=True)
    org: str = Field(foreign_key="organization.id")
    email: str
    name: str
    password: str
    permissions: str
    active: bool = True
    created: int = Field(sa_type=Moment)

    __table_args__ = (UniqueConstraint("email"), Index("ix_staff_org", "org"))


class Customer(SQLModel, table=True):
    """An attendee's account with an organisation.

    `verified` is when a link that was mailed to `email` was first followed: from then on the account may
    be signed in to. `password` is a digest, None for who signs in by mailed links alone. `contact` is
    their record in the contact book.
    """

    id: str = Field(primary_key=True)
    org: str = Field(foreign_key="organization.id")
    email: str
    name: str = ""
    password: str | None = None
    language: str = "en"
    contact: str | None = None
    verified: int | None = Field(default=None, sa_type=Moment)
    active: bool = True
    created: int = Field(sa_type=Moment)

    __table_args__ = (UniqueConstraint("org", "email"),)


class CustomerLink(SQLModel, table=True):
    """A link that was mailed to `email`; it serves once, until `until`.

    What else it holds is set when it is followed, since nobody but the owner of the address can do so.
    `password` is a digest.
    """

    __tablename__ = "customer_link"

    digest: str = Field(primary_key=True)
    org: str = Field(foreign_key="organization.id")
    email: str
    name: str = ""
    language: str = ""
    password: str | None = None
    until: int = Field(sa_type=Moment, index=True)
    used: bool = False


class Device(SQLModel, table=True):
    """A kiosk. `scopes` and `lists` are JSON lists; `pairing` is the digest of its one-time code. One that
    `sells` may sell tickets at its door. `successor` is the device that its kiosk is now, where that was
    paired as another one."""

    id: str = Field(primary_key=True)
    org: str = Field(foreign_key="organization.id")
    name: str
    mode: str
    scopes: str = "[]"
    lists: str = "[]"
    gate: str = ""
    sells: bool = False
    pairing: str | None = None
    pairing_until: int | None = Field(default=None, sa_type=Moment)
    paired: int | None = Field(default=None, sa_type=Moment)
    revoked: int | None = Field(default=None, sa_type=Moment)
    seen: int | None = Field(default=None, sa_type=Moment)
    clock_offset: int | None = None
    platform: str = ""
    successor: str | None = None
    created: int = Field(sa_type=Moment)

    __table_args__ = (UniqueConstraint("pairing"), Index("ix_device_org", "org"))


class RefreshToken(SQLModel, table=True):
    """One link of a chain of refresh tokens; a link that is used twice revokes its whole `family`."""

    __tablename__ = "refresh_token"

    digest: str = Field(primary_key=True)
    family: str = Field(index=True)
    subject: str = Field(index=True)
    until: int = Field(sa_type=Moment)
    used: bool = False
    revoked: bool = False


class TokenKey(SQLModel, table=True):
    """A key pair that signs access tokens; the newest signs, all of them verify."""

    __tablename__ = "token_key"

    id: str = Field(primary_key=True)
    private: bytes = Field(sa_type=LargeBinary)
    created: int = Field(sa_type=Moment)
    retired: int | None = Field(default=None, sa_type=Moment)


organizations = table_of(Organization)
staff = table_of(Staff)
customers = table_of(Customer)
customer_links = table_of(CustomerLink)
devices = table_of(Device)
refresh_tokens = table_of(RefreshToken)
token_keys = table_of(TokenKey)
