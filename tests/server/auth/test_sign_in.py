"""Signing in, staying signed in, signing out; through HTTP, on both databases."""

import asyncio
import logging

import httpx
import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from joserfc import jwt
from joserfc.jwk import KeySet

from domain.clock import DAY, MINUTE
from tests.builders import ManualClock
from tests.server.office import PASSWORD, Office, add_login, problem


@pytest.fixture
async def ada(app: FastAPI, office: Office) -> str:
    return await add_login(app, office, "Ada@a.example", "door", "events")


async def login(
    client: AsyncClient, email: str = "ada@a.example", password: str = PASSWORD
) -> httpx.Response:
    return await client.post("/api/auth/staff/login", json={"email": email, "password": password})


async def refresh(client: AsyncClient, token: str) -> httpx.Response:
    return await client.post("/api/auth/refresh", json={"refreshToken": token})


def bearer(tokens: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['accessToken']}"}


async def test_who_signs_in_is_known_from_then_on(client: AsyncClient, ada: str) -> None:
    answer = await login(client, "ADA@a.EXAMPLE")
    assert answer.status_code == 200
    tokens = answer.json()
    assert (tokens["tokenType"], tokens["expiresIn"], tokens["orgId"]) == ("Bearer", 900, "org-a")
    assert answer.headers["cache-control"] == "no-store"
    me = (await client.get("/api/auth/me", headers=bearer(tokens))).json()
    assert (me["id"], me["role"], me["email"], me["orgId"]) == (ada, "staff", "ada@a.example", "org-a")
    assert (me["permissions"], me["organization"]) == (["door", "events"], "Office org-a")


async def test_an_unknown_address_and_a_wrong_password_look_the_same(client: AsyncClient, ada: str) -> None:
    wrong, unknown = await login(client, password="wrong"), await login(client, "nobody@a.example")
    assert problem(wrong) == problem(unknown) == (401, "login_failed")
    assert wrong.json() == unknown.json()


async def test_an_access_token_ends_after_15_minutes(
    client: AsyncClient, ada: str, clock: ManualClock
) -> None:
    headers = bearer((await login(client)).json())
    clock.forward(15 * MINUTE)
    assert problem(await client.get("/api/auth/me", headers=headers)) == (401, "token_expired")


async def test_a_refresh_token_gets_the_next_pair_and_serves_once(client: AsyncClient, ada: str) -> None:
    first = (await login(client)).json()
    second = (await refresh(client, first["refreshToken"])).json()
    assert second["refreshToken"] != first["refreshToken"]
    assert (await client.get("/api/auth/me", headers=bearer(second))).json()["id"] == ada


async def test_a_refresh_token_that_is_used_again_ends_the_whole_family(
    client: AsyncClient, ada: str
) -> None:
    stolen = (await login(client)).json()["refreshToken"]
    other_sign_in = (await login(client)).json()["refreshToken"]
    newest = (await refresh(client, stolen)).json()["refreshToken"]
    assert problem(await refresh(client, stolen)) == (401, "refresh_reused")
    assert problem(await refresh(client, newest)) == (401, "refresh_ended")
    assert (await refresh(client, other_sign_in)).status_code == 200


async def test_of_two_who_refresh_at_once_one_gets_tokens_and_the_family_ends(
    client: AsyncClient, ada: str
) -> None:
    token = (await login(client)).json()["refreshToken"]
    answers = await asyncio.gather(*(refresh(client, token) for _ in range(4)))
    good = [answer for answer in answers if answer.status_code == 200]
    assert len(good) == 1
    assert problem(await refresh(client, good[0].json()["refreshToken"])) == (401, "refresh_ended")


async def test_a_refresh_token_ends_after_30_days(client: AsyncClient, ada: str, clock: ManualClock) -> None:
    token = (await login(client)).json()["refreshToken"]
    clock.forward(30 * DAY)
    assert problem(await refresh(client, token)) == (401, "refresh_ended")


async def test_who_signs_out_cannot_refresh_any_more(client: AsyncClient, ada: str) -> None:
    token = (await login(client)).json()["refreshToken"]
    for body in (token, "never one of ours"):
        answer = await client.post("/api/auth/logout", json={"refreshToken": body})
        assert (answer.status_code, answer.content) == (204, b"")
    assert problem(await refresh(client, token)) == (401, "refresh_ended")


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Basic abc"}, {"Authorization": "Bearer"}, {"Authorization": "Bearer a.b.c"}],
)
async def test_nobody_known_is_told_to_sign_in(client: AsyncClient, headers: dict[str, str]) -> None:
    assert problem(await client.get("/api/auth/me", headers=headers))[0] == 401


@pytest.mark.parametrize(
    "body",
    [{}, {"email": "a@b.example"}, {"email": "a\x00@b.example", "password": "x"},
     {"email": 1, "password": []}, {"email": "a@b.example", "password": "x", "extra": 1},
     {"email": "a" * 300, "password": "x"}],
)  # fmt: skip
async def test_a_sign_in_that_is_no_sign_in_is_invalid(client: AsyncClient, body: object) -> None:
    assert problem(await client.post("/api/auth/staff/login", json=body)) == (422, "invalid")


async def test_the_public_keys_verify_our_tokens_and_hold_nothing_private(
    client: AsyncClient, ada: str
) -> None:
    token = (await login(client)).json()["accessToken"]
    keys = (await client.get("/.well-known/jwks.json")).json()
    assert [set(key) & {"d", "p", "q", "k"} for key in keys["keys"]] == [set()]
    claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=["Ed25519"]).claims
    assert (claims["sub"], claims["role"], claims["org"]) == (ada, "staff", "org-a")


async def test_no_secret_is_ever_logged(
    client: AsyncClient, ada: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    tokens = (await login(client)).json()
    await login(client, password="wrong horse")
    await refresh(client, tokens["refreshToken"])
    await refresh(client, tokens["refreshToken"])
    for secret in (PASSWORD, "wrong horse", tokens["accessToken"], tokens["refreshToken"]):
        assert secret not in caplog.text
