"""A shop with ten seats."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from tests.builders import ManualClock
from tests.server.orders.shop import Shop, open_shop


@pytest.fixture
async def shop(app: FastAPI, client: AsyncClient, clock: ManualClock) -> Shop:
    return await open_shop(app, client, clock)
