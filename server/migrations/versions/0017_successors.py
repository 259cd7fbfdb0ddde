"""Devices whose kiosk is another device by now."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("device", sa.Column("successor", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("device", "successor")
