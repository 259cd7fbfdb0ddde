"""Service requests with their notes, estimates and photos."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "service_request",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("service_point", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("device_type", sa.String(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("serial", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("condition", sa.String(), nullable=False),
        sa.Column("accessories", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("parts", sa.String(), nullable=False),
        sa.Column("labour", sa.String(), nullable=False),
        sa.Column("assignee", sa.String(), nullable=True),
        sa.Column("due", sa.BigInteger(), nullable=True),
        sa.Column("paused", sa.BigInteger(), nullable=True),
        sa.Column("estimate", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["contact"], ["contact.id"], name=op.f("fk_service_request_contact_contact")),
        sa.ForeignKeyConstraint(
            ["org", "service_point"],
            ["service_point.org", "service_point.id"],
            name=op.f("fk_service_request_org_service_point_service_point"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_request")),
        sa.UniqueConstraint("code", name=op.f("uq_service_request_code")),
        sa.UniqueConstraint(
            "org", "service_point", "sequence", name=op.f("uq_service_request_org_service_point_sequence")
        ),
        sa.UniqueConstraint("secret", name=op.f("uq_service_request_secret")),
    )
    with op.batch_alter_table("service_request", schema=None) as batch_op:
        batch_op.create_index("ix_service_request_contact", ["contact"], unique=False)
        batch_op.create_index("ix_service_request_due", ["org", "due"], unique=False)
        batch_op.create_index("ix_service_request_org", ["org", "created", "id"], unique=False)
        batch_op.create_index(
            "ix_service_request_point", ["org", "service_point", "created", "id"], unique=False
        )

    op.create_table(
        "service_request_estimate",
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("low", sa.BigInteger(), nullable=False),
        sa.Column("high", sa.BigInteger(), nullable=False),
        sa.Column("valid_until", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("parts", sa.String(), nullable=False),
        sa.Column("labour", sa.String(), nullable=False),
        sa.Column("given", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decided", sa.BigInteger(), nullable=True),
        sa.Column("decider", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request"],
            ["service_request.id"],
            name=op.f("fk_service_request_estimate_request_service_request"),
        ),
        sa.PrimaryKeyConstraint("request", "revision", name=op.f("pk_service_request_estimate")),
    )
    op.create_table(
        "service_request_note",
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request"], ["service_request.id"], name=op.f("fk_service_request_note_request_service_request")
        ),
        sa.PrimaryKeyConstraint("request", "sequence", name=op.f("pk_service_request_note")),
    )
    op.create_table(
        "service_request_photo",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=True),
        sa.Column("signature", sa.Boolean(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("uploader", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org"], ["organization.id"], name=op.f("fk_service_request_photo_org_organization")
        ),
        sa.ForeignKeyConstraint(
            ["request"], ["service_request.id"], name=op.f("fk_service_request_photo_request_service_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_request_photo")),
    )
    with op.batch_alter_table("service_request_photo", schema=None) as batch_op:
        batch_op.create_index("ix_service_request_photo_content", ["content"], unique=False)
        batch_op.create_index("ix_service_request_photo_request", ["request", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("service_request_photo", schema=None) as batch_op:
        batch_op.drop_index("ix_service_request_photo_request")
        batch_op.drop_index("ix_service_request_photo_content")

    op.drop_table("service_request_photo")
    op.drop_table("service_request_note")
    op.drop_table("service_request_estimate")
    with op.batch_alter_table("service_request", schema=None) as batch_op:
        batch_op.drop_index("ix_service_request_point")
        batch_op.drop_index("ix_service_request_org")
        batch_op.drop_index("ix_service_request_due")
        batch_op.drop_index("ix_service_request_contact")

    op.drop_table("service_request")
