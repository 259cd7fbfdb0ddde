"""Video meetings of reservations, and CRM events."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "crm_event",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["contact"], ["contact.id"], name=op.f("fk_crm_event_contact_contact")),
        sa.ForeignKeyConstraint(["org"], ["organization.id"], name=op.f("fk_crm_event_org_organization")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_event")),
    )
    with op.batch_alter_table("crm_event", schema=None) as batch_op:
        batch_op.create_index("ix_crm_event_owner", ["org", "owner", "starts"], unique=False)
        batch_op.create_index("ix_crm_event_starts", ["org", "starts", "id"], unique=False)
        batch_op.create_index("ix_crm_event_subject", ["org", "about", "subject", "starts"], unique=False)

    op.create_table(
        "meeting",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("reservation", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["org"], ["organization.id"], name=op.f("fk_meeting_org_organization")),
        sa.ForeignKeyConstraint(
            ["reservation"], ["reservation.id"], name=op.f("fk_meeting_reservation_reservation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("reservation", name=op.f("uq_meeting_reservation")),
        sa.UniqueConstraint("room", name=op.f("uq_meeting_room")),
    )


def downgrade() -> None:
    op.drop_table("meeting")
    with op.batch_alter_table("crm_event", schema=None) as batch_op:
        batch_op.drop_index("ix_crm_event_subject")
        batch_op.drop_index("ix_crm_event_starts")
        batch_op.drop_index("ix_crm_event_owner")

    op.drop_table("crm_event")
