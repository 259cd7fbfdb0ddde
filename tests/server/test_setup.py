"""The first set-up, by the program that started the server."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from server.app import create_app
from server.db.database import Database
from server.settings import Settings
from tests.builders import ManualClock
from tests.server.office import problem

SECRET = "only the starter knows"
EVENT = {
    "id": "fair", "name": {"en": "Fair"}, "starts": "2026-05-10T10:00:00Z", "ends": "2026-05-10T20:00:00Z",
    "zone": "Europe/Berlin",
}  # fmt: skip
BODY = {
    "organization": {"name": "Corner Shop", "zone": "Europe/Berlin"},
    "administrator": {"email": "Boss@shop.example"},
    "event": EVENT,
}


@pytest.fixture
async def fresh(settings: Settings, database: Database, clock: ManualClock) -> AsyncIterator[AsyncClient]:
    """A caller of a server that was started with a set-up secret."""
    app = create_app(settings.model_copy(update={"setup_secret": SECRET}), database, clock)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://usher.test") as client,
    ):
        yield client


async def setup(client: AsyncClient, body: object = BODY, secret: str | None = SECRET) -> Response:
    headers = {} if secret is None else {"X-Setup-Secret": secret}
    return await client.post("/api/setup", json=body, headers=headers)


async def test_a_new_server_has_an_organisation_an_event_and_this_kiosk(fresh: AsyncClient) -> None:
    answer = await setup(fresh)
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
    made = answer.json()
    assert (made["organization"], made["mode"], made["scopes"]) == ("Corner Shop", "door", ["event:fair"])
    assert (made["lists"], made["name"], made["event"]) == (["main"], "This computer", "fair")
    device = {"Authorization": f"Bearer {made['token']}"}
    assert (await fresh.get("/api/devices/me", headers=device)).json()["id"] == made["deviceId"]
    login = {"email": made["email"], "password": made["password"]}
    tokens = (await fresh.post("/api/auth/staff/login", json=login)).json()
    staff = {"Authorization": f"Bearer {tokens['accessToken']}"}
    base = f"/api/organizations/{made['orgId']}/events/fair"
    assert (await fresh.get(base, headers=staff)).json()["state"] == "published"
    new = {"tickets": [{"type": "ticket", "name": "Ana"}]}
    ticket = (await fresh.post(f"{base}/tickets", json=new, headers=staff)).json()["items"][0]
    scan = {"code": ticket["code"], "lists": ["main"], "opId": "op-1"}
    verdict = (await fresh.post("/api/events/check-in", json=scan, headers=device)).json()
    assert verdict["verdict"] == "admitted"


async def test_a_server_may_begin_with_a_service_point_and_a_password_of_ones_own(fresh: AsyncClient) -> None:
    body = {
        "organization": {"id": "shop", "name": "Corner Shop"},
        "administrator": {"email": "boss@shop.example", "password": "correct horse"},
        "servicePoint": {"id": "desk", "name": "Front desk"},
        "device": {"name": "Desk 1", "platform": "Debian 12"},
    }
    made = (await setup(fresh, body)).json()
    assert (made["orgId"], made["mode"], made["scopes"]) == ("shop", "desk", ["servicePoint:desk"])
    assert (made["password"], made["event"], made["servicePoint"]) == (None, None, "desk")
    login = {"email": "boss@shop.example", "password": "correct horse"}
    assert (await fresh.post("/api/auth/staff/login", json=login)).status_code == 200


async def test_a_server_is_set_up_once_however_many_ask_at_once(fresh: AsyncClient) -> None:
    answers = await asyncio.gather(*(setup(fresh) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert problem(await setup(fresh)) == (409, "already_set_up")


@pytest.mark.parametrize("secret", [None, "", "wrong", "only the starter know", "ünïcode"])
async def test_who_does_not_know_the_secret_sets_nothing_up(fresh: AsyncClient, secret: str | None) -> None:
    headers = {} if secret is None else {b"X-Setup-Secret": secret.encode()}
    answer = await fresh.post("/api/setup", json=BODY, headers=headers)
    assert problem(answer) == (403, "setup_secret_wrong")
    assert (await setup(fresh)).status_code == 201


@pytest.mark.parametrize("secret", [None, "", "anything"])
async def test_a_server_without_a_secret_is_not_set_up_this_way(
    client: AsyncClient, secret: str | None
) -> None:
    assert problem(await setup(client, secret=secret)) == (403, "setup_secret_wrong")


@pytest.mark.parametrize(
    "change",
    [{"event": None}, {"administrator": {"email": "nobody"}}, {"organization": {"name": ""}}, {"surprise": 1},
     {"event": EVENT | {"ends": EVENT["starts"]}}, {"device": {"mode": "pilot"}}],
)  # fmt: skip
async def test_a_set_up_that_cannot_be_leaves_nothing(fresh: AsyncClient, change: dict[str, object]) -> None:
    assert problem(await setup(fresh, BODY | change)) == (422, "invalid")
    assert (await setup(fresh)).status_code == 201


async def test_no_secret_of_the_set_up_is_logged(
    fresh: AsyncClient, app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    made = (await setup(fresh)).json()
    for secret in (SECRET, made["password"], made["token"]):
        assert secret not in caplog.text
    assert SECRET not in repr(app.state.settings.model_copy(update={"setup_secret": SECRET}))
