"""A venue whose door is open."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from tests.builders import ManualClock
from tests.server.admission.venue import Venue, open_venue


@pytest.fixture
async def venue(app: FastAPI, client: AsyncClient, clock: ManualClock) -> Venue:
    return await open_venue(app, client, clock)
