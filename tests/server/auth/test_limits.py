"""Rate limits of public routes: per address, per subject, in a moving window."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from domain.clock import MINUTE, SECOND, Instant
from server.app import create_app
from server.auth.limits import MovingWindow, Rate
from server.db.sqlite import SqliteDatabase, sqlite_engine
from server.migrations.migrate import migrate
from server.settings import Settings
from tests.builders import ManualClock
from tests.server.office import problem
from tests.server.world import make_world


@pytest.fixture
async def limited(tmp_path: Path, clock: ManualClock) -> AsyncIterator[FastAPI]:
    settings = Settings(
        data=tmp_path, database_url="", rate_limits=True, trusted_proxies="10.0.0.0/8, 127.0.0.1"
    )
    migrate(sqlite_engine(settings.sqlite_path), tmp_path)
    database = SqliteDatabase(settings.sqlite_path, clock)
    app = create_app(settings, database, clock)
    async with app.router.lifespan_context(app):
        yield app
    database.close()


async def pair(app: FastAPI, client: str = "203.0.113.5", forwarded: str | None = None) -> Response:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    async with AsyncClient(
        transport=ASGITransport(app, client=(client, 1)), base_url="http://usher.test"
    ) as caller:
        return await caller.post("/api/devices/pair", json={"pairingCode": "ABCD-EFGH"}, headers=headers)


async def login(app: FastAPI, email: str, client: str) -> Response:
    async with AsyncClient(
        transport=ASGITransport(app, client=(client, 1)), base_url="http://usher.test"
    ) as caller:
        return await caller.post("/api/auth/staff/login", json={"email": email, "password": "x"})


async def test_an_address_that_tries_too_often_waits_and_then_goes_on(
    limited: FastAPI, clock: ManualClock
) -> None:
    for _ in range(10):
        assert (await pair(limited)).status_code == 404
        clock.forward(SECOND)
    answer = await pair(limited)
    assert problem(answer) == (429, "too_many")
    assert answer.headers["retry-after"] == "50"
    assert (await pair(limited, "203.0.113.6")).status_code == 404
    clock.forward(50 * SECOND)
    assert (await pair(limited)).status_code == 404
    assert (await pair(limited)).status_code == 429


class Full(MovingWindow):
    """Has no room for anybody."""

    def hit(self, key: str, rate: Rate) -> int | None:
        return 1_500


OPEN = {"/healthz", "/readyz", "/metrics", "/.well-known/jwks.json"}
"""Cheap, and asked by machines: these alone are not limited."""

BODIES = {
    "/api/crm/reservations/queue/join": {"servicePoint": "desk"},
    "/api/crm/reservations/create": {
        "definitionId": "cut",
        "slot": {"start": "2026-05-11T14:00:00Z", "end": "2026-05-11T14:30:00Z"},
        "customer": {"email": "ada@example.com", "name": "Ada"},
    },
}
"""Of routes that are limited only once they know whom the call is about."""


async def test_every_route_that_anybody_may_call_is_limited(limited: FastAPI, clock: ManualClock) -> None:
    paths = limited.openapi()["paths"]
    public = [
        (method, path)
        for path, operations in paths.items()
        for method, operation in operations.items()
        if path not in OPEN and not operation.get("security")
    ]
    limited.state.calls = Full(clock)
    answers = {}
    async with AsyncClient(transport=ASGITransport(limited), base_url="http://usher.test") as caller:
        for method, path in public:
            address = path.replace("{", "").replace("}", "")
            answer = await caller.request(method, address, json=BODIES.get(path, {}))
            answers[f"{method} {path}"] = (answer.status_code, answer.headers.get("retry-after"))
    assert answers == dict.fromkeys(answers, (429, "2"))
    assert {"post /api/auth/staff/login", "post /api/devices/pair", "post /api/setup"} <= set(answers)
    queue = "/api/crm/reservations/queue"
    assert {f"get {queue}/status/{{servicePoint}}/stream", f"delete {queue}/entry/{{id}}"} <= set(answers)


async def test_a_subject_is_limited_from_wherever_it_is_tried(limited: FastAPI) -> None:
    answers = [await login(limited, "Ada@a.example", f"203.0.113.{n}") for n in range(11)]
    assert [answer.status_code for answer in answers] == 10 * [401] + [429]
    assert (await login(limited, "ada@a.example", "203.0.113.99")).status_code == 429
    assert (await login(limited, "bob@a.example", "203.0.113.99")).status_code == 401


async def test_a_mailbox_is_spared_whichever_way_a_link_is_asked_for(limited: FastAPI) -> None:
    await make_world(limited)

    async def ask(route: str, email: str, n: int) -> int:
        async with AsyncClient(
            transport=ASGITransport(limited, client=(f"203.0.113.{n}", 1)), base_url="http://usher.test"
        ) as caller:
            body = {"email": email} | ({"password": "a password"} if route == "register" else {})
            headers = {"orgid": "org-1"}
            answer = await caller.post(f"/api/auth/customer/{route}", json=body, headers=headers)
            return answer.status_code

    tries = [await ask(("register", "link")[n % 2], "Ada@example.com", n) for n in range(7)]
    assert tries == 6 * [202] + [429]
    assert await ask("link", "bob@example.com", 99) == 202


async def test_only_a_trusted_proxy_speaks_for_somebody_else(limited: FastAPI) -> None:
    for n in range(10):
        assert (await pair(limited, "203.0.113.5", f"198.51.100.{n}")).status_code == 404
        assert (await pair(limited, "10.1.2.3", "198.51.100.7, 10.9.9.9")).status_code == 404
    assert (await pair(limited, "203.0.113.5", "198.51.100.200")).status_code == 429
    assert (await pair(limited, "10.4.4.4", "1.2.3.4, 198.51.100.7")).status_code == 429
    assert (await pair(limited, "10.4.4.4", "198.51.100.8")).status_code == 404
    assert (await pair(limited, "10.4.4.4", "not an address")).status_code == 404


async def test_a_household_is_one_address_in_ipv6(limited: FastAPI) -> None:
    answers = [await pair(limited, f"2001:db8:1:2::{n:x}") for n in range(11)]
    assert answers[-1].status_code == 429
    assert (await pair(limited, "2001:db8:1:3::1")).status_code == 404


def test_a_clock_that_is_set_back_locks_nobody_out() -> None:
    clock = ManualClock(Instant(100 * MINUTE))
    window = MovingWindow(clock)
    rate = Rate.of("2/minute")
    assert [window.hit("a", rate) for _ in range(3)] == [None, None, MINUTE]
    clock.forward(-60 * MINUTE)
    assert [window.hit("a", rate) for _ in range(3)] == [None, None, MINUTE]


def test_a_served_program_believes_nobody_about_addresses(tmp_path: Path) -> None:
    environment = {**os.environ, "USHER_DATABASE_URL": "", "USHER_RATE_LIMITS": "true"}
    command = (sys.executable, "-m", "server", "--port", "0", "--data", str(tmp_path))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as program:
        assert program.stdout is not None
        url = program.stdout.readline().split()[-1]
        try:
            statuses = [_pair_as(url, f"198.51.100.{n}") for n in range(11)]
        finally:
            program.terminate()
    assert statuses == 10 * [404] + [429]


def _pair_as(url: str, address: str) -> int:
    body = {"pairingCode": "ABCD-EFGH"}
    return httpx.post(
        f"{url}/api/devices/pair", json=body, headers={"X-Forwarded-For": address}, timeout=30
    ).status_code
