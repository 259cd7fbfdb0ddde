"""Orders with their payments, transfers, perks handed out; what is sold when, and whose a ticket is."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_TIES = ("owner", "contact", "order_id")


def upgrade() -> None:
    op.create_table(
        "perk_redemption",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("op", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("perk", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("offline", sa.Boolean(), nullable=False),
        sa.Column("beyond", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("org", "op", name=op.f("pk_perk_redemption")),
    )
    with op.batch_alter_table("perk_redemption", schema=None) as batch_op:
        batch_op.create_index("ix_perk_redemption_ticket", ["org", "ticket"], unique=False)

    op.create_table(
        "ticket_order",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=True),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org", "event"], ["event.org", "event.id"], name=op.f("fk_ticket_order_org_event_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_order")),
        sa.UniqueConstraint("org", "number", name=op.f("uq_ticket_order_org_number")),
        sa.UniqueConstraint("secret", name=op.f("uq_ticket_order_secret")),
    )
    with op.batch_alter_table("ticket_order", schema=None) as batch_op:
        batch_op.create_index("ix_ticket_order_email", ["org", "email"], unique=False)
        batch_op.create_index("ix_ticket_order_customer", ["customer"], unique=False)
        batch_op.create_index("ix_ticket_order_org", ["org", "id"], unique=False)
        batch_op.create_index("ix_ticket_order_event", ["org", "event", "id"], unique=False)
        batch_op.create_index(
            "ix_ticket_order_pending",
            ["org", "event", "expires"],
            unique=False,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )

    op.create_table(
        "order_item",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("attendees", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["ticket_order.id"], name=op.f("fk_order_item_order_id_ticket_order")
        ),
        sa.ForeignKeyConstraint(
            ["org", "event", "type"],
            ["ticket_type.org", "ticket_type.event", "ticket_type.id"],
            name=op.f("fk_order_item_org_event_type_ticket_type"),
        ),
        sa.PrimaryKeyConstraint("order_id", "place", name=op.f("pk_order_item")),
    )
    with op.batch_alter_table("order_item", schema=None) as batch_op:
        batch_op.create_index("ix_order_item_type", ["org", "event", "type"], unique=False)

    op.create_table(
        "payment",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("charge", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["ticket_order.id"], name=op.f("fk_payment_order_id_ticket_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("org", "receipt", name=op.f("uq_payment_org_receipt")),
        sa.UniqueConstraint("provider", "reference", name=op.f("uq_payment_provider_reference")),
    )
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index("ix_payment_order_id", ["order_id"], unique=False)
        batch_op.create_index(
            "ix_payment_unsettled",
            ["state"],
            unique=False,
            sqlite_where=sa.text("state IN ('owed', 'dropping')"),
            postgresql_where=sa.text("state IN ('owed', 'dropping')"),
        )

    op.create_table(
        "ticket_transfer",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("taker", sa.String(), nullable=True),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.id"], name=op.f("fk_ticket_transfer_ticket_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_transfer")),
        sa.UniqueConstraint("digest", name=op.f("uq_ticket_transfer_digest")),
    )
    with op.batch_alter_table("ticket_transfer", schema=None) as batch_op:
        batch_op.create_index(
            "ix_ticket_transfer_offered",
            ["ticket"],
            unique=True,
            sqlite_where=sa.text("state = 'offered'"),
            postgresql_where=sa.text("state = 'offered'"),
        )

    op.add_column("ticket", sa.Column("redeemed", sa.String(), nullable=False, server_default="[]"))
    for name in _TIES:
        op.add_column("ticket", sa.Column(name, sa.String(), nullable=True))
        filled = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"ix_ticket_{name}", "ticket", ["org", name], sqlite_where=filled, postgresql_where=filled
        )
    # Nothing goes on sale by itself: what there was before is sold once staff say so.
    for column in (
        sa.Column("description", sa.String(), nullable=False, server_default="{}"),
        sa.Column("sold", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("sale_from", sa.BigInteger(), nullable=True),
        sa.Column("sale_until", sa.BigInteger(), nullable=True),
        sa.Column("min_per_order", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("max_per_order", sa.Integer(), nullable=False, server_default="10"),
    ):
        op.add_column("ticket_type", column)


def downgrade() -> None:
    for name in ("max_per_order", "min_per_order", "sale_until", "sale_from", "sold", "description"):
        op.drop_column("ticket_type", name)
    for name in _TIES:
        op.drop_index(f"ix_ticket_{name}", "ticket")
        op.drop_column("ticket", name)
    op.drop_column("ticket", "redeemed")
    for table in ("ticket_transfer", "payment", "order_item", "ticket_order", "perk_redemption"):
        op.drop_table(table)
