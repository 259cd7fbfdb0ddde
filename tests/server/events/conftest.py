"""Two organisations that know nothing of each other."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from tests.server.office import Office, open_office


@pytest.fixture
async def office(app: FastAPI, client: AsyncClient) -> Office:
    return await open_office(app, client)


@pytest.fixture
async def other(app: FastAPI, client: AsyncClient) -> Office:
    return await open_office(app, client, "org-b")
