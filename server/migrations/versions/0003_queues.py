"""Service points, their queues, and the numbers that they give out."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "service_point",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("settings", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("joined", sa.BigInteger(), nullable=True),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["org"], ["organization.id"], name=op.f("fk_service_point_org_organization")),
        sa.PrimaryKeyConstraint("org", "id", name=op.f("pk_service_point")),
    )
    with op.batch_alter_table("service_point", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_point_id"), ["id"], unique=False)

    op.create_table(
        "counter",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("service_point", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("staff", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org", "service_point"],
            ["service_point.org", "service_point.id"],
            name=op.f("fk_counter_org_service_point_service_point"),
        ),
        sa.PrimaryKeyConstraint("org", "id", name=op.f("pk_counter")),
    )
    with op.batch_alter_table("counter", schema=None) as batch_op:
        batch_op.create_index("ix_counter_service_point", ["org", "service_point"], unique=False)

    op.create_table(
        "number_lease",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("service_point", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("letter", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org", "service_point"],
            ["service_point.org", "service_point.id"],
            name=op.f("fk_number_lease_org_service_point_service_point"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_lease")),
    )
    with op.batch_alter_table("number_lease", schema=None) as batch_op:
        batch_op.create_index("ix_number_lease_service_point", ["org", "service_point", "day"], unique=False)

    op.create_table(
        "queue_entry",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("visit", sa.String(), nullable=False),
        sa.Column("leg", sa.Integer(), nullable=False),
        sa.Column("service_point", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("issued", sa.String(), nullable=True),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("joined", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("counter", sa.String(), nullable=True),
        sa.Column("called", sa.BigInteger(), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("front", sa.Boolean(), nullable=False),
        sa.Column("arrived", sa.Boolean(), nullable=False),
        sa.Column("held_from", sa.String(), nullable=True),
        sa.Column("prior", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("call_by_name", sa.Boolean(), nullable=False),
        sa.Column("party", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("browser", sa.String(), nullable=False),
        sa.Column("booked", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("service_note", sa.String(), nullable=False),
        sa.Column("stretch", sa.Integer(), nullable=False),
        sa.Column("turn_before", sa.Integer(), nullable=True),
        sa.Column("turn_after", sa.Integer(), nullable=True),
        sa.Column("spared", sa.Boolean(), nullable=False),
        sa.Column("waited", sa.BigInteger(), nullable=True),
        sa.Column("served", sa.BigInteger(), nullable=True),
        sa.Column("forecast_p50", sa.BigInteger(), nullable=True),
        sa.Column("forecast_p80", sa.BigInteger(), nullable=True),
        sa.Column("forecast_p90", sa.BigInteger(), nullable=True),
        sa.Column("written", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org", "service_point"],
            ["service_point.org", "service_point.id"],
            name=op.f("fk_queue_entry_org_service_point_service_point"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_entry")),
        sa.UniqueConstraint(
            "org", "service_point", "issued", name=op.f("uq_queue_entry_org_service_point_issued")
        ),
    )
    with op.batch_alter_table("queue_entry", schema=None) as batch_op:
        batch_op.create_index("ix_queue_entry_called", ["org", "service_point", "called"], unique=False)
        batch_op.create_index("ix_queue_entry_day", ["org", "service_point", "day"], unique=False)
        batch_op.create_index("ix_queue_entry_live", ["live", "org", "service_point"], unique=False)
        batch_op.create_index(batch_op.f("ix_queue_entry_visit"), ["visit"], unique=False)

    op.create_table(
        "queue_number",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("service_point", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("letter", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org", "service_point"],
            ["service_point.org", "service_point.id"],
            name=op.f("fk_queue_number_org_service_point_service_point"),
        ),
        sa.PrimaryKeyConstraint("org", "service_point", "day", "letter", name=op.f("pk_queue_number")),
    )
    op.create_table(
        "queue_stretch",
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("counter", sa.String(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry"], ["queue_entry.id"], name=op.f("fk_queue_stretch_entry_queue_entry")
        ),
        sa.PrimaryKeyConstraint("entry", "sequence", name=op.f("pk_queue_stretch")),
    )


def downgrade() -> None:
    op.drop_table("queue_stretch")
    op.drop_table("queue_number")
    op.drop_table("queue_entry")
    op.drop_table("number_lease")
    op.drop_table("counter")
    op.drop_table("service_point")
