"""A salon whose reservations can have a video room, through each provider."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from server.app import create_app
from server.db.database import Database
from server.settings import Settings
from tests.builders import ManualClock
from tests.server.meetings.standin import KEY
from tests.server.queues.lobby import open_lobby
from tests.server.reservations.salon import OPEN, Salon

JITSI = {
    "meeting_provider": "jitsi",
    "jitsi_url": "https://meet.example.org",
    "jitsi_app_id": "usher",
    "jitsi_secret": "a secret that is long enough for HS256",
}


@pytest.fixture(scope="session")
def daily() -> Iterator[str]:
    """The address of a stand-in for Daily."""
    command = (sys.executable, "-m", "tests.server.meetings.standin")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@pytest.fixture(params=["jitsi", "daily"])
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def app(
    settings: Settings, database: Database, clock: ManualClock, provider: str, request: pytest.FixtureRequest
) -> FastAPI:
    said: dict[str, object] = {"meeting_provider": provider}
    if provider == "jitsi":
        said = dict(JITSI)
    if provider == "daily":
        said |= {"daily_api": request.getfixturevalue("daily"), "daily_api_key": KEY}
    return create_app(settings.model_copy(update=said), database, clock)


@pytest.fixture
async def salon(app: FastAPI, client: AsyncClient, clock: ManualClock) -> Salon:
    salon = Salon(await open_lobby(app, client, clock))
    await salon.lobby.point(openingHours={"mon": OPEN})
    await salon.service()
    return salon
