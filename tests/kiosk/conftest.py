"""Kiosks before each of the servers that they may meet."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kiosk.sync.kiosks import Kiosk
from tests.kiosk.worlds import World, paired, real_world, standin_world


@pytest.fixture(scope="module", params=["stand-in", "real"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = standin_world() if request.param == "stand-in" else real_world(tmp_path_factory.mktemp("world"))
    with made as world:
        yield world


@pytest.fixture
def door(world: World, tmp_path: Path) -> Iterator[Kiosk]:
    kiosk = paired(world, "door", tmp_path)
    yield kiosk
    kiosk.close()


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Iterator[Kiosk]:
    kiosk = paired(world, "desk", tmp_path)
    yield kiosk
    kiosk.close()
