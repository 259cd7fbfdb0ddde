"""A lobby with one service point, `desk`."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from tests.builders import ManualClock
from tests.server.queues.lobby import Lobby, open_lobby


@pytest.fixture
async def lobby(app: FastAPI, client: AsyncClient, clock: ManualClock) -> Lobby:
    lobby = await open_lobby(app, client, clock)
    await lobby.point()
    return lobby


@pytest.fixture
async def empty(app: FastAPI, client: AsyncClient, clock: ManualClock) -> Lobby:
    """Without any service point."""
    return await open_lobby(app, client, clock)
