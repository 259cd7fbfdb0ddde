"""What time does by itself: the end of grace, the end of the day; also across restarts and processes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from sqlalchemy import func, select

from domain.clock import MINUTE, SECOND, parse
from server.activity.tables import activities
from server.app import create_app, system_clock
from server.db.database import Database
from server.queues.sweep import Sweeper
from server.settings import Settings
from tests.builders import ManualClock
from tests.server.queues.lobby import Lobby, open_lobby


async def count(database: Database, kind: str) -> int:
    query = select(func.count()).where(activities.c.kind == kind)
    return int(await database.read(lambda c: c.execute(query).scalar_one()))


async def test_in_auto_mode_the_end_of_grace_makes_the_no_show(empty: Lobby) -> None:
    await empty.point(graceMode="auto", graceSeconds=60)
    await empty.join()
    called = await empty.next()
    empty.clock.forward(59 * SECOND)
    assert await empty.app.state.sweeper.sweep() == parse("2026-05-10T12:01:00Z")
    assert (await empty.entry(called["id"]))["state"] == "called"
    empty.clock.forward(5 * SECOND)
    await empty.app.state.sweeper.sweep()
    entry = await empty.entry(called["id"])
    assert (entry["state"], entry["changed"]) == ("no_show", "2026-05-10T12:01:00.000Z")


async def test_in_manual_mode_staff_see_who_is_overdue_and_nothing_happens(lobby: Lobby) -> None:
    await lobby.join()
    called = await lobby.next()
    lobby.clock.forward(10 * MINUTE)
    await lobby.app.state.sweeper.sweep()
    entry = await lobby.entry(called["id"])
    assert (entry["state"], entry["overdue"], entry["graceLeft"]) == ("called", True, 0)


async def test_a_recall_puts_the_automatic_no_show_off(empty: Lobby) -> None:
    await empty.point(graceMode="auto", graceSeconds=60)
    await empty.join()
    called = await empty.next()
    empty.clock.forward(50 * SECOND)
    await empty.do("recall", called)
    empty.clock.forward(50 * SECOND)
    await empty.app.state.sweeper.sweep()
    assert (await empty.entry(called["id"]))["state"] == "called"


async def test_an_automatic_no_show_that_staff_take_back_is_not_made_again_until_the_next_call(
    empty: Lobby,
) -> None:
    await empty.point(graceMode="auto", graceSeconds=60)
    await empty.join()
    called = await empty.next()
    empty.clock.forward(MINUTE)
    await empty.app.state.sweeper.sweep()
    await empty.do("undo", called)
    empty.clock.forward(MINUTE)
    await empty.app.state.sweeper.sweep()
    entry = await empty.entry(called["id"])
    assert (entry["state"], entry["overdue"]) == ("called", True)
    await empty.do("recall", called)
    empty.clock.forward(MINUTE)
    await empty.app.state.sweeper.sweep()
    assert (await empty.entry(called["id"]))["state"] == "no_show"


async def test_several_processes_that_sweep_at_once_make_one_no_show(
    empty: Lobby, database: Database
) -> None:
    await empty.point(graceMode="auto", graceSeconds=60)
    for _ in range(5):
        await empty.join()
        await empty.next()
    empty.clock.forward(MINUTE)
    sweepers = [Sweeper(database, empty.clock) for _ in range(4)]
    await asyncio.gather(*(sweeper.sweep() for sweeper in sweepers))
    assert await count(database, "queue.not_shown") == 5


@pytest.mark.parametrize(
    ("mode", "shown"),
    [
        ("auto", ("no_show", "2026-05-10T12:01:00.000Z", False, None)),
        ("manual", ("called", "2026-05-10T12:00:00.000Z", True, 0)),
    ],
)
async def test_grace_that_ended_while_the_server_was_down_ends_at_its_own_time(
    settings: Settings, database: Database, clock: ManualClock, mode: str, shown: tuple[object, ...]
) -> None:
    app = create_app(settings, database, clock)
    async with running(app) as client:
        before = await open_lobby(app, client, clock)
        await before.point(graceMode=mode, graceSeconds=60)
        await before.join()
        called = await before.next()
    before.clock.forward(30 * MINUTE)
    again = create_app(settings, database, before.clock)
    async with running(again) as client:
        await again.state.sweeper.sweep()
        after = Lobby(again, client, before.clock, before.org, before.clerk_id, before.desk)
        entry = await after.entry(called["id"])
    assert (entry["state"], entry["changed"], entry["overdue"], entry["graceLeft"]) == shown


async def test_the_server_by_itself_marks_the_no_show_with_a_real_clock(
    settings: Settings, database: Database
) -> None:
    database._clock = system_clock  # type: ignore[attr-defined]
    app = create_app(settings, database, system_clock)
    async with running(app) as client:
        lobby = await open_lobby(app, client, system_clock)  # type: ignore[arg-type]
        await lobby.point(graceMode="auto", graceSeconds=1)
        await lobby.join()
        called = await lobby.next()
        async with asyncio.timeout(60):
            while (await lobby.look(called["id"]))["state"] == "called":  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert (await lobby.look(called["id"]))["state"] == "no_show"


async def test_a_deleted_service_point_stops_no_sweep(lobby: Lobby) -> None:
    await lobby.point("help")
    await lobby.join("help")
    await lobby.join()
    await lobby.ok("DELETE", "/api/crm/reservations/service-point/delete/desk?force=true", None, lobby.clerk)
    lobby.clock.at = parse("2026-05-11T12:00:00Z")
    await lobby.app.state.sweeper.sweep()
    assert (await lobby.list("help"))["items"] == []


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[AsyncClient]:
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://usher.test") as client,
    ):
        yield client
