"""A PostgreSQL server of the tests' own, which forgets when the power fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import scalar_row
from psycopg.sql import SQL, Identifier

from bench import postgres as bench
from bench.postgres import run as run


@contextmanager
def postgres() -> Iterator[Any]:
    """A running server, which may be stopped and started.

    Not among pytest's folders: those each new test run would close to the user that the server is.
    """
    with bench.postgres() as server:
        run(
            str(server.get_uri()),
            "ALTER SYSTEM SET fsync = off",
            "ALTER SYSTEM SET full_page_writes = off",
            "SELECT pg_reload_conf()",
        )
        yield server


class Emptied:
    """A database for one test after the other: each finds its schema and no row in it.

    To empty it takes a hundredth of a second, to copy one from a template a fifth.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._schema, self._tables = self._look()

    def empty(self) -> bool:
        """Ends whoever is still connected and deletes all rows; False where a test changed the schema."""
        with psycopg.connect(self.url, autocommit=True, row_factory=scalar_row) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if self._look() != (self._schema, self._tables):
                return False
            connection.execute(
                "SET session_replication_role = replica"
            )  # in any order, whoever refers to whom
            for table in self._tables:
                connection.execute(SQL("DELETE FROM {}").format(Identifier(table)))
            connection.execute(
                "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)"
                " FROM pg_sequences"
            )
        return True

    def _look(self) -> tuple[str, list[str]]:
        """The schema and its version, and the tables that hold what a test writes."""
        with psycopg.connect(self.url, autocommit=True, row_factory=scalar_row) as connection:
            schema = connection.execute(
                "SELECT string_agg(format('%s %s %s', oid, relname, relnatts), ',' ORDER BY oid)"
                " || (SELECT version_num FROM alembic_version)"
                " FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            ).fetchone()
            tables = connection.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
                " AND relname <> 'alembic_version' ORDER BY relname"
            ).fetchall()
        return schema or "", tables
