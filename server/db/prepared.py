"""Statements for hot paths: compiled once for each dialect, then run by the driver itself.

They bypass result types, so they suit columns of text, numbers and bytes only.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import ClauseElement, Connection, Insert
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from server.db.database import driver

_Parameters = Callable[[Mapping[str, object]], Any]
_Compiled = tuple[str, _Parameters]


class Prepared:
    """A Core statement without expanding parameters (`IN`).

    `rows` gives tuples, `first` the first of them or None, `run` the number of rows changed;
    `many` runs it for many values at once; `later` and `soon` let it wait for company. What an `INSERT` is
    not given has the default of its column.
    """

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, connection: Connection, **values: object) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._cursor(connection, values).fetchall()
        return found

    def first(self, connection: Connection, **values: object) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self._cursor(connection, values).fetchone()
        return found

    def run(self, connection: Connection, **values: object) -> int:
        return int(self._cursor(connection, values).rowcount)

    def later(self, connection: Connection, **values: object) -> None:
        """Runs it at the next statement or the commit, which may be told its fault: for what cannot break a
        rule that somebody answers for. On PostgreSQL what waits goes out in one round trip."""
        if connection.dialect.name == "postgresql":
            self._wait(connection, values)
        else:
            self._cursor(connection, values)

    def soon(self, connection: Connection, **values: object) -> Callable[[], list[tuple[Any, ...]]]:
        """Asks for `rows` along with what comes next, and gives them when called."""
        if connection.dialect.name == "postgresql":
            return self._wait(connection, values).fetchall  # type: ignore[no-any-return]
        found: list[tuple[Any, ...]] = self._cursor(connection, values).fetchall()
        return lambda: found

    def many(self, connection: Connection, values: Iterable[Mapping[str, object]]) -> None:
        """Runs the statement once for each of `values`, in their order, holding one at a time."""
        sql, parameters = self._compiled.get(connection.dialect.name) or self._compile(connection)
        cursor: Any = connection.connection.cursor()
        cursor.executemany(sql, map(parameters, values))

    def _cursor(self, connection: Connection, values: Mapping[str, object]) -> Any:
        sql, parameters = self._compiled.get(connection.dialect.name) or self._compile(connection)
        # The driver's own: SQLAlchemy's stand-in for it costs as much again, and adds nothing here.
        cursor = driver(connection).cursor()
        cursor.execute(sql, parameters(values))
        return cursor

    def _wait(self, connection: Connection, values: Mapping[str, object]) -> Any:
        sql, parameters = self._compiled.get(connection.dialect.name) or self._compile(connection)
        return driver(connection).later(sql, parameters(values))

    def _compile(self, connection: Connection) -> _Compiled:
        compiled: Any = self._statement.compile(dialect=connection.dialect)
        given = {name: value for name, value in compiled.params.items() if value is not None}
        fixed = dict.fromkeys(compiled.params) | _defaults(self._statement) | given
        made = (str(compiled), _parameters(compiled.positiontup, fixed))
        self._compiled[connection.dialect.name] = made
        return made


def _defaults(statement: ClauseElement) -> dict[str, Any]:
    """What SQLAlchemy would fill in as it runs an `INSERT`."""
    columns = statement.table.columns if isinstance(statement, Insert) else ()
    return {c.name: c.default.arg for c in columns if isinstance(c.default, ScalarElementColumnDefault)}


def _parameters(order: Sequence[str] | None, fixed: dict[str, Any]) -> _Parameters:
    """From named values to what the driver takes; `fixed` are those that the statement brings itself."""
    if order is None:
        return lambda values: {**fixed, **values}
    if len(order) < 2:
        return lambda values: [{**fixed, **values}[name] for name in order]
    place: Callable[[Mapping[str, object]], tuple[Any, ...]] = itemgetter(*order)
    return lambda values: place({**fixed, **values})
