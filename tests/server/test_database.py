"""The contract of a database, on SQLite and on PostgreSQL."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg
import pytest
from sqlalchemy import Connection, bindparam, insert, select

from domain.errors import Conflict, Unavailable
from server.auth.tables import organizations
from server.db.constraints import refused
from server.db.database import Database, Job, Transaction
from server.db.locks import lock
from server.db.prepared import Prepared
from server.settings import Settings


def add(name: str):  # type: ignore[no-untyped-def]
    def job(transaction: Transaction) -> str:
        transaction.connection.execute(
            insert(organizations).values(id=name, name=name, zone="UTC", created=transaction.now)
        )
        transaction.touched.add(name)
        return name

    return job


class Heard(set[str]):
    """A listener that remembers what it was told."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._told = threading.Condition()
        database.on_commit(self._hear)

    async def of(self, *scopes: str) -> None:
        """Returns once all of them were heard of."""
        assert await asyncio.to_thread(self._wait, set(scopes)), self

    def _wait(self, scopes: set[str]) -> bool:
        with self._told:
            return self._told.wait_for(lambda: scopes <= self, 60)

    def _hear(self, touched: frozenset[str]) -> None:
        with self._told:
            self.update(touched)
            self._told.notify_all()


async def names(database: Database) -> set[str]:
    return await database.read(lambda c: {row.id for row in c.execute(select(organizations.c.id))})


async def test_what_was_written_is_read(database: Database) -> None:
    assert await database.write(add("one")) == "one"
    assert await names(database) == {"one"}


@pytest.mark.parametrize("lane", ["", "one"])
async def test_a_job_that_fails_leaves_nothing_and_the_others_of_its_group_stand(
    database: Database, lane: str
) -> None:
    heard = Heard(database)
    assert await asyncio.to_thread(database.hears.wait, 60)

    def fails(transaction: Transaction) -> None:
        add("bad")(transaction)
        raise Conflict("no")

    def breaks(transaction: Transaction) -> None:
        add("broken")(transaction)
        add("broken")(transaction)

    jobs = [database.write(add(f"good-{n}"), lane=lane) for n in range(20)]
    jobs.insert(10, database.write(fails, lane=lane))
    jobs.insert(15, database.write(breaks, lane=lane))
    results = await asyncio.gather(*jobs, return_exceptions=True)
    assert isinstance(results[10], Conflict)
    assert isinstance(results[15], refused())
    assert await names(database) == {f"good-{n}" for n in range(20)}
    await heard.of(*(f"good-{n}" for n in range(20)))
    assert not {"bad", "broken"} & heard


async def test_listeners_hear_of_a_commit_but_not_of_what_was_taken_back(database: Database) -> None:
    heard = Heard(database)
    assert await asyncio.to_thread(database.hears.wait, 60)

    def fails(transaction: Transaction) -> None:
        transaction.touched.add("bad")
        raise Conflict("no")

    await database.write(add("good"))
    with pytest.raises(Conflict):
        await database.write(fails)
    await database.write(add("better"))
    await heard.of("good", "better")
    assert "bad" not in heard


async def test_a_closed_database_says_so(database: Database) -> None:
    database.close()
    with pytest.raises(Unavailable):
        await database.write(add("late"))


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
async def test_a_listener_that_lost_its_connection_hears_again(
    settings: Settings, database: Database
) -> None:
    assert await asyncio.to_thread(database.hears.wait, 60)
    heard = Heard(database)
    with psycopg.connect(settings.database_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE query LIKE 'LISTEN%' AND datname = current_database()"
        )
    await heard.of("*")
    await database.write(add("later"))
    await heard.of("later")


_ORGANIZATION = Prepared(
    insert(organizations).values({name: bindparam(name) for name in ("id", "name", "zone", "created")})
)
_NAMES = Prepared(select(organizations.c.id))


def later(transaction: Transaction, name: str) -> None:
    _ORGANIZATION.later(transaction.connection, id=name, name=name, zone="UTC", created=transaction.now)


async def test_what_was_left_for_later_is_there_for_whoever_looks(database: Database) -> None:
    def job(transaction: Transaction) -> tuple[set[str], set[str]]:
        later(transaction, "one")
        soon = _NAMES.soon(transaction.connection)
        later(transaction, "two")
        found = {row.id for row in transaction.connection.execute(select(organizations.c.id))}
        later(transaction, "three")
        return {name for (name,) in soon()}, found

    assert await database.write(job) == ({"one"}, {"one", "two"})
    assert await names(database) == {"one", "two", "three"}


async def test_rows_by_the_page_come_first_as_well_as_after_what_was_left_for_later(
    database: Database,
) -> None:
    paged = select(organizations.c.id).execution_options(stream_results=True, yield_per=1)

    def job(transaction: Transaction) -> set[str]:
        later(transaction, "one")
        later(transaction, "two")
        return {row.id for row in transaction.connection.execute(paged)}

    assert await database.write(job) == {"one", "two"}
    assert await database.read(lambda c: {row.id for row in c.execute(paged)}) == {"one", "two"}


async def test_a_statement_is_compiled_once_for_reading_and_writing(database: Database) -> None:
    def compiled(connection: Connection) -> object:
        return connection.execute(select(organizations.c.name).limit(7)).context.compiled

    reading = await database.read(compiled)
    assert await database.write(lambda transaction: compiled(transaction.connection)) is reading


async def test_a_job_that_leaves_everything_for_later_is_done(database: Database) -> None:
    await database.write(lambda transaction: later(transaction, "one"))
    assert await names(database) == {"one"}


async def test_the_fault_of_what_was_left_for_later_is_told_and_leaves_nothing(database: Database) -> None:
    def job(transaction: Transaction) -> None:
        for name in ("one", "twice", "twice", "three"):
            later(transaction, name)

    with pytest.raises(refused()):
        await database.write(job)
    await database.write(add("after"))
    assert await names(database) == {"after"}


async def test_a_part_that_fails_takes_back_what_it_left_for_later(database: Database) -> None:
    def job(transaction: Transaction) -> None:
        later(transaction, "one")
        with suppress(Conflict), transaction.step():
            later(transaction, "lost")
            raise Conflict("no")
        with suppress(*refused()), transaction.step():
            later(transaction, "lost")
            later(transaction, "one")
        later(transaction, "two")

    await database.write(job)
    assert await names(database) == {"one", "two"}


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
async def test_who_waits_for_each_other_over_what_was_left_for_later_tries_again(database: Database) -> None:
    """Each holds the name that the other one takes next."""
    both, tries = threading.Barrier(2), []

    def crossing(first: str, second: str) -> Job[None]:
        def job(transaction: Transaction) -> None:
            tries.append(first)
            lock(transaction.connection, first)
            _NAMES.rows(transaction.connection)
            with suppress(threading.BrokenBarrierError):
                both.wait(5 if len(tries) < 3 else 0)
            lock(transaction.connection, second)
            later(transaction, first)

        return job

    await asyncio.gather(database.write(crossing("a", "b")), database.write(crossing("b", "a")))
    assert len(tries) > 2
    assert await names(database) == {"a", "b"}


@asynccontextmanager
async def held(database: Database) -> AsyncIterator[None]:
    """The lane is busy meanwhile: whoever comes to it waits."""
    busy, go = threading.Event(), threading.Event()

    def holds(_transaction: Transaction) -> None:
        busy.set()
        assert go.wait(60)

    holding = asyncio.ensure_future(database.write(holds, lane="one"))
    try:
        assert await asyncio.to_thread(busy.wait, 60)
        yield
        await asyncio.sleep(0)  # Whoever was to come has come.
    finally:
        go.set()
        await holding


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
async def test_who_waits_in_a_lane_is_written_together(database: Database) -> None:
    def which(transaction: Transaction) -> int:
        return int(transaction.connection.exec_driver_sql("SELECT txid_current()").scalar_one())

    async with held(database):
        jobs = [asyncio.ensure_future(database.write(which, lane="one")) for _ in range(40)]
    assert len(set(await asyncio.gather(*jobs))) == 1


async def test_who_waits_in_a_lane_is_written_in_the_order_of_coming(database: Database) -> None:
    order: list[int] = []

    def noting(n: int) -> Job[None]:
        return lambda _transaction: order.append(n)

    async with held(database):
        jobs = [asyncio.ensure_future(database.write(noting(n), lane="one")) for n in range(100)]
    await asyncio.gather(*jobs)
    assert order == list(range(100))


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
async def test_a_lane_that_loses_its_connection_says_so_to_everybody_and_goes_on(database: Database) -> None:
    await database.write(add("before"), lane="one")

    def lost(transaction: Transaction) -> None:
        transaction.connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    async with held(database):
        jobs = [asyncio.ensure_future(database.write(add(f"{n}"), lane="one")) for n in range(6)]
        jobs.insert(3, asyncio.ensure_future(database.write(lost, lane="one")))
    results = await asyncio.gather(*jobs, return_exceptions=True)
    assert [type(result) for result in results] == [Unavailable] * 7
    assert await database.write(add("after"), lane="one") == "after"
    assert await names(database) == {"before", "after"}


async def test_who_gives_up_waiting_in_a_lane_keeps_nobody_else(database: Database) -> None:
    async with held(database):
        others = [asyncio.ensure_future(database.write(add(f"{n}"), lane="one")) for n in range(5)]
        await asyncio.sleep(0)
        others[2].cancel()
    results = await asyncio.gather(*others, return_exceptions=True)
    assert isinstance(results[2], asyncio.CancelledError)
    assert {"0", "1", "3", "4"} <= await names(database)


async def test_a_database_that_closes_finishes_what_waits_in_a_lane(database: Database) -> None:
    jobs = [asyncio.ensure_future(database.write(add(f"{n}"), lane="one")) for n in range(30)]
    await asyncio.sleep(0)
    await asyncio.to_thread(database.close)
    assert await asyncio.gather(*jobs) == [f"{n}" for n in range(30)]
