"""A shop whose pages somebody reads."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from tests.builders import ManualClock
from tests.server.customer.fair import Fair
from tests.server.customer.pages.reader import Reader
from tests.server.orders.shop import Shop, open_shop


@pytest.fixture
async def shop(app: FastAPI, client: AsyncClient, clock: ManualClock) -> Shop:
    return await open_shop(app, client, clock)


@pytest.fixture
async def fair(shop: Shop) -> Fair:
    return Fair(shop)


@pytest.fixture
async def reader(shop: Shop) -> AsyncIterator[Reader]:
    transport = ASGITransport(shop.app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://usher.test") as client:
        yield Reader(client)
