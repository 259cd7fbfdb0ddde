"""What attendees read of events; sessions, participants and their choices; galleries and links to them."""

import json
import re

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_TEXTS = (
    ("description", "{}"),
    ("languages", "[]"),
    ("address", ""),
    ("tags", "[]"),
    ("slug", ""),
    ("labels", ""),
)


def upgrade() -> None:
    op.create_table(
        "event_session",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("abstract", sa.String(), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("track", sa.String(), nullable=False),
        sa.Column("speakers", sa.String(), nullable=False),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org", "event"],
            ["event.org", "event.id"],
            name=op.f("fk_event_session_org_event_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("org", "event", "id", name=op.f("pk_event_session")),
    )
    with op.batch_alter_table("event_session", schema=None) as batch_op:
        batch_op.create_index("ix_event_session_starts", ["org", "event", "starts", "id"], unique=False)

    op.create_table(
        "guest_link",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("revoked", sa.BigInteger(), nullable=True),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org", "event"],
            ["event.org", "event.id"],
            name=op.f("fk_guest_link_org_event_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_link")),
        sa.UniqueConstraint("token", name=op.f("uq_guest_link_token")),
    )
    with op.batch_alter_table("guest_link", schema=None) as batch_op:
        batch_op.create_index("ix_guest_link_event", ["org", "event", "id"], unique=False)

    op.create_table(
        "media",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("uploader", sa.String(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org", "event"],
            ["event.org", "event.id"],
            name=op.f("fk_media_org_event_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
        sa.UniqueConstraint(
            "org", "event", "content", "uploader", name=op.f("uq_media_org_event_content_uploader")
        ),
    )
    with op.batch_alter_table("media", schema=None) as batch_op:
        batch_op.create_index("ix_media_content", ["content"], unique=False)
        batch_op.create_index("ix_media_created", ["org", "event", "created", "id"], unique=False)

    op.create_table(
        "participant",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("visibility", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=True),
        sa.Column("invited", sa.BigInteger(), nullable=True),
        sa.Column("answered", sa.BigInteger(), nullable=True),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["contact"], ["contact.id"], name=op.f("fk_participant_contact_contact")),
        sa.ForeignKeyConstraint(
            ["org", "event"],
            ["event.org", "event.id"],
            name=op.f("fk_participant_org_event_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("org", "event", "contact", name=op.f("uq_participant_org_event_contact")),
        sa.UniqueConstraint("token", name=op.f("uq_participant_token")),
    )
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.create_index("ix_participant_contact", ["contact"], unique=False)
        batch_op.create_index("ix_participant_event", ["org", "event", "id"], unique=False)

    op.create_table(
        "session_choice",
        sa.Column("participant", sa.String(), nullable=False),
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org", "event", "session"],
            ["event_session.org", "event_session.event", "event_session.id"],
            name=op.f("fk_session_choice_org_event_session_event_session"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["participant"],
            ["participant.id"],
            name=op.f("fk_session_choice_participant_participant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("participant", "session", name=op.f("pk_session_choice")),
    )
    with op.batch_alter_table("session_choice", schema=None) as batch_op:
        batch_op.create_index("ix_session_choice_session", ["org", "event", "session"], unique=False)

    with op.batch_alter_table("event", schema=None) as batch_op:
        for name, empty in _TEXTS:
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=empty))
        batch_op.add_column(sa.Column("latitude", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("longitude", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("cover", sa.String(), nullable=True))
    _fill()
    op.create_index("ix_event_slug", "event", ["slug"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_event_slug", "event")
    with op.batch_alter_table("event", schema=None) as batch_op:
        for name in ("cover", "longitude", "latitude", *(name for name, _ in reversed(_TEXTS))):
            batch_op.drop_column(name)
    with op.batch_alter_table("session_choice", schema=None) as batch_op:
        batch_op.drop_index("ix_session_choice_session")

    op.drop_table("session_choice")
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.drop_index("ix_participant_event")
        batch_op.drop_index("ix_participant_contact")

    op.drop_table("participant")
    with op.batch_alter_table("media", schema=None) as batch_op:
        batch_op.drop_index("ix_media_created")
        batch_op.drop_index("ix_media_content")

    op.drop_table("media")
    with op.batch_alter_table("guest_link", schema=None) as batch_op:
        batch_op.drop_index("ix_guest_link_event")

    op.drop_table("guest_link")
    with op.batch_alter_table("event_session", schema=None) as batch_op:
        batch_op.drop_index("ix_event_session_starts")

    op.drop_table("event_session")


def _fill() -> None:
    """Events that were there before speak the languages of their names; their ids make their addresses."""
    event = sa.table("event", *map(sa.column, ("org", "id", "name", "languages", "slug", "labels")))
    connection = op.get_bind()
    taken: set[str] = set()
    for row in connection.execute(
        sa.select(event.c.org, event.c.id, event.c.name).order_by("org", "id")
    ).all():
        languages = list(json.loads(row.name))
        base = slug = re.sub(r"[^a-z0-9]+", "-", row.id.lower()).strip("-") or "event"
        number = 1
        while slug in taken:
            number += 1
            slug = f"{base[:58].rstrip('-')}-{number}"
        taken.add(slug)
        connection.execute(
            sa.update(event)
            .where(event.c.org == row.org, event.c.id == row.id)
            .values(
                languages=json.dumps(languages),
                slug=slug,
                labels="".join(f"|@{language.lower()}|" for language in languages),
            )
        )
