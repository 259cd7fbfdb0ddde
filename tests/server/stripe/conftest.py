"""A shop that takes payments through a stand-in Stripe."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from server.app import create_app
from server.db.database import Database
from server.settings import Settings
from tests.builders import ManualClock
from tests.server.orders.shop import Shop, open_shop
from tests.server.stripe.account import Account, running


@pytest.fixture(scope="session")
def process() -> Iterator[Account]:
    with running() as account:
        yield account


@pytest.fixture
def stripe(process: Account) -> Account:
    """The account as new."""
    process.tell(reset=True)
    return process


@pytest.fixture
def app(settings: Settings, database: Database, clock: ManualClock, stripe: Account) -> FastAPI:
    return create_app(stripe.settings(settings), database, clock)


@pytest.fixture
async def shop(app: FastAPI, client: AsyncClient, clock: ManualClock) -> Shop:
    return await open_shop(app, client, clock)
