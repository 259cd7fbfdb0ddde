"""Opening hours in local time, also on days on which the clocks change."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.business_hours import (
    WEEKDAYS,
    Hours,
    after_business_time,
    business_time,
    check,
    fit,
    hours,
    instant_of,
    instants_of,
    is_open,
    next_closing,
    next_midnight,
    next_opening,
    open_intervals,
    open_window,
)
from domain.clock import DAY, HOUR, LAST, MINUTE, Instant, local, local_day, parse, rfc3339
from domain.errors import Invalid
from tests.domain.wall_clock import minute_by_minute, places

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


def said(spans: list[tuple[Instant, Instant]]) -> list[tuple[str, str]]:
    return [(rfc3339(start)[5:16], rfc3339(end)[5:16]) for start, end in spans]


def test_a_special_day_has_windows_of_its_own_or_none() -> None:
    week = hours(
        window("09:00", "17:00"), {"2026-12-24": [{"opens": "09:00", "closes": "12:00"}], "2026-12-25": []}
    )
    start = parse("2026-12-24T00:00:00Z")
    assert said(open_intervals(week, start, Instant(start + 3 * DAY), ZoneInfo("UTC"))) == [
        ("12-24T09:00", "12-24T12:00"),
        ("12-26T09:00", "12-26T17:00"),
    ]


def test_special_days_alone_close_a_place_that_is_open_throughout() -> None:
    always = hours(None, {"2026-12-25": []})
    eve = parse("2026-12-24T12:00:00Z")
    assert next_closing(always, eve, ZoneInfo("UTC")) == parse("2026-12-25T00:00:00Z")
    assert next_opening(always, eve, ZoneInfo("UTC")) == parse("2026-12-26T00:00:00Z")


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    week = hours(window("20:00", "02:00", "thu"), {"2026-12-25": []})
    assert is_open(week, parse("2026-12-25T01:00:00Z"), ZoneInfo("UTC"))


def test_a_window_that_the_clocks_skip_is_left_out() -> None:
    night = parse("2026-03-29T00:00:00Z")
    assert open_intervals(hours(window("02:00", "03:00")), night, Instant(night + 12 * HOUR), BERLIN) == []


def test_a_window_that_the_clocks_show_twice_is_open_twice() -> None:
    night = parse("2026-10-25T00:00:00Z")
    week = hours(window("02:15", "02:45"))
    assert said(open_intervals(week, night, Instant(night + 12 * HOUR), BERLIN)) == [
        ("10-25T00:15", "10-25T00:45"),
        ("10-25T01:15", "10-25T01:45"),
    ]


@pytest.mark.parametrize(
    ("day", "minute", "times"),
    [
        (date(2026, 3, 29), 150, []),
        (date(2026, 10, 25), 150, ["2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z"]),
        (date(2026, 5, 11), 150, ["2026-05-11T00:30:00.000Z"]),
    ],
)
def test_a_minute_of_a_local_day_comes_once_twice_or_never(day: date, minute: int, times: list[str]) -> None:
    assert list(map(rfc3339, instants_of(day, minute, BERLIN))) == times


@pytest.mark.parametrize(
    ("week", "special", "code", "words"),
    [
        ({}, {}, "hours_never_open", "never open"),
        ({"mon": []}, {"2026-12-25": []}, "hours_never_open", "never open"),
        (
            {"mon": [{"opens": "09:00", "closes": "12:00"}, {"opens": "11:00", "closes": "15:00"}]},
            {},
            "hours_overlap",
            "mon 09:00–12:00 and mon 11:00–15:00 overlap",
        ),
        (
            {"sun": [{"opens": "20:00", "closes": "04:00"}], "mon": [{"opens": "03:00", "closes": "15:00"}]},
            {},
            "hours_overlap",
            "sun 20:00–04:00 and mon 03:00–15:00 overlap",
        ),
        (
            {"thu": [{"opens": "20:00", "closes": "04:00"}]},
            {"2026-12-25": [{"opens": "00:00", "closes": "10:00"}]},
            "hours_overlap",
            "2026-12-24 20:00–04:00 and 2026-12-25 00:00–10:00 overlap",
        ),
        ({"mon": [{"opens": "24:00", "closes": "02:00"}]}, {}, "hours_malformed", "00:00 on the next day"),
    ],
)
def test_hours_that_cannot_be_are_refused_with_words(
    week: Mapping[str, object], special: Mapping[str, object], code: str, words: str
) -> None:
    with pytest.raises(Invalid, match=words) as refused:
        check(hours(week, special))
    assert refused.value.code == code


@pytest.mark.parametrize(
    "week",
    [
        window("00:00", "24:00"),
        window("09:00", "09:00"),
        {"sun": [{"opens": "20:00", "closes": "04:00"}], "mon": [{"opens": "04:00", "closes": "15:00"}]},
    ],
)
def test_windows_may_touch(week: Mapping[str, object]) -> None:
    check(hours(week))


def test_hours_of_a_day_that_is_over_never_open_again() -> None:
    only = hours({}, {"2026-05-11": [{"opens": "09:00", "closes": "17:00"}]})
    check(only, date(2026, 5, 11))
    with pytest.raises(Invalid, match="still to come"):
        check(only, date(2026, 5, 12))
    check(hours(window("09:00", "17:00"), {"2026-05-11": []}), date(2026, 5, 12))


@pytest.mark.parametrize(
    ("week", "special", "minutes", "fits"),
    [
        (window("09:00", "17:00", "mon"), {}, 120, True),
        (window("16:00", "18:00", "mon"), {}, 60, True),
        (window("16:00", "18:00", "mon"), {}, 61, False),
        (window("09:00", "17:00", "wed"), {}, 1, False),
        # Windows that touch are one.
        (
            {"mon": [{"opens": "09:00", "closes": "10:00"}, {"opens": "10:00", "closes": "11:00"}]},
            {},
            120,
            True,
        ),
        # On special days, of either, that are not over.
        ({}, {"2026-05-12": [{"opens": "13:00", "closes": "15:00"}]}, 120, True),
        ({}, {"2026-05-12": [{"opens": "13:00", "closes": "15:00"}]}, 121, False),
        ({}, {"2026-05-10": [{"opens": "10:00", "closes": "12:00"}]}, 30, False),
        (window("10:00", "12:00", "thu"), {}, 120, True),
    ],
)
def test_two_fit_where_both_are_open_long_enough(
    week: Mapping[str, object], special: Mapping[str, object], minutes: int, fits: bool
) -> None:
    place = hours(
        window("09:00", "17:00", "mon"),
        {
            "2026-05-10": [{"opens": "10:00", "closes": "12:00"}],
            "2026-05-12": [{"opens": "13:00", "closes": "20:00"}],
            "2026-05-14": [{"opens": "00:00", "closes": "24:00"}],
        },
    )
    today = date(2026, 5, 11)
    assert fit([place, hours(week, special)], minutes, today) is fits
    assert fit([hours(week, special), place], minutes, today) is fits


@settings(max_examples=40)
@given(places(), places(), st.integers(1, 240))
def test_who_is_seen_open_together_fits(
    one: tuple[Hours, Instant, Instant, ZoneInfo], other: tuple[Hours, Instant, Instant, ZoneInfo], much: int
) -> None:
    """In a week of a zone whose clocks never change."""
    of, utc, days = [one[0], other[0]], ZoneInfo("UTC"), sorted({*one[0].special, *other[0].special})
    first = min(days, default=date(2026, 5, 11))
    start = instant_of(first, 0, utc)
    both = set.intersection(*(set(minute_by_minute(each, start, Instant(start + DAY), utc)) for each in of))
    if any(all(at + n * MINUTE in both for n in range(much)) for at in both):
        assert fit(of, much, first)


def test_business_time_stops_overnight() -> None:
    week = hours(window("09:00", "17:00"))
    late = parse("2026-05-11T16:00:00Z")
    assert after_business_time(week, late, 2 * HOUR, ZoneInfo("UTC")) == parse("2026-05-12T10:00:00Z")
    assert business_time(week, late, parse("2026-05-12T10:00:00Z"), ZoneInfo("UTC")) == 2 * HOUR
    assert after_business_time(hours({}), late, 1, ZoneInfo("UTC")) is None
    assert after_business_time(week, LAST, 1, ZoneInfo("UTC")) is None


@settings(max_examples=40)
@given(places())
def test_it_is_open_at_the_minutes_at_which_the_wall_clock_says_so(
    place: tuple[Hours, Instant, Instant, ZoneInfo],
) -> None:
    of, start, end, where = place
    expected = minute_by_minute(of, start, end, where)
    spans = open_intervals(of, start, end, where)
    assert [at for since, until in spans for at in range(since, until, MINUTE)] == expected
    assert all(a[1] < b[0] for a, b in pairwise(spans))
    assert business_time(of, start, end, where) == len(expected) * MINUTE


@settings(max_examples=40)
@given(places(), st.integers(1, 600))
def test_so_much_business_time_later_is_the_minute_at_which_so_many_were_open(
    place: tuple[Hours, Instant, Instant, ZoneInfo], minutes: int
) -> None:
    of, start, end, where = place
    open_ones = minute_by_minute(of, start, end, where)
    later = after_business_time(of, start, minutes * MINUTE, where)
    if len(open_ones) >= minutes:
        assert later == open_ones[minutes - 1] + MINUTE
    else:
        assert later is None or later > end


@settings(max_examples=40)
@given(places())
def test_the_next_opening_and_closing_are_where_the_minutes_change(
    place: tuple[Hours, Instant, Instant, ZoneInfo],
) -> None:
    of, start, end, where = place
    opens = {Instant(at) for at in minute_by_minute(of, start, end, where)}
    first = [at for at in range(start + MINUTE, end, MINUTE) if at in opens and at - MINUTE not in opens]
    last = [at for at in range(start + MINUTE, end, MINUTE) if at not in opens and at - MINUTE in opens]
    opening, closing = next_opening(of, start, where), next_closing(of, start, where)
    assert opening == first[0] if first else opening is None or opening >= end
    assert closing == last[0] if last else closing is None or closing >= end
