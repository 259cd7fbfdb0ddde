"""Orders, what is in them, and the payments for them."""

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from server.db.base import Moment, table_of


class TicketOrder(SQLModel, table=True):
    """An order. While it is `pending`, its places are held until `expires`.

    Whoever knows `secret` sees the order on the web pages, without an account. `number` is for people.
    `method` is how it is to be paid: a payment provider's name, or `free`.
    """

    __tablename__ = "ticket_order"

    id: str = Field(primary_key=True)
    org: str
    event: str
    number: str
    secret: str
    customer: str | None = None
    contact: str | None = None
    email: str
    name: str = ""
    language: str = "en"
    state: str = "pending"
    method: str
    total: int = Field(sa_type=Moment)
    currency: str
    created: int = Field(sa_type=Moment)
    expires: int = Field(sa_type=Moment)
    changed: int = Field(sa_type=Moment)

    __table_args__ = (
        UniqueConstraint("org", "number"),
        UniqueConstraint("secret"),
        ForeignKeyConstraint(["org", "event"], ["event.org", "event.id"]),
        Index("ix_ticket_order_org", "org", "id"),
        Index("ix_ticket_order_event", "org", "event", "id"),
        Index("ix_ticket_order_customer", "customer"),
        Index("ix_ticket_order_email", "org", "email"),
        Index(
            "ix_ticket_order_pending",
            "org",
            "event",
            "expires",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
    )


class OrderItem(SQLModel, table=True):
    """So many places of one type in an order, at the price of then. `attendees` is a JSON list."""

    __tablename__ = "order_item"

    order_id: str = Field(foreign_key="ticket_order.id")
    place: int
    org: str
    event: str
    type: str
    name: str
    quantity: int
    price: int = Field(sa_type=Moment)
    attendees: str = "[]"

    __table_args__ = (
        PrimaryKeyConstraint("order_id", "place"),
        ForeignKeyConstraint(
            ["org", "event", "type"], ["ticket_type.org", "ticket_type.event", "ticket_type.id"]
        ),
        Index("ix_order_item_type", "org", "event", "type"),
    )


class Payment(SQLModel, table=True):
    """Money for an order, as one provider knows it under `reference`; its states are `states.Money`.

    `charge` is what a refund names at the provider. `receipt` is the number on the paper that staff hand
    out, `method` how they took the money, `stated` how much a kiosk that was alone says it took, where that
    is not `amount`.
    """

    __tablename__ = "payment"

    id: str = Field(primary_key=True)
    org: str
    order_id: str = Field(foreign_key="ticket_order.id")
    provider: str
    reference: str | None = None
    charge: str = ""
    state: str
    amount: int = Field(sa_type=Moment)
    currency: str
    method: str = ""
    receipt: str | None = None
    actor: str = ""
    stated: int | None = Field(default=None, sa_type=Moment)
    created: int = Field(sa_type=Moment)
    changed: int = Field(sa_type=Moment)

    __table_args__ = (
        UniqueConstraint("provider", "reference"),
        UniqueConstraint("org", "receipt"),
        Index("ix_payment_order_id", "order_id"),
        Index(
            "ix_payment_unsettled",
            "state",
            sqlite_where=text("state IN ('owed', 'dropping')"),
            postgresql_where=text("state IN ('owed', 'dropping')"),
        ),
    )


class SeatLease(SQLModel, table=True):
    """Seats of a type that one kiosk alone sells until `expires`; `seats` None for any number. `sold` are
    those of them of which the server has heard; `given` is when they were last added to."""

    __tablename__ = "seat_lease"

    id: str = Field(primary_key=True)
    org: str
    event: str
    type: str
    device: str = Field(foreign_key="device.id")
    seats: int | None = None
    sold: int = 0
    given: int = Field(sa_type=Moment)
    expires: int = Field(sa_type=Moment)

    __table_args__ = (
        ForeignKeyConstraint(
            ["org", "event", "type"], ["ticket_type.org", "ticket_type.event", "ticket_type.id"]
        ),
        Index("ix_seat_lease_type", "org", "event", "type", "expires"),
    )


orders = table_of(TicketOrder)
order_items = table_of(OrderItem)
payments = table_of(Payment)
seat_leases = table_of(SeatLease)
