"""The shifts that counters keep, read from the days that are known."""

from zoneinfo import ZoneInfo

import pytest

from domain.clock import Instant, parse, rfc3339
from domain.roster import Stay, planned, usual


def _days(count: int, *spans: tuple[int, int], counter: str = "a", waits: int = 30) -> list[Stay]:
    """One after the other from each start to each end, ten minutes each, with people always waiting."""
    return [
        Stay(day, counter, minute - waits, minute, minute + 9)
        for day in range(count)
        for start, end in spans
        for minute in range(start, end, 10)
    ]


def test_a_break_in_which_people_wait_is_one() -> None:
    noon = [Stay(day, "b", 700, 760, 765) for day in range(4)]
    shifts = usual(_days(4, (540, 720), (780, 1020)) + noon + _days(4, (540, 1020), counter="c"))["a"]
    assert len(shifts) == 2
    assert abs(shifts[0][0] - 540) <= 5
    assert abs(shifts[0][1] - 725) <= 5
    assert abs(shifts[1][0] - 780) <= 5
    assert abs(shifts[1][1] - 1025) <= 5


def test_an_hour_in_which_nobody_waits_is_no_break() -> None:
    assert len(usual(_days(4, (540, 720), (780, 1020), waits=0))["a"]) == 1


def test_two_days_tell_nothing() -> None:
    assert usual(_days(2, (540, 720))) == {}


def test_one_odd_day_changes_nothing() -> None:
    odd = [stay for stay in _days(1, (540, 600)) if stay.day == 0]
    regular = [Stay(stay.day + 1, *_rest(stay)) for stay in _days(6, (540, 1020))]
    shifts = usual(odd + regular)["a"]
    assert len(shifts) == 1
    assert shifts[0][1] > 1000


def _rest(stay: Stay) -> tuple[str, int, int, int]:
    return stay.counter, stay.waited, stay.called, stay.ended


def test_planned_hours_are_shifts_with_the_breaks_between_them() -> None:
    text = '{"a": {"sun": [{"opens": "09:00", "closes": "12:00"}, {"opens": "12:30", "closes": "17:00"}]}}'
    noon = parse("2026-05-10T11:59:00Z")
    berlin = planned(text, noon, ZoneInfo("Europe/Berlin"))
    assert [tuple(map(rfc3339, span)) for span in berlin["a"]] == [
        ("2026-05-10T07:00:00.000Z", "2026-05-10T10:00:00.000Z"),
        ("2026-05-10T10:30:00.000Z", "2026-05-10T15:00:00.000Z"),
    ]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 7}', '{"a": {"mon": [{"opens": "x"}]}}'])
def test_a_plan_that_cannot_be_read_is_none(text: str) -> None:
    assert planned(text, Instant(0), ZoneInfo("UTC")) == {}
