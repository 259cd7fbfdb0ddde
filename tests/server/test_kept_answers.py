"""Answers kept in memory: made once for all who ask, never a second old, never from before a commit."""

import asyncio

import pytest
from sqlalchemy import insert, text

from domain.errors import NotFound
from server.auth.tables import organizations
from server.db.database import Database
from server.kept_answers import FRESH, KeptAnswers
from tests.builders import ManualClock


class Counting:
    """Makes an answer of how often it was asked; waits while it is told to."""

    def __init__(self) -> None:
        self.count = 0
        self.go = asyncio.Event()
        self.go.set()

    async def __call__(self) -> bytes:
        self.count += 1
        said = str(self.count).encode()
        await self.go.wait()
        return said


async def touch(database: Database, scope: str) -> None:
    """A commit of which everybody has heard, by PostgreSQL's own way too."""
    heard = asyncio.Event()
    loop = asyncio.get_running_loop()

    def hear(touched: frozenset[str]) -> None:
        if scope in touched:
            loop.call_soon_threadsafe(heard.set)

    database.on_commit(hear)
    await asyncio.to_thread(database.hears.wait, 60)
    await database.write(lambda t: t.touched.add(scope))
    await asyncio.wait_for(heard.wait(), 60)


async def test_many_who_ask_cost_one_query(database: Database, clock: ManualClock) -> None:
    answers, made = KeptAnswers(database, clock), Counting()
    found = await asyncio.gather(*(answers.get("key", {"scope"}, made) for _ in range(20)))
    assert {answer.body for answer in found} == {b"1"}
    assert len({answer.etag for answer in found}) == 1


async def test_an_answer_is_made_anew_after_a_second(database: Database, clock: ManualClock) -> None:
    answers, made = KeptAnswers(database, clock), Counting()
    for forward, wanted in ((0, b"1"), (FRESH - 1, b"1"), (1, b"2"), (-1, b"3")):
        clock.forward(forward)
        assert (await answers.get("key", {"scope"}, made)).body == wanted


async def test_a_commit_makes_its_scopes_anew_and_no_others(database: Database, clock: ManualClock) -> None:
    await touch(database, "first")
    answers, made, other = KeptAnswers(database, clock), Counting(), Counting()
    for _ in range(2):
        await answers.get("key", {"scope"}, made)
        await answers.get("other", {"elsewhere"}, other)
        await touch(database, "scope")
    assert (await answers.get("key", {"scope"}, made)).body == b"3"
    assert (await answers.get("other", {"elsewhere"}, other)).body == b"1"


async def test_what_was_read_before_a_commit_is_not_given_after_it(
    database: Database, clock: ManualClock
) -> None:
    answers, made = KeptAnswers(database, clock), Counting()
    made.go.clear()
    before = asyncio.create_task(answers.get("key", {"scope"}, made))
    await asyncio.sleep(0)
    await touch(database, "scope")
    after = asyncio.create_task(answers.get("key", {"scope"}, made))
    await asyncio.sleep(0)
    made.go.set()
    assert [(await before).body, (await after).body] == [b"1", b"2"]


async def test_a_fault_is_not_kept(database: Database, clock: ManualClock) -> None:
    answers = KeptAnswers(database, clock)

    async def fails() -> bytes:
        raise NotFound("nothing here")

    with pytest.raises(NotFound):
        await answers.get("key", {"scope"}, fails)
    assert (await answers.get("key", {"scope"}, Counting())).body == b"1"


async def test_whoever_wrote_reads_it_at_once(database: Database, clock: ManualClock) -> None:
    answers = KeptAnswers(database, clock)

    async def count() -> bytes:
        found = await database.read(
            lambda c: c.execute(text("SELECT count(*) FROM organization")).scalar_one()
        )
        return str(found).encode()

    for n in range(50):
        assert (await answers.get("key", {"scope"}, count)).body == str(n).encode()

        def add(transaction):  # type: ignore[no-untyped-def]
            values = {"id": f"o{n}", "name": "x", "zone": "UTC", "created": 0}  # noqa: B023
            transaction.connection.execute(insert(organizations).values(**values))
            transaction.touched.add("scope")

        await database.write(add)
