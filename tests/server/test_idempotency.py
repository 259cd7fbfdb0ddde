"""`Idempotency-Key`: a request that is repeated is carried out once."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import delete, select, update

from domain.clock import DAY, MINUTE
from server.db.tables import idempotent_answers
from tests.builders import ManualClock
from tests.server.office import Office, open_office, problem

DOOR = {"name": "North door", "mode": "door", "scopes": []}
KEY = {"Idempotency-Key": "key-1"}


@pytest.fixture
async def office(app: FastAPI, client: AsyncClient) -> Office:
    return await open_office(app, client)


async def count(office: Office) -> int:
    return len((await office.ok("GET", "/api/devices"))["items"])


async def test_the_same_key_and_request_get_the_first_answer_again(office: Office) -> None:
    first = await office.call("POST", "/api/devices", DOOR, also=KEY)
    again = await office.call("POST", "/api/devices", DOOR, also=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.json(), again.headers["etag"]) == (first.json(), first.headers["etag"])
    assert (first.headers.get("idempotent-replayed"), again.headers["idempotent-replayed"]) == (None, "true")
    assert await count(office) == 1


async def test_the_same_key_for_another_request_is_refused(office: Office) -> None:
    await office.ok("POST", "/api/devices", DOOR, also=KEY)
    other = DOOR | {"name": "South door"}
    answer = await office.call("POST", "/api/devices", other, also=KEY)
    assert problem(answer) == (422, "idempotency_mismatch")
    elsewhere = await office.call("POST", "staff", {"email": "a@a.example"}, also=KEY)
    assert problem(elsewhere) == (422, "idempotency_mismatch")
    assert await count(office) == 1


async def test_requests_at_once_with_one_key_are_carried_out_once(office: Office) -> None:
    answers = await asyncio.gather(*(office.call("POST", "/api/devices", DOOR, also=KEY) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert await count(office) == 1


async def test_each_caller_has_keys_of_its_own(app: FastAPI, office: Office, client: AsyncClient) -> None:
    other = await open_office(app, client, "org-b")
    await office.ok("POST", "/api/devices", DOOR, also=KEY)
    await other.ok("POST", "/api/devices", DOOR, also=KEY)
    bob = await office.staff("admin", name="bob")
    await office.ok("POST", "/api/devices", DOOR, headers=bob, also=KEY)
    assert (await count(office), await count(other)) == (2, 1)


async def test_a_request_that_was_wrong_leaves_its_key_free(office: Office) -> None:
    wrong = DOOR | {"mode": "pilot"}
    assert problem(await office.call("POST", "/api/devices", wrong, also=KEY)) == (422, "invalid")
    ada = await office.staff("door", name="ada")
    assert problem(await office.call("POST", "/api/devices", DOOR, headers=ada, also=KEY))[0] == 403
    assert (await office.call("POST", "/api/devices", DOOR, also=KEY)).status_code == 201


async def test_what_the_state_refused_stays_refused_for_the_key(office: Office) -> None:
    ada = {"id": "ada", "email": "ada@a.example"}
    await office.ok("POST", "staff", ada)
    first = await office.call("POST", "staff", ada, also=KEY)
    again = await office.call("POST", "staff", ada, also=KEY)
    assert problem(first) == problem(again) == (409, "staff_taken")
    assert again.headers["idempotent-replayed"] == "true"


async def test_a_key_is_forgotten_after_24_hours(office: Office, clock: ManualClock) -> None:
    await office.ok("POST", "/api/devices", DOOR, also=KEY)
    clock.forward(DAY + 1)
    me = await office.ok("GET", "/api/auth/me", headers=(fresh := await office.staff("admin", name="eve")))
    assert me["role"] == "staff"
    office.headers = fresh
    await office.ok("POST", "/api/devices", DOOR, also=KEY)
    rows = await office.database.read(lambda c: c.execute(select(idempotent_answers)).all())
    assert len(rows) == 1


async def test_a_request_that_never_ended_is_not_carried_out_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.idempotency._TRIES", 2)
    await office.ok("POST", "/api/devices", DOOR, also=KEY)
    await office.database.write(
        lambda t: t.connection.execute(update(idempotent_answers).values(status=0)).rowcount
    )
    answer = await office.call("POST", "/api/devices", DOOR, also=KEY)
    assert problem(answer) == (409, "idempotency_unfinished")
    assert await count(office) == 1


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
async def test_another_process_that_ends_the_request_gives_the_answer(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One process serves a SQLite file."""
    first = await office.call("POST", "/api/devices", DOOR, also=KEY)
    row = (await office.database.read(lambda c: c.execute(select(idempotent_answers)).all()))[0]

    async def put(status: int) -> None:
        change = update(idempotent_answers).values(status=status)
        await office.database.write(lambda t: t.connection.execute(change).rowcount)

    await put(0)
    found, write = asyncio.Event(), office.database.write

    async def watched(job: Any) -> Any:
        try:
            return await write(job)
        finally:
            found.set()

    monkeypatch.setattr(office.database, "write", watched)
    waiting = asyncio.create_task(office.call("POST", "/api/devices", DOOR, also=KEY))
    await found.wait()
    assert not waiting.done()
    await put(row.status)
    assert (await waiting).json() == first.json()


async def test_answers_are_kept_where_nobody_reads_them(office: Office) -> None:
    made = await office.ok("POST", "/api/devices", DOOR, also=KEY)
    rows = await office.database.read(lambda c: c.execute(select(idempotent_answers)).all())
    assert made["pairingCode"].encode() not in bytes(rows[0].body)
    assert "key-1" not in str(rows)


@pytest.mark.parametrize("key", ["", "k" * 256])
async def test_a_key_that_is_none_is_refused(office: Office, key: str) -> None:
    answer = await office.call("POST", "/api/devices", DOOR, also={"Idempotency-Key": key})
    assert problem(answer) == (422, "idempotency_key_invalid")
    assert await count(office) == 0


async def test_a_token_that_is_not_good_is_refused_as_without_a_key(office: Office) -> None:
    headers = {"Authorization": "Bearer nothing", **KEY}
    assert problem(await office.call("POST", "/api/devices", DOOR, headers=headers))[0] == 401
    rows = await office.database.write(lambda t: t.connection.execute(delete(idempotent_answers)).rowcount)
    assert rows == 0


async def kept_answers(office: Office) -> int:
    return len(await office.database.read(lambda c: c.execute(select(idempotent_answers)).all()))


async def test_a_stranger_who_asks_for_what_is_not_there_leaves_nothing_behind(office: Office) -> None:
    for number in range(20):
        key = {"Idempotency-Key": f"key-{number}"}
        answer = await office.call("POST", "/nothing-here", {}, headers={}, also=key)
        assert answer.status_code == 404
    assert await kept_answers(office) == 0


async def test_a_stranger_has_so_many_keys_a_minute_and_a_known_caller_any_number(
    office: Office, app: FastAPI, clock: ManualClock
) -> None:
    app.state.settings = app.state.settings.model_copy(update={"rate_limits": True})
    refused = []
    for number in range(125):
        key = {"Idempotency-Key": f"key-{number}"}
        answer = await office.call("POST", "/nothing-here", {}, headers={}, also=key)
        refused += [answer] if answer.status_code != 404 else []
    assert {problem(answer) for answer in refused} == {(429, "too_many")}
    assert (len(refused), refused[0].headers["retry-after"]) == (5, "60")
    assert (await office.call("POST", "/api/devices", DOOR, also=KEY)).status_code == 201
    clock.forward(MINUTE)
    again = await office.call("POST", "/nothing-here", {}, headers={}, also=KEY)
    assert again.status_code == 404
