"""A fair with one event."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from tests.builders import ManualClock
from tests.server.customer.fair import Fair, open_fair


@pytest.fixture
async def fair(app: FastAPI, client: AsyncClient, clock: ManualClock) -> Fair:
    return await open_fair(app, client, clock)
