"""What a reservation knows of its visit, and when one that nobody came for is given up."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_DUE = ("watched", "lapses")


def upgrade() -> None:
    op.add_column("reservation", sa.Column("was", sa.String(), nullable=True))
    op.add_column("reservation", sa.Column("seen", sa.Integer(), nullable=False, server_default="0"))
    for name in _DUE:
        op.add_column("reservation", sa.Column(name, sa.BigInteger(), nullable=True))
    with op.batch_alter_table("reservation", schema=None) as batch_op:
        for name in _DUE:
            batch_op.create_index(f"ix_reservation_{name}", [name], unique=False)
    # Two days are enough for any zone; a visit is looked at once more.
    op.execute(
        "UPDATE reservation SET lapses = ends + 172800000 "
        "WHERE state IN ('pending', 'confirmed') AND deleted IS NULL"
    )
    op.execute(
        "UPDATE reservation SET watched = changed + 172800000 "
        "WHERE state = 'checked_in' AND entry IS NOT NULL AND deleted IS NULL"
    )


def downgrade() -> None:
    with op.batch_alter_table("reservation", schema=None) as batch_op:
        for name in reversed(_DUE):
            batch_op.drop_index(f"ix_reservation_{name}")
    for name in (*reversed(_DUE), "seen", "was"):
        op.drop_column("reservation", name)
