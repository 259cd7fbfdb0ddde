"""Prepared statements, which bypass much of SQLAlchemy, and none of what a database promises."""

import asyncio
import threading
from collections.abc import Awaitable

import pytest
from sqlalchemy import bindparam, insert, select, text, update

from domain.errors import Conflict, Unavailable
from server.auth.tables import organizations
from server.db.constraints import held
from server.db.database import Database, Transaction
from server.db.prepared import Prepared
from server.messaging.tables import mails

_O = organizations.c
_ADD = Prepared(insert(organizations).values({c.name: bindparam(c.name) for c in organizations.columns}))
_NAME = Prepared(update(organizations).where(_O.id == bindparam("org")).values(name=bindparam("new")))
_ALL = Prepared(select(_O.id, _O.name).order_by(_O.id))


def row(id_: str) -> dict[str, object]:
    return {"id": id_, "name": id_.upper(), "zone": "UTC", "created": 1}


async def names(database: Database) -> dict[str, str]:
    return dict(await database.read(lambda c: _ALL.rows(c)))


async def test_many_rows_are_written_from_anything_that_gives_them(database: Database) -> None:
    await database.write(lambda t: _ADD.many(t.connection, (row(f"org-{n:03}") for n in range(500))))
    assert list(await names(database)) == [f"org-{n:03}" for n in range(500)]


async def test_a_broken_constraint_is_a_conflict_and_leaves_nothing(database: Database) -> None:
    def job(transaction: Transaction) -> None:
        _ADD.run(transaction.connection, **row("first"))
        with held("taken", "id_taken"):
            _ADD.many(transaction.connection, [row("second"), row("second")])

    with pytest.raises(Conflict, match="taken"):
        await database.write(job)
    assert await names(database) == {}


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
async def test_two_who_wait_for_each_other_both_finish(database: Database) -> None:
    """SQLite has one writer."""
    await database.write(lambda t: _ADD.many(t.connection, [row("a"), row("b")]))
    both = threading.Barrier(2)
    tries = {"x": 0, "y": 0}

    def rename(first: str, second: str, name: str) -> Awaitable[None]:
        def job(transaction: Transaction) -> None:
            tries[name] += 1
            _NAME.run(transaction.connection, org=first, new=name)
            if tries[name] == 1:
                both.wait(10)
            _NAME.run(transaction.connection, org=second, new=name)

        return database.write(job)

    await asyncio.gather(rename("a", "b", "x"), rename("b", "a", "y"))
    assert max(tries.values()) > 1
    assert len(set((await names(database)).values())) == 1


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
async def test_a_connection_that_is_cut_off_is_told_as_such(database: Database) -> None:
    def job(transaction: Transaction) -> None:
        transaction.connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(Unavailable):
        await database.write(job)
    assert await names(database) == {}


async def test_what_an_insert_is_not_given_has_the_default_of_its_column(database: Database) -> None:
    """As it has where SQLAlchemy runs the statement itself."""
    await database.write(lambda t: _ADD.run(t.connection, **row("org")))
    mail = {"org": "org", "kind": "k", "recipient": "ada@example.com", "due": 1, "created": 1}
    whole = insert(mails)

    def job(transaction: Transaction) -> None:
        transaction.connection.execute(whole.values(**mail, id="1", cause="one"))
        Prepared(whole).later(transaction.connection, **mail, id="2", cause="two")

    await database.write(job)
    one, two = await database.read(lambda c: c.execute(select(mails).order_by(mails.c.id)).all())
    assert two._mapping == {**one._mapping, "id": "2", "cause": "two"}
