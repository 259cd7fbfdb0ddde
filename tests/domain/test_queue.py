"""The states of the queue: who may go where, what events do, and what undo takes back."""

from dataclasses import replace

import pytest

from domain.clock import MINUTE, SECOND
from domain.queue import (
    LIVE,
    STAYS,
    TRANSITIONS,
    Event,
    GraceRunning,
    Moved,
    State,
    WrongTransition,
    allowed,
    call_order,
    grace_left,
    move,
    undo,
)
from tests.domain.people import NOON, REACH, RULES, after, entry, later, line, names

# The table.


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
