"""Ticket types, tickets, void codes of tickets, offers to others, perks handed out, signing keys."""

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, PrimaryKeyConstraint, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from server.db.base import Moment, Sequence, table_of


class TicketType(SQLModel, table=True):
    """A tier. `number` counts within the event and stands in codes. `quota` None is without limit.

    `sold` tells whether customers see and buy it, within its sale window, `at_door` whether kiosks sell it;
    `description` is a JSON object from language to text.
    """

    __tablename__ = "ticket_type"

    org: str
    event: str
    id: str
    number: int
    name: str
    colour: str = "#3b6fd8"
    price: int = Field(default=0, sa_type=Moment)
    currency: str = "EUR"
    quota: int | None = None
    perks: str = "[]"
    rotating: bool = False
    description: str = "{}"
    sold: bool = True
    at_door: bool = False
    sale_from: int | None = Field(default=None, sa_type=Moment)
    sale_until: int | None = Field(default=None, sa_type=Moment)
    min_per_order: int = 1
    max_per_order: int = 10
    created: int = Field(sa_type=Moment)

    __table_args__ = (
        PrimaryKeyConstraint("org", "event", "id"),
        UniqueConstraint("org", "event", "number"),
        ForeignKeyConstraint(["org", "event"], ["event.org", "event.id"], ondelete="CASCADE"),
    )


class Ticket(SQLModel, table=True):
    """A ticket. `digest` is that of its present code; `foreign_code` is kept where another system made it.

    `seq` ties it to its words in the search index (`ticket_words` on SQLite, made by the migration).
    `owner` is the customer whose it is, `contact` the person in the contact book, `order_id` the order that
    it came of; `redeemed` are those of its perks that were handed out.
    """

    seq: int | None = Field(default=None, primary_key=True, sa_type=Sequence)
    id: str
    org: str
    event: str
    type: str
    number: int
    generation: int = 0
    digest: bytes = Field(sa_type=LargeBinary)
    foreign_code: str | None = None
    state: str = "valid"
    name: str = ""
    email: str = ""
    order_number: str = ""
    seat: str = ""
    session: str = ""
    note: str = ""
    attention: bool = False
    perks: str = "[]"
    redeemed: str = "[]"
    due: int = Field(default=0, sa_type=Moment)
    currency: str = ""
    valid_from: int | None = Field(default=None, sa_type=Moment)
    valid_until: int | None = Field(default=None, sa_type=Moment)
    main: str | None = None
    owner: str | None = None
    contact: str | None = None
    order_id: str | None = None
    created: int = Field(sa_type=Moment)

    __table_args__ = (
        UniqueConstraint("id"),
        UniqueConstraint("org", "event", "number"),
        UniqueConstraint("org", "event", "digest"),
        Index("ix_ticket_digest", "org", "digest"),
        Index("ix_ticket_main", "org", "main"),
        Index(
            "ix_ticket_foreign_code",
            "org",
            "event",
            "foreign_code",
            sqlite_where=text("foreign_code IS NOT NULL"),
            postgresql_where=text("foreign_code IS NOT NULL"),
            postgresql_ops={"foreign_code": "text_pattern_ops"},
        ),
        Index("ix_ticket_type_state", "org", "event", "type", "state"),
        *(
            Index(
                f"ix_ticket_{name}",
                "org",
                name,
                sqlite_where=text(f"{name} IS NOT NULL"),
                postgresql_where=text(f"{name} IS NOT NULL"),
            )
            for name in ("owner", "contact", "order_id")
        ),
        ForeignKeyConstraint(["org", "event"], ["event.org", "event.id"]),
    )


class RevokedCode(SQLModel, table=True):
    """A code that a transfer or a new issue replaced."""

    __tablename__ = "revoked_code"

    org: str
    digest: bytes = Field(sa_type=LargeBinary)
    event: str
    ticket: str
    at: int = Field(sa_type=Moment)

    __table_args__ = (
        PrimaryKeyConstraint("org", "event", "digest"),
        Index("ix_revoked_code_digest", "digest"),
    )


class TicketKey(SQLModel, table=True):
    """An Ed25519 key that signs an organisation's ticket codes; the highest number signs, all verify.

    Numbers are unique on the server, so that a code of another organisation is unknown, not forged.
    """

    __tablename__ = "ticket_key"

    org: str = Field(foreign_key="organization.id")
    number: int
    private: bytes = Field(sa_type=LargeBinary)
    public: bytes = Field(sa_type=LargeBinary)
    created: int = Field(sa_type=Moment)

    __table_args__ = (
        PrimaryKeyConstraint("org", "number"),
        Index("ix_ticket_key_number", "number", unique=True),
    )


class TicketTransfer(SQLModel, table=True):
    """A ticket offered to somebody. `digest` is that of the claim link's token, which is kept nowhere.

    `state` is `offered`, `claimed` (by the customer `taker`), `withdrawn` or `replaced`; of one ticket one
    offer stands at most.
    """

    __tablename__ = "ticket_transfer"

    id: str = Field(primary_key=True)
    org: str
    ticket: str = Field(foreign_key="ticket.id")
    owner: str | None = None
    email: str
    message: str = ""
    digest: str
    state: str = "offered"
    taker: str | None = None
    created: int = Field(sa_type=Moment)
    ended: int | None = Field(default=None, sa_type=Moment)

    __table_args__ = (
        UniqueConstraint("digest"),
        Index(
            "ix_ticket_transfer_offered",
            "ticket",
            unique=True,
            sqlite_where=text("state = 'offered'"),
            postgresql_where=text("state = 'offered'"),
        ),
    )


class PerkRedemption(SQLModel, table=True):
    """A perk that was handed out. `beyond` tells that the ticket had none of it left: two doors that did
    not hear of each other gave it out."""

    __tablename__ = "perk_redemption"

    org: str
    op: str
    event: str
    ticket: str
    perk: str
    at: int = Field(sa_type=Moment)
    received: int = Field(sa_type=Moment)
    actor: str
    device: str = ""
    offline: bool = False
    beyond: bool = False

    __table_args__ = (PrimaryKeyConstraint("org", "op"), Index("ix_perk_redemption_ticket", "org", "ticket"))


ticket_types = table_of(TicketType)
tickets = table_of(Ticket)
ticket_transfers = table_of(TicketTransfer)
perk_redemptions = table_of(PerkRedemption)
revoked_codes = table_of(RevokedCode)
ticket_keys = table_of(TicketKey)
