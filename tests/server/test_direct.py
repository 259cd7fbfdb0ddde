"""Routes without the general solver: they answer as all others do."""

from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request, Response
from httpx import ASGITransport, AsyncClient
from pydantic import BaseModel, Field
from starlette.routing import BaseRoute

from domain.errors import Unauthenticated
from server import errors
from server.direct import DirectRoute, shortcuts
from server.wire import In, Now


class Order(In):
    cups: int


async def who(request: Request) -> str:
    if "authorization" not in request.headers:
        raise Unauthenticated("sign in first")
    return request.headers["authorization"]


async def pour(order: Order, caller: Annotated[str, Depends(who)], now: Now) -> Response:
    return Response(f"{order.cups} for {caller} at {now()}")


class Asked(BaseModel):
    milk: bool = False
    cups: Annotated[int, Field(alias="many", ge=1)] = 1


async def serve(
    table: Annotated[str, Path(alias="tableId", pattern="^[a-z]+$")],
    request: Request,
    caller: Annotated[str, Depends(who)],
    asked: Annotated[Asked, Query()],
) -> Response:
    return Response(f"{asked.cups} {asked.milk} to {table} for {caller}, {request.method}")


async def stir(order: Order, times: int) -> Response:
    return Response(f"{order.cups} {times}")


@pytest.fixture
def router() -> APIRouter:
    """The same endpoint, direct and as FastAPI does it."""
    router = APIRouter()
    router.add_api_route("/direct", pour, methods=["POST"], route_class_override=DirectRoute)
    router.add_api_route("/usual", pour, methods=["POST"])
    router.add_api_route("/direct/{tableId}", serve, methods=["GET"], route_class_override=DirectRoute)
    router.add_api_route("/usual/{tableId}", serve, methods=["GET"])
    return router


@pytest.fixture
def client(router: APIRouter) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app=_app(router.routes)), base_url="http://test")


def _app(routes: list[BaseRoute]) -> FastAPI:
    app = FastAPI(routes=routes)
    app.state.clock = lambda: 7
    errors.install(app)
    return app


@pytest.mark.parametrize(
    "body", ['{"cups": 2}', '{"cups": "many"}', '{"cups": 2, "milk": 1}', "{}", "[]", '{"cups']
)
async def test_a_direct_route_answers_as_a_usual_one(client: AsyncClient, body: str) -> None:
    headers = {"authorization": "ann", "content-type": "application/json"}
    direct, usual = [await client.post(path, content=body, headers=headers) for path in ("/direct", "/usual")]
    assert direct.status_code == usual.status_code
    if direct.status_code == 200:
        assert direct.text == usual.text == "2 for ann at 7"
    else:
        assert direct.json()["code"] == usual.json()["code"]
        places = [[error["loc"][0] for error in answer.json()["errors"]] for answer in (direct, usual)]
        assert places[0] == places[1]


@pytest.mark.parametrize(
    "address",
    ["red", "red?many=3&milk=true", "red?many=0", "red?many=x&milk=x", "red?other=1", "RED", "red?"],
)
async def test_values_of_the_path_and_of_the_query_are_read_as_usual(
    client: AsyncClient, address: str
) -> None:
    direct, usual = [
        await client.get(f"/{kind}/{address}", headers={"authorization": "ann"})
        for kind in ("direct", "usual")
    ]
    assert direct.status_code == usual.status_code
    if direct.status_code == 200:
        assert direct.text == usual.text
    else:
        places = [{tuple(error["loc"]) for error in answer.json()["errors"]} for answer in (direct, usual)]
        assert places[0] == places[1] != set()


async def test_who_calls_is_asked_before_the_body_is_looked_at(client: AsyncClient) -> None:
    assert (await client.post("/direct", content=b"no json")).status_code == 401


async def test_a_direct_route_is_documented_as_any_other(client: AsyncClient) -> None:
    paths = (await client.get("/openapi.json")).json()["paths"]
    for method, end in (("post", ""), ("get", "/{tableId}")):
        told = [
            {k: v for k, v in paths[f"{start}{end}"][method].items() if k != "operationId"}
            for start in ("/direct", "/usual")
        ]
        assert told[0] == told[1]


def test_an_endpoint_that_asks_for_more_is_refused_when_it_is_declared() -> None:
    with pytest.raises(TypeError, match="times"):
        APIRouter().add_api_route("/stir", stir, methods=["POST"], route_class_override=DirectRoute)


async def test_a_shortcut_leads_to_the_same_route_and_leaves_all_else_to_the_others(
    router: APIRouter,
) -> None:
    app = _app([*shortcuts(router), *router.routes])
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as client:
        headers = {"authorization": "ann"}
        assert (await client.post("/direct", json={"cups": 2}, headers=headers)).text == "2 for ann at 7"
        assert (await client.post("/direct", json={"cups": 2})).json()["code"] == "unauthenticated"
        assert (await client.post("/direct", json={}, headers=headers)).status_code == 422
        assert (await client.get("/direct")).status_code == 405
        assert (await client.post("/usual", json={"cups": 2}, headers=headers)).text == "2 for ann at 7"
        assert (await client.get("/direct/red?many=2", headers=headers)).text == "2 False to red for ann, GET"
        assert len((await client.get("/openapi.json")).json()["paths"]) == 4
