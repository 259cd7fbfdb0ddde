"""The files of first copies on the server's disk: each process has its own, and leaves none behind."""

import os
from hashlib import sha256
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from domain.clock import DAY, SECOND
from domain.sync import Scope
from server.app import create_app
from server.db.database import Database
from server.settings import Settings
from server.sync.rows import Part
from server.sync.snapshot import Snapshots
from tests.builders import ManualClock
from tests.server.world import World, make_world

PART = Part("org-1", Scope("event", "evt-1"))


@pytest.fixture
async def world(app: FastAPI, client: AsyncClient) -> World:
    return await make_world(app)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_server_that_ends_leaves_no_copy_behind(
    settings: Settings, database: Database, clock: ManualClock
) -> None:
    app = create_app(settings, database, clock)
    async with app.router.lifespan_context(app):
        await make_world(app)
        await app.state.snapshots.get(PART, clock.at)
        assert len(files(settings.data / "snapshots")) == 1
    assert files(settings.data / "snapshots") == []


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
async def test_two_processes_with_one_data_folder_write_over_no_copy_of_each_other(
    world: World, database: Database, tmp_path: Path, clock: ManualClock
) -> None:
    one, two = (Snapshots(database, tmp_path / "copies", clock.at) for _ in range(2))
    mine, theirs = await one.get(PART, clock.at), await two.get(PART, clock.at)
    assert mine.cursor == theirs.cursor
    assert mine.path != theirs.path
    two.close()
    assert sha256(mine.path.read_bytes()).digest() == mine.digest
    assert files(tmp_path / "copies") == [mine.path]


@pytest.mark.parametrize(("age", "stays"), [(2 * DAY, False), (DAY // 2, True)])
@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
async def test_what_a_server_left_that_was_killed_is_taken_away_after_a_day(
    database: Database, tmp_path: Path, clock: ManualClock, age: int, stays: bool
) -> None:
    left = tmp_path / "copies" / "left"
    left.mkdir(parents=True)
    (left / "copy.db.zst").write_bytes(b"people")
    then = (clock.at - age) / SECOND
    os.utime(left, (then, then))
    Snapshots(database, tmp_path / "copies", clock.at)
    assert left.exists() == stays


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_of_a_file_that_nobody_else_serves_whatever_was_left_is_taken_away(
    database: Database, tmp_path: Path, clock: ManualClock
) -> None:
    left = tmp_path / "copies" / "left"
    left.mkdir(parents=True)
    Snapshots(database, tmp_path / "copies", clock.at)
    assert not left.exists()
