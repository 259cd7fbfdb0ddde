"""Services that can be booked, reservations, and times that are held."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "reservation_definition",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("service_point", sa.String(), nullable=False),
        sa.Column("settings", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["org", "service_point"],
            ["service_point.org", "service_point.id"],
            name=op.f("fk_reservation_definition_org_service_point_service_point"),
        ),
        sa.ForeignKeyConstraint(
            ["org"], ["organization.id"], name=op.f("fk_reservation_definition_org_organization")
        ),
        sa.PrimaryKeyConstraint("org", "id", name=op.f("pk_reservation_definition")),
    )
    with op.batch_alter_table("reservation_definition", schema=None) as batch_op:
        batch_op.create_index("ix_reservation_definition_id", ["id"], unique=False)

    op.create_table(
        "reservation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("definition", sa.String(), nullable=False),
        sa.Column("service_point", sa.String(), nullable=False),
        sa.Column("staff", sa.String(), nullable=True),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entry", sa.String(), nullable=True),
        sa.Column("remind", sa.BigInteger(), nullable=True),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["contact"], ["contact.id"], name=op.f("fk_reservation_contact_contact")),
        sa.ForeignKeyConstraint(
            ["org", "definition"],
            ["reservation_definition.org", "reservation_definition.id"],
            name=op.f("fk_reservation_org_definition_reservation_definition"),
        ),
        sa.ForeignKeyConstraint(["org"], ["organization.id"], name=op.f("fk_reservation_org_organization")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation")),
        sa.UniqueConstraint("number", name=op.f("uq_reservation_number")),
        sa.UniqueConstraint("secret", name=op.f("uq_reservation_secret")),
    )
    with op.batch_alter_table("reservation", schema=None) as batch_op:
        batch_op.create_index("ix_reservation_email", ["org", "email", "starts"], unique=False)
        batch_op.create_index("ix_reservation_point", ["org", "service_point", "starts", "id"], unique=False)
        batch_op.create_index("ix_reservation_remind", ["remind"], unique=False)
        batch_op.create_index("ix_reservation_staff", ["org", "staff", "starts"], unique=False)
        batch_op.create_index("ix_reservation_state", ["state", "service_point"], unique=False)

    op.create_table(
        "reservation_hold",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("definition", sa.String(), nullable=False),
        sa.Column("service_point", sa.String(), nullable=False),
        sa.Column("staff", sa.String(), nullable=True),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org", "definition"],
            ["reservation_definition.org", "reservation_definition.id"],
            name=op.f("fk_reservation_hold_org_definition_reservation_definition"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation_hold")),
    )
    with op.batch_alter_table("reservation_hold", schema=None) as batch_op:
        batch_op.create_index("ix_reservation_hold_expires", ["expires"], unique=False)
        batch_op.create_index("ix_reservation_hold_point", ["org", "service_point", "starts"], unique=False)
        batch_op.create_index("ix_reservation_hold_staff", ["org", "staff", "starts"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("reservation_hold", schema=None) as batch_op:
        batch_op.drop_index("ix_reservation_hold_staff")
        batch_op.drop_index("ix_reservation_hold_point")
        batch_op.drop_index("ix_reservation_hold_expires")

    op.drop_table("reservation_hold")
    with op.batch_alter_table("reservation", schema=None) as batch_op:
        batch_op.drop_index("ix_reservation_state")
        batch_op.drop_index("ix_reservation_staff")
        batch_op.drop_index("ix_reservation_remind")
        batch_op.drop_index("ix_reservation_point")
        batch_op.drop_index("ix_reservation_email")

    op.drop_table("reservation")
    with op.batch_alter_table("reservation_definition", schema=None) as batch_op:
        batch_op.drop_index("ix_reservation_definition_id")

    op.drop_table("reservation_definition")
