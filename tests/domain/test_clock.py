import contextlib
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain import clock
from domain.clock import DAY, HOUR, LAST, Instant
from domain.errors import Invalid

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "Pacific/Apia", "America/St_Johns", "Asia/Tokyo")
]
instants = st.integers(0, LAST).map(Instant)
hours = st.times().map(lambda hour: hour.replace(microsecond=0))


@given(instants)
def test_an_instant_survives_being_written_and_read(at: Instant) -> None:
    assert clock.parse(clock.rfc3339(at)) == at


@given(st.text() | st.from_regex(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)"))
@example("2026-05-10T14:00:00+99:99")
@example("0001-01-01T00:00:00+14:00")
@example("9999-12-31T23:59:59-14:00")
@example("2026-02-30T00:00:00Z")
@example("٢٠٢٦-٠٥-١٠T١٤:٠٠:٠٠Z")
@example("2026-05-10T14:00:00Z\n")
def test_any_text_is_a_time_or_invalid(text: str) -> None:
    try:
        at = clock.parse(text)
    except Invalid:
        return
    assert 0 <= at <= LAST


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2026-05-10T16:00:00+02:00", "2026-05-10T14:00:00.000Z"),
        ("2026-05-10t14:00:00z", "2026-05-10T14:00:00.000Z"),
        ("2026-05-10 14:00:00.1234567Z", "2026-05-10T14:00:00.123Z"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"),
    ],
)
def test_a_time_is_read_in_all_forms_of_rfc_3339(text: str, same: str) -> None:
    assert clock.rfc3339(clock.parse(text)) == same


def test_a_time_without_a_zone_is_invalid() -> None:
    with pytest.raises(Invalid, match="needs a zone"):
        clock.instant(datetime(2026, 5, 10, 14, 0))  # noqa: DTZ001


@pytest.mark.parametrize(
    "moment", [datetime(1969, 12, 31, 23, 59, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
)
def test_a_time_outside_of_1970_to_9998_is_invalid(moment: datetime) -> None:
    with pytest.raises(Invalid, match="between the years"):
        clock.instant(moment)


@given(instants, st.integers(-(2**62), 2**62))
def test_a_shifted_instant_can_still_be_written(at: Instant, by: int) -> None:
    shifted = clock.shift(at, by)
    assert clock.parse(clock.rfc3339(shifted)) == shifted
    assert shifted == at + by or shifted in (0, LAST)


@given(
    st.text() | st.sampled_from(["Europe", "../etc/passwd", "/etc/localtime", "zone.tab", ".", "a//b", "\0"])
)
def test_any_text_names_a_zone_or_is_invalid(name: str) -> None:
    with contextlib.suppress(Invalid):
        assert clock.local_day(Instant(0), clock.zone(name)) in ("1969-12-31", "1970-01-01")


@given(instants, st.sampled_from(ZONES))
def test_every_instant_has_a_local_day_in_every_zone(at: Instant, where: ZoneInfo) -> None:
    assert clock.local_day(at, where) == clock.local(at, where).date().isoformat()


def test_a_day_begins_at_local_midnight() -> None:
    assert clock.local_day(clock.parse("2026-05-10T21:59:59Z"), BERLIN) == "2026-05-10"
    assert clock.local_day(clock.parse("2026-05-10T22:00:00Z"), BERLIN) == "2026-05-11"


@pytest.mark.parametrize(
    ("hour", "until", "last", "where"),
    [
        (time(4), "2026-05-10T01:59:00Z", "2026-05-09T02:00:00Z", BERLIN),
        (time(4), "2026-05-10T02:00:00Z", "2026-05-10T02:00:00Z", BERLIN),
        # 02:30 does not exist on 29 March 2026, and exists twice on 25 October.
        (time(2, 30), "2026-03-29T12:00:00Z", "2026-03-29T01:30:00Z", BERLIN),
        (time(2, 30), "2026-10-25T01:45:00Z", "2026-10-25T00:30:00Z", BERLIN),
        # Samoa had no 30 December 2011.
        (time(4), "2011-12-30T13:00:00Z", "2011-12-29T14:00:00Z", ZoneInfo("Pacific/Apia")),
    ],
)
def test_the_last_time_of_an_hour_follows_the_local_clock(
    hour: time, until: str, last: str, where: ZoneInfo
) -> None:
    assert clock.last_daily(hour, clock.parse(until), where) == clock.parse(last)


def test_before_the_first_such_hour_of_1970_there_is_none() -> None:
    assert clock.last_daily(time(4), Instant(3 * HOUR), ZoneInfo("UTC")) is None


@given(hours, st.integers(3 * DAY, LAST).map(Instant), st.sampled_from(ZONES))
def test_an_hour_was_last_within_two_days_and_is_its_own_last_time(
    hour: time, until: Instant, where: ZoneInfo
) -> None:
    last = clock.last_daily(hour, until, where)
    assert last is not None
    assert until - 2 * DAY - HOUR <= last <= until
    assert clock.last_daily(hour, last, where) == last


@given(hours, st.sampled_from(ZONES), st.integers(0, 2 * 366))
def test_an_hour_is_never_missed_between_two_looks(hour: time, where: ZoneInfo, day: int) -> None:
    until = clock.instant(datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=day))
    last, before = clock.last_daily(hour, until, where), clock.last_daily(hour, Instant(until - DAY), where)
    assert last is not None
    assert before is not None
    assert DAY - HOUR <= last - before <= DAY + HOUR
