"""Kiosks that sell at the door: which ones, which types, seats on lease, and money beside the price."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "seat_lease",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("sold", sa.Integer(), nullable=False),
        sa.Column("given", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["device"], ["device.id"], name=op.f("fk_seat_lease_device_device")),
        sa.ForeignKeyConstraint(
            ["org", "event", "type"],
            ["ticket_type.org", "ticket_type.event", "ticket_type.id"],
            name=op.f("fk_seat_lease_org_ticket_type"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_lease")),
    )
    with op.batch_alter_table("seat_lease", schema=None) as batch_op:
        batch_op.create_index("ix_seat_lease_type", ["org", "event", "type", "expires"], unique=False)
    # Nothing is sold at a door, and no kiosk sells, before staff say so.
    op.add_column("device", sa.Column("sells", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column(
        "ticket_type", sa.Column("at_door", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("payment", sa.Column("stated", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("payment", "stated")
    op.drop_column("ticket_type", "at_door")
    op.drop_column("device", "sells")
    op.drop_table("seat_lease")
