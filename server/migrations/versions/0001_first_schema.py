"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# The words of tickets for search. SQLite keeps them in an FTS5 index beside the table, PostgreSQL in an
# index over an expression that a query must repeat to the letter.
SQLITE_WORDS = (
    """CREATE VIRTUAL TABLE ticket_words USING fts5(name, email, order_number, content='ticket',
       content_rowid='seq', columnsize=0, tokenize="unicode61 remove_diacritics 2")""",
    """CREATE TRIGGER ticket_words_insert AFTER INSERT ON ticket BEGIN
       INSERT INTO ticket_words(rowid, name, email, order_number)
       VALUES (new.seq, new.name, new.email, new.order_number); END""",
    """CREATE TRIGGER ticket_words_delete AFTER DELETE ON ticket BEGIN
       INSERT INTO ticket_words(ticket_words, rowid, name, email, order_number)
       VALUES ('delete', old.seq, old.name, old.email, old.order_number); END""",
    """CREATE TRIGGER ticket_words_update AFTER UPDATE OF name, email, order_number ON ticket BEGIN
       INSERT INTO ticket_words(ticket_words, rowid, name, email, order_number)
       VALUES ('delete', old.seq, old.name, old.email, old.order_number);
       INSERT INTO ticket_words(rowid, name, email, order_number)
       VALUES (new.seq, new.name, new.email, new.order_number); END""",
)
POSTGRES_WORDS = """CREATE INDEX ix_ticket_words ON ticket USING gin
    (to_tsvector('simple', regexp_replace(name || ' ' || email || ' ' || order_number,
                                          '[^[:alnum:]]+', ' ', 'g')))"""


def upgrade() -> None:
    op.create_table(
        "activity",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("data", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_activity")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index("ix_activity_org_seq", ["org", "seq"], unique=False)
        batch_op.create_index("ix_activity_subject", ["subject"], unique=False)

    op.create_table(
        "change",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_change")),
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index("ix_change_scope_seq", ["scope", "seq"], unique=False)

    op.create_table(
        "change_floor",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_change_floor")),
    )
    op.create_table(
        "idempotent_answer",
        sa.Column("caller", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name=op.f("pk_idempotent_answer")),
    )
    with op.batch_alter_table("idempotent_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotent_answer_at"), ["at"], unique=False)

    op.create_table(
        "organization",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization")),
    )
    op.create_table(
        "refresh_token",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_refresh_token")),
    )
    with op.batch_alter_table("refresh_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refresh_token_family"), ["family"], unique=False)

    op.create_table(
        "revoked_code",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org", "event", "digest", name=op.f("pk_revoked_code")),
    )
    with op.batch_alter_table("revoked_code", schema=None) as batch_op:
        batch_op.create_index("ix_revoked_code_digest", ["digest"], unique=False)

    op.create_table(
        "scan",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("op", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("list", sa.String(), nullable=False),
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("gate", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("offline", sa.Boolean(), nullable=False),
        sa.Column("forced", sa.Boolean(), nullable=False),
        sa.Column("undoes", sa.String(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("answers", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("org", "op", name=op.f("pk_scan")),
    )
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.create_index("ix_scan_event_at", ["org", "event", "at"], unique=False)
        batch_op.create_index("ix_scan_ticket", ["ticket"], unique=False)

    op.create_table(
        "scan_mark",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("op", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("other", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("list", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("org", "op", name=op.f("pk_scan_mark")),
    )
    with op.batch_alter_table("scan_mark", schema=None) as batch_op:
        batch_op.create_index("ix_scan_mark_event", ["org", "event", "mark"], unique=False)
        batch_op.create_index("ix_scan_mark_ticket", ["ticket"], unique=False)

    op.create_table(
        "token_key",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("retired", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token_key")),
    )
    op.create_table(
        "device",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("lists", sa.String(), nullable=False),
        sa.Column("gate", sa.String(), nullable=False),
        sa.Column("pairing", sa.String(), nullable=True),
        sa.Column("pairing_until", sa.BigInteger(), nullable=True),
        sa.Column("paired", sa.BigInteger(), nullable=True),
        sa.Column("revoked", sa.BigInteger(), nullable=True),
        sa.Column("seen", sa.BigInteger(), nullable=True),
        sa.Column("clock_offset", sa.Integer(), nullable=True),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["org"], ["organization.id"], name=op.f("fk_device_org_organization")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("pairing", name=op.f("uq_device_pairing")),
    )
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.create_index("ix_device_org", ["org"], unique=False)

    op.create_table(
        "event",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("rotating_secret", sa.LargeBinary(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["org"], ["organization.id"], name=op.f("fk_event_org_organization")),
        sa.PrimaryKeyConstraint("org", "id", name=op.f("pk_event")),
        sa.UniqueConstraint("org", "number", name=op.f("uq_event_org_number")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=False),
        sa.Column("permissions", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["org"], ["organization.id"], name=op.f("fk_staff_org_organization")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_email")),
    )
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.create_index("ix_staff_org", ["org"], unique=False)

    op.create_table(
        "ticket_key",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["org"], ["organization.id"], name=op.f("fk_ticket_key_org_organization")),
        sa.PrimaryKeyConstraint("org", "number", name=op.f("pk_ticket_key")),
    )
    op.create_table(
        "check_in_list",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("settings", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org", "event"], ["event.org", "event.id"], name=op.f("fk_check_in_list_org_event_event")
        ),
        sa.PrimaryKeyConstraint("org", "id", name=op.f("pk_check_in_list")),
    )
    with op.batch_alter_table("check_in_list", schema=None) as batch_op:
        batch_op.create_index("ix_check_in_list_event", ["org", "event"], unique=False)

    op.create_table(
        "ticket",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("foreign_code", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("seat", sa.String(), nullable=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("attention", sa.Boolean(), nullable=False),
        sa.Column("perks", sa.String(), nullable=False),
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("valid_from", sa.BigInteger(), nullable=True),
        sa.Column("valid_until", sa.BigInteger(), nullable=True),
        sa.Column("main", sa.String(), nullable=True),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org", "event"], ["event.org", "event.id"], name=op.f("fk_ticket_org_event_event")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ticket")),
        sa.UniqueConstraint("id", name=op.f("uq_ticket_id")),
        sa.UniqueConstraint("org", "event", "digest", name=op.f("uq_ticket_org_event_digest")),
        sa.UniqueConstraint("org", "event", "number", name=op.f("uq_ticket_org_event_number")),
    )
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.create_index("ix_ticket_digest", ["org", "digest"], unique=False)
        batch_op.create_index("ix_ticket_main", ["org", "main"], unique=False)

    op.create_table(
        "ticket_type",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("colour", sa.String(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=True),
        sa.Column("perks", sa.String(), nullable=False),
        sa.Column("rotating", sa.Boolean(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org", "event"], ["event.org", "event.id"], name=op.f("fk_ticket_type_org_event_event")
        ),
        sa.PrimaryKeyConstraint("org", "event", "id", name=op.f("pk_ticket_type")),
        sa.UniqueConstraint("org", "event", "number", name=op.f("uq_ticket_type_org_event_number")),
    )
    op.create_table(
        "sync_operation",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("op", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("org", "op", name=op.f("pk_sync_operation")),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_WORDS if sqlite else (POSTGRES_WORDS,):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("sync_operation")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE ticket_words")
    op.drop_table("ticket_type")
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_index("ix_ticket_main")
        batch_op.drop_index("ix_ticket_digest")

    op.drop_table("ticket")
    with op.batch_alter_table("check_in_list", schema=None) as batch_op:
        batch_op.drop_index("ix_check_in_list_event")

    op.drop_table("check_in_list")
    op.drop_table("ticket_key")
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_index("ix_staff_org")

    op.drop_table("staff")
    op.drop_table("event")
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.drop_index("ix_device_org")

    op.drop_table("device")
    op.drop_table("token_key")
    with op.batch_alter_table("scan_mark", schema=None) as batch_op:
        batch_op.drop_index("ix_scan_mark_ticket")
        batch_op.drop_index("ix_scan_mark_event")

    op.drop_table("scan_mark")
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.drop_index("ix_scan_ticket")
        batch_op.drop_index("ix_scan_event_at")

    op.drop_table("scan")
    with op.batch_alter_table("revoked_code", schema=None) as batch_op:
        batch_op.drop_index("ix_revoked_code_digest")

    op.drop_table("revoked_code")
    with op.batch_alter_table("refresh_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refresh_token_family"))

    op.drop_table("refresh_token")
    op.drop_table("organization")
    with op.batch_alter_table("idempotent_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotent_answer_at"))

    op.drop_table("idempotent_answer")
    op.drop_table("change_floor")
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.drop_index("ix_change_scope_seq")

    op.drop_table("change")
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_subject")
        batch_op.drop_index("ix_activity_org_seq")

    op.drop_table("activity")
