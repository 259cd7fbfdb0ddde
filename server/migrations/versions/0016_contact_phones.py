"""Contacts are found by their phone numbers."""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_index("ix_contact_phone", "contact", ["org", "phone"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_contact_phone", "contact")
