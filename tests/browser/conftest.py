"""A browser, and a server for it."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser
from sqlalchemy import update

from server.app import create_app, open_database, system_clock
from server.settings import Settings
from server.ticketing.tables import ticket_types
from tests.browser.chromium import chromium
from tests.browser.stage import Stage
from tests.builders import ManualClock
from tests.server.world import World


@pytest.fixture(scope="module")
def browser(stage_server: "_Server") -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


class _Server:
    """The application, its world, and where it is served."""

    def __init__(self, app: FastAPI, clock: ManualClock, world: World, address: str) -> None:
        self.app, self.clock, self.world, self.address = app, clock, world, address


@pytest.fixture(scope="module")
def stage_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Server]:
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    folder: Path = tmp_path_factory.mktemp("browser")
    settings = Settings(data=folder, database_url="", rate_limits=False, public_url=address)
    clock = ManualClock(system_clock())
    database = open_database(settings, clock)
    app = create_app(settings, database, clock)
    world = World(database, app.state.access, now=clock.at)
    asyncio.run(_fill(world))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield _Server(app, clock, world, address)
    server.should_exit = True
    thread.join()
    listener.close()
    database.close()


async def _fill(world: World) -> None:
    """Two types: one that costs something, and one whose codes rotate."""
    await world.make()
    # Beyond the numbers of those that are sold.
    world.issued = 1_000
    priced = update(ticket_types).where(ticket_types.c.id == "general").values(price=4900, quota=50)
    turning = update(ticket_types).where(ticket_types.c.id == "vip").values(rotating=True)
    await world.database.write(lambda t: [t.connection.execute(each) for each in (priced, turning)] and None)


@pytest.fixture
def stage(stage_server: _Server, browser: Browser) -> Stage:
    there = stage_server
    return Stage(there.app, there.address, there.clock, there.world, browser)
