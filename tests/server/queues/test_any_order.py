"""Whatever clients do to a line in whatever order: nobody is lost, nothing overlaps, no number twice."""

import asyncio
from itertools import pairwise
from random import Random

import pytest
from sqlalchemy import select

from domain.clock import MINUTE, SECOND
from domain.queue import LIVE
from server.db.database import Database
from server.queues.tables import queue_entries, queue_stretches
from tests.server.queues.lobby import QUEUE, Lobby

ACTS = ("call", "recall", "check-in", "start", "complete", "no-show", "hold", "resume", "return", "undo")


async def act(lobby: Lobby, chance: Random, known: list[str]) -> int:
    """Something that somebody does; the status of the answer."""
    point = chance.choice(["desk", "help"])
    kind = chance.choice(["join", "join", "next", "act", "act", "act", "act", "transfer", "leave"])
    body: dict[str, object] = {"counter": chance.choice(["one", "two"] if point == "desk" else ["help-1"])}
    if kind == "join" or not known:
        answer = await lobby.visit(point, **({} if chance.random() < 0.7 else {"phone": "+49151000"}))
        if answer.status_code == 201:
            known.append(answer.json()["id"])
        return answer.status_code
    entry = chance.choice(known)
    if kind == "next":
        return (await lobby.try_("call-next", point, **body)).status_code
    if kind == "leave":
        return (await lobby.client.delete(f"{QUEUE}/entry/{entry}")).status_code
    if kind == "transfer":
        answer = await lobby.try_("transfer", entry, servicePoint=point)
        if answer.is_success:
            known.append(answer.json()["id"])
        return answer.status_code
    name = chance.choice(ACTS)
    body = body if name == "call" else {"force": True} if name == "no-show" else {}
    return (await lobby.try_(name, entry, **body)).status_code


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_no_order_of_acts_breaks_a_history(lobby: Lobby, database: Database, seed: int) -> None:
    await lobby.point("help", graceMode="auto", graceSeconds=60, counters=[{"id": "help-1", "name": "H"}])
    chance, known = Random(seed), list[str]()
    for _ in range(20):
        lobby.clock.forward(chance.choice([0, 0, 5 * SECOND, MINUTE, -2 * SECOND]))
        statuses = await asyncio.gather(*(act(lobby, chance, known) for _ in range(5)))
        assert set(statuses) <= {200, 201, 409, 422}

    # The clock stands still: after this, nothing else moves by itself.
    await lobby.app.state.sweeper.sweep()
    t = queue_stretches.c
    entries = await database.read(lambda c: c.execute(select(queue_entries)).all())
    stays = await database.read(
        lambda c: c.execute(select(queue_stretches).order_by(t.entry, t.sequence)).all()
    )
    assert {entry.id for entry in entries} == set(known)
    issued = [(entry.service_point, entry.issued) for entry in entries if entry.issued]
    assert len(set(issued)) == len(issued)
    assert all(entry.live == (entry.state in LIVE) for entry in entries)
    for visit in {entry.visit for entry in entries}:
        assert sum(entry.live for entry in entries if entry.visit == visit) <= 1
    for entry in entries:
        own = [stay for stay in stays if stay.entry == entry.id]
        assert [stay.sequence for stay in own] == list(range(1, entry.stretch + 1))
        assert all(before.until == after.since for before, after in pairwise(own))
        assert all(before.since <= before.until for before in own[:-1])
        assert (own[-1].state, own[-1].until) == (entry.state, None)
