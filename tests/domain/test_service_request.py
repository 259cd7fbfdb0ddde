"""Service requests: the chain, what lines cost, when an estimate can be decided on, the promised date."""

from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.business_hours import ALWAYS, Hours, business_time, hours
from domain.clock import DAY, HOUR, MINUTE, Instant, parse
from domain.errors import Invalid
from domain.service_request import (
    CHAIN,
    DONE,
    PAUSING,
    USUAL,
    Decision,
    Estimate,
    Labour,
    NotNow,
    Part,
    Promise,
    State,
    check,
    due_now,
    following,
    lacks,
    moved,
    not_now,
    steps,
    total,
)

BERLIN = ZoneInfo("Europe/Berlin")
NOON = parse("2026-05-11T12:00:00Z")
"""A Monday."""
NINE_TO_FIVE = hours({day: [{"opens": "09:00", "closes": "17:00"}] for day in ("mon", "tue", "wed", "thu")})
OFFER = Estimate(2, 100, 200, Instant(NOON + HOUR))
STATES = st.sampled_from(State)
KEPT = st.dictionaries(STATES, st.lists(STATES, max_size=4))
SOON = st.integers(0, 20 * DAY).map(lambda by: Instant(NOON + by))


def test_by_itself_each_state_of_the_chain_leads_to_the_next_and_to_void() -> None:
    walked, state = [State.INTAKE], State.INTAKE
    while len(after := following(USUAL, state)) == 2:
        state = after[0]
        walked.append(state)
    assert tuple(walked) == CHAIN
    assert following(USUAL, State.CLOSED) == (State.VOID,)


@given(KEPT, STATES)
def test_void_follows_every_state_but_itself_and_nothing_follows_it(
    kept: Mapping[str, list[str]], state: State
) -> None:
    after = following(steps(kept), state)
    assert (after == ()) if state is State.VOID else (after.count(State.VOID) == 1 and state not in after)


@given(KEPT)
def test_what_is_accepted_lets_every_device_go_home(kept: Mapping[str, list[str]]) -> None:
    of = steps(kept)
    try:
        check(of)
    except Invalid:
        return
    for state in CHAIN:
        reached, ahead = {state}, [state]
        while ahead:
            ahead = [each for s in ahead for each in following(of, s) if each not in reached]
            reached.update(ahead)
        assert State.CLOSED in reached


def test_steps_that_never_end_are_refused_where_they_are_given() -> None:
    check(steps({"approved": ["in_repair", "waiting_parts"], "quality_check": ["in_repair", "ready"]}))
    with pytest.raises(Invalid, match="in_repair never leads to closed"):
        check(steps({"in_repair": ["waiting_parts"], "intake": ["ready"]}))
    with pytest.raises(Invalid, match="picked_up"):
        check(steps({"picked_up": ["void"]}))


@pytest.mark.parametrize(
    ("minutes", "rate", "amount"), [(40, 6000, 4000), (1, 30, 1), (1, 29, 0), (0, 9999, 0), (7, 5999, 700)]
)
def test_work_costs_its_minutes_to_the_nearest_minor_unit(minutes: int, rate: int, amount: int) -> None:
    assert Labour("", 999, minutes, rate).amount == amount


@given(
    st.lists(st.tuples(st.integers(1, 10_000), st.integers(0, 10**9)), max_size=5),
    st.lists(st.tuples(st.integers(0, 10**5), st.integers(0, 10**9)), max_size=5),
)
def test_the_sum_is_that_of_the_lines_in_any_order(
    parts: list[tuple[int, int]], work: list[tuple[int, int]]
) -> None:
    lines = [Part("", "", quantity, price) for quantity, price in parts]
    labour = [Labour("", 0, minutes, rate) for minutes, rate in work]
    assert total(lines, labour) == total(lines[::-1], labour[::-1])
    assert total(lines, labour) == sum(q * p for q, p in parts) + sum(each.amount for each in labour)
    exact = sum(minutes * rate for minutes, rate in work)
    assert abs(total([], labour) * 60 - exact) <= 30 * len(work)


@pytest.mark.parametrize(
    ("offer", "state", "seen", "expected"),
    [
        (OFFER, State.WAITING_APPROVAL, 2, None),
        (OFFER, State.WAITING_APPROVAL, None, None),
        (None, State.WAITING_APPROVAL, 2, NotNow.MISSING),
        (OFFER, State.WAITING_APPROVAL, 1, NotNow.CHANGED),
        (replace(OFFER, decision=Decision.REJECTED), State.WAITING_APPROVAL, 2, NotNow.DECIDED),
        (OFFER, State.DIAGNOSTICS, 2, NotNow.NOT_ASKED),
        (replace(OFFER, valid_until=NOON), State.WAITING_APPROVAL, 2, NotNow.EXPIRED),
        (replace(OFFER, valid_until=None), State.WAITING_APPROVAL, 2, None),
    ],
)
def test_an_estimate_is_decided_on_once_while_it_holds_and_as_it_was_seen(
    offer: Estimate | None, state: State, seen: int | None, expected: NotNow | None
) -> None:
    assert not_now(offer, state, seen, NOON) is expected


def test_to_wait_for_an_approval_needs_an_estimate_and_to_be_approved_needs_the_approval() -> None:
    assert lacks(State.WAITING_APPROVAL, None, NOON) is NotNow.MISSING
    assert lacks(State.WAITING_APPROVAL, OFFER, NOON) is None
    assert lacks(State.APPROVED, OFFER, NOON) is NotNow.NOT_ASKED
    assert lacks(State.APPROVED, replace(OFFER, decision=Decision.REJECTED), NOON) is NotNow.NOT_ASKED
    assert lacks(State.APPROVED, replace(OFFER, decision=Decision.APPROVED), NOON) is None
    for state in set(State) - {State.WAITING_APPROVAL, State.APPROVED}:
        assert lacks(state, None, NOON) is None


def test_a_pause_over_night_adds_the_hours_that_it_was_open() -> None:
    promise = Promise(parse("2026-05-12T10:00:00Z"))
    since, until = parse("2026-05-11T14:00:00Z"), parse("2026-05-12T08:00:00Z")
    paused = moved(promise, State.WAITING_PARTS, NINE_TO_FIVE, since, BERLIN)
    # One hour on Monday until 17:00 in Berlin, and one on Tuesday from 9:00.
    assert moved(paused, State.IN_REPAIR, NINE_TO_FIVE, until, BERLIN) == Promise(
        parse("2026-05-12T12:00:00Z")
    )


@given(st.lists(st.tuples(SOON, STATES), max_size=8), st.sampled_from([NINE_TO_FIVE, ALWAYS, None]))
def test_no_open_hour_of_a_pause_counts_and_every_other_one_does(
    walk: list[tuple[Instant, State]], open_: Hours | None
) -> None:
    promise, last = Promise(parse("2026-05-20T09:00:00Z")), None
    waited = 0
    for at, state in sorted(walk, key=lambda each: each[0]):
        if last is not None and last[1] in PAUSING:
            waited += business_time(open_ or ALWAYS, last[0], at, BERLIN)
        promise, last = moved(promise, state, open_, at, BERLIN), (at, state)
        assert (promise.paused is not None) == (state in PAUSING)
        due = due_now(promise, open_, at, BERLIN)
        assert due is not None
        assert business_time(open_ or ALWAYS, parse("2026-05-20T09:00:00Z"), due, BERLIN) == waited


def test_a_clock_that_steps_back_takes_nothing_from_the_promise() -> None:
    paused = Promise(NOON, Instant(NOON + MINUTE))
    assert due_now(paused, None, NOON, BERLIN) == NOON


def test_what_is_done_is_not_what_waits() -> None:
    assert not DONE & PAUSING
