"""Settings of a service point as they are kept, and whether it is open."""

import json
from zoneinfo import ZoneInfo

import pytest

from domain.clock import HOUR, MINUTE, SECOND, parse
from domain.queue import Rules
from domain.service_point import (
    GENERAL,
    Category,
    Opening,
    Refusal,
    Settings,
    closes,
    opening,
    opens,
    refusal,
    settings,
)

UTC = ZoneInfo("UTC")
NINE_TO_FIVE = {"openingHours": {"mon": [{"opens": "09:00", "closes": "17:00"}]}}


@pytest.mark.parametrize("text", ["", "{}"])
def test_what_is_not_set_has_its_default(text: str) -> None:
    assert settings(text) == Settings()
    assert settings(text).category("general") == GENERAL
    assert settings(text).category("other") is None


def test_every_setting_is_read_in_its_unit() -> None:
    kept = {
        "categories": [{"id": "b", "letter": "B", "name": {"en": "Bikes"}, "priority": "priority"}],
        "quota": ["priority", "normal"],
        "ageLimitSeconds": 1800,
        "graceSeconds": 60,
        "graceMode": "auto",
        "returnSeconds": 0,
        "serviceSeconds": 90,
        "forgottenSeconds": 3600,
        "selfJoin": False,
        "requires": ["phone"],
        "maxWaiting": 3,
        "bookings": "priority",
    }
    read = settings(json.dumps(kept))
    assert read.categories == (Category("b", "B", {"en": "Bikes"}, "priority"),)
    assert read.rules == Rules(("priority", "normal"), 30 * MINUTE, MINUTE, 0, 90 * SECOND)
    assert (read.auto_grace, read.self_join, read.bookings_first) == (True, False, True)
    assert (read.requires, read.max_waiting, read.forgotten) == (frozenset({"phone"}), 3, HOUR)


def test_what_a_newer_server_sets_is_passed_over() -> None:
    assert settings('{"colour": "red", "graceSeconds": 60}').rules.grace == MINUTE


@pytest.mark.parametrize(
    ("at", "wait", "expected"),
    [
        ("2026-05-11T08:59:59Z", 0, Opening.CLOSED),
        ("2026-05-11T09:00:00Z", 0, Opening.OPEN),
        ("2026-05-11T16:00:00Z", HOUR, Opening.OPEN),
        ("2026-05-11T16:00:00Z", HOUR + 1, Opening.CLOSING),
        ("2026-05-11T17:00:00Z", 0, Opening.CLOSED),
    ],
)
def test_it_is_closing_once_the_wait_passes_closing_time(at: str, wait: int, expected: Opening) -> None:
    assert opening(settings(json.dumps(NINE_TO_FIVE)), UTC, parse(at), lambda: wait) is expected


def test_without_hours_it_is_always_open() -> None:
    at = parse("2026-05-11T03:00:00Z")
    assert opening(Settings(), UTC, at, lambda: 100 * HOUR) is Opening.OPEN
    assert (closes(Settings(), UTC, at), opens(Settings(), UTC, at)) == (None, None)


def test_it_tells_when_it_closes_and_opens() -> None:
    read = settings(json.dumps(NINE_TO_FIVE))
    assert closes(read, UTC, parse("2026-05-11T10:00:00Z")) == parse("2026-05-11T17:00:00Z")
    assert closes(read, UTC, parse("2026-05-11T18:00:00Z")) is None
    assert opens(read, UTC, parse("2026-05-11T18:00:00Z")) == parse("2026-05-18T09:00:00Z")


@pytest.mark.parametrize(
    ("of", "now", "waiting", "why"),
    [
        (Settings(), Opening.OPEN, 1_000, None),
        (Settings(max_waiting=3), Opening.OPEN, 2, None),
        (Settings(max_waiting=3), Opening.OPEN, 3, Refusal.FULL),
        (Settings(), Opening.CLOSING, 0, Refusal.CLOSING),
        (Settings(max_waiting=3), Opening.CLOSED, 3, Refusal.CLOSED),
        (Settings(self_join=False), Opening.CLOSED, 0, Refusal.OFF),
    ],
)
def test_visitors_join_by_themselves_where_it_is_open_and_has_room(
    of: Settings, now: Opening, waiting: int, why: Refusal | None
) -> None:
    assert refusal(of, now, waiting) is why
