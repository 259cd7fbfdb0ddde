from zoneinfo import ZoneInfo

import pytest

from domain import wording
from domain.admission import Scan
from domain.clock import MINUTE, Instant, parse
from domain.door_rules import Facts, check, read
from domain.ids import ListId, OpId, TicketId
from domain.wording import Phrase

NOW = parse("2026-05-10T18:00:00Z")
FACTS = Facts(NOW, ZoneInfo("UTC"), "seat", "north", entries=(Instant(NOW - 10 * MINUTE),), inside=True)


def said(fact: str, op: str, value: object, *, negated: bool = False) -> Phrase:
    test = {"fact": fact, "op": op, "value": value}
    [unmet] = check(read({"not": test} if negated else test), FACTS)
    return wording.rule(unmet)


@pytest.mark.parametrize(
    ("op", "hour", "negated", "key"),
    [
        (">=", "18:50", False, "rule.from"),
        (">", "18:50", False, "rule.from"),
        ("<", "17:50", False, "rule.until"),
        ("<=", "18:50", True, "rule.from"),
        (">=", "17:50", True, "rule.until"),
    ],
)
def test_a_time_is_named_as_the_beginning_or_the_end(op: str, hour: str, negated: bool, key: str) -> None:
    phrase = said("now", op, {"time": hour}, negated=negated)
    assert phrase == Phrase(key, at=parse(f"2026-05-10T{hour}:00Z"))


@pytest.mark.parametrize(
    ("op", "value", "negated", "key"),
    [
        ("==", False, False, "rule.outside"),
        ("!=", True, False, "rule.outside"),
        ("==", True, True, "rule.outside"),
        ("!=", False, True, "rule.outside"),
    ],
)
def test_who_is_inside_hears_that_one_must_be_outside(op: str, value: bool, negated: bool, key: str) -> None:
    assert said("inside", op, value, negated=negated) == Phrase(key)


@pytest.mark.parametrize(
    ("fact", "op", "value", "negated", "phrase"),
    [
        ("entries", "<", 1, False, Phrase("rule.entries_reached", {"count": 1})),
        ("entries_today", ">=", 1, True, Phrase("rule.entries_reached", {"count": 1})),
        ("entries", ">", 1, False, Phrase("rule.entries_missing", {"count": 1})),
        ("minutes_since_last_entry", ">=", 30, False, Phrase("rule.minutes_after", {"minutes": 30})),
        ("minutes_since_first_entry", "<", 5, False, Phrase("rule.minutes_within", {"minutes": 5})),
        ("weekday", "==", 1, False, Phrase("rule.weekday")),
        ("gate", "==", "south", False, Phrase("rule.gate")),
        ("ticket_type", "in", ["stand"], False, Phrase("rule.ticket_type")),
        ("entries", "in", [5], False, Phrase("rule.other")),
        ("now", ">", {"anchor": "session_start"}, False, Phrase("rule.unknown")),
    ],
)
def test_every_rule_has_its_words(fact: str, op: str, value: object, negated: bool, phrase: Phrase) -> None:
    assert said(fact, op, value, negated=negated) == phrase


@pytest.mark.parametrize(
    ("gate", "device", "keys"),
    [
        ("North", "Door 2", ["first.at", "first.gate", "first.device"]),
        ("North", "", ["first.at", "first.gate"]),
        ("", "Door 2", ["first.at", "first.device"]),
        ("", "", ["first.at"]),
    ],
)
def test_of_the_admission_that_stands_only_what_is_known_is_said(
    gate: str, device: str, keys: list[str]
) -> None:
    phrases = wording.first(Scan(OpId("a"), NOW, TicketId("t1"), ListId("door"), gate=gate), device)
    assert ([phrase.key for phrase in phrases], phrases[0].at) == (keys, NOW)


def test_of_no_admission_nothing_is_said() -> None:
    assert wording.first(None, "Door 2") == ()


@pytest.mark.parametrize(
    ("p50", "p80", "minutes"),
    [
        (0, 0, (0, 1)),
        (2.2, 4.1, (2, 5)),
        (10, 18.4, (10, 20)),
        (61, 88, (60, 90)),
        (5, 2, (5, 6)),
        (-1, -1, (0, 1)),
    ],
)
def test_a_wait_is_told_as_a_range_the_rounder_the_longer(
    p50: float, p80: float, minutes: tuple[int, int]
) -> None:
    assert wording.wait_range(round(p50 * MINUTE), round(p80 * MINUTE)) == minutes
