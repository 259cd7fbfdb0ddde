"""First copies, changes and operations, through HTTP, on both databases."""

import asyncio
import base64
import hashlib
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
import zstandard
from fastapi import FastAPI
from httpx import AsyncClient, Response

from domain import replica
from domain.clock import DAY, MINUTE, Instant, rfc3339
from server.db.database import Transaction
from server.sync import feed, snapshot
from tests.builders import ManualClock
from tests.server.world import Door, World, make_world

SCOPE = {"scope": "event:evt-1"}


@pytest.fixture
async def world(app: FastAPI, client: AsyncClient) -> World:
    return await make_world(app)


@pytest.fixture
async def kiosk(world: World) -> dict[str, str]:
    return await world.device()


def operation(op: str, at: Instant, **payload: object) -> dict[str, object]:
    body = {"lists": ["main"], "list": "main", "verdict": "admitted", **payload}
    return {"opId": op, "kind": "check_in", "at": rfc3339(at), "deviceSeq": 1, "payload": body}


async def send(
    client: AsyncClient, headers: Mapping[str, str], now: Instant, *operations: dict[str, object]
) -> list[dict[str, object]]:
    response = await client.post(
        "/api/sync/ops", json={"sentAt": rfc3339(now), "operations": operations}, headers=dict(headers)
    )
    assert response.status_code == 200, response.text
    return list(response.json()["answers"])


async def changes(client: AsyncClient, headers: Mapping[str, str], cursor: str) -> Response:
    return await client.get("/api/sync/changes", params={**SCOPE, "cursor": cursor}, headers=dict(headers))


async def first_copy(client: AsyncClient, headers: Mapping[str, str], path: Path) -> str:
    """Downloads and opens a first copy; its cursor."""
    response = await client.get("/api/sync/snapshot", params=SCOPE, headers=dict(headers))
    assert response.status_code == 200, response.text
    digest = base64.b64encode(hashlib.sha256(response.content).digest()).decode()
    assert response.headers["repr-digest"] == f"sha-256=:{digest}:"
    plain = zstandard.ZstdDecompressor().decompressobj().decompress(response.content)
    await asyncio.to_thread(path.write_bytes, plain)
    return str(response.headers["x-usher-cursor"])


async def test_a_first_copy_is_a_ready_file_with_search_and_cursor(
    world: World, client: AsyncClient, kiosk: dict[str, str], tmp_path: Path
) -> None:
    for number in range(20):
        await world.ticket(name=f"Zoë Number{number}")
    cursor = await first_copy(client, kiosk, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT count(*) FROM ticket").fetchone() == (20,)
        assert copy.execute("SELECT scope, cursor, schema FROM replica_meta").fetchall() == [
            ("event:evt-1", int(cursor), replica.SCHEMA_VERSION)
        ]
        found = copy.execute("SELECT count(*) FROM ticket_search WHERE ticket_search MATCH '\"zoe\"*'")
        assert found.fetchone() == (20,)
        for table in replica.EVENT_TABLES:
            assert [row[1] for row in copy.execute(f"PRAGMA table_info({table.name})")] == list(table.names)


async def test_a_broken_download_goes_on_where_it_stopped(
    world: World, client: AsyncClient, kiosk: dict[str, str]
) -> None:
    await world.ticket()
    whole = await client.get("/api/sync/snapshot", params=SCOPE, headers=kiosk)
    rest = await client.get(
        "/api/sync/snapshot",
        params=SCOPE,
        headers={**kiosk, "Range": "bytes=100-", "If-Range": whole.headers["etag"]},
    )
    assert rest.status_code == 206
    assert whole.content[:100] + rest.content == whole.content


async def test_a_download_of_a_copy_that_was_replaced_meanwhile_begins_anew(
    world: World, client: AsyncClient, kiosk: dict[str, str]
) -> None:
    await world.ticket()
    other = await client.get(
        "/api/sync/snapshot",
        params=SCOPE,
        headers={**kiosk, "Range": "bytes=100-", "If-Range": '"of another copy"'},
    )
    assert other.status_code == 200
    assert zstandard.ZstdDecompressor().decompressobj().decompress(other.content).startswith(b"SQLite")


async def test_one_copy_is_made_for_all_who_ask_until_too_much_has_changed(
    world: World, client: AsyncClient, kiosk: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "_FRESH", 1)
    door, codes = Door(client, kiosk, world.now), [await world.ticket() for _ in range(2)]
    answers = await asyncio.gather(
        *(client.get("/api/sync/snapshot", params=SCOPE, headers=kiosk) for _ in range(4))
    )
    cursors = [answer.headers["x-usher-cursor"] for answer in answers]
    for code in codes:
        await door.scan(code)
        answer = await client.get("/api/sync/snapshot", params=SCOPE, headers=kiosk)
        cursors.append(answer.headers["x-usher-cursor"])
    assert cursors[:5] == 5 * [cursors[0]]
    assert int(cursors[5]) > int(cursors[0])


async def test_changes_after_the_copy_bring_what_happened_since(
    world: World, client: AsyncClient, kiosk: dict[str, str], tmp_path: Path
) -> None:
    code = await world.ticket()
    cursor = await first_copy(client, kiosk, tmp_path / "copy.db")
    await Door(client, kiosk, world.now).scan(code, opId="scan-1")
    pulled = (await changes(client, kiosk, cursor)).json()
    assert [(c["table"], c["key"], c["row"]["granted"]) for c in pulled["changes"]] == [("scan", "scan-1", 1)]
    again = (await changes(client, kiosk, pulled["nextCursor"])).json()
    assert (again["changes"], again["more"]) == ([], False)


async def test_changes_come_page_by_page_in_order_and_of_each_row_as_it_is_now(
    world: World, client: AsyncClient, kiosk: dict[str, str]
) -> None:
    door, ops = Door(client, kiosk, world.now), ["a", "b", "c", "d", "e"]
    start = (await changes(client, kiosk, "0")).json()["nextCursor"]
    for op in ops:
        await door.scan(await world.ticket(), opId=op)
    pages, cursor, more = [], start, True
    while more:
        asked = {**SCOPE, "cursor": cursor, "limit": "2"}
        page = (await client.get("/api/sync/changes", params=asked, headers=kiosk)).json()
        pages.append([change["key"] for change in page["changes"]])
        cursor, more = page["nextCursor"], page["more"]
    assert pages == [["a", "b"], ["c", "d"], ["e"]]
    address, staff = f"/api/organizations/{world.org}/events/evt-1", world.staff("events")
    for name in ("Once", "Twice"):
        changed = await client.patch(address, json={"name": {"en": name}}, headers=staff)
        assert changed.status_code == 200, changed.text
    [change] = (await changes(client, kiosk, cursor)).json()["changes"]
    assert (change["table"], json.loads(change["row"]["name"])) == ("event", {"en": "Twice"})


@pytest.mark.parametrize("cursor", ["999999", "-1", "x", "1e3", "٣", "9" * 30])
async def test_a_cursor_from_nowhere_is_told_so(
    world: World, client: AsyncClient, kiosk: dict[str, str], cursor: str
) -> None:
    response = await changes(client, kiosk, cursor)
    assert (response.status_code, response.json()["code"]) == (422, "cursor_unknown")


async def test_a_cursor_from_before_the_log_gets_410_and_a_new_copy_works(
    world: World, client: AsyncClient, kiosk: dict[str, str], clock: ManualClock, tmp_path: Path
) -> None:
    code = await world.ticket()
    await Door(client, kiosk, world.now).scan(code)
    clock.forward(20 * DAY)
    await world.database.write(lambda t: feed.compact(t, days=14))
    response = await changes(client, kiosk, "0")
    assert (response.status_code, response.json()["code"]) == (410, "cursor_gone")
    cursor = await first_copy(client, kiosk, tmp_path / "copy.db")
    assert (await changes(client, kiosk, cursor)).json()["changes"] == []


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_a_copy_of_a_database_that_was_set_back_goes_on_from_where_it_was_taken(
    world: World, client: AsyncClient, kiosk: dict[str, str], tmp_path: Path
) -> None:
    def set_back(transaction: Transaction) -> None:
        feed.begin_anew(transaction.connection)

    door = Door(client, kiosk, world.now)
    await door.scan(await world.ticket())
    await world.database.write(set_back)
    assert (await changes(client, kiosk, "0")).json()["code"] == "cursor_gone"
    cursor = await first_copy(client, kiosk, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT cursor FROM replica_meta").fetchone() == (int(cursor),)
    assert (await changes(client, kiosk, cursor)).json()["changes"] == []
    scan = await door.scan(await world.ticket())
    heard = (await changes(client, kiosk, cursor)).json()["changes"]
    assert [change["key"] for change in heard if change["table"] == "scan"] == [scan["opId"]]
    # The first copy is given to others too: nothing says that it is too old.
    assert await first_copy(client, kiosk, tmp_path / "again.db") == cursor


async def test_a_kiosk_that_knows_all_hears_what_happens_after_a_long_quiet_time(
    world: World, client: AsyncClient, kiosk: dict[str, str], clock: ManualClock
) -> None:
    door = Door(client, kiosk, world.now)
    await door.scan(await world.ticket())
    cursor = (await changes(client, kiosk, "0")).json()["nextCursor"]
    clock.forward(20 * DAY)
    await world.database.write(lambda t: feed.compact(t, days=14))
    scan = await door.scan(await world.ticket())
    heard = (await changes(client, kiosk, cursor)).json()["changes"]
    assert [change["key"] for change in heard if change["table"] == "scan"] == [scan["opId"]]


async def test_an_admission_made_alone_is_kept_and_answered_once(
    world: World, client: AsyncClient, kiosk: dict[str, str], clock: ManualClock
) -> None:
    code = await world.ticket()
    made = operation("alone-1", clock.at, code=code)
    [first] = await send(client, kiosk, clock.at, made)
    [again] = await send(client, kiosk, clock.at, made)
    assert (first["status"], again["status"]) == ("applied", "duplicate")
    assert first["detail"] == again["detail"]
    assert (await Door(client, kiosk, world.now).scan(code))["reason"] == "already_in"


async def test_a_batch_that_is_sent_several_times_at_once_is_applied_once(
    world: World, client: AsyncClient, kiosk: dict[str, str], clock: ManualClock
) -> None:
    batch = [operation(f"alone-{n}", clock.at, code=await world.ticket()) for n in range(20)]
    answers = await asyncio.gather(*(send(client, kiosk, clock.at, *batch) for _ in range(4)))
    for of_one in zip(*answers, strict=True):
        assert sorted(str(answer["status"]) for answer in of_one) == ["applied"] + 3 * ["duplicate"]
        assert [answer["detail"] for answer in of_one[1:]] == 3 * [of_one[0]["detail"]]
    figures = (await client.get("/api/events/evt-1/check-in/stats", headers=kiosk)).json()
    assert (figures["inside"], figures["doubleAdmissions"]) == (20, 0)


async def test_a_scan_that_is_asked_and_uploaded_at_once_is_one_scan(
    world: World, client: AsyncClient, kiosk: dict[str, str], clock: ManualClock
) -> None:
    door = Door(client, kiosk, world.now)
    for n in range(20):
        code, op = await world.ticket(), f"both-{n}"
        verdict, [answer] = await asyncio.gather(
            door.scan(code, opId=op), send(client, kiosk, clock.at, operation(op, clock.at, code=code))
        )
        assert verdict["verdict"] == "admitted"
        assert answer["status"] in ("applied", "duplicate")
    history = await client.get("/api/events/evt-1/check-in/history", headers=world.staff("door"))
    assert len(history.json()["items"]) == 20


async def test_two_doors_that_admitted_one_ticket_both_learn_of_it(
    world: World, client: AsyncClient, clock: ManualClock
) -> None:
    north, south = await world.device("north"), await world.device("south")
    code = await world.ticket()
    start = clock.at
    clock.forward(30 * MINUTE)
    later, earlier = Instant(start + 10 * MINUTE), Instant(start + 5 * MINUTE)
    [first] = await send(client, south, clock.at, operation("south-1", later, code=code))
    [second] = await send(client, north, clock.at, operation("north-1", earlier, code=code))
    assert first["status"] == "applied"
    pulled = (await changes(client, north, "0")).json()["changes"]
    marks = {c["key"]: c["row"]["mark"] for c in pulled if c["table"] == "scan"}
    assert marks == {"north-1": "double", "south-1": "double"}
    figures = (await client.get("/api/events/evt-1/check-in/stats", headers=north)).json()
    assert figures["doubleAdmissions"] == 1
    refused = await Door(client, north, world.now).scan(code)
    assert refused["first"]["at"] == rfc3339(earlier)  # type: ignore[index]
    assert second["status"] == "conflict"
    assert second["detail"]["first"]["opId"] == "north-1"  # type: ignore[index]


async def test_what_the_server_cannot_take_is_rejected_and_the_rest_goes_on(
    world: World, client: AsyncClient, kiosk: dict[str, str], clock: ManualClock
) -> None:
    code = await world.ticket()
    unknown = {"opId": "x-1", "kind": "teleport", "at": rfc3339(clock.at), "deviceSeq": 1, "payload": {}}
    broken = operation("x-2", clock.at, code=code, verdict="perhaps")
    good = operation("x-3", clock.at, code=code)
    answers = await send(client, kiosk, clock.at, unknown, broken, good)
    assert [(a["opId"], a["status"]) for a in answers] == [
        ("x-1", "rejected"), ("x-2", "rejected"), ("x-3", "applied"),
    ]  # fmt: skip
    assert answers[0]["detail"]["code"] == "kind_unknown"  # type: ignore[index]


@pytest.mark.parametrize("off", [-120 * MINUTE, 120 * MINUTE])
async def test_a_clock_two_hours_off_is_corrected(
    world: World, client: AsyncClient, kiosk: dict[str, str], clock: ManualClock, off: int
) -> None:
    code = await world.ticket()
    wrong = Instant(clock.at + off)
    await send(client, kiosk, wrong, operation("off-1", Instant(wrong - MINUTE), code=code))
    history = await client.get("/api/events/evt-1/check-in/history", headers=world.staff("door"))
    assert [item["at"] for item in history.json()["items"]] == [rfc3339(Instant(clock.at - MINUTE))]


async def test_of_two_doors_the_one_whose_clock_is_off_keeps_its_turn(
    world: World, client: AsyncClient, clock: ManualClock
) -> None:
    right, wrong = await world.device("right"), await world.device("wrong")
    code, off = await world.ticket(), 120 * MINUTE
    start = clock.at
    clock.forward(10 * MINUTE)
    second = operation("second", Instant(start + 2 * MINUTE), code=code)
    first = operation("first", Instant(start + MINUTE + off), code=code)
    await send(client, right, clock.at, second)
    [answer] = await send(client, wrong, Instant(clock.at + off), first)
    assert answer["detail"]["first"]["opId"] == "first"  # type: ignore[index]
    assert answer["detail"]["first"]["at"] == rfc3339(Instant(start + MINUTE))  # type: ignore[index]


async def test_an_act_of_the_future_happened_now_at_the_latest(
    world: World, client: AsyncClient, kiosk: dict[str, str], clock: ManualClock
) -> None:
    code = await world.ticket()
    await send(client, kiosk, clock.at, operation("later", Instant(clock.at + 120 * MINUTE), code=code))
    history = await client.get("/api/events/evt-1/check-in/history", headers=world.staff("door"))
    assert [item["at"] for item in history.json()["items"]] == [rfc3339(clock.at)]


async def test_a_late_answer_that_the_kiosk_did_not_wait_for_leaves_what_the_kiosk_showed(
    world: World, client: AsyncClient, kiosk: dict[str, str], clock: ManualClock
) -> None:
    code = await world.ticket()
    door = Door(client, kiosk, world.now)
    await door.scan(code, opId="slow-1")
    [withdrawn] = await send(
        client, kiosk, clock.at, operation("slow-1", clock.at, code=code, verdict="refused", reason="unknown")
    )
    assert withdrawn["status"] == "conflict"
    assert (await door.scan(code))["verdict"] == "admitted"


async def test_an_admission_that_the_server_had_refused_too_late_can_be_taken_back(
    world: World, client: AsyncClient, clock: ManualClock
) -> None:
    north, south = await world.device("north"), await world.device("south")
    code = await world.ticket()
    await Door(client, south, world.now).scan(code, opId="south-1")
    late = await Door(client, north, world.now).scan(code, opId="north-1")
    assert late["reason"] == "already_in"
    undo = {"opId": "north-2", "kind": "undo_check_in", "at": rfc3339(clock.at), "deviceSeq": 2,
            "payload": {"undoes": "north-1", "reason": "let in twice"}}  # fmt: skip
    kept, undone = await send(client, north, clock.at, operation("north-1", clock.at, code=code), undo)
    assert (kept["status"], undone["status"]) == ("conflict", "applied")
    figures = (await client.get("/api/events/evt-1/check-in/stats", headers=north)).json()
    assert (figures["inside"], figures["doubleAdmissions"]) == (1, 0)


async def test_another_organisation_and_another_scope_are_not_there(
    world: World, app: FastAPI, client: AsyncClient, kiosk: dict[str, str]
) -> None:
    stranger = await make_world(app, "org-2", key_number=8, event="evt-2")
    theirs = await stranger.device("their-door")
    for headers, scope in (
        (kiosk, "event:evt-2"),
        (theirs, "event:evt-1"),
        (kiosk, "nonsense"),
        (kiosk, "contacts"),
    ):
        for route in ("snapshot", "changes"):
            response = await client.get(
                f"/api/sync/{route}", params={"scope": scope, "cursor": "0"}, headers=headers
            )
            assert response.status_code == 404, (route, scope)


async def test_ndjson_gives_the_same_rows_as_the_file(
    world: World, client: AsyncClient, kiosk: dict[str, str], tmp_path: Path
) -> None:
    codes = [await world.ticket() for _ in range(3)]
    await Door(client, kiosk, world.now).scan(codes[0])
    cursor = await first_copy(client, kiosk, tmp_path / "copy.db")
    response = await client.get(
        "/api/sync/snapshot", params=SCOPE, headers={**kiosk, "Accept": "application/x-ndjson"}
    )
    first, *lines = map(json.loads, response.text.splitlines())
    assert first == {"scope": "event:evt-1", "cursor": cursor}
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        copy.row_factory = sqlite3.Row
        rows = {
            table.name: list(copy.execute(f"SELECT * FROM {table.name}")) for table in replica.EVENT_TABLES
        }
    held = [
        {"table": table, "row": {name: as_json(row[name]) for name in row.keys()}}  # noqa: SIM118
        for table, found in rows.items()
        for row in found
    ]
    assert sorted(lines, key=str) == sorted(held, key=str)
    assert {line["table"] for line in lines} >= {"event", "ticket", "ticket_key", "scan"}


def as_json(value: object) -> object:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
