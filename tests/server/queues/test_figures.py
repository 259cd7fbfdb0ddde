"""Figures of the day, and whether forecasts held."""

from domain.clock import HOUR, MINUTE, SECOND
from tests.server.queues.lobby import QUEUE, Lobby


async def test_walk_outs_no_shows_and_forgotten_services_count_in_no_mean(lobby: Lobby) -> None:
    entries = [await lobby.join() for _ in range(5)]
    await lobby.serve(wait=4 * MINUTE, service=6 * MINUTE)
    await lobby.serve(wait=0, service=8 * MINUTE)
    lobby.clock.forward(40 * MINUTE)
    await lobby.ok("DELETE", f"{QUEUE}/entry/{entries[2]['id']}")
    await lobby.do("no-show", await lobby.next(), force=True)
    await lobby.serve(service=5 * HOUR)
    today = await lobby.today()
    assert (today["joined"], today["completed"], today["left"], today["noShows"]) == (5, 3, 1, 1)
    assert (today["forgotten"], today["meanService"]) == (1, 7 * 60)
    assert today["meanWait"] == (4 + 10 + 58) * 60 / 3
    assert today["longestWait"] == 58 * 60


async def test_a_day_without_anybody_has_no_means(lobby: Lobby) -> None:
    today = await lobby.today()
    assert (today["joined"], today["meanWait"], today["meanService"]) == (0, None, None)
    assert today["day"] == "2026-05-10"


async def test_a_mistake_that_was_undone_counts_as_what_was_the_case(lobby: Lobby) -> None:
    entry = await lobby.join()
    lobby.clock.forward(MINUTE)
    await lobby.next()
    lobby.clock.forward(MINUTE)
    await lobby.do("undo", entry)
    lobby.clock.forward(MINUTE)
    await lobby.do("start", await lobby.next())
    lobby.clock.forward(MINUTE)
    await lobby.do("complete", entry)
    lobby.clock.forward(MINUTE)
    await lobby.do("undo", entry)
    lobby.clock.forward(MINUTE)
    await lobby.do("complete", entry)
    today = await lobby.today()
    assert (today["meanWait"], today["meanService"]) == (180, 180)


async def test_a_hold_is_neither_waiting_nor_service(lobby: Lobby) -> None:
    entry = await lobby.join()
    await lobby.do("start", await lobby.next())
    lobby.clock.forward(2 * MINUTE)
    await lobby.do("hold", entry)
    lobby.clock.forward(HOUR)
    await lobby.do("resume", entry)
    lobby.clock.forward(3 * MINUTE)
    await lobby.do("complete", entry)
    assert (await lobby.today())["meanService"] == 300


async def test_forecasts_made_at_the_join_are_compared_with_what_came(lobby: Lobby) -> None:
    for _ in range(4):
        await lobby.join()
    for wait in (9 * MINUTE, 9 * MINUTE, 30 * MINUTE):
        lobby.clock.forward(wait)
        await lobby.next()
    quality = await lobby.ok("GET", f"{QUEUE}/forecast-quality/desk", None, lobby.desk)
    assert (quality["forecasts"], quality["basis"], quality["since"]) == (3, "configured", "2026-04-11")
    assert quality["hitRate"] == {"p50": 0.6667, "p80": 0.6667, "p90": 1.0}
    assert quality["meanError"] == (60 + 120 + 18 * 60) / 3


async def test_a_service_point_without_history_has_no_hit_rate(lobby: Lobby) -> None:
    quality = await lobby.ok("GET", f"{QUEUE}/forecast-quality/desk?days=1", None, lobby.desk)
    assert (quality["forecasts"], quality["meanError"]) == (0, None)
    assert quality["hitRate"] == {"p50": None, "p80": None, "p90": None}


async def test_expired_entries_and_services_count_nowhere(lobby: Lobby) -> None:
    await lobby.join()
    await lobby.do("start", await lobby.next())
    lobby.clock.forward(10 * HOUR + SECOND)
    await lobby.app.state.sweeper.sweep()
    working = await lobby.list(state="expired", day="2026-05-10")
    assert [item["state"] for item in working["items"]] == ["expired"]
    assert (await lobby.today())["meanService"] is None
