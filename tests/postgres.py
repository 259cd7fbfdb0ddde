"""A PostgreSQL server of the tests' own, which forgets when the power fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

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
