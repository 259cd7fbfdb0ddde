"""What every table shares: naming of constraints and column types."""

from sqlalchemy import BigInteger, Integer, Table
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Moment = BigInteger
"""Column type of an instant: milliseconds since 1970 in UTC."""

Sequence = BigInteger().with_variant(Integer, "sqlite")
"""Column type of a growing primary key; SQLite counts only in a column that is called INTEGER."""


def table_of(model: type[SQLModel]) -> Table:
    """The Core table of a model: statements are written in Core, rows never leave as model objects."""
    found = model.__table__  # type: ignore[attr-defined]
    assert isinstance(found, Table)
    return found
