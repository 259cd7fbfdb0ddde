import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain import clock, door_rules
from domain.clock import DAY, LAST, MINUTE, Instant
from domain.door_rules import ANCHORS, COUNTS, OPS, SPANS, TEXTS, Facts, Not, Rule, Unmet, check, read
from domain.errors import Invalid

BERLIN = ZoneInfo("Europe/Berlin")
# A Sunday, 20:00 in Berlin.
NOW = clock.parse("2026-05-10T18:00:00Z")
FACTS = Facts(NOW, BERLIN, ticket_type="seat", gate="north", anchors={"event_start": NOW})
LOST = {"fact": "now", "op": ">", "value": {"anchor": "session_start"}}


def compare(fact: str, op: str, value: object, **more: object) -> dict[str, object]:
    return {"fact": fact, "op": op, "value": value, **more}


def holds(tree: object, facts: Facts = FACTS) -> bool:
    return not check(read(tree), facts)


def entered(*minutes_ago: int) -> Facts:
    return replace(FACTS, entries=tuple(Instant(NOW - ago * MINUTE) for ago in minutes_ago))


# Facts.


def test_texts_are_compared_whole() -> None:
    assert holds(compare("ticket_type", "==", "seat"))
    assert holds(compare("gate", "in", ["south", "north"]))
    assert not holds(compare("gate", "!=", "north"))


def test_the_week_begins_on_monday_and_follows_the_local_day() -> None:
    assert holds(compare("weekday", "==", 7))
    # 22:30 UTC is already Monday in Berlin.
    assert holds(compare("weekday", "==", 1), replace(FACTS, now=clock.parse("2026-05-10T22:30:00Z")))


def test_now_is_compared_with_a_local_time() -> None:
    assert holds(compare("now", ">=", {"time": "20:00"}))
    assert not holds(compare("now", "<", {"time": "20:00"}))
    assert holds(compare("now", "<", {"time": "20:00", "minutes": 1}))


def test_now_is_compared_with_an_instant_or_with_an_anchor_and_its_tolerance() -> None:
    assert holds(compare("now", ">=", {"at": "2026-05-10T20:00:00+02:00"}))
    assert holds(compare("now", ">=", {"anchor": "event_start", "minutes": -30}))
    assert not holds(compare("now", ">=", {"anchor": "event_start", "minutes": 30}))


def test_entries_are_counted_in_all_today_since_and_before() -> None:
    facts = entered(3 * 24 * 60, 19 * 60, 60)
    assert holds(compare("entries", "==", 3), facts)
    assert holds(compare("entries_today", "==", 2), facts)
    assert holds(compare("entries_since", "==", 1, since={"time": "19:00"}), facts)
    assert holds(compare("entries_before", "==", 2, since={"time": "19:00"}), facts)


def test_the_minutes_since_an_entry_are_without_end_before_the_first() -> None:
    assert holds(compare("minutes_since_last_entry", ">", 10**9))
    assert holds(compare("minutes_since_first_entry", ">=", 90), entered(90, 5))
    assert holds(compare("minutes_since_last_entry", "<", 6), entered(90, 5))


def test_somebody_is_inside_or_outside() -> None:
    assert holds(compare("inside", "==", False))
    assert holds(compare("inside", "!=", False), replace(FACTS, inside=True))


# Explanations.


def test_what_stands_in_the_way_names_its_moment() -> None:
    rule = read(compare("now", ">=", {"time": "20:30"}))
    assert check(rule, FACTS) == (Unmet(rule, Instant(NOW + 30 * MINUTE)),)  # type: ignore[arg-type]


def test_all_names_every_part_that_is_not_met() -> None:
    rule = read(
        {"all": [compare("gate", "==", "south"), compare("weekday", "==", 7), compare("entries", ">", 0)]}
    )
    assert [unmet.test.fact for unmet in check(rule, FACTS)] == ["gate", "entries"]


def test_any_names_all_the_ways_that_are_closed() -> None:
    rule = read({"any": [compare("gate", "==", "south"), compare("entries", ">", 0)]})
    assert [unmet.test.fact for unmet in check(rule, FACTS)] == ["gate", "entries"]


def test_not_says_that_the_test_held_and_should_not() -> None:
    [unmet] = check(read({"not": compare("gate", "==", "north")}), FACTS)
    assert unmet.negated
    assert not unmet.unknown


# What cannot be evaluated.


@pytest.mark.parametrize("tree", [LOST, compare("entries_since", ">=", 0, since={"anchor": "session_start"})])
def test_a_test_that_cannot_be_evaluated_is_unmet_and_so_is_its_opposite(tree: object) -> None:
    for rule in (tree, {"not": tree}, {"not": {"not": tree}}):
        assert [unmet.unknown for unmet in check(read(rule), FACTS)] == [True]


def test_what_is_decided_without_the_unknown_stays_decided() -> None:
    assert holds({"any": [compare("gate", "==", "north"), LOST]})
    assert holds({"not": {"all": [compare("gate", "==", "south"), LOST]}})
    assert not holds({"not": {"any": [compare("gate", "==", "north"), LOST]}})
    assert not holds({"all": [compare("gate", "==", "south"), LOST]})


def test_a_local_time_before_1970_cannot_be_evaluated() -> None:
    first_evening = replace(FACTS, now=Instant(0), zone=ZoneInfo("America/Los_Angeles"))
    [unmet] = check(read(compare("now", ">=", {"time": "10:00"})), first_evening)
    assert unmet.unknown


# Reading.


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        ([], "rules: an object is expected"),
        ({}, "rules: exactly one of"),
        ({"all": []}, 'rules: "all" or "any" with a list of rules'),
        ({"all": [compare("gate", "==", "a"), 3]}, "rules.all[1]: an object is expected"),
        ({"not": {"any": [{"xor": []}]}}, "rules.not.any[0]: "),
        ({"fact": 3}, "rules: fact is a text"),
        (compare("colour", "==", "red"), "rules: there is no fact 'colour'"),
        (compare("gate", "~", "a"), "rules: op is one of"),
        (compare("gate", "<", "a"), "rules.value: texts are compared by"),
        (compare("gate", "==", 3), "rules.value: a text is expected"),
        (compare("gate", "in", "north"), "rules.value: a list of texts is expected"),
        (compare("entries", "==", True), "rules.value: a whole number is expected"),
        (compare("entries", "==", 1.5), "rules.value: a whole number is expected"),
        (compare("entries", "in", [1, "2"]), "rules.value: a list of whole numbers is expected"),
        (compare("inside", "==", "yes"), "rules.value: inside is compared by"),
        (compare("now", "==", {"time": "18:50"}), "rules.value: now is compared with"),
        (compare("now", ">", "18:50"), 'rules.value: exactly one of "time"'),
        (
            compare("now", ">", {"time": "18:50", "at": "2026-05-10T00:00:00Z"}),
            'rules.value: exactly one of "time"',
        ),
        (compare("now", ">", {"time": "1850"}), "rules.value: time is written as"),
        (compare("now", ">", {"time": "18:50+02:00"}), "rules.value: time is written as"),
        (compare("now", ">", {"time": 1850}), "rules.value: time is a text"),
        (compare("now", ">", {"at": "tomorrow"}), "rules.value: 'tomorrow' is not a time"),
        (compare("now", ">", {"anchor": []}), "rules.value: anchor is a text"),
        (compare("now", ">", {"anchor": "moon_rise"}), "rules.value: anchor is one of"),
        (compare("now", ">", {"time": "18:50", "minutes": 10**9}), "rules.value: minutes is a whole number"),
        (compare("now", ">", {"time": "18:50", "zone": "UTC"}), "rules.value: only"),
        (compare("entries_since", ">", 1), 'rules: "since" belongs to'),
        (compare("gate", "==", "a", since={"time": "18:50"}), 'rules: "since" belongs to'),
        (compare("entries_since", ">", 1, since={}), "rules.since: exactly one of"),
        (compare("gate", "==", "a", why="b"), "rules: 'why' is not known here"),
        ({"all": [compare("gate", "==", "a")] * 101}, "rules: at most 100 comparisons"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_rule_says_where_it_is_wrong_and_what_belongs_there(tree: object, message: str) -> None:
    with pytest.raises(Invalid, match=re.escape(message)):
        read(tree)


def test_rules_are_nested_so_deep_and_no_deeper() -> None:
    tree: object = compare("gate", "==", "north")
    for _ in range(12):
        tree = {"not": tree}
    assert holds(tree)
    with pytest.raises(Invalid, match="nested deeper"):
        read({"not": tree})


# Laws.

_numbers = st.integers() | st.integers(-2, 3)
_moments = st.one_of(
    st.builds(lambda hour: {"time": f"{hour:%H:%M}"}, st.times()),
    st.builds(lambda at: {"at": clock.rfc3339(Instant(at))}, st.integers(0, LAST)),
    st.builds(
        lambda anchor, minutes: {"anchor": anchor, "minutes": minutes},
        st.sampled_from(sorted(ANCHORS)),
        st.integers(-525_600, 525_600),
    ),
)
_words = st.sampled_from(["seat", "stand", "north"]) | st.text(max_size=5)
_since = {"entries_since", "entries_before"}
_tests = st.one_of(
    st.builds(compare, st.sampled_from(sorted(TEXTS)), st.sampled_from(["==", "!="]), _words),
    st.builds(compare, st.sampled_from(sorted(TEXTS)), st.just("in"), st.lists(_words, max_size=3)),
    st.builds(
        compare, st.sampled_from(sorted((COUNTS | SPANS) - _since)), st.sampled_from([*OPS][:-1]), _numbers
    ),
    st.builds(
        compare, st.sampled_from(sorted(COUNTS - _since)), st.just("in"), st.lists(_numbers, max_size=3)
    ),
    st.builds(
        compare, st.sampled_from(sorted(_since)), st.sampled_from([*OPS][:-1]), _numbers, since=_moments
    ),
    st.builds(compare, st.just("inside"), st.sampled_from(["==", "!="]), st.booleans()),
    st.builds(compare, st.just("now"), st.sampled_from(["<", "<=", ">", ">="]), _moments),
)
trees = st.recursive(
    _tests,
    lambda inner: st.one_of(
        st.builds(lambda part: {"not": part}, inner),
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=6,
)
rules = trees.map(read)
instants = st.integers(0, LAST).map(Instant) | st.integers(NOW - 3 * DAY, NOW + DAY).map(Instant)
facts = st.builds(
    Facts,
    instants,
    st.sampled_from([ZoneInfo("UTC"), BERLIN, ZoneInfo("Pacific/Apia")]),
    _words,
    _words,
    st.lists(instants, max_size=4).map(lambda entries: tuple(sorted(entries))),
    st.booleans(),
    st.dictionaries(st.sampled_from(sorted(ANCHORS)), instants),
)
_json: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_keys = st.sampled_from(
    ["all", "any", "not", "fact", "op", "value", "since", "time", "at", "anchor", "minutes"]
)
_almost: st.SearchStrategy[Any] = st.recursive(
    _json
    | st.sampled_from([*sorted(TEXTS | COUNTS | SPANS | ANCHORS), "now", "inside", *OPS, "18:50", 3])
    | _tests,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=4),
    max_leaves=12,
)


@st.composite
def damaged(draw: st.DrawFn) -> object:
    """A rule of which one part is something else."""
    tree = draw(trees)
    part: Any = tree
    while True:
        step = draw(st.sampled_from(sorted(part) if isinstance(part, dict) else range(len(part))))
        inner = part[step]
        if not isinstance(inner, (dict, list)) or not inner or draw(st.booleans()):
            part[step] = draw(_almost)
            return tree
        part = inner


@given(_json | _almost | damaged())
@example(compare("now", ">", {"at": "9" * 5000}))
@example({"fact": "x" * 10_000, "op": "\ud800"})
@example({"fact": "gate", "op": "==", "value": "a", "\ud800": 1})
def test_any_json_is_a_rule_or_invalid_with_its_place(tree: object) -> None:
    try:
        read(tree)
    except Invalid as problem:
        said = problem
    else:
        return
    assert said.code == "rules_malformed"
    assert re.match(r"rules((\.(all|any)\[\d+\])|\.not)*(\.value|\.since)?: .", said.detail)
    assert len(said.detail.encode()) < 300


@given(trees)
def test_a_rule_reads_the_same_after_its_way_through_json(tree: Mapping[str, object]) -> None:
    assert read(json.loads(json.dumps(tree))) == read(tree)


@given(rules, facts)
def test_every_rule_is_answered_whatever_the_facts(rule: Rule, known: Facts) -> None:
    for unmet in check(rule, known):
        if unmet.moment is not None:
            assert clock.parse(clock.rfc3339(unmet.moment)) == unmet.moment


@given(rules, facts)
def test_a_rule_and_its_opposite_never_both_hold(rule: Rule, known: Facts) -> None:
    met, opposite = check(rule, known), check(Not(rule), known)
    assert met or opposite
    if not any(unmet.unknown for unmet in met + opposite):
        assert not (met and opposite)


@given(rules, facts)
def test_not_not_is_the_rule_itself_with_the_same_explanation(rule: Rule, known: Facts) -> None:
    assert check(Not(Not(rule)), known) == check(rule, known)


@given(st.lists(rules, min_size=1, max_size=3).map(tuple), facts)
def test_all_holds_if_every_part_does_and_any_if_one_does(parts: tuple[Rule, ...], known: Facts) -> None:
    results = [not check(part, known) for part in parts]
    assert (not check(door_rules.All(parts), known)) is all(results)
    assert (not check(door_rules.Any(parts), known)) is any(results)


@given(st.lists(rules, min_size=1, max_size=3).map(tuple), facts)
def test_not_all_is_any_not_and_not_any_is_all_not(parts: tuple[Rule, ...], known: Facts) -> None:
    opposites = tuple(Not(part) for part in parts)
    assert check(Not(door_rules.All(parts)), known) == check(door_rules.Any(opposites), known)
    assert check(Not(door_rules.Any(parts)), known) == check(door_rules.All(opposites), known)


@given(rules, facts)
def test_a_rule_that_holds_without_an_anchor_holds_whatever_the_anchor(rule: Rule, known: Facts) -> None:
    if not check(rule, replace(known, anchors={})):
        assert not check(rule, known)
