"""Who is called next, numbers, and the wait without history."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clock import HOUR, MINUTE, Instant
from domain.queue import Entry, Rules, call_order, fallback_wait, join_time, label, next_turn
from tests.domain.people import CLASSES, NOON, REACH, RULES, after, entry, later, line, names


def test_the_quota_repeats() -> None:
    people = line(*["normal"] * 4, *["priority"] * 5)
    expected = ["p5", "p6", "n1", "p7", "p8", "n2", "p9", "n3", "n4"]
    assert names(call_order(people, RULES, later(10))) == expected


def test_the_turn_carries_the_quota_on_from_call_to_call() -> None:
    people = line("normal", "normal", "priority")
    assert [names(call_order(people, RULES, later(10), turn)) for turn in (1, 2, 5)] == [
        ["p3", "n1", "n2"],
        ["n1", "p3", "n2"],
        ["n1", "p3", "n2"],
    ]


def test_a_class_without_people_loses_its_turn() -> None:
    rules = Rules(quota=("priority", "normal", "staff"))
    people = line("normal", "normal", "staff")
    assert names(call_order(people, rules, later(10))) == ["n1", "s3", "n2"]
    assert next_turn(people[0], rules, later(10), turn=0) == 2


def test_who_goes_before_any_class_uses_up_no_turn() -> None:
    returned, aged = entry(front=True), entry(joined=later(-61))
    assert [next_turn(one, RULES, NOON, turn=1) for one in (returned, aged)] == [1, 1]


def test_nobody_overtakes_who_has_waited_longer_than_the_age_limit() -> None:
    people = line("normal", "normal", "priority", "priority")
    assert names(call_order(people, RULES, later(61)))[0] == "p3"
    assert names(call_order(people, RULES, later(61.1))) == ["n1", "p3", "p4", "n2"]


def test_a_class_that_the_pattern_does_not_name_waits_with_its_last() -> None:
    people = [*line("normal", "priority"), entry("v", later(0.5), 9, priority="vip")]
    assert names(call_order(people, RULES, later(10))) == ["p2", "v", "n1"]


def test_without_a_quota_the_first_to_come_is_the_first_to_be_called() -> None:
    people = line("normal", "priority", "normal")
    assert call_order(reversed(people), Rules(quota=()), later(10), turn=5) == tuple(people)


def test_who_joined_in_the_same_millisecond_is_called_by_sequence() -> None:
    people = [entry(name, NOON, sequence) for name, sequence in (("z", 1), ("a", 2), ("m", 3))]
    assert names(call_order(people, RULES, NOON)) == ["z", "a", "m"]


def test_only_who_waits_is_called() -> None:
    others = [after(entry(state), *way) for state, way in REACH.items()]
    assert names(call_order(others, RULES, NOON)) == ["waiting"]


@given(st.lists(st.integers(NOON - HOUR, NOON + HOUR).map(Instant), min_size=1))
def test_join_times_follow_the_order_of_joining_however_the_clock_steps(clocks: list[Instant]) -> None:
    last: Instant | None = None
    people = []
    for sequence, now in enumerate(clocks):
        last = join_time(now, last)
        people.append(entry(str(sequence), last, sequence))
    assert call_order(reversed(people), Rules(age_limit=10 * HOUR), NOON) == tuple(people)


_rules = st.builds(
    Rules,
    quota=st.lists(st.sampled_from(["priority", "normal", "staff"]), max_size=4).map(tuple),
    age_limit=st.sampled_from([HOUR, 20 * MINUTE]),
)
_lines = st.lists(st.tuples(CLASSES, st.integers(0, 40), st.booleans()), max_size=12).map(
    lambda people: [
        entry(f"e{number}", later(minute), number, priority=priority, front=front and number % 4 == 0)
        for number, (priority, minute, front) in enumerate(people)
    ]
)
_turns = st.integers(0, 9)


@given(_lines, _rules, _turns, st.data())
def test_the_order_does_not_depend_on_how_the_line_is_given(
    people: list[Entry], rules: Rules, turn: int, data: st.DataObject
) -> None:
    given_ = data.draw(st.permutations(people))
    order = call_order(given_, rules, later(45), turn)
    assert order == call_order(people, rules, later(45), turn)
    assert sorted(names(order)) == sorted(names(people))


@given(_lines, _rules, _turns)
def test_front_goes_before_age_and_age_before_any_class(people: list[Entry], rules: Rules, turn: int) -> None:
    def rank(one: Entry) -> int:
        return 0 if one.front else 1 if later(45) - one.joined > rules.age_limit else 2

    order = call_order(people, rules, later(45), turn)
    assert list(map(rank, order)) == sorted(map(rank, order))


@given(_lines, _rules, _turns)
def test_within_a_class_nobody_overtakes(people: list[Entry], rules: Rules, turn: int) -> None:
    order = [one for one in call_order(people, rules, later(45), turn) if not one.front]
    for priority in ("priority", "normal", "staff", "vip"):
        same = [(one.joined, one.sequence) for one in order if one.priority == priority]
        assert same == sorted(same)


@given(st.lists(CLASSES, max_size=15), _turns)
def test_while_every_class_has_people_the_calls_follow_the_pattern(classes: list[str], turn: int) -> None:
    order = [
        "priority" if one.priority == "priority" else "normal"
        for one in call_order(line(*classes), RULES, later(20), turn)
    ]
    for place, called in enumerate(order):
        if len(set(order[place:])) < 2:
            return
        assert called == RULES.quota[(turn + place) % 3]


@given(_lines, _rules, _turns)
def test_calling_the_first_again_and_again_follows_the_order_that_was_shown(
    people: list[Entry], rules: Rules, turn: int
) -> None:
    shown, called = call_order(people, rules, later(45), turn), []
    while people:
        first = call_order(people, rules, later(45), turn)[0]
        turn = next_turn(first, rules, later(45), turn)
        people = [one for one in people if one is not first]
        called.append(first)
    assert tuple(called) == shown


# Numbers and the wait without history.


@pytest.mark.parametrize(("number", "shown"), [(1, "A001"), (99, "A099"), (999, "A999"), (1000, "A1000")])
def test_a_number_has_a_letter_and_at_least_three_digits(number: int, shown: str) -> None:
    assert label("A", number) == shown


@given(st.lists(st.integers(1, 10**6), unique=True))
def test_two_numbers_never_look_the_same(numbers: list[int]) -> None:
    assert len({label("A", number) for number in numbers}) == len(numbers)


@given(st.integers(0, 10_000), st.integers(-1, 50))
def test_the_wait_without_history_is_never_negative_and_grows_with_the_position(
    position: int, counters: int
) -> None:
    assert 0 <= fallback_wait(position, RULES, counters) <= fallback_wait(position + 1, RULES, counters)


def test_the_wait_without_history_is_position_times_service_by_open_counters() -> None:
    assert fallback_wait(3, RULES, 2) == 15 * MINUTE
    assert fallback_wait(3, RULES, 0) == fallback_wait(3, RULES, 1) == 30 * MINUTE
