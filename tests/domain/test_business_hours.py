from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.business_hours import WEEKDAYS, Hours, hours, next_midnight, next_opening, open_window
from domain.clock import DAY, HOUR, Instant, local, local_day, parse

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia", "Asia/Kathmandu")
]
# The zones' clocks change, skip midnight and skip a day within these years.
instants = st.integers(parse("2010-01-01T00:00:00Z"), parse("2028-01-01T00:00:00Z")).map(Instant)
_times = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 15, 30]))
_windows = st.lists(st.fixed_dictionaries({"opens": _times, "closes": _times | st.just("24:00")}), max_size=2)
weeks = st.dictionaries(st.sampled_from(WEEKDAYS), _windows).map(hours)

OFFICE = hours(
    {
        day: [{"opens": "09:00", "closes": "12:00"}, {"opens": "13:00", "closes": "17:00"}]
        for day in WEEKDAYS[:5]
    }
)
ALWAYS = hours({day: [{"opens": "00:00", "closes": "24:00"}] for day in WEEKDAYS})
BAR = hours({"sat": [{"opens": "20:00", "closes": "04:00"}]})


@pytest.mark.parametrize(
    ("at", "window"),
    [
        ("2026-05-11T06:59:59Z", None),
        ("2026-05-11T07:00:00Z", ("2026-05-11T07:00:00Z", "2026-05-11T10:00:00Z")),
        ("2026-05-11T10:00:00Z", None),
        ("2026-05-11T11:00:00Z", ("2026-05-11T11:00:00Z", "2026-05-11T15:00:00Z")),
        ("2026-05-10T09:00:00Z", None),
    ],
)
def test_an_office_is_open_in_its_windows_of_local_time(at: str, window: tuple[str, str] | None) -> None:
    expected = window and (parse(window[0]), parse(window[1]))
    assert open_window(OFFICE, parse(at), BERLIN) == expected


def test_a_bar_is_open_over_midnight_and_closes_by_the_local_clock() -> None:
    # The clocks go forward in this night: eight hours by the clock are seven.
    night = (parse("2026-03-28T19:00:00Z"), parse("2026-03-29T02:00:00Z"))
    assert open_window(BAR, parse("2026-03-28T23:30:00Z"), BERLIN) == night
    assert open_window(BAR, parse("2026-03-29T01:59:00Z"), BERLIN) == night
    assert open_window(BAR, parse("2026-03-29T02:00:00Z"), BERLIN) is None


@given(instants, st.sampled_from(ZONES))
def test_what_is_always_open_loses_no_minute(at: Instant, where: ZoneInfo) -> None:
    window = open_window(ALWAYS, at, where)
    assert window is not None
    assert window[0] <= at
    assert window[1] - at > 5 * DAY


@given(weeks, instants, st.sampled_from(ZONES))
def test_it_is_open_from_the_next_opening_on_and_closed_until_then(
    week: Hours, at: Instant, where: ZoneInfo
) -> None:
    opens = next_opening(week, at, where)
    if opens is None:
        return
    assert opens > at
    assert open_window(week, opens, where) is not None
    if open_window(week, at, where) is None:
        assert open_window(week, Instant(opens - 1), where) is None


@given(instants, st.sampled_from(ZONES))
def test_the_next_local_day_begins_at_the_next_midnight(at: Instant, where: ZoneInfo) -> None:
    midnight = next_midnight(at, where)
    assert at < midnight <= at + DAY + HOUR
    assert local_day(Instant(midnight - 1), where) == local_day(at, where)
    assert date.fromisoformat(local_day(midnight, where)) > date.fromisoformat(local_day(at, where))
    assert local(midnight, where).hour in (0, 1)
