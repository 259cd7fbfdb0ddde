"""The benchmark of forecasts: a branch that is made up, and what is said of it."""

import orjson
import pytest

from bench import worlds
from bench.branch import Branch
from bench.forecast import FORECAST, POSITION, play, run
from domain.forecast import foresee
from domain.queue import State


def test_a_branch_lives_the_same_days_twice() -> None:
    first, again = (Branch(worlds.TUNED[4], 3, lambda now, joining: None) for _ in range(2))
    for branch in (first, again):
        branch.day(0)
    assert first.gone == again.gone
    assert {State.COMPLETED, State.NO_SHOW} <= {one.state for one in first.gone}
    assert len(first.waits) == sum(one.called is not None for one in first.gone)


def test_who_is_foretold_a_wait_stands_in_the_line() -> None:
    seen = []
    branch = Branch(worlds.TUNED[1], 3, lambda now, joining: seen.append((now, joining)))
    branch.day(0)
    assert all(joining.id in foresee(now).waiting for now, joining in seen[::20])


def test_the_branches_that_test_it_are_others_than_it_was_tuned_on() -> None:
    tuned = {world.name for world in worlds.TUNED}
    test = [world.name for world in worlds.TEST]
    assert len(test) == len(set(test)) >= 20
    assert not tuned & set(test)


@pytest.mark.parametrize("name", ["all close for lunch", "bookings at their time"])
def test_on_a_branch_that_it_was_not_tuned_on_it_is_as_good_as_promised(name: str) -> None:
    world = next(world for world in worlds.TEST if world.name == name)
    outcome = play(world, teaching=8, testing=8, seed=5)
    forecast = outcome.scores[FORECAST]
    assert forecast.pinball <= 0.75 * outcome.scores[POSITION].pinball
    assert 0.77 <= forecast.covered[1] <= 0.84
    assert 0.87 <= forecast.covered[2] <= 0.93
    assert forecast.crossed == 0


def test_it_reports_every_branch_and_how_many_met_each_goal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worlds, "TEST", worlds.TUNED[4:5])
    told = orjson.loads(orjson.dumps(run(2, 1).as_json()))
    assert told["rows"][0]["name"] == "one counter"
    assert told["notes"][0].startswith("pinball ≤ 0.75:")
