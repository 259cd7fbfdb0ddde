"""Alembic's entry: runs the migrations on the connection that it is given."""

from typing import Literal

from alembic import context


def plain(kind: str, thing: object, _context: object) -> str | Literal[False]:
    """Column types of a library of the program's are written as what they are in SQL."""
    return "sa.String()" if kind == "type" and type(thing).__name__ == "AutoString" else False


def wanted(_thing: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """The search index is made by hand: no model knows of it."""
    return not (kind == "table" and (name or "").startswith("ticket_words"))


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=context.config.attributes.get("metadata"),
    render_as_batch=True,
    transaction_per_migration=False,
    compare_type=False,
    render_item=plain,
    include_object=wanted,
)
with context.begin_transaction():
    context.run_migrations()
