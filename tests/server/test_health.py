"""Health, metrics and documentation, as an operator meets them."""

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from sqlalchemy import text

from server.db.database import Database
from tests.server.office import open_office, problem


async def test_a_healthy_server_says_so(client: AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).json() == {"status": "ready"}


async def test_a_server_without_the_newest_schema_is_up_but_not_ready(
    client: AsyncClient, database: Database
) -> None:
    older = text("UPDATE alembic_version SET version_num = '0001'")
    await database.write(lambda transaction: transaction.connection.execute(older).rowcount)
    assert (await client.get("/healthz")).status_code == 200
    assert problem(await client.get("/readyz")) == (503, "unavailable")


async def test_a_server_whose_database_is_gone_is_up_but_not_ready(
    client: AsyncClient, database: Database
) -> None:
    database.close()
    assert (await client.get("/healthz")).status_code == 200
    assert problem(await client.get("/readyz")) == (503, "unavailable")


async def test_the_machine_itself_reads_the_figures(client: AsyncClient) -> None:
    await client.get("/healthz")
    here = await client.get("/metrics")
    assert here.headers["content-type"].startswith("text/plain")
    assert 'usher_request_seconds_count{method="GET",status="200"} 1.0' in here.text


@pytest.mark.parametrize("proxy", [None, "X-Forwarded-For", "Forwarded"])
async def test_from_elsewhere_only_administrators_read_the_figures(
    app: FastAPI, client: AsyncClient, proxy: str | None
) -> None:
    """Elsewhere is another machine, or one whose call a proxy here hands on."""
    office = await open_office(app, client)
    clerk = await office.staff("door", "desk", "support", "events", name="clerk")
    address = "192.0.2.1" if proxy is None else "127.0.0.1"
    handed_on = {} if proxy is None else {proxy: "for=192.0.2.1"}
    transport = ASGITransport(app, client=(address, 1))
    async with AsyncClient(transport=transport, base_url="http://usher.test", headers=handed_on) as elsewhere:
        assert problem(await elsewhere.get("/metrics")) == (401, "unauthenticated")
        assert problem(await elsewhere.get("/metrics", headers=clerk)) == (403, "forbidden")
        assert "usher_requests_open" in (await elsewhere.get("/metrics", headers=office.headers)).text


async def test_the_documentation_loads_nothing_from_another_host(client: AsyncClient) -> None:
    page = await client.get("/docs")
    assert page.status_code == 200
    assert "cdn" not in page.text
    assert (await client.get("/swagger/swagger-ui-bundle.js")).status_code == 200
    assert (await client.get("/api/openapi.json")).json()["info"]["title"] == "Usher"


async def test_an_address_that_is_not_there_is_a_problem_too(client: AsyncClient) -> None:
    answer = await client.get("/api/nothing")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert (await client.put("/healthz")).json()["code"] == "method_not_allowed"
