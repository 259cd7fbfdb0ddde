"""A connection to PostgreSQL that sends what nobody waits for together with what comes after it."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

_Parameters = Sequence[Any] | Mapping[str, Any] | None


class PipelinedConnection(psycopg.Connection[Any]):
    """`later` keeps a statement back; the next one, or the commit, goes out with all that wait, in their
    order and in one round trip.

    Whatever sends a statement raises its fault, after which nothing behind it has happened. A rollback
    forgets what waits. A transaction begins with `begin`; without it each statement stands by itself.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.cursor_factory = PatientCursor
        self.server_cursor_factory = PagingCursor
        self._waiting: list[tuple[PatientCursor, Any, _Parameters]] = []

    def later(self, sql: str, parameters: _Parameters = None) -> "PatientCursor":
        """Where its rows will be, for which it is sent."""
        cursor = PatientCursor(self)
        self.wait_with(cursor, sql, parameters)
        return cursor

    def wait_with(self, cursor: "PatientCursor", sql: Any, parameters: _Parameters) -> None:
        self._waiting.append((cursor, sql, parameters))

    def begin(self) -> None:
        self.later("BEGIN")

    def forget(self) -> None:
        """What waits is never sent."""
        self._waiting.clear()

    def send(self) -> None:
        waiting, self._waiting = self._waiting, []
        if len(waiting) < 2:
            for cursor, sql, parameters in waiting:
                cursor.execute_alone(sql, parameters)
            return
        with self.pipeline() as pipeline:
            try:
                for cursor, sql, parameters in waiting:
                    cursor.execute_alone(sql, parameters)
            except psycopg.Error:
                # The rest was passed over, and would only say so.
                with suppress(psycopg.Error):
                    pipeline.sync()
                raise

    def commit(self) -> None:
        if self._waiting or self.pgconn.transaction_status != TransactionStatus.IDLE:
            self.later("COMMIT")
            self.send()

    def rollback(self) -> None:
        self.forget()
        super().rollback()


class PatientCursor(psycopg.Cursor[Any]):
    """Sends what waits before its own statement, and before its rows are looked at."""

    connection: PipelinedConnection

    def execute(self, query: Any, params: _Parameters = None, **_: Any) -> "PatientCursor":
        self.connection.wait_with(self, query, params)
        self.connection.send()
        return self

    def execute_alone(self, query: Any, params: _Parameters) -> None:
        super().execute(query, params)

    def executemany(self, query: Any, params_seq: Iterable[Any], **options: Any) -> None:
        self.connection.send()
        super().executemany(query, params_seq, **options)

    def fetchall(self) -> list[Any]:
        self.connection.send()
        return super().fetchall()


class PagingCursor(psycopg.ServerCursor[Any]):
    """Rows by the page, which the server holds ready: it too sends first what waits."""

    connection: PipelinedConnection

    def execute(self, *arguments: Any, **options: Any) -> "PagingCursor":
        self.connection.send()
        super().execute(*arguments, **options)
        return self
