"""Tickets are found without their accents on PostgreSQL too, and by another system's code; undos by event."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_PLAIN = "name || ' ' || email || ' ' || order_number"
_FOLDED = f"normalize(regexp_replace(normalize({_PLAIN}, NFD), '[\\u0300-\\u036f]+', '', 'g'), NFC)"
_FOREIGN = sa.text("foreign_code IS NOT NULL")
_UNDOES = sa.text("undoes IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_ticket_foreign_code",
        "ticket",
        ["org", "event", "foreign_code"],
        sqlite_where=_FOREIGN,
        postgresql_where=_FOREIGN,
        postgresql_ops={"foreign_code": "text_pattern_ops"},
    )
    op.create_index(
        "ix_scan_undoes",
        "scan",
        ["org", "event", "undoes"],
        sqlite_where=_UNDOES,
        postgresql_where=_UNDOES,
    )
    _words(_FOLDED)
    _rename("confirmations", "requireConfirmation")


def downgrade() -> None:
    _rename("requireConfirmation", "confirmations")
    _words(_PLAIN)
    op.drop_index("ix_scan_undoes", "scan")
    op.drop_index("ix_ticket_foreign_code", "ticket")


def _words(text: str) -> None:
    """Indexes the words of a text; SQLite's index folds accents by itself."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_ticket_words", "ticket")
        words = f"to_tsvector('simple', regexp_replace({text}, '[^[\\:alnum\\:]]+', ' ', 'g'))"
        op.execute(f"CREATE INDEX ix_ticket_words ON ticket USING gin ({words})")


def _rename(old: str, new: str) -> None:
    """A setting of check-in lists by its new name, told to the kiosks that hold them."""
    lists = sa.table("check_in_list", *map(sa.column, ("org", "event", "id", "settings", "changed")))
    change = sa.table("change", *map(sa.column, ("scope", "name", "key", "gone", "at")))
    before, after = f'"{old}":', f'"{new}":'
    named = lists.c.settings.contains(before)
    told = sa.select(
        lists.c.org + "/event:" + lists.c.event, sa.literal("check_in_list"), lists.c.id, sa.false(),
        lists.c.changed,
    ).where(named)  # fmt: skip
    op.execute(change.insert().from_select(["scope", "name", "key", "gone", "at"], told))
    renamed = sa.func.replace(lists.c.settings, before, after)
    op.execute(lists.update().where(named).values(settings=renamed))
