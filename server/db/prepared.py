"""Statements for hot paths: compiled once for each dialect, then run by the driver itself.

They bypass result types, so they suit columns of text, whole numbers and bytes only.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ClauseElement, Connection


class Prepared:
    """A Core statement without expanding parameters (`IN`).

    `rows` gives tuples, `first` the first of them or None, `run` the number of rows changed;
    `many` runs it for many values at once.
    """

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, Sequence[str] | None, Mapping[str, Any]]] = {}

    def rows(self, connection: Connection, **values: object) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._cursor(connection, values).fetchall()
        return found

    def first(self, connection: Connection, **values: object) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self._cursor(connection, values).fetchone()
        return found

    def run(self, connection: Connection, **values: object) -> int:
        return int(self._cursor(connection, values).rowcount)

    def many(self, connection: Connection, values: Iterable[Mapping[str, object]]) -> None:
        """Runs the statement once for each of `values`, in their order, holding one at a time."""
        sql, order, fixed = self._compiled.get(connection.dialect.name) or self._compile(connection)
        cursor: Any = connection.connection.cursor()
        if order is None:
            cursor.executemany(sql, ({**fixed, **each} for each in values))
        else:
            cursor.executemany(
                sql, ([each[name] if name in each else fixed[name] for name in order] for each in values)
            )

    def _cursor(self, connection: Connection, values: Mapping[str, object]) -> Any:
        sql, order, fixed = self._compiled.get(connection.dialect.name) or self._compile(connection)
        cursor = connection.connection.cursor()
        if order is None:
            cursor.execute(sql, {**fixed, **values})
        else:
            cursor.execute(sql, [values[name] if name in values else fixed[name] for name in order])
        return cursor

    def _compile(self, connection: Connection) -> tuple[str, Sequence[str] | None, Mapping[str, Any]]:
        compiled: Any = self._statement.compile(dialect=connection.dialect)
        made = (str(compiled), compiled.positiontup, dict(compiled.params))
        self._compiled[connection.dialect.name] = made
        return made
