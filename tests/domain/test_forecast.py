"""The forecast of waits: what it rests on, and what it takes into account."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.clock import HOUR, MINUTE
from domain.forecast import CONFIGURED, HISTORY, MIXED, configured, foresee
from domain.forecast_situation import Booking, Desk
from domain.queue import Rules
from domain.wait_history import NONE
from tests.domain.lines import NOON, PLAIN, history, later, people, serving, situation, waiting

POSITIONS = st.integers(1, 500)
COUNTERS = st.integers(0, 50)


def test_the_median_is_position_times_duration_by_open_counters() -> None:
    assert configured(3, Rules(service=10 * MINUTE), 2).p50 == 15 * MINUTE
    assert configured(3, Rules(service=10 * MINUTE), 0).p50 == 30 * MINUTE


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


def test_without_history_it_is_the_configured_one_and_says_so() -> None:
    seen = foresee(situation(3, of=NONE))
    assert seen.joiner == configured(4, PLAIN, 2)
    assert [seen.waiting[entry.id] for entry in people(3)] == [configured(i, PLAIN, 2) for i in (1, 2, 3)]
    assert seen.joiner.basis == CONFIGURED


def test_the_basis_moves_over_as_history_grows() -> None:
    bases = [foresee(situation(3, of=history(count))).joiner.basis for count in (0, 4, 5, 39, 40)]
    assert bases == [CONFIGURED, CONFIGURED, MIXED, MIXED, HISTORY]


def test_little_history_weighs_little() -> None:
    few, many = (foresee(situation(6, of=history(count, mean=30))).joiner.p50 for count in (5, 200))
    assert foresee(situation(6, of=history(200, mean=10))).joiner.p50 < few < many


def test_the_same_line_has_the_same_forecast() -> None:
    assert foresee(situation(7)) == foresee(situation(7, of=history()))


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 60), st.integers(0, 8), st.sampled_from(["open", "paused", "closed"]),
    st.tuples(*(st.floats(0.2, 3),) * 3), st.booleans(),
)  # fmt: skip
def test_quantiles_never_cross_nor_shrink_along_the_line(
    count: int, counters: int, state: str, correction: tuple[float, ...], quota: bool
) -> None:
    known = replace(history(), correction=correction, leaving=1 / HOUR, absent=0.1, absences=(3 * MINUTE,))
    rules = Rules() if quota else PLAIN
    desks = (Desk("0", "open"), *(Desk(str(n), state) for n in range(1, counters)))
    seen = foresee(situation(count, counters, of=known, desks=desks, rules=rules))
    told = [*(seen.waiting[entry.id] for entry in people(count)), seen.joiner]
    assert all(0 <= one.p50 <= one.p80 <= one.p90 for one in told)
    assert all(before.p50 <= after.p50 for before, after in pairwise(told))


def test_whoever_is_next_at_a_free_counter_does_not_wait() -> None:
    assert foresee(situation(0)).joiner.p90 == 0


def test_more_counters_shorten_the_wait() -> None:
    two, four = (foresee(situation(10, counters)).joiner.p50 for counters in (2, 4))
    assert 0.4 * two < four < 0.6 * two


def test_a_service_that_lasts_already_ends_sooner_than_one_that_has_just_begun() -> None:
    begun, lasting = (
        foresee(situation(0, 1, people=(serving("0", later(-minutes)),))).joiner.p50 for minutes in (0, 9)
    )
    assert 0 < lasting < begun


def test_a_service_longer_than_any_before_is_not_about_to_end() -> None:
    hour, two = (
        foresee(situation(0, 1, people=(serving("0", later(-minutes)),))).joiner.p50 for minutes in (120, 240)
    )
    assert 5 * MINUTE < hour < two


def test_those_who_take_long_are_foretold_by_their_category() -> None:
    known = replace(history(), services={"general": (5 * MINUTE,) * 100, "passport": (25 * MINUTE,) * 100})
    short = foresee(situation(4, 1, of=known)).joiner.p50
    passports = tuple(replace(entry, category="passport") for entry in people(4))
    assert foresee(situation(4, 1, of=known, people=passports)).joiner.p50 > 3 * short


def test_a_planned_break_is_waited_for() -> None:
    shifts = ((later(-60), later(5)), (later(65), later(300)))
    assert foresee(situation(2, 1, desks=(Desk("0", "open", shifts),))).joiner.p50 > 65 * MINUTE
    assert foresee(situation(2, 1)).joiner.p50 < 30 * MINUTE


def test_who_is_logged_in_overrides_the_plan() -> None:
    shifts = ((later(60), later(300)),)
    absent, there = (
        foresee(situation(1, 1, desks=(Desk("0", state, shifts),))).joiner.p50 for state in ("closed", "open")
    )
    assert there < 15 * MINUTE < 60 * MINUTE < absent


def test_without_a_plan_a_counter_keeps_its_usual_shifts() -> None:
    known = replace(history(), shifts={"0": ((480, 725), (780, 1020))})
    assert foresee(situation(2, 1, of=known, minute=720)).joiner.p50 > 60 * MINUTE


def test_whoever_waits_when_the_last_shift_ends_is_still_served() -> None:
    shifts = ((later(-60), later(5)),)
    assert foresee(situation(4, 1, desks=(Desk("0", "open", shifts),))).joiner.p50 < HOUR


def test_calls_to_which_nobody_comes_cost_the_grace_alone() -> None:
    absent = replace(history(), absent=0.5, absences=(MINUTE,) * 20)
    assert foresee(situation(10, 1, of=absent)).joiner.p50 < 0.75 * foresee(situation(10, 1)).joiner.p50


def test_people_who_leave_make_the_line_shorter() -> None:
    leaving = replace(history(), leaving=1 / (30 * MINUTE))
    assert foresee(situation(10, 1, of=leaving)).joiner.p50 < foresee(situation(10, 1)).joiner.p50


def test_bookings_to_come_go_ahead_by_the_quota() -> None:
    rules = replace(PLAIN, quota=("booked", "normal"))
    bookings = tuple(Booking(later(minute), "booked") for minute in (5, 10, 15))
    alone = foresee(situation(5, 1, rules=rules)).joiner.p50
    later_ = foresee(situation(5, 1, rules=rules, bookings=bookings)).joiner.p50
    assert alone + 15 * MINUTE < later_ < alone + 45 * MINUTE


def test_whoever_is_past_the_age_limit_is_overtaken_by_nobody() -> None:
    rules = replace(PLAIN, quota=("booked", "normal"), age_limit=HOUR)
    old = tuple(waiting(number, joined=later(-61)) for number in (1, 2, 3))
    bookings = tuple(Booking(NOON, "booked") for _ in range(5))
    now = situation(0, 1, people=old, rules=rules)
    assert foresee(replace(now, bookings=bookings)).waiting == foresee(now).waiting


def test_a_line_longer_than_is_played_goes_on_as_it_does() -> None:
    seen = foresee(situation(300, 2, of=history(mean=2)))
    waits = [seen.waiting[entry.id].p50 for entry in people(300)]
    assert waits == sorted(waits)
    assert 1.8 * waits[140] < waits[280] < 2.2 * waits[140]


def test_what_earlier_waits_taught_corrects_the_quantiles() -> None:
    plain = foresee(situation(10, 1)).joiner
    told = foresee(situation(10, 1, of=replace(history(), correction=(1.0, 1.5, 2.0)))).joiner
    assert told.p50 == plain.p50
    assert told.p80 == round(1.5 * (plain.p80 + MINUTE) - MINUTE)
    assert told.model == plain.model


def test_a_counter_that_should_be_there_comes_the_later_the_longer_it_is_missed() -> None:
    waits = [
        foresee(situation(1, 1, desks=(Desk("0", "closed", ((later(-minutes), later(600)),)),))).joiner.p50
        for minutes in (2, 60, 240)
    ]
    assert waits == sorted(waits)
    assert waits[0] < 30 * MINUTE < waits[2]


def test_a_wait_without_an_end_in_sight_is_told_as_half_a_day() -> None:
    leaves = Desk("0", "open", ((later(-60), later(5)),))
    gone = Desk("1", "closed", ((later(-300), later(600)),))
    seen = foresee(situation(9, desks=(leaves, gone)))
    assert seen.joiner.p90 == 12 * HOUR
