"""Statistics of a service point over days: who counts, in which time, and in which part."""

from typing import Any

import pytest

from domain.clock import DAY, HOUR, MINUTE
from tests.server.queues.lobby import QUEUE, Lobby, problem

CATEGORIES = [{"id": "card", "letter": "C"}, {"id": "car", "letter": "K"}]


async def statistics(lobby: Lobby, **asked: str) -> dict[str, Any]:
    return await lobby.ok("GET", f"{QUEUE}/statistics/desk", None, lobby.desk, params=asked)


def parts(of: list[dict[str, Any]]) -> dict[str, tuple[int, int, float | None]]:
    """How many joined and were served in each part, and how long that took."""
    return {part["key"]: (part["joined"], part["served"], part["service"]["mean"]) for part in of}


async def test_walk_outs_no_shows_expired_and_forgotten_count_in_no_time(lobby: Lobby) -> None:
    entries = [await lobby.join() for _ in range(6)]
    await lobby.serve(wait=2 * MINUTE, service=5 * MINUTE)
    await lobby.serve(service=7 * MINUTE)
    lobby.clock.forward(HOUR)
    await lobby.ok("DELETE", f"{QUEUE}/entry/{entries[2]['id']}")
    await lobby.do("no-show", await lobby.next(), force=True)
    await lobby.serve(service=5 * HOUR)
    lobby.clock.forward(DAY)
    await lobby.app.state.sweeper.sweep()
    told = await statistics(lobby)
    total = told["total"]
    counts = [total[name] for name in ("joined", "served", "noShows", "left", "expired", "forgotten")]
    assert counts == [6, 3, 1, 1, 1, 1]
    assert total["service"] == {"count": 2, "mean": 360, "longest": 420}
    assert told["serviceQuantiles"] == {"p50": 300, "p90": 300}
    assert total["wait"] == {"count": 3, "mean": (2 + 7 + 74) * 20, "longest": 74 * 60}
    assert told["waitQuantiles"] == {"p50": 7 * 60, "p90": 7 * 60}


async def test_they_are_told_by_day_hour_category_and_counter(empty: Lobby) -> None:
    await empty.point(categories=CATEGORIES)
    await empty.join(category="card")
    await empty.serve("one", service=4 * MINUTE)
    empty.clock.forward(HOUR)
    await empty.join(category="car")
    await empty.serve("two", service=10 * MINUTE)
    empty.clock.forward(DAY)
    await empty.join(category="car")
    told = await statistics(empty)
    assert parts(told["days"]) == {"2026-05-10": (2, 2, 420), "2026-05-11": (1, 0, None)}
    assert parts(told["categories"]) == {"card": (1, 1, 240), "car": (2, 1, 600)}
    assert parts(told["counters"]) == {"one": (1, 1, 240), "two": (1, 1, 600)}
    assert [counter["name"] for counter in told["counters"]] == ["Counter 1", "Counter 2"]
    assert parts(told["hours"]) == {"14": (1, 1, 240), "15": (2, 1, 600)}


async def test_days_without_anybody_have_counts_and_no_times(lobby: Lobby) -> None:
    told = await statistics(lobby)
    assert (told["total"]["joined"], told["total"]["wait"]) == (
        0,
        {"count": 0, "mean": None, "longest": None},
    )
    assert told["waitQuantiles"] == {"p50": None, "p90": None}
    assert told["days"] == told["hours"] == told["categories"] == told["counters"] == []


async def test_a_transfer_counts_at_each_service_point_where_somebody_was(lobby: Lobby) -> None:
    await lobby.point("help")
    entry = await lobby.join()
    await lobby.do("transfer", entry, servicePoint="help")
    assert (await statistics(lobby))["total"]["transferred"] == 1
    there = await lobby.ok("GET", f"{QUEUE}/statistics/help", None, lobby.desk)
    assert (there["total"]["joined"], there["total"]["transferred"]) == (1, 0)


async def test_only_the_days_that_were_asked_for_are_told(lobby: Lobby) -> None:
    await lobby.join()
    lobby.clock.forward(2 * DAY)
    await lobby.join()
    assert (await statistics(lobby))["since"] == "2026-05-06"
    one = await statistics(lobby, since="2026-05-11", until="2026-05-12")
    assert (one["since"], one["until"], one["total"]["joined"]) == ("2026-05-11", "2026-05-12", 1)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"since": "2026-05-12", "until": "2026-05-11"}, "span_invalid"),
        ({"since": "2026-01-01", "until": "2026-05-11"}, "span_invalid"),
        ({"since": "2026-02-30"}, "day_unknown"),
        ({"until": "0001-01-02"}, "day_unknown"),
    ],
)
async def test_days_that_cannot_be_are_refused(lobby: Lobby, asked: dict[str, str], code: str) -> None:
    answer = await lobby.client.get(f"{QUEUE}/statistics/desk", params=asked, headers=lobby.desk)
    assert problem(answer) == (422, code)
