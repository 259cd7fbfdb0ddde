"""What the line of a service point has taught, and what was foretold before it was corrected."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_MODEL = ("model_p50", "model_p80", "model_p90")


def upgrade() -> None:
    op.add_column("service_point", sa.Column("learned", sa.String(), nullable=False, server_default=""))
    op.add_column("service_point", sa.Column("taught", sa.BigInteger(), nullable=True))
    for name in _MODEL:
        op.add_column("queue_entry", sa.Column(name, sa.BigInteger(), nullable=True))


def downgrade() -> None:
    for name in reversed(_MODEL):
        op.drop_column("queue_entry", name)
    op.drop_column("service_point", "taught")
    op.drop_column("service_point", "learned")
