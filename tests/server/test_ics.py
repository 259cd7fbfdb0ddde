"""Calendars, as another program's parser reads them."""

from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clock import HOUR, LAST, Instant, rfc3339
from server.ics import Appointment, calendar

NOON = Instant(1_778_414_400_000)
_WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from(';,:\\\n"'), max_size=300)


def appointment(**more: object) -> Appointment:
    values = {
        "uid": "a@usher",
        "starts": NOON,
        "ends": Instant(NOON + HOUR),
        "changed": NOON,
        "summary": "Talk",
    }
    return Appointment(**{**values, **more})  # type: ignore[arg-type]


def read(text: str) -> list[Any]:
    """The appointments."""
    return list(whole(text).walk("VEVENT"))


def whole(text: str) -> Any:
    return icalendar.Calendar.from_ical(text)


def test_an_appointment_is_read_as_it_was_meant() -> None:
    text = calendar("Fair", [appointment(location="Hall 1", url="https://usher.example/e/fair")], NOON)
    [found] = read(text)
    assert (str(found["uid"]), str(found["summary"]), str(found["location"])) == ("a@usher", "Talk", "Hall 1")
    assert found["dtstart"].dt.isoformat() == "2026-05-10T12:00:00+00:00"
    assert found["dtend"].dt.isoformat() == "2026-05-10T13:00:00+00:00"
    assert (str(found["url"]), str(found["status"])) == ("https://usher.example/e/fair", "CONFIRMED")
    assert str(whole(text)["x-wr-calname"]) == "Fair"


@pytest.mark.parametrize("status", ["TENTATIVE", "CANCELLED"])
def test_what_is_not_certain_or_cancelled_says_so(status: str) -> None:
    [found] = read(calendar("Fair", [appointment(status=status)], NOON))
    assert str(found["status"]) == status


@given(_WORDS, _WORDS)
def test_whatever_stands_in_a_text_is_read_as_it_was_written(summary: str, description: str) -> None:
    text = calendar(summary, [appointment(summary=summary, description=description)], NOON)
    [found] = read(text)
    assert str(found["summary"]) == summary
    assert str(found.get("description", "")) == description
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


@given(st.text(max_size=200))
def test_no_text_adds_a_line_of_its_own(words: str) -> None:
    text = calendar(words, [appointment(summary=words, location=words, uid=words, url=words)], NOON)
    unfolded = text.replace("\r\n ", "")
    names = [line.partition(":")[0] for line in unfolded.split("\r\n")]
    assert names.count("SUMMARY") == names.count("UID") == 1
    assert not set("\r\n") & set("".join(unfolded.split("\r\n")))


@given(st.integers(0, LAST))
def test_every_time_is_the_one_that_was_given(at: int) -> None:
    [found] = read(calendar("", [appointment(starts=Instant(at), ends=LAST)], NOON))
    assert found["dtstart"].dt.isoformat()[:19] == rfc3339(Instant(at))[:19]
