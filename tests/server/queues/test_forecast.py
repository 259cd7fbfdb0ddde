"""Waits are foretold from what the line has taught: who learns, who is told, what closes."""

import asyncio

from domain.clock import HOUR, MINUTE, SECOND
from domain.waits import foreseen
from tests.server.queues.lobby import POINT, QUEUE, Lobby, problem

DAY = {"opens": "09:00", "closes": "17:00"}


async def taught(lobby: Lobby, people: int = 8, minutes: int = 4) -> None:
    """People who were served for so long, one after the other at one counter."""
    for _ in range(people):
        await lobby.join()
    for _ in range(people):
        await lobby.serve("one", 10 * SECOND, minutes * MINUTE)
    await lobby.app.state.learner.learn(lobby.org, "desk")


async def quality(lobby: Lobby) -> dict[str, object]:
    return await lobby.ok("GET", f"{QUEUE}/forecast-quality/desk", None, lobby.desk)


async def test_services_that_ended_change_what_is_foretold_and_it_says_so(lobby: Lobby) -> None:
    await taught(lobby)
    await lobby.next() if (await lobby.join()) else None
    for _ in range(4):
        last = await lobby.join()
    assert last["forecast"]["basis"] == "mixed"
    assert 10 * 60 < last["forecast"]["p50"] < 30 * 60
    assert last["forecast"]["p50"] < last["forecast"]["p80"] < last["forecast"]["p90"]
    assert ((await quality(lobby))["basis"], (await quality(lobby))["services"]) == ("mixed", 8)


async def test_everybody_is_told_the_same_at_the_same_time(lobby: Lobby) -> None:
    await taught(lobby)
    entries = [await lobby.join() for _ in range(5)]
    listed = await lobby.list()
    told = {item["id"]: item["forecast"] for item in listed["items"]}
    for entry in entries:
        assert (await lobby.look(entry["id"]))["forecast"] == told[entry["id"]]
    assert entries[-1]["forecast"] == told[entries[-1]["id"]]
    assert (await lobby.status())["forecast"] == listed["forecast"]
    assert [one["p50"] for one in told.values()] == sorted(one["p50"] for one in told.values())


async def test_walk_outs_no_shows_and_forgotten_services_teach_no_duration(lobby: Lobby) -> None:
    for _ in range(4):
        await lobby.join()
    for _ in range(3):
        await lobby.do("no-show", await lobby.next(), force=True)
    # Before midnight, when whoever still waits is sent home.
    await lobby.serve(service=5 * HOUR // 3 * 2 + 2 * HOUR)
    await lobby.ok("DELETE", f"{QUEUE}/entry/{(await lobby.join())['id']}")
    await lobby.app.state.learner.learn(lobby.org, "desk")
    assert (await quality(lobby))["services"] == 0


async def test_a_service_that_was_undone_is_unlearned(lobby: Lobby) -> None:
    await lobby.join()
    served = await lobby.serve(service=5 * MINUTE)
    await lobby.app.state.learner.learn(lobby.org, "desk")
    assert (await quality(lobby))["services"] == 1
    await lobby.do("undo", served)
    await lobby.join()
    await lobby.do("no-show", await lobby.next("two"), force=True)
    await lobby.app.state.learner.learn(lobby.org, "desk")
    assert (await quality(lobby))["services"] == 0


async def test_it_is_worked_out_once_for_each_change_however_many_look(lobby: Lobby) -> None:
    await taught(lobby, 5)
    for _ in range(3):
        entry = await lobby.join()
    before = foreseen.cache_info().misses
    for _ in range(20):
        await lobby.status()
        await lobby.look(entry["id"])
    assert foreseen.cache_info().misses == before
    await lobby.join()
    await lobby.status()
    assert foreseen.cache_info().misses <= before + 2


async def test_what_was_foretold_from_history_is_compared_with_what_came(lobby: Lobby) -> None:
    await taught(lobby, 6)
    await lobby.join()
    await lobby.do("start", await lobby.next())
    await lobby.join()
    lobby.clock.forward(30 * MINUTE)
    await lobby.do("no-show", await lobby.next("two"), force=True)
    await lobby.app.state.learner.learn(lobby.org, "desk")
    told = await quality(lobby)
    assert (told["forecasts"], told["outcomes"]) == (8, 1)
    assert told["correction"]["p90"] > 1  # type: ignore[index]


async def test_a_planned_break_is_foretold(lobby: Lobby) -> None:
    await taught(lobby, 6)
    planned = {"sun": [{"opens": "09:00", "closes": "14:30"}, {"opens": "16:00", "closes": "18:00"}]}
    for _ in range(4):
        await lobby.join()
    await lobby.do("start", await lobby.next())
    plain = (await lobby.status())["forecast"]["p50"]
    await lobby.ok("PUT", f"{POINT}/update", {"id": "desk", "roster": {"one": planned}}, lobby.clerk)
    assert (await lobby.status())["forecast"]["p50"] > max(HOUR // SECOND, 3 * plain)
    await lobby.do("counter", "desk", counter="two", state="open")
    assert (await lobby.status())["forecast"]["p50"] < HOUR // SECOND


async def test_a_plan_that_cannot_be_is_refused(lobby: Lobby) -> None:
    overlapping = {"mon": [DAY, DAY]}
    wrong: list[object] = [{"one": {}}, {"one": overlapping}, {"one": {"mon": [{"opens": "9"}]}}, {"one": 7}]
    for roster in wrong:
        body = {"id": "desk", "roster": roster}
        answer = await lobby.client.put(f"{POINT}/update", json=body, headers=lobby.clerk)
        assert answer.status_code == 422, roster


async def test_it_closes_by_what_it_has_learned_and_opens_again(lobby: Lobby) -> None:
    hours = {"sun": [{"opens": "09:00", "closes": "15:00"}]}
    await lobby.ok("PUT", f"{POINT}/update", {"id": "desk", "openingHours": hours}, lobby.clerk)
    await taught(lobby, 6, minutes=2)
    for _ in range(4):
        await lobby.join()
    assert (await lobby.list())["state"] == "open"
    await lobby.ok("PUT", f"{POINT}/update", {"id": "desk", "serviceSeconds": 7200}, lobby.clerk)
    for _ in range(2):
        await lobby.serve("one", 0, 15 * MINUTE)
    await lobby.app.state.learner.learn(lobby.org, "desk")
    for _ in range(4):
        await lobby.join()
    assert (await lobby.list())["state"] == "closing"
    assert problem(await lobby.visit()) == (409, "closing")
    waiting = (await lobby.list())["items"]
    for entry in waiting:
        await lobby.ok("DELETE", f"{QUEUE}/entry/{entry['id']}")
    assert (await lobby.visit()).status_code == 201


async def test_the_server_learns_by_itself(lobby: Lobby) -> None:
    await lobby.join()
    await lobby.serve(service=5 * MINUTE)
    async with asyncio.timeout(20):
        while (await quality(lobby))["services"] != 1:
            lobby.clock.forward(MINUTE)
            await asyncio.sleep(0.05)
