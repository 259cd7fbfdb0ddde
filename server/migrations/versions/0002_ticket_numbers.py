"""Ticket numbers are reserved on the event; an event takes its types and lists with it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_EVENT = (["org", "event"], ["org", "id"])
_CHILDREN = ("ticket_type", "check_in_list")
_MONEY = (("ticket_type", "price"), ("ticket", "due"))


def upgrade() -> None:
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("numbered", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("search", sa.String(), nullable=False, server_default=""))
        batch_op.create_index("ix_event_starts", ["org", "starts", "id"], unique=False)
    op.execute(
        "UPDATE event SET search = lower(name || ' ' || place), numbered = COALESCE("
        "(SELECT MAX(ticket.number) FROM ticket WHERE ticket.org = event.org AND ticket.event = event.id), 0)"
    )
    op.create_index("ix_ticket_type_state", "ticket", ["org", "event", "type", "state"], unique=False)
    op.create_index("ix_ticket_key_number", "ticket_key", ["number"], unique=True)
    op.create_index("ix_refresh_token_subject", "refresh_token", ["subject"], unique=False)
    _money(sa.BigInteger())
    for child in _CHILDREN:
        _constrain(child, "CASCADE")


def downgrade() -> None:
    for child in _CHILDREN:
        _constrain(child, None)
    _money(sa.Integer())
    op.drop_index("ix_refresh_token_subject", "refresh_token")
    op.drop_index("ix_ticket_key_number", "ticket_key")
    op.drop_index("ix_ticket_type_state", "ticket")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_starts")
        batch_op.drop_column("search")
        batch_op.drop_column("numbered")


def _money(kind: sa.types.TypeEngine[int]) -> None:
    """SQLite's integers are 64 bits wide whatever they are called."""
    if op.get_bind().dialect.name == "postgresql":
        for table, column in _MONEY:
            op.alter_column(table, column, type_=kind)


def _constrain(child: str, ondelete: str | None) -> None:
    name = op.f(f"fk_{child}_org_event_event")
    with op.batch_alter_table(child, schema=None) as batch_op:
        batch_op.drop_constraint(name, type_="foreignkey")
        batch_op.create_foreign_key(name, "event", *_EVENT, ondelete=ondelete)
