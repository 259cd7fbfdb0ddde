"""Who may call which route of the queues: each caller on each of them."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from domain.clock import HOUR, Instant
from server.auth.caller import Role
from tests.server.queues.lobby import POINT, QUEUE, Lobby, bearer
from tests.server.world import World

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
DESK, WELCOME, DISPLAY, CLERK = "desk", "welcome", "display", "clerk"
LEASE = {"servicePoint": "desk", "category": "general", "day": "2026-05-10", "size": 1}

MAY = {
    ("GET", f"{POINT}/get"): {DESK, WELCOME, DISPLAY, CLERK},
    ("GET", f"{POINT}/get/{{id}}"): {DESK, WELCOME, DISPLAY, CLERK},
    ("POST", f"{POINT}/create"): {CLERK},
    ("PUT", f"{POINT}/update"): {CLERK},
    ("DELETE", f"{POINT}/delete/{{id}}"): {CLERK},
    ("POST", f"{QUEUE}/call-next/{{servicePoint}}"): {DESK, CLERK},
    ("POST", f"{QUEUE}/call/{{id}}"): {DESK, CLERK},
    ("POST", f"{QUEUE}/recall/{{id}}"): {DESK, CLERK},
    ("POST", f"{QUEUE}/check-in/{{id}}"): {DESK, WELCOME, CLERK},
    ("POST", f"{QUEUE}/start/{{id}}"): {DESK, CLERK},
    ("POST", f"{QUEUE}/complete/{{id}}"): {DESK, CLERK},
    ("POST", f"{QUEUE}/no-show/{{id}}"): {DESK, CLERK},
    ("POST", f"{QUEUE}/hold/{{id}}"): {DESK, CLERK},
    ("POST", f"{QUEUE}/resume/{{id}}"): {DESK, CLERK},
    ("POST", f"{QUEUE}/return/{{id}}"): {DESK, CLERK},
    ("POST", f"{QUEUE}/transfer/{{id}}"): {DESK, CLERK},
    ("POST", f"{QUEUE}/undo/{{id}}"): {DESK, CLERK},
    ("GET", f"{QUEUE}/list/{{servicePoint}}"): {DESK, CLERK},
    ("POST", f"{QUEUE}/counter/{{servicePoint}}"): {DESK, CLERK},
    ("GET", f"{QUEUE}/statistics/{{servicePoint}}"): {DESK, CLERK},
    ("GET", f"{QUEUE}/forecast-quality/{{servicePoint}}"): {DESK, CLERK},
    ("POST", "/api/sync/leases"): {DESK, WELCOME},
}
BODIES = {
    f"{POINT}/create": {"name": "Chair"},
    f"{POINT}/update": {"id": "desk", "name": "Renamed"},
    f"{QUEUE}/call-next/{{servicePoint}}": {"counter": "one"},
    f"{QUEUE}/transfer/{{id}}": {"servicePoint": "desk"},
    f"{QUEUE}/counter/{{servicePoint}}": {"counter": "one", "state": "open"},
    "/api/sync/leases": LEASE,
}


async def callers(lobby: Lobby) -> dict[str, dict[str, str]]:
    """The headers of everybody who could call."""
    place = World(lobby.app.state.database, lobby.app.state.access, lobby.org)
    until = Instant(lobby.clock() + HOUR)
    customer = lobby.app.state.access.token("c-1", lobby.org, Role.CUSTOMER, until)
    return {
        "nobody": {},
        "customer": bearer(customer),
        "other staff": place.staff("door", "support", "events"),
        "door": await lobby.device("a-door", "door", "servicePoint:desk"),
        DESK: lobby.desk,
        WELCOME: lobby.welcome,
        DISPLAY: await lobby.device("a-display", "display", "servicePoint:desk"),
        CLERK: lobby.clerk,
    }


async def test_each_route_answers_those_whom_it_is_for_and_nobody_else(
    lobby: Lobby, client: AsyncClient
) -> None:
    everybody = await callers(lobby)
    for (method, path), allowed in MAY.items():
        address = path.format(id="nothing", servicePoint="desk")
        for name, headers in everybody.items():
            answer = await client.request(method, address, json=BODIES.get(path), headers=headers)
            kept_out = answer.status_code == (401 if name == "nobody" else 403)
            assert kept_out == (name not in allowed), (method, path, name, answer.text)


async def test_anybody_joins_and_whoever_is_known_joins_as_what_they_are(
    lobby: Lobby, client: AsyncClient
) -> None:
    everybody = await callers(lobby)
    whole, own = {DESK, WELCOME, CLERK}, {"nobody", "customer"}
    for name, headers in everybody.items():
        answer = await client.post(f"{QUEUE}/join", json={"servicePoint": "desk"}, headers=headers)
        client.cookies.clear()
        assert answer.status_code == (201 if name in whole | own else 403), (name, answer.text)
        assert ("visit" in answer.json()) == (name in whole), name


async def test_every_route_of_the_queues_is_asked_here_or_is_for_anybody(app: FastAPI) -> None:
    told = {
        (method.upper(), path)
        for path, operations in app.openapi()["paths"].items()
        for method, operation in operations.items()
        if path.startswith((f"{QUEUE}/", f"{POINT}/")) and operation.get("security")
    }
    assert told <= MAY.keys()
    assert len(told) > 15
