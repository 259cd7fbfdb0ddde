"""Opening hours in local time, also on days on which the clocks change."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.business_hours import WEEKDAYS, hours, instant_of, next_midnight, next_opening, open_window
from domain.clock import DAY, HOUR, Instant, local, local_day, parse, rfc3339

BERLIN = ZoneInfo("Europe/Berlin")
CAIRO = ZoneInfo("Africa/Cairo")
ZONES = st.sampled_from(
    [
        "Europe/Berlin",
        "Africa/Cairo",
        "Pacific/Apia",
        "Asia/Kathmandu",
        "America/Havana",
        "Asia/Beirut",
        "UTC",
    ]
).map(ZoneInfo)
INSTANTS = st.integers(1_000_000_000_000, 2_000_000_000_000).map(Instant)


def window(opens: str, closes: str, *days: str) -> dict[str, object]:
    return {day: [{"opens": opens, "closes": closes}] for day in days or WEEKDAYS}


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-05-11T06:59:59Z", None),
        ("2026-05-11T07:00:00Z", ("2026-05-11T07:00:00.000Z", "2026-05-11T15:00:00.000Z")),
        ("2026-05-11T15:00:00Z", None),
        ("2026-05-12T10:00:00Z", None),
        # In winter the same local hours are an hour later in UTC.
        ("2026-01-12T15:30:00Z", ("2026-01-12T08:00:00.000Z", "2026-01-12T16:00:00.000Z")),
    ],
)
def test_a_window_is_open_from_its_first_minute_to_before_its_last(
    at: str, expected: tuple[str, str] | None
) -> None:
    found = open_window(hours(window("09:00", "17:00", "mon")), parse(at), BERLIN)
    assert (found and (rfc3339(found[0]), rfc3339(found[1]))) == expected


def test_windows_that_touch_are_one() -> None:
    day = [{"opens": "09:00", "closes": "12:00"}, {"opens": "12:00", "closes": "17:00"}]
    found = open_window(hours({"mon": day}), parse("2026-05-11T08:00:00Z"), BERLIN)
    assert found == (parse("2026-05-11T07:00:00Z"), parse("2026-05-11T15:00:00Z"))


def test_a_night_lasts_into_the_next_day() -> None:
    week = hours(window("20:00", "04:00", "sat"))
    found = open_window(week, parse("2026-03-29T00:30:00Z"), BERLIN)
    assert found is not None
    # The clocks go forward in this night, which has seven hours only.
    assert found[1] - found[0] == 7 * HOUR
    assert open_window(week, parse("2026-03-29T02:00:00Z"), BERLIN) is None


def test_a_week_without_a_break_never_closes_within_a_week() -> None:
    at = parse("2026-05-11T08:00:00Z")
    found = open_window(hours(window("00:00", "24:00")), at, BERLIN)
    assert found is not None
    assert found[1] - at > 7 * DAY


def test_the_next_opening_passes_over_closed_days() -> None:
    week = hours(window("09:00", "17:00", "mon"))
    assert next_opening(week, parse("2026-05-11T07:00:00Z"), BERLIN) == parse("2026-05-18T07:00:00Z")
    assert next_opening(hours({}), parse("2026-05-11T07:00:00Z"), BERLIN) is None


def test_a_day_whose_midnight_is_skipped_begins_when_the_clocks_have_skipped_it() -> None:
    midnight = next_midnight(parse("2026-04-23T20:00:00Z"), CAIRO)
    assert local(midnight, CAIRO).isoformat() == "2026-04-24T01:00:00+03:00"


@given(INSTANTS, ZONES)
def test_the_next_midnight_is_where_the_local_day_changes(at: Instant, where: ZoneInfo) -> None:
    midnight = next_midnight(at, where)
    assert midnight > at
    assert local_day(Instant(midnight - 1), where) != local_day(midnight, where)


@given(INSTANTS, ZONES, st.integers(0, 1439), st.integers(0, 1440))
def test_an_open_window_holds_the_instant_at_which_it_is_found(
    at: Instant, where: ZoneInfo, opens: int, closes: int
) -> None:
    week = hours(window(f"{opens // 60:02}:{opens % 60:02}", f"{closes // 60:02}:{closes % 60:02}"))
    found = open_window(week, at, where)
    if found is not None:
        assert found[0] <= at < found[1]
        assert open_window(week, found[0], where) is not None


def test_an_instant_of_1970_is_an_instant() -> None:
    assert instant_of(date(1970, 1, 1), 0, ZoneInfo("Asia/Tokyo")) == 0
    assert open_window(hours(window("00:00", "24:00")), Instant(0), ZoneInfo("Asia/Tokyo")) is not None
