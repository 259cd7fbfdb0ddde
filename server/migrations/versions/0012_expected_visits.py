"""Who is expected at a service point for a booking; those who have booked already are."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "expected_visit",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("service_point", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org", "service_point"],
            ["service_point.org", "service_point.id"],
            name=op.f("fk_expected_visit_org_service_point_service_point"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expected_visit")),
    )
    with op.batch_alter_table("expected_visit", schema=None) as batch_op:
        batch_op.create_index("ix_expected_visit_at", ["org", "service_point", "at"], unique=False)
    op.execute(
        "INSERT INTO expected_visit (id, org, service_point, at) SELECT id, org, service_point, starts "
        "FROM reservation WHERE state IN ('pending', 'confirmed') AND deleted IS NULL"
    )


def downgrade() -> None:
    op.drop_table("expected_visit")
