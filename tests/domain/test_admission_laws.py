"""What holds of every verdict, whatever was scanned."""

from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from domain import door_rules
from domain.admission import (
    Admitted,
    Asked,
    CheckInList,
    Direction,
    EntryPolicy,
    Found,
    Reason,
    Scan,
    decide,
    presence,
)
from domain.clock import HOUR, LAST, MINUTE, Instant
from domain.ids import ListId, OpId
from domain.ticket import TicketState
from tests.domain.tickets import (
    DOOR,
    TICKET,
    VOID,
    about_session,
    at,
    from_,
    reason,
    scan,
    with_list,
    with_ticket,
)

# Few operations, moments and lists, so that they meet.
_moments = st.integers(0, 12).map(lambda quarter: Instant(at("18:00") + quarter * 15 * MINUTE))
_ops = st.sampled_from([OpId(op) for op in "abcdef"])
_lists = st.builds(
    replace,
    st.just(DOOR),
    entry=st.sampled_from(EntryPolicy),
    checkout_at=st.sampled_from([None, time(19), time(4)]),
    valid_until=st.none() | _moments,
    rules=st.sampled_from(
        [None, from_("19:00"), door_rules.read({"fact": "entries", "op": "<", "value": 2})]
    ),
)
_about_sessions = st.builds(
    about_session,
    st.sampled_from(["<", "<=", ">", ">="]),
    st.sampled_from(["start", "end"]),
    st.sampled_from([-30, 0, 15]),
)
_asked = st.builds(Asked, _moments, st.sampled_from(Direction), force=st.booleans())


def _scans(undoes: st.SearchStrategy[OpId | None]) -> st.SearchStrategy[list[Scan]]:
    one = st.builds(
        Scan,
        _ops,
        _moments,
        st.just(TICKET.id),
        st.sampled_from([DOOR.id, DOOR.id, ListId("other")]),
        st.sampled_from(Direction),
        granted=st.sampled_from([True, True, True, False]),
        gate=st.sampled_from(["north", "south"]),
        forced=st.sampled_from([False, False, True]),
        undoes=undoes,
    )
    return st.lists(one, max_size=8)


scans = _scans(st.sampled_from([None, None, None, OpId("a"), OpId("b"), OpId("zz")]))
scans_without_undo = _scans(st.none())


def once_each(past: list[Scan]) -> list[Scan]:
    return list({one.op: one for one in past}.values())


@given(_asked, _lists, scans, st.data())
def test_the_verdict_is_a_function_of_the_set_of_scans(
    asked: Asked, list_: CheckInList, past: list[Scan], data: st.DataObject
) -> None:
    arrived = data.draw(
        st.permutations(past + data.draw(st.lists(st.sampled_from(past)) if past else st.just([])))
    )
    found, other = Found((TICKET,)), replace(list_, id=ListId("other"))
    assert decide(asked, found, [list_, other], arrived) == decide(asked, found, [list_, other], past)
    assert presence(arrived, list_) == presence(past, list_)
    assert presence(arrived, list_, asked.at) == presence(past, list_, asked.at)


@given(_asked, _lists, scans)
def test_what_is_scanned_later_changes_no_earlier_verdict(
    asked: Asked, list_: CheckInList, past: list[Scan]
) -> None:
    undone = {one.undoes for one in past}
    known = [one for one in once_each(past) if one.at <= asked.at or one.undoes or one.op in undone]
    assert decide(asked, Found((TICKET,)), [list_], known) == decide(
        asked, Found((TICKET,)), [list_], once_each(past)
    )


@given(scans_without_undo, st.sampled_from(EntryPolicy))
def test_somebody_is_inside_if_and_only_if_the_last_granted_scan_was_an_entry(
    past: list[Scan], policy: EntryPolicy
) -> None:
    past = once_each(past)
    granted = [one for one in past if one.granted and one.list == DOOR.id]
    last = max(granted, key=lambda one: (one.at, one.op), default=None)
    expected = last is not None and last.direction is Direction.ENTRY
    assert presence(past, replace(DOOR, entry=policy)).inside is expected


@given(_lists, scans_without_undo, _moments, st.data())
def test_an_undo_is_as_if_the_scan_had_never_been(
    list_: CheckInList, past: list[Scan], when: Instant, data: st.DataObject
) -> None:
    past = once_each(past)
    assume(past)
    taken_back = data.draw(st.sampled_from(past))
    record = Scan(OpId("undo"), when, TICKET.id, DOOR.id, undoes=taken_back.op)
    without = [one for one in past if one is not taken_back]
    assert presence([*past, record], list_) == presence(without, list_)


@given(st.lists(st.tuples(_ops, _moments), min_size=1, max_size=6), st.sampled_from(["after_exit", "once"]))
def test_of_all_admissions_of_one_ticket_exactly_the_earliest_stands(
    admitted: list[tuple[OpId, Instant]], policy: str
) -> None:
    past = once_each([scan(op, when) for op, when in admitted])
    earliest, *later = sorted(past, key=lambda one: (one.at, one.op))
    seen = presence(past, replace(DOOR, entry=EntryPolicy(policy)))
    assert seen.standing == earliest
    assert seen.double == tuple((earliest, one) for one in later)


@given(_asked, _lists, scans, st.sampled_from(VOID))
def test_nothing_that_is_asked_admits_a_void_ticket(
    asked: Asked, list_: CheckInList, past: list[Scan], state: TicketState
) -> None:
    answer = decide(asked, Found((with_ticket(state=state),)), [list_], past)
    assert reason(answer) == Reason(state.value)


@given(_asked, _lists, scans)
def test_every_exit_of_a_ticket_that_stands_is_let_go(
    asked: Asked, list_: CheckInList, past: list[Scan]
) -> None:
    leaving = replace(asked, direction=Direction.EXIT)
    assert isinstance(decide(leaving, Found((TICKET,), stale=True), [list_], past), Admitted)


@given(_asked, _lists, scans, _about_sessions, st.tuples(st.none() | _moments, st.none() | _moments))
def test_the_times_of_a_ticket_s_session_are_anchors_like_those_of_the_list(
    asked: Asked,
    list_: CheckInList,
    past: list[Scan],
    rule: door_rules.Rule,
    times: tuple[Instant | None, ...],
) -> None:
    starts, ends = times
    known = {"session_start": starts, "session_end": ends}
    named = {name: when for name, when in known.items() if when is not None}
    own = with_ticket(session_starts=starts, session_ends=ends)
    of_ticket = decide(asked, Found((own,)), [replace(list_, rules=rule)], past)
    of_list = decide(asked, Found((TICKET,)), [replace(list_, rules=rule, anchors=named)], past)
    assert of_ticket == replace(of_list, ticket=own)


@given(st.integers(0, LAST).map(Instant), _lists, st.lists(st.integers(0, LAST).map(Instant), max_size=4))
def test_a_verdict_is_reached_at_every_instant(
    when: Instant, list_: CheckInList, entries: list[Instant]
) -> None:
    past = [scan(str(index), entered) for index, entered in enumerate(entries)]
    lists = [replace(list_, zone=ZoneInfo("America/Los_Angeles"), valid_until=None)]
    decide(Asked(when), Found((TICKET,)), lists, past)


def test_the_first_day_of_a_clock_that_lost_its_battery_is_a_day_like_others() -> None:
    lists = with_list(checkout_at=time(4))
    past = [scan("a", Instant(HOUR))]
    assert reason(decide(Asked(Instant(2 * HOUR)), Found((TICKET,)), lists, past)) is Reason.ALREADY_IN
    assert isinstance(decide(Asked(Instant(5 * HOUR)), Found((TICKET,)), lists, past), Admitted)
