"""The contract of a database, on SQLite and on PostgreSQL."""

import asyncio

import pytest
from sqlalchemy import insert, select

from domain.errors import Conflict, Unavailable
from server.auth.tables import organizations
from server.db.database import Database, Transaction


def add(name: str):  # type: ignore[no-untyped-def]
    def job(transaction: Transaction) -> str:
        transaction.connection.execute(
            insert(organizations).values(id=name, name=name, zone="UTC", created=transaction.now)
        )
        transaction.touched.add(name)
        return name

    return job


async def names(database: Database) -> set[str]:
    return await database.read(lambda c: {row.id for row in c.execute(select(organizations.c.id))})


async def test_what_was_written_is_read(database: Database) -> None:
    assert await database.write(add("one")) == "one"
    assert await names(database) == {"one"}


async def test_a_job_that_fails_leaves_nothing_and_the_others_of_its_group_stand(database: Database) -> None:
    def fails(transaction: Transaction) -> None:
        add("bad")(transaction)
        raise Conflict("no")

    jobs = [database.write(add(f"good-{n}")) for n in range(20)]
    jobs.insert(10, database.write(fails))
    results = await asyncio.gather(*jobs, return_exceptions=True)
    assert isinstance(results[10], Conflict)
    assert await names(database) == {f"good-{n}" for n in range(20)}


async def test_listeners_hear_of_a_commit_but_not_of_what_was_taken_back(database: Database) -> None:
    heard: set[str] = set()
    database.on_commit(heard.update)

    def fails(transaction: Transaction) -> None:
        transaction.touched.add("bad")
        raise Conflict("no")

    await database.write(add("good"))
    with pytest.raises(Conflict):
        await database.write(fails)
    await database.write(add("better"))
    for _ in range(100):
        if {"good", "better"} <= heard:
            break
        await asyncio.sleep(0.02)
    assert {"good", "better"} <= heard
    assert "bad" not in heard


async def test_a_closed_database_says_so(database: Database) -> None:
    database.close()
    with pytest.raises(Unavailable):
        await database.write(add("late"))
