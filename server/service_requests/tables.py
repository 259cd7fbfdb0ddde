"""Service requests with their notes, estimates and photos."""

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from server.db.base import Moment, table_of


class ServiceRequest(SQLModel, table=True):
    """A device that was taken in. `sequence` is its number at its service point, `code` what its label
    shows to scanners, `secret` ends the address of the customer's page.

    `accessories`, `parts` and `labour` are JSON. `due` is the promised date without the pause that runs
    since `paused`; `since` is when its state began. `estimate` is the revision of the newest one, 0
    without.
    """

    __tablename__ = "service_request"

    id: str = Field(primary_key=True)
    org: str
    service_point: str
    sequence: int
    code: str
    secret: str
    state: str
    since: int = Field(sa_type=Moment)
    name: str = ""
    email: str = ""
    phone: str = ""
    language: str = "en"
    contact: str | None = Field(default=None, foreign_key="contact.id")
    device_type: str
    brand: str = ""
    model: str = ""
    serial: str = ""
    problem: str
    condition: str = ""
    accessories: str = "[]"
    currency: str
    parts: str = "[]"
    labour: str = "[]"
    assignee: str | None = None
    due: int | None = Field(default=None, sa_type=Moment)
    paused: int | None = Field(default=None, sa_type=Moment)
    estimate: int = 0
    version: int = 1
    created: int = Field(sa_type=Moment)
    changed: int = Field(sa_type=Moment)

    __table_args__ = (
        UniqueConstraint("org", "service_point", "sequence"),
        UniqueConstraint("code"),
        UniqueConstraint("secret"),
        ForeignKeyConstraint(["org", "service_point"], ["service_point.org", "service_point.id"]),
        Index("ix_service_request_org", "org", "created", "id"),
        Index("ix_service_request_point", "org", "service_point", "created", "id"),
        Index("ix_service_request_due", "org", "due"),
        Index("ix_service_request_contact", "contact"),
    )


class ServiceRequestNote(SQLModel, table=True):
    """What was found or done; a `public` one is for the customer too."""

    __tablename__ = "service_request_note"

    request: str = Field(foreign_key="service_request.id")
    sequence: int
    at: int = Field(sa_type=Moment)
    actor: str
    public: bool
    text: str

    __table_args__ = (PrimaryKeyConstraint("request", "sequence"),)


class ServiceRequestEstimate(SQLModel, table=True):
    """What a repair may cost, with the lines as they were then; nothing but its decision ever changes.

    `decider` is the trail's actor, `person` the name of who said so.
    """

    __tablename__ = "service_request_estimate"

    request: str = Field(foreign_key="service_request.id")
    revision: int
    low: int = Field(sa_type=Moment)
    high: int = Field(sa_type=Moment)
    valid_until: int | None = Field(default=None, sa_type=Moment)
    note: str = ""
    parts: str = "[]"
    labour: str = "[]"
    given: int = Field(sa_type=Moment)
    actor: str
    decision: str | None = None
    decided: int | None = Field(default=None, sa_type=Moment)
    decider: str = ""
    person: str = ""
    reason: str = ""

    __table_args__ = (PrimaryKeyConstraint("request", "revision"),)


class ServiceRequestPhoto(SQLModel, table=True):
    """A picture that was sent for a request: of the device, or of a signature. Until a request names it,
    nobody but `uploader` can use it. `content` names its files."""

    __tablename__ = "service_request_photo"

    id: str = Field(primary_key=True)
    org: str = Field(foreign_key="organization.id")
    request: str | None = Field(default=None, foreign_key="service_request.id")
    signature: bool = False
    content: str
    width: int
    height: int
    uploader: str
    created: int = Field(sa_type=Moment)

    __table_args__ = (
        Index("ix_service_request_photo_request", "request", "id"),
        Index("ix_service_request_photo_content", "content"),
    )


service_requests = table_of(ServiceRequest)
notes = table_of(ServiceRequestNote)
estimates = table_of(ServiceRequestEstimate)
photos = table_of(ServiceRequestPhoto)
