"""Who copies what: each device the scopes of its mode, and where anybody may look, nothing personal."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import zstandard
from fastapi import FastAPI
from httpx import AsyncClient

from tests.builders import ManualClock
from tests.server.live import listening, served
from tests.server.office import problem
from tests.server.queues.lobby import QUEUE, Lobby, open_lobby
from tests.server.world import Door, World, make_world

EVENT, DESK = "event:evt-1", "servicePoint:desk"
SAID = {"name": "Ada Lovelace", "phone": "+49151234567", "email": "ada@example.org", "note": "her knee hurts"}
PRIVATE = ("Ada", "Lovelace", "151234567", "example.org", "knee", "Grace Hopper")


@pytest.fixture
async def lobby(app: FastAPI, client: AsyncClient, clock: ManualClock) -> Lobby:
    lobby = await open_lobby(app, client, clock)
    await lobby.point()
    return lobby


@pytest.fixture
async def world(app: FastAPI, client: AsyncClient) -> World:
    return await make_world(app)


async def copied(client: AsyncClient, headers: Mapping[str, str], scope: str, path: Path) -> Path:
    """A first copy, unpacked."""
    answer = await client.get("/api/sync/snapshot", params={"scope": scope}, headers=dict(headers))
    assert answer.status_code == 200, answer.text
    path.write_bytes(zstandard.ZstdDecompressor().decompressobj().decompress(answer.content))  # noqa: ASYNC240
    return path


async def changes(
    client: AsyncClient, headers: Mapping[str, str], scope: str, cursor: str = "0"
) -> dict[str, Any]:
    asked = {"scope": scope, "cursor": cursor}
    answer = await client.get("/api/sync/changes", params=asked, headers=dict(headers))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def rows(path: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as copy:
        return copy.execute(query).fetchall()


@pytest.mark.parametrize(
    ("mode", "own"),
    [("door", {EVENT}), ("desk", {DESK}), ("welcome", {DESK}), ("display", {EVENT, DESK})],
)
async def test_a_device_copies_only_scopes_of_its_mode(
    lobby: Lobby, app: FastAPI, client: AsyncClient, mode: str, own: set[str]
) -> None:
    """Even where an older server gave it others."""
    await make_world(app, "org-1")
    for scope, org in ((EVENT, "org-1"), (DESK, lobby.org)):
        place = World(app.state.database, app.state.access, org)
        headers = await place.device(f"{mode}-{org}", mode, EVENT, DESK)
        for verb in ("snapshot", "changes") if scope in own else ("snapshot", "changes", "stream"):
            asked = {"scope": scope, "cursor": "0"}
            answer = await client.get(f"/api/sync/{verb}", params=asked, headers=headers)
            if scope in own:
                assert answer.status_code == 200, (scope, verb)
            else:
                assert problem(answer) == (404, "not_found"), (scope, verb)


@pytest.mark.parametrize("scope", ["contacts", "calendar", "contacts:1", "event", "room:1", ""])
async def test_a_scope_that_this_server_keeps_no_copies_of_is_not_there(
    world: World, client: AsyncClient, scope: str
) -> None:
    kiosk = await world.device("door-1", "door", "contacts", "calendar", EVENT)
    for headers in (kiosk, world.staff("admin")):
        for verb in ("snapshot", "changes", "stream"):
            asked = {"scope": scope, "cursor": "0"}
            answer = await client.get(f"/api/sync/{verb}", params=asked, headers=headers)
            assert problem(answer) == (404, "not_found"), verb


@pytest.mark.parametrize(("permission", "own"), [("door", EVENT), ("desk", DESK)])
async def test_staff_copy_what_their_permission_covers(
    world: World, client: AsyncClient, permission: str, own: str
) -> None:
    for scope in (EVENT, DESK):
        asked = {"scope": scope, "cursor": "0"}
        answer = await client.get("/api/sync/changes", params=asked, headers=world.staff(permission))
        # There is no service point in this organisation.
        expected = {EVENT: 200, DESK: 404}[scope] if scope == own else 403
        assert answer.status_code == expected, scope


async def test_a_desk_knows_who_waits_and_a_public_screen_only_names_that_are_to_be_called(
    lobby: Lobby, client: AsyncClient, tmp_path: Path
) -> None:
    display = await lobby.device("show", "display", DESK)
    await lobby.visit(**SAID)
    await lobby.visit(name="Zoe", callByName=True)
    await lobby.do("counter", "desk", counter="two", state="open", staff="Grace Hopper")
    at_desk = await copied(client, lobby.desk, DESK, tmp_path / "desk.db")
    named = "SELECT number, name, note FROM queue_entry ORDER BY number"
    assert rows(at_desk, named) == [("A001", "Ada Lovelace", "her knee hurts"), ("A002", "Zoe", "")]
    assert rows(at_desk, "SELECT staff FROM counter WHERE id = 'two'") == [("Grace Hopper",)]
    for mode, headers in (("display", display), ("welcome", lobby.welcome)):
        public = await copied(client, headers, DESK, tmp_path / f"{mode}.db")
        assert rows(public, named) == [("A001", "", ""), ("A002", "Zoe", "")]
        assert not [word for word in PRIVATE if word.encode() in public.read_bytes()]


async def test_no_way_of_following_a_line_tells_a_display_who_waits(
    lobby: Lobby, app: FastAPI, client: AsyncClient
) -> None:
    display = await lobby.device("show", "display", DESK)
    async with (
        served(app) as port,
        listening(port, f"/api/sync/stream?scope={DESK}", display) as shown,
        listening(port, f"/api/sync/stream?scope={DESK}", lobby.desk) as worked,
    ):
        await lobby.visit(**SAID)
        seen, full = await shown.event(), await worked.event()
    lines = await client.get(
        "/api/sync/snapshot",
        params={"scope": DESK},
        headers={**display, "Accept": "application/x-ndjson"},
    )
    texts = [str(seen.data), str(await changes(client, display, DESK)), lines.text]
    assert all("A001" in text for text in texts)
    assert not [word for word in PRIVATE for text in texts if word in text]
    assert full.data["row"]["name"] == "Ada Lovelace"


async def test_a_display_of_an_event_has_no_tickets_no_scans_and_no_secret(
    world: World, client: AsyncClient, tmp_path: Path
) -> None:
    door, display = await world.device(), await world.device("show", "display")
    code = await world.ticket(name="Ada Lovelace", email="ada@example.org")
    start = (await changes(client, display, EVENT))["nextCursor"]
    await Door(client, door, world.now).scan(code)
    public = await copied(client, display, EVENT, tmp_path / "public.db")
    assert {name for (name,) in rows(public, "SELECT name FROM sqlite_master WHERE type = 'table'")} == {
        "event", "ticket_type", "check_in_list", "ticket_key", "replica_meta"
    }  # fmt: skip
    assert rows(public, "SELECT id, rotating_secret FROM event") == [("evt-1", None)]
    assert not [word for word in PRIVATE if word.encode() in public.read_bytes()]
    since = await changes(client, display, EVENT, start)
    assert since["changes"] == []
    assert since["nextCursor"] == (await changes(client, door, EVENT, start))["nextCursor"] != start


@pytest.mark.parametrize("mode", ["door", "welcome", "display"])
async def test_only_a_desk_reads_the_working_list(lobby: Lobby, client: AsyncClient, mode: str) -> None:
    device = await lobby.device("other", mode, DESK)
    assert problem(await client.get(f"{QUEUE}/list/desk", headers=device)) == (403, "forbidden")
