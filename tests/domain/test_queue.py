from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule

from domain.clock import HOUR, MINUTE, SECOND, Instant, parse
from domain.ids import EntryId, ServicePointId
from domain.queue import (
    LIVE,
    STAYS,
    TRANSITIONS,
    Entry,
    Event,
    GraceRunning,
    Moved,
    Rules,
    State,
    WrongTransition,
    allowed,
    call_order,
    fallback_wait,
    grace_left,
    join_time,
    label,
    move,
    next_turn,
    undo,
)

NOON = parse("2026-05-10T12:00:00Z")
RULES = Rules()


def later(minutes: float) -> Instant:
    return Instant(NOON + int(minutes * MINUTE))


def entry(name: str = "a", joined: Instant = NOON, sequence: int = 1, **more: object) -> Entry:
    made = Entry(EntryId(name), ServicePointId("desk"), "A001", "general", joined, sequence, changed=joined)
    return replace(made, **more)  # type: ignore[arg-type]


def after(start: Entry, *events: Event, at: Instant = NOON, counter: str | None = None) -> Entry:
    for event in events:
        moved = move(start, event, at, RULES, counter=counter, force=True)
        assert isinstance(moved, Moved)
        start = moved.entry
    return start


def line(*classes: str) -> list[Entry]:
    """People of these classes who joined in this order, named after both: `p1`, `n2`."""
    return [
        entry(f"{priority[0]}{place}", later(place), place, priority=priority)
        for place, priority in enumerate(classes, 1)
    ]


def names(entries: Iterable[Entry]) -> list[str]:
    return [one.id for one in entries]


# The table.

REACH = {
    State.WAITING: (),
    State.CALLED: (Event.CALL,),
    State.SERVING: (Event.CALL, Event.START),
    State.HELD: (Event.HOLD,),
    State.COMPLETED: (Event.CALL, Event.START, Event.COMPLETE),
    State.NO_SHOW: (Event.CALL, Event.NO_SHOW),
    State.LEFT: (Event.LEAVE,),
    State.TRANSFERRED: (Event.TRANSFER,),
    State.EXPIRED: (Event.EXPIRE,),
}


def test_every_state_stands_in_the_table_and_can_be_reached() -> None:
    assert set(TRANSITIONS) == set(State) == set(REACH)
    assert {state: after(entry(), *way).state for state, way in REACH.items()} == {s: s for s in State}


def test_every_event_is_used() -> None:
    assert {event for row in TRANSITIONS.values() for event in row} == set(Event)


def test_an_end_has_no_way_out_but_the_return_of_a_no_show() -> None:
    ways_out = {state: set(TRANSITIONS[state]) for state in set(State) - LIVE}
    assert ways_out.pop(State.NO_SHOW) == {Event.RETURN}
    assert set(map(frozenset, ways_out.values())) == {frozenset()}


def test_whoever_is_live_can_be_transferred_and_is_swept_at_the_end_of_the_day() -> None:
    for state in LIVE:
        assert TRANSITIONS[state][Event.TRANSFER] is State.TRANSFERRED
        assert TRANSITIONS[state][Event.EXPIRE] is State.EXPIRED


def test_events_that_stay_lead_back_to_the_same_state() -> None:
    for state, row in TRANSITIONS.items():
        assert {event for event, target in row.items() if target is state} <= STAYS
        assert all(row[event] is state for event in STAYS & set(row))


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_an_event_leads_where_the_table_says_or_is_wrong(state: State, event: Event) -> None:
    start = after(entry(), *REACH[state])
    answer = move(start, event, NOON, RULES, force=True)
    if event in TRANSITIONS[state] and event is not Event.CONTINUE:
        assert isinstance(answer, Moved)
        assert answer.entry.state is TRANSITIONS[state][event]
    else:
        assert answer == WrongTransition(state, allowed(start))


# What events do.


def test_a_call_names_the_counter_and_starts_the_grace() -> None:
    called = after(entry(), Event.CALL, at=later(5), counter="2")
    assert (called.counter, called.called, called.calls) == ("2", later(5), 1)
    assert grace_left(called, later(6), RULES) == 2 * MINUTE


def test_a_recall_starts_the_grace_again_and_stays_called() -> None:
    called = after(entry(), Event.CALL, at=NOON, counter="2")
    recalled = after(called, Event.RECALL, at=later(2))
    assert (recalled.state, recalled.counter, recalled.calls) == (State.CALLED, "2", 2)
    assert grace_left(recalled, later(4), RULES) == MINUTE
    assert recalled.changed == called.changed


def test_no_show_waits_for_the_grace_unless_forced() -> None:
    called = after(entry(), Event.CALL)
    assert move(called, Event.NO_SHOW, later(2.5), RULES) == GraceRunning(30 * SECOND)
    assert isinstance(move(called, Event.NO_SHOW, later(2.5), RULES, force=True), Moved)
    assert isinstance(move(called, Event.NO_SHOW, later(3), RULES), Moved)


def test_there_is_no_grace_for_somebody_who_was_not_called() -> None:
    assert grace_left(entry(), NOON, RULES) is None
    assert isinstance(move(entry(), Event.NO_SHOW, NOON, RULES), Moved)


def test_a_clock_that_steps_back_lengthens_no_grace() -> None:
    assert grace_left(after(entry(), Event.CALL), later(-90), RULES) == RULES.grace


def test_who_is_held_while_waiting_resumes_in_the_line_with_join_time_and_class() -> None:
    waiting = entry(priority="priority", sequence=7)
    resumed = after(waiting, Event.HOLD, Event.RESUME, at=later(30))
    assert resumed == replace(waiting, changed=later(30), prior=resumed.prior)


@pytest.mark.parametrize("event", [Event.RESUME, Event.CONTINUE])
def test_who_is_held_while_served_resumes_at_the_counter(event: Event) -> None:
    serving = after(entry(), Event.CALL, Event.START, counter="2")
    resumed = after(serving, Event.HOLD, event)
    assert (resumed.state, resumed.counter, resumed.held_from) == (State.SERVING, "2", None)


def test_who_is_held_while_waiting_has_no_service_to_continue() -> None:
    held = after(entry(), Event.HOLD)
    assert allowed(held) == {Event.RESUME, Event.TRANSFER, Event.EXPIRE}
    assert isinstance(move(held, Event.CONTINUE, NOON, RULES), WrongTransition)


def test_a_no_show_who_returns_in_time_goes_to_the_front() -> None:
    gone = after(entry("a"), Event.CALL, Event.NO_SHOW)
    back = after(gone, Event.RETURN, at=later(15))
    assert back.front
    assert names(call_order([*line("priority", "normal"), back], RULES, later(16))) == ["a", "p1", "n2"]


def test_a_no_show_who_returns_late_goes_to_the_tail() -> None:
    gone = after(entry("a"), Event.CALL, Event.NO_SHOW)
    back = after(gone, Event.RETURN, at=later(16))
    assert not back.front
    assert names(call_order([*line("normal", "normal"), back], RULES, later(17))) == ["n1", "n2", "a"]


def test_a_late_return_goes_behind_everybody_though_the_clock_stepped_back() -> None:
    gone = after(entry("a", later(-60)), Event.CALL, Event.NO_SHOW, at=later(-60))
    others = line("normal", "normal")
    moved = move(gone, Event.RETURN, later(-40), RULES, last=others[-1].joined)
    assert isinstance(moved, Moved)
    assert names(call_order([moved.entry, *others], RULES, later(3))) == ["n1", "n2", "a"]


def test_a_returned_person_is_in_front_for_one_call_only() -> None:
    back = after(entry(), Event.CALL, Event.NO_SHOW, Event.RETURN)
    assert not after(back, Event.CALL).front


def test_a_check_in_says_that_the_person_is_here_and_moves_nothing() -> None:
    at_home = entry(arrived=False)
    assert after(at_home, Event.CHECK_IN, at=later(5)) == replace(at_home, arrived=True)


def test_serving_begins_with_a_person_who_is_here() -> None:
    assert after(entry(arrived=False), Event.CALL, Event.START).arrived


# Undo.


def test_undo_takes_the_last_transition_back_once() -> None:
    waiting = entry(front=True)
    called = after(waiting, Event.CALL, Event.RECALL, at=later(5), counter="2")
    taken_back = undo(called, later(6))
    assert taken_back == replace(waiting, changed=later(6))
    assert undo(replace(waiting, changed=later(6)), later(7)) is None


def test_undo_of_a_start_forgets_that_the_person_came() -> None:
    called = after(entry(arrived=False), Event.CALL, counter="2")
    taken_back = undo(after(called, Event.START, at=later(1), counter="3"), later(2))
    assert taken_back == replace(called, changed=later(2), prior=None)


def test_a_new_entry_has_nothing_to_undo() -> None:
    assert undo(entry(), NOON) is None


def test_an_end_can_be_undone_too() -> None:
    done = after(entry(), Event.CALL, Event.START, Event.COMPLETE)
    taken_back = undo(done, later(1))
    assert taken_back is not None
    assert taken_back.state is State.SERVING


# Order.


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


_classes = st.sampled_from(["priority", "normal", "staff", "vip"])
_rules = st.builds(
    Rules,
    quota=st.lists(st.sampled_from(["priority", "normal", "staff"]), max_size=4).map(tuple),
    age_limit=st.sampled_from([HOUR, 20 * MINUTE]),
)
_lines = st.lists(st.tuples(_classes, st.integers(0, 40), st.booleans()), max_size=12).map(
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


@given(st.lists(_classes, max_size=15), _turns)
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


# A whole day, in any order, with a clock that steps.

_RESTORED = ("state", "joined", "counter", "called", "calls", "front", "arrived", "held_from")


class Day(RuleBasedStateMachine):
    """Anything happens to anybody at any time; what must hold, holds after each step."""

    people = Bundle("people")

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.last: Instant | None = None
        self.turn = 0
        self.line: dict[EntryId, Entry] = {}
        self.before: dict[EntryId, Entry | None] = {}

    @rule(milliseconds=st.integers(-3 * HOUR, 3 * HOUR) | st.integers(0, 5 * MINUTE))
    def the_clock_moves(self, milliseconds: int) -> None:
        self.now = Instant(self.now + milliseconds)

    @rule(target=people, priority=_classes, arrived=st.booleans())
    def somebody_joins(self, priority: str, arrived: bool) -> EntryId:
        self.last = join_time(self.now, self.last)
        sequence = len(self.line)
        joined = entry(str(sequence), self.last, sequence, priority=priority, arrived=arrived)
        self.line[joined.id], self.before[joined.id] = joined, None
        return joined.id

    @rule(
        who=people,
        event=st.sampled_from(Event),
        force=st.booleans(),
        counter=st.sampled_from([None, "1", "2"]),
    )
    def something_happens(self, who: EntryId, event: Event, force: bool, counter: str | None) -> None:
        was = self.line[who]
        answer = move(was, event, self.now, RULES, counter=counter, force=force, last=self.last)
        match answer:
            case WrongTransition(found, fits):
                assert found is was.state
                assert event not in fits
                assert fits == allowed(was) <= set(TRANSITIONS[was.state])
            case GraceRunning(left):
                assert (was.state, event, force) == (State.CALLED, Event.NO_SHOW, False)
                assert 0 < left <= RULES.grace
            case Moved(moved):
                self.check_move(was, event, moved)
                self.line[who] = moved
                self.last = max(self.last or moved.joined, moved.joined)
                if event not in STAYS:
                    self.before[who] = was

    def check_move(self, was: Entry, event: Event, moved: Entry) -> None:
        assert event in allowed(was)
        resumed = event in (Event.RESUME, Event.CONTINUE)
        assert moved.state is (was.held_from if resumed else TRANSITIONS[was.state][event])
        assert moved.changed >= was.changed
        if event in STAYS:
            assert (moved.changed, moved.prior) == (was.changed, was.prior)

    @rule(who=people)
    def somebody_takes_it_back(self, who: EntryId) -> None:
        now, before = self.line[who], self.before[who]
        restored = undo(now, self.now)
        assert (restored is None) is (before is None)
        if restored is None or before is None:
            return
        assert {name: getattr(restored, name) for name in _RESTORED} == {
            name: getattr(before, name) for name in _RESTORED
        }
        assert restored.changed >= now.changed
        assert undo(restored, self.now) is None
        self.line[who], self.before[who] = restored, None

    @precondition(lambda self: any(one.state is State.WAITING for one in self.line.values()))
    @rule(counter=st.sampled_from(["1", "2"]))
    def the_next_is_called(self, counter: str) -> None:
        first = call_order(self.line.values(), RULES, self.now, self.turn)[0]
        self.turn = next_turn(first, RULES, self.now, self.turn)
        self.something_happens(first.id, Event.CALL, False, counter)
        assert self.line[first.id].counter == counter

    @invariant()
    def the_order_is_of_those_who_wait(self) -> None:
        order = call_order(self.line.values(), RULES, self.now, self.turn)
        waiting = [one for one in self.line.values() if one.state is State.WAITING]
        assert sorted(names(order)) == sorted(names(waiting))
        assert call_order(reversed(waiting), RULES, self.now, self.turn) == order
        assert 0 <= self.turn < len(RULES.quota)

    @invariant()
    def nothing_is_negative_and_nobody_is_nowhere(self) -> None:
        for one in self.line.values():
            assert one.state in TRANSITIONS
            assert one.calls >= 0
            assert (grace_left(one, self.now, RULES) or 0) in range(RULES.grace + 1)
            assert one.held_from is not None or one.state is not State.HELD

    @invariant()
    def who_is_called_or_served_has_been_called(self) -> None:
        for one in self.line.values():
            if one.state in (State.CALLED, State.SERVING):
                assert one.called is not None
                assert one.calls >= 1


TestDay = Day.TestCase
