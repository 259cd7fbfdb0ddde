"""Health, metrics and documentation, as an operator meets them."""

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient


async def test_a_healthy_server_says_so(client: AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).json() == {"status": "ready"}


async def test_metrics_are_for_the_machine_itself_and_for_staff(app: FastAPI, client: AsyncClient) -> None:
    await client.get("/healthz")
    here = await client.get("/metrics")
    assert 'usher_request_seconds_count{method="GET",status="200"} 1.0' in here.text
    elsewhere = AsyncClient(
        transport=ASGITransport(app, client=("192.0.2.1", 1)), base_url="http://usher.test"
    )
    assert (await elsewhere.get("/metrics")).status_code == 401
    await elsewhere.aclose()


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
