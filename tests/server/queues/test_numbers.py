"""Numbers: once a day, from the local midnight on, whatever clocks do; and leased by the block."""

import asyncio
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy import update

from domain.clock import DAY, HOUR, MINUTE, SECOND, Instant, parse
from server.db.database import Database
from server.queues.tables import queue_numbers
from tests.server.queues.lobby import POINT, Lobby, problem


async def test_each_category_counts_by_itself_under_its_letter(empty: Lobby) -> None:
    await empty.point(categories=[{"id": "a", "letter": "A"}, {"id": "b", "letter": "B"}])
    numbers = [(await empty.join(category=category))["number"] for category in "abab"]
    assert numbers == ["A001", "B001", "A002", "B002"]
    unknown = await empty.client.post(
        "/api/crm/reservations/queue/join",
        json={"servicePoint": "desk", "category": "c"},
        headers=empty.desk,
    )
    assert problem(unknown) == (422, "category_unknown")


async def test_after_999_comes_1000(lobby: Lobby, database: Database) -> None:
    await lobby.join()
    await database.write(lambda t: t.connection.execute(update(queue_numbers).values(last=998)) and None)
    assert [(await lobby.join())["number"] for _ in range(2)] == ["A999", "A1000"]


async def test_a_number_that_was_left_voided_or_transferred_is_not_given_again(lobby: Lobby) -> None:
    await lobby.point("help")
    left, away = await lobby.join(), await lobby.join()
    await lobby.client.delete(f"/api/crm/reservations/queue/entry/{left['id']}")
    await lobby.do("transfer", away, servicePoint="help")
    assert (await lobby.join())["number"] == "A003"


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Europe/Berlin", "2026-05-10T21:59:59Z", "2026-05-10T22:00:00Z"),
        ("Asia/Kathmandu", "2026-05-10T18:14:59Z", "2026-05-10T18:15:00Z"),
        ("Pacific/Kiritimati", "2026-05-10T09:59:59Z", "2026-05-10T10:00:00Z"),
        # The clocks go forward at midnight: the day begins at one o'clock.
        ("Africa/Cairo", "2026-04-23T21:59:59Z", "2026-04-23T22:00:00Z"),
        # The clocks go back at midnight, to eleven of the evening before.
        ("Africa/Cairo", "2026-10-29T21:59:59Z", "2026-10-29T22:00:00Z"),
        # The clocks go back later that day, which has 25 hours.
        ("Europe/Berlin", "2026-10-25T22:59:59Z", "2026-10-25T23:00:00Z"),
    ],
)
async def test_numbers_begin_anew_at_the_local_midnight(
    empty: Lobby, zone: str, before: str, after: str
) -> None:
    empty.clock.at = parse(before)
    await empty.point(zone=zone)
    assert [(await empty.join())["number"] for _ in range(2)] == ["A001", "A002"]
    empty.clock.at = parse(after)
    assert (await empty.join())["number"] == "A001"


async def test_the_repeated_hour_of_a_clock_change_repeats_no_number(empty: Lobby) -> None:
    await empty.point(zone="Europe/Berlin")
    empty.clock.at = parse("2026-10-25T00:30:00Z")
    numbers = [(await empty.join())["number"]]
    empty.clock.forward(HOUR)
    numbers.append((await empty.join())["number"])
    assert numbers == ["A001", "A002"]


async def test_a_clock_that_steps_back_repeats_no_number_and_changes_no_order(lobby: Lobby) -> None:
    entries = [await lobby.join()]
    lobby.clock.forward(-2 * HOUR)
    entries.append(await lobby.join())
    lobby.clock.forward(-DAY)
    entries.append(await lobby.join())
    assert [entry["number"] for entry in entries] == ["A001", "A002", "A003"]
    assert [entry["position"] for entry in entries] == [1, 2, 3]
    assert [(await lobby.next())["id"] for _ in entries] == [entry["id"] for entry in entries]


async def test_a_clock_that_steps_back_makes_no_wait_negative(lobby: Lobby) -> None:
    await lobby.join()
    lobby.clock.forward(-HOUR)
    entry = await lobby.do("start", await lobby.next())
    lobby.clock.forward(-HOUR)
    await lobby.do("complete", entry)
    today = await lobby.today()
    assert (today["meanWait"], today["meanService"]) == (0, 0)


async def test_a_lease_is_a_block_that_nobody_else_gets(lobby: Lobby) -> None:
    await lobby.join()
    lease = await lobby.lease(5)
    assert (lease["letter"], lease["first"], lease["last"]) == ("A", 501, 505)
    assert (await lobby.join())["number"] == "A002"
    blocks = await asyncio.gather(*(lobby.lease(3) for _ in range(10)))
    numbers = [n for block in blocks for n in range(block["first"], block["last"] + 1)]
    assert sorted(numbers) == list(range(506, 536))


async def test_a_long_line_counts_past_the_blocks_and_blocks_past_the_line(
    lobby: Lobby, database: Database
) -> None:
    await lobby.join()
    await lobby.lease(5)
    await database.write(lambda t: t.connection.execute(update(queue_numbers).values(last=499)) and None)
    assert [(await lobby.join())["number"] for _ in range(3)] == ["A500", "A506", "A507"]
    assert (await lobby.lease(5))["first"] == 508
    assert (await lobby.join())["number"] == "A513"


async def test_numbers_blocks_and_numbers_out_of_blocks_that_come_at_once_never_meet(
    lobby: Lobby, database: Database
) -> None:
    await lobby.join()
    await database.write(lambda t: t.connection.execute(update(queue_numbers).values(last=470)) and None)
    blocks = [await lobby.lease(10) for _ in range(4)]

    def alone(block: dict[str, Any], number: int) -> dict[str, Any]:
        return lobby.did(
            "join", entryId=f"kiosk-{number}", servicePoint="desk", category="general",
            number=f"A{number}", lease=block["leaseId"],
        )  # fmt: skip

    uploads = [
        lobby.sync(*(alone(block, number) for number in range(block["first"], block["last"] + 1)))
        for block in blocks
    ]
    joined, more, answers = await asyncio.gather(
        asyncio.gather(*(lobby.join() for _ in range(60))),
        asyncio.gather(*(lobby.lease(7) for _ in range(8))),
        asyncio.gather(*uploads),
    )
    assert {answer["status"] for upload in answers for answer in upload} == {"applied"}
    given = [int(entry["number"].removeprefix("A")) for entry in joined]
    leased = [n for block in (*blocks, *more) for n in range(block["first"], block["last"] + 1)]
    assert sorted(given)[:30] == list(range(471, 501))
    assert len({*given, *leased}) == 60 + 4 * 10 + 8 * 7
    listed = await lobby.list(limit=500)
    assert len({entry["number"] for entry in listed["items"]}) == 1 + 60 + 40


async def test_a_lease_is_for_today_or_tomorrow_there(lobby: Lobby) -> None:
    lobby.clock.at = parse("2026-05-10T22:30:00Z")
    assert (await lobby.lease(day="2026-05-11"))["first"] == 501
    assert (await lobby.lease(day="2026-05-12"))["first"] == 501
    for day in ("2026-05-10", "2026-05-13", "2026-13-45"):
        body = {"servicePoint": "desk", "category": "general", "day": day, "size": 5}
        refused = await lobby.client.post("/api/sync/leases", json=body, headers=lobby.desk)
        assert problem(refused) == (422, "day_out_of_range")


async def test_only_a_kiosk_that_covers_the_service_point_leases(lobby: Lobby, client: AsyncClient) -> None:
    elsewhere = await lobby.device("far", "welcome", "servicePoint:other")
    display = await lobby.device("show", "display", "servicePoint:desk")
    body = {"servicePoint": "desk", "category": "general", "day": "2026-05-10", "size": 5}
    for headers, wanted in ((elsewhere, 404), (display, 403), (lobby.clerk, 403), ({}, 401)):
        assert (await client.post("/api/sync/leases", json=body, headers=headers)).status_code == wanted


async def test_at_midnight_everybody_is_sent_home_and_the_records_stay(lobby: Lobby) -> None:
    for _ in range(4):
        await lobby.join()
    served = await lobby.do("start", await lobby.next())
    called = await lobby.next("two")
    lobby.clock.at = Instant(parse("2026-05-10T22:00:00Z") - SECOND)
    await lobby.app.state.sweeper.sweep()
    assert len((await lobby.list())["items"]) == 4
    lobby.clock.forward(SECOND)
    await lobby.app.state.sweeper.sweep()
    assert (await lobby.list())["items"] == []
    for id_ in (served["id"], called["id"]):
        entry = await lobby.entry(id_, day="2026-05-10")
        assert (entry["state"], entry["changed"]) == ("expired", "2026-05-10T22:00:00.000Z")
    status = await lobby.status()
    assert (status["nowServing"], status["lastCalled"], status["waiting"]) == ([], [], [])
    assert (await lobby.today())["expired"] == 0
    assert (await lobby.join())["number"] == "A001"


async def test_where_it_is_open_over_midnight_the_day_ends_when_it_closes(empty: Lobby) -> None:
    empty.clock.at = parse("2026-05-10T20:00:00Z")
    await empty.point(openingHours={"sun": [{"opens": "20:00", "closes": "02:00"}]})
    await empty.join()
    empty.clock.at = parse("2026-05-10T23:59:59Z")
    await empty.app.state.sweeper.sweep()
    assert len((await empty.list())["items"]) == 1
    empty.clock.forward(SECOND)
    await empty.app.state.sweeper.sweep()
    assert (await empty.list())["items"] == []


async def test_letters_that_change_hands_during_the_day_repeat_no_number(empty: Lobby) -> None:
    await empty.point(categories=[{"id": "a", "letter": "A"}, {"id": "b", "letter": "B"}])
    await empty.join(category="a")
    swapped = [{"id": "a", "letter": "B"}, {"id": "b", "letter": "A"}]
    await empty.ok("PUT", f"{POINT}/update", {"id": "desk", "categories": swapped}, empty.clerk)
    assert (await empty.join(category="b"))["number"] == "A002"
    empty.clock.forward(MINUTE)
    assert (await empty.join(category="a"))["number"] == "B001"
