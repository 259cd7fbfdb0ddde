"""Two real connections to PostgreSQL: a change that commits late is never passed by a reader."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, select

from domain.clock import DAY, Instant
from domain.errors import Gone
from domain.sync import Scope
from server.activity.record import Changed, record
from server.db.database import Database, Transaction
from server.settings import Settings
from server.sync import feed
from server.sync.rows import Part
from tests.builders import ManualClock

PART = Part("org", Scope("event", "evt"))

pytestmark = pytest.mark.parametrize("settings", ["postgresql"], indirect=True)


class Held:
    """A write that has its place in the log, and does not commit until it is let go."""

    def __init__(self, key: str, scope: str = PART.name) -> None:
        self.key, self.scope = key, scope
        self.written, self.go = threading.Event(), threading.Event()

    def __call__(self, transaction: Transaction) -> None:
        changed = [Changed(self.scope, "ticket", self.key, gone=True)]
        record(transaction, org="org", kind="x.y", subject="x:1", actor="system", changed=changed)
        # The log is written as the last thing before the commit: this comes behind it.
        transaction.at_end.append(self._wait)

    def _wait(self, transaction: Transaction) -> None:
        # The log may still wait for company on its way to the database: any statement takes it along.
        transaction.connection.execute(select(1))
        self.written.set()
        assert self.go.wait(60)


async def pulled(database: Database, cursor: int) -> feed.Pull:
    return await database.read(lambda c: feed.pull(c, PART, cursor, 100, Instant(0)))


@contextmanager
def watching(settings: Settings) -> Iterator[psycopg.Connection]:
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        yield connection


def waits_for_a_lock(connection: psycopg.Connection) -> bool:
    query = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    return connection.execute(query).fetchone() is not None


async def test_who_writes_second_commits_second_and_a_reader_in_between_passes_nobody(
    database: Database, settings: Settings
) -> None:
    first, second = Held("first"), Held("second")
    second.go.set()
    late = asyncio.create_task(database.write(first))
    assert await asyncio.to_thread(first.written.wait, 60)
    soon = asyncio.create_task(database.write(second))
    with watching(settings) as connection:
        async with asyncio.timeout(60):
            while not waits_for_a_lock(connection):  # noqa: ASYNC110  (the database tells nobody)
                await asyncio.sleep(0.01)
    between = await pulled(database, 0)
    assert (between.changes, between.cursor, soon.done()) == ((), 0, False)
    first.go.set()
    await asyncio.gather(late, soon)
    after = await pulled(database, between.cursor)
    assert [change.key for change in after.changes] == ["first", "second"]
    assert after.changes[0].seq < after.changes[1].seq


async def test_who_writes_in_another_scope_waits_for_nobody(database: Database) -> None:
    first, other = Held("first", "org/event:another"), Held("second")
    late = asyncio.create_task(database.write(first))
    assert await asyncio.to_thread(first.written.wait, 60)
    other.go.set()
    await database.write(other)
    seen = await pulled(database, 0)
    assert [change.key for change in seen.changes] == ["second"]
    first.go.set()
    await late
    assert (await pulled(database, seen.cursor)).changes == ()


class Interrupted:
    """A connection on which something happens elsewhere before its second statement."""

    def __init__(self, connection: Connection, elsewhere: Callable[[], None]) -> None:
        self._connection, self._elsewhere = connection, elsewhere
        self._statements = 0

    def execute(self, *asked: Any) -> Any:
        self._statements += 1
        if self._statements == 2:
            self._elsewhere()
        return self._connection.execute(*asked)


async def test_a_reader_is_told_of_what_was_dropped_from_the_log_while_it_read(
    database: Database, clock: ManualClock
) -> None:
    for key in ("old", "the last, which stays"):
        held = Held(key)
        held.go.set()
        await database.write(held)
    clock.forward(20 * DAY)
    loop = asyncio.get_running_loop()

    def compact() -> None:
        job = database.write(lambda transaction: feed.compact(transaction, days=14))
        assert asyncio.run_coroutine_threadsafe(job, loop).result(60) == 1

    def pull(connection: Connection) -> feed.Pull:
        between = Interrupted(connection, compact)
        return feed.pull(between, PART, 0, 100, clock.at)  # type: ignore[arg-type]

    with pytest.raises(Gone):
        await database.read(pull)
