"""The forecast of a wait while there is no history."""

from hypothesis import given
from hypothesis import strategies as st

from domain.clock import MINUTE
from domain.forecast import CONFIGURED, configured
from domain.queue import Rules

POSITIONS = st.integers(1, 500)
COUNTERS = st.integers(0, 50)


def test_the_median_is_position_times_duration_by_open_counters() -> None:
    assert configured(3, Rules(service=10 * MINUTE), 2).p50 == 15 * MINUTE
    assert configured(3, Rules(service=10 * MINUTE), 0).p50 == 30 * MINUTE


def test_it_says_what_it_rests_on() -> None:
    assert configured(1, Rules(), 1).basis == CONFIGURED


@given(POSITIONS, COUNTERS)
def test_quantiles_grow(position: int, counters: int) -> None:
    forecast = configured(position, Rules(), counters)
    assert 0 < forecast.p50 <= forecast.p80 <= forecast.p90


@given(POSITIONS, COUNTERS)
def test_whoever_stands_further_behind_waits_longer(position: int, counters: int) -> None:
    here, behind = configured(position, Rules(), counters), configured(position + 1, Rules(), counters)
    assert here.p50 < behind.p50
    assert here.p90 < behind.p90


@given(POSITIONS)
def test_a_longer_line_is_foretold_more_exactly(position: int) -> None:
    here, behind = configured(position, Rules(), 1), configured(position + 1, Rules(), 1)
    assert here.p90 / here.p50 > behind.p90 / behind.p50
