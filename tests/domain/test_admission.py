from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain import clock, door_rules
from domain.admission import (
    Admitted,
    Ask,
    Asked,
    CheckInList,
    Direction,
    DoorQuestion,
    EntryPolicy,
    Found,
    Reason,
    Refused,
    Scan,
    Verdict,
    decide,
    presence,
)
from domain.clock import HOUR, LAST, MINUTE, Instant
from domain.ids import DeviceId, EventId, ListId, OpId, TicketId, TicketTypeId
from domain.ticket import Ticket, TicketState

GALA, FAIR = EventId("gala"), EventId("fair")
SEAT, STAND, SOUP = TicketTypeId("seat"), TicketTypeId("stand"), TicketTypeId("soup")
TICKET = Ticket(TicketId("t1"), GALA, SEAT, number=1, name="Ada Lovelace")
DOOR = CheckInList(ListId("door"), GALA, "Door")
VOID = [TicketState.BLOCKED, TicketState.CANCELED, TicketState.REFUNDED]


def at(local: str) -> Instant:
    return clock.parse(f"2026-05-10T{local}:00Z")


def scan(op: str, when: Instant, **more: object) -> Scan:
    return replace(Scan(OpId(op), when, TICKET.id, DOOR.id), **more)  # type: ignore[arg-type]


def entry(op: str, local: str, **more: object) -> Scan:
    return scan(op, at(local), **more)


def leaving(op: str, local: str) -> Scan:
    return scan(op, at(local), direction=Direction.EXIT)


def undo(op: str, local: str, undoes: str, **more: object) -> Scan:
    return scan(op, at(local), undoes=OpId(undoes), **more)


def verdict(
    local: str = "20:00",
    *past: Scan,
    ticket: Ticket = TICKET,
    lists: Sequence[CheckInList] = (DOOR,),
    found: Found | None = None,
    **asked: object,
) -> Verdict:
    question = Asked(at(local), **asked)  # type: ignore[arg-type]
    return decide(question, found or Found((ticket,)), lists, past)


def reason(answer: Verdict) -> Reason | None:
    return answer.reason if isinstance(answer, Refused) else None


def with_list(**more: object) -> list[CheckInList]:
    return [replace(DOOR, **more)]  # type: ignore[arg-type]


def with_ticket(**more: object) -> Ticket:
    return replace(TICKET, **more)  # type: ignore[arg-type]


def from_(local: str) -> door_rules.Rule:
    return door_rules.read({"fact": "now", "op": ">=", "value": {"time": local}})


ADDON = Ticket(TicketId("t2"), GALA, SOUP, number=2, main=TICKET.id)
SOUPS = replace(DOOR, types=frozenset({SOUP}), addons=True)

REFUSALS: dict[Reason, list[Verdict]] = {
    Reason.UNKNOWN: [verdict(found=Found())],
    Reason.SIGNATURE: [verdict(found=Found(forged=True))],
    Reason.WRONG_EVENT: [verdict(ticket=with_ticket(event=FAIR)), verdict(lists=[])],
    Reason.CANCELED: [verdict(ticket=with_ticket(state=TicketState.CANCELED))],
    Reason.REFUNDED: [verdict(ticket=with_ticket(state=TicketState.REFUNDED))],
    Reason.REVOKED: [verdict(found=Found((TICKET,), superseded=True))],
    Reason.BLOCKED: [
        verdict(ticket=with_ticket(state=TicketState.BLOCKED)),
        verdict(lists=[SOUPS], found=Found((TICKET,), (replace(ADDON, state=TicketState.BLOCKED),))),
    ],
    Reason.UNPAID: [verdict(ticket=with_ticket(state=TicketState.PENDING))],
    Reason.UNAPPROVED: [verdict(ticket=with_ticket(state=TicketState.UNAPPROVED))],
    Reason.NOT_YET_VALID: [
        verdict("17:59", ticket=with_ticket(valid_from=at("18:00"))),
        verdict("17:59", lists=with_list(valid_from=at("18:00"))),
    ],
    Reason.EXPIRED: [
        verdict("22:00", ticket=with_ticket(valid_until=at("22:00"))),
        verdict("22:00", lists=with_list(valid_until=at("22:00"))),
    ],
    Reason.WRONG_TICKET_TYPE: [
        verdict(lists=with_list(types=frozenset({STAND}))),
        verdict(lists=[SOUPS]),
        verdict(lists=[replace(SOUPS, addons=False)], found=Found((TICKET,), (ADDON,))),
    ],
    Reason.WRONG_LIST: [
        verdict(lists=with_list(sessions=frozenset({"matinee"}))),
        verdict(lists=with_list(gates=frozenset({"north"})), gate="south"),
    ],
    Reason.RULES: [verdict("18:49", lists=with_list(rules=from_("18:50")))],
    Reason.ALREADY_IN: [
        verdict("20:00", entry("a", "19:00")),
        verdict("20:00", entry("a", "19:00"), leaving("b", "19:30"), lists=with_list(entry=EntryPolicy.ONCE)),
    ],
    Reason.AMBIGUOUS: [
        verdict(found=Found((TICKET, with_ticket(id=TicketId("t9"))))),
        verdict(lists=[SOUPS], found=Found((TICKET,), (ADDON, replace(ADDON, id=TicketId("t3"))))),
    ],
    Reason.ROTATING_CODE_STALE: [verdict(found=Found((TICKET,), stale=True))],
}


@pytest.mark.parametrize("why", REFUSALS, ids=str)
def test_every_obstacle_is_refused_for_its_own_reason(why: Reason) -> None:
    assert [reason(answer) for answer in REFUSALS[why]] == [why] * len(REFUSALS[why])


def test_every_reason_has_an_example_but_the_fault_of_the_machine_itself() -> None:
    assert set(Reason) - REFUSALS.keys() == {Reason.ERROR}


def test_a_valid_ticket_is_admitted() -> None:
    assert verdict() == Admitted(TICKET, DOOR.id, Direction.ENTRY)


def test_a_time_window_includes_its_first_moment_and_excludes_its_last() -> None:
    ticket = with_ticket(valid_from=at("18:00"), valid_until=at("22:00"))
    assert [reason(verdict(hour, ticket=ticket)) for hour in ("17:59", "18:00", "21:59", "22:00")] == [
        Reason.NOT_YET_VALID,
        None,
        None,
        Reason.EXPIRED,
    ]


def test_a_refusal_by_rule_names_the_moment_that_would_do() -> None:
    answer = verdict("18:49", lists=with_list(rules=from_("18:50")))
    assert isinstance(answer, Refused)
    assert [unmet.moment for unmet in answer.unmet] == [at("18:50")]


def test_already_in_names_the_first_admission() -> None:
    first = entry("a", "19:00", gate="north", device=DeviceId("d1"))
    answer = verdict("20:00", entry("b", "19:30", forced=True), first)
    assert isinstance(answer, Refused)
    assert answer.first == first


# Rule 1: scan time decides, not arrival.


def test_an_exit_uploaded_before_the_earlier_entry_leaves_the_person_outside() -> None:
    arrived = [leaving("b", "19:55"), entry("a", "19:50")]
    assert not presence(arrived, DOOR).inside
    assert isinstance(verdict("20:00", *arrived), Admitted)


def test_a_scan_is_judged_by_what_stood_at_its_own_time() -> None:
    assert isinstance(verdict("19:50", entry("later", "19:55")), Admitted)


def test_presence_can_be_asked_for_any_moment() -> None:
    past = [entry("a", "19:00"), leaving("b", "19:30"), entry("c", "20:00")]
    assert [presence(past, DOOR, at(hour)).inside for hour in ("18:59", "19:00", "19:30", "20:00")] == [
        False,
        True,
        False,
        True,
    ]


# Rule 2: an undo is a new record.


def test_an_undo_takes_back_whenever_it_arrives() -> None:
    admission, taken_back = entry("a", "19:00"), undo("u", "21:00", "a")
    assert isinstance(verdict("20:00", admission, taken_back), Admitted)
    assert isinstance(verdict("20:00", taken_back, admission), Admitted)


def test_the_undo_of_an_exit_puts_the_person_back_inside() -> None:
    past = [entry("a", "19:00"), leaving("b", "19:30"), undo("u", "19:31", "b")]
    assert reason(verdict("20:00", *past)) is Reason.ALREADY_IN


def test_an_undo_needs_to_name_nothing_but_the_scan() -> None:
    past = [entry("a", "19:00"), undo("u", "19:31", "a", list=ListId(""), ticket=TicketId(""))]
    assert isinstance(verdict("20:00", *past), Admitted)


def test_refused_scans_change_nothing() -> None:
    assert isinstance(verdict("20:00", entry("a", "19:00", granted=False)), Admitted)


# Rule 3: an operation counts once.


def test_the_same_operation_twice_is_one_admission() -> None:
    twice = presence([entry("a", "19:00"), entry("a", "19:00")], DOOR)
    assert len(twice.entries) == 1
    assert not twice.double


def test_of_two_records_of_one_operation_the_earlier_stands() -> None:
    own, corrected = entry("a", "19:00"), entry("a", "18:58")
    assert presence([own, corrected], DOOR).entries == (corrected,)
    assert presence([corrected, own], DOOR).entries == (corrected,)


# Rule 4: windows and rules bind entries; a void ticket is refused both ways.


@pytest.mark.parametrize("state", VOID)
@pytest.mark.parametrize("direction", Direction)
def test_a_void_ticket_is_refused_both_ways_even_by_force(state: TicketState, direction: Direction) -> None:
    answer = verdict(
        "20:00",
        entry("a", "19:00"),
        ticket=with_ticket(state=state),
        direction=direction,
        force=True,
        confirmed=True,
        confirmed_unpaid=True,
    )
    assert reason(answer) == Reason(state.value)


def test_the_old_code_of_a_transferred_ticket_is_refused_both_ways() -> None:
    answers = [verdict(found=Found((TICKET,), superseded=True), direction=way) for way in Direction]
    assert [reason(answer) for answer in answers] == [Reason.REVOKED] * 2


@pytest.mark.parametrize(
    "more",
    [
        {"valid_from": at("21:00")},
        {"valid_until": at("19:00")},
        {"rules": from_("21:00")},
        {"confirmations": ("Wears a helmet?",)},
        {"questions": (DoorQuestion("age", {"en": "How old?"}),)},
    ],
    ids=lambda more: next(iter(more)),
)
def test_windows_rules_and_questions_bind_entries_and_not_exits(more: dict[str, object]) -> None:
    lists = with_list(**more)
    assert not isinstance(verdict("20:00", lists=lists), Admitted)
    assert isinstance(verdict("20:00", lists=lists, direction=Direction.EXIT), Admitted)


def test_an_unpaid_or_unapproved_person_may_leave() -> None:
    for state in (TicketState.PENDING, TicketState.UNAPPROVED):
        answer = verdict(ticket=with_ticket(state=state), direction=Direction.EXIT)
        assert isinstance(answer, Admitted)


# Rule 5: of two admissions of one ticket the earlier stands, whichever arrived first.


def test_two_kiosks_offline_admit_one_ticket_and_the_earlier_scan_stands() -> None:
    one, other = entry("b", "19:00", device=DeviceId("d1")), entry("a", "19:05", device=DeviceId("d2"))
    assert isinstance(verdict("19:00"), Admitted)
    assert isinstance(verdict("19:05"), Admitted)
    for arrived in ([one, other], [other, one]):
        assert presence(arrived, DOOR).standing == one
        assert presence(arrived, DOOR).double == ((one, other),)


def test_a_forced_second_admission_is_no_accident() -> None:
    past = [entry("a", "19:00"), entry("b", "19:05", forced=True)]
    assert not presence(past, DOOR).double


# How often one ticket may enter.


def test_after_an_exit_the_person_may_enter_again() -> None:
    past = [entry("a", "19:00"), leaving("b", "19:30")]
    assert isinstance(verdict("20:00", *past), Admitted)


def test_a_list_of_many_entries_admits_again_and_again() -> None:
    past = [entry(op, "19:00") for op in "abc"]
    assert isinstance(verdict("20:00", *past, lists=with_list(entry=EntryPolicy.MANY)), Admitted)
    assert not presence(past, replace(DOOR, entry=EntryPolicy.MANY)).double


def test_the_automatic_check_out_opens_the_door_again_at_its_local_time() -> None:
    berlin = with_list(checkout_at=time(4), zone=ZoneInfo("Europe/Berlin"))
    evening = scan("a", clock.parse("2026-05-09T18:00:00Z"))
    assert reason(verdict("01:59", evening, lists=berlin)) is Reason.ALREADY_IN
    assert isinstance(verdict("02:00", evening, lists=berlin), Admitted)


def test_who_enters_at_the_very_time_of_the_check_out_stays_inside() -> None:
    lists = with_list(checkout_at=time(19))
    assert reason(verdict("20:00", entry("a", "19:00"), lists=lists)) is Reason.ALREADY_IN
    assert isinstance(verdict("20:00", entry("a", "18:59"), lists=lists), Admitted)


def test_the_automatic_check_out_does_not_open_a_list_of_one_entry() -> None:
    lists = with_list(checkout_at=time(4), entry=EntryPolicy.ONCE)
    yesterday = scan("a", clock.parse("2026-05-09T18:00:00Z"))
    assert reason(verdict("20:00", yesterday, lists=lists)) is Reason.ALREADY_IN


# Force, questions, money.


def test_force_opens_what_is_a_matter_of_time_or_count() -> None:
    lists = with_list(rules=from_("21:00"), valid_until=at("19:00"))
    answer = verdict("20:00", entry("a", "19:00"), lists=lists, force=True)
    assert answer == Admitted(TICKET, DOOR.id, Direction.ENTRY, forced=True)


def test_force_does_not_pay_approve_or_answer() -> None:
    assert reason(verdict(ticket=with_ticket(state=TicketState.PENDING), force=True)) is Reason.UNPAID
    assert reason(verdict(ticket=with_ticket(state=TicketState.UNAPPROVED), force=True)) is Reason.UNAPPROVED
    questions = (DoorQuestion("age", {"en": "How old?"}),)
    assert isinstance(verdict(lists=with_list(questions=questions), force=True), Ask)


def test_a_pending_ticket_asks_for_the_money_where_the_list_includes_it() -> None:
    lists, ticket = with_list(include_pending=True), with_ticket(state=TicketState.PENDING, due=1200)
    assert verdict(ticket=ticket, lists=lists) == Ask(ticket, DOOR.id, unpaid=True)
    assert isinstance(verdict(ticket=ticket, lists=lists, confirmed_unpaid=True), Admitted)


def test_what_is_asked_is_asked_until_it_is_answered() -> None:
    must, may = DoorQuestion("age", {"en": "How old?"}), DoorQuestion("shoe", {}, required=False)
    lists = with_list(questions=(must, may), confirmations=("Wears a helmet?",))
    assert verdict(lists=lists) == Ask(TICKET, DOOR.id, (must, may), ("Wears a helmet?",))
    assert verdict(lists=lists, answers={"age": " "}, confirmed=True) == Ask(TICKET, DOOR.id, (must, may))
    assert verdict(lists=lists, answers={"age": "9"}, confirmed=True) == Ask(TICKET, DOOR.id, (may,))
    assert isinstance(verdict(lists=lists, answers={"age": "9", "shoe": ""}, confirmed=True), Admitted)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("text", ["yes", "0"], [" "]),
        ("number", ["7", "-1", " 3,5 ", "2.25", "٣"], ["seven", "1e5", "nan", "1.", "--1"]),
        ("boolean", ["true", "false"], ["yes", "1"]),
        ("choice", ["S", " M "], ["L", "s"]),
    ],
)
def test_an_answer_that_is_not_of_its_kind_is_asked_for_again(
    kind: str, good: list[str], bad: list[str]
) -> None:
    question = DoorQuestion("q", {}, kind, choices=("S", "M"))
    for answers, settled in ((good, True), (bad, False)):
        for answer in answers:
            made = verdict(lists=with_list(questions=(question,)), answers={"q": answer})
            assert isinstance(made, Admitted) is settled, answer


# Add-ons and several lists.


def test_an_addon_is_found_through_its_main_ticket() -> None:
    found = Found((TICKET,), (ADDON,))
    assert verdict(lists=[SOUPS], found=found) == Admitted(ADDON, DOOR.id, Direction.ENTRY)
    served = entry("a", "19:00", ticket=ADDON.id)
    assert reason(verdict("20:00", served, lists=[SOUPS], found=found)) is Reason.ALREADY_IN


def test_an_addon_that_was_cancelled_and_bought_again_is_not_ambiguous() -> None:
    found = Found((TICKET,), (replace(ADDON, id=TicketId("t3"), state=TicketState.CANCELED), ADDON))
    assert verdict(lists=[SOUPS], found=found) == Admitted(ADDON, DOOR.id, Direction.ENTRY)


def test_of_several_lists_the_one_that_admits_decides() -> None:
    stands = replace(DOOR, id=ListId("stands"), types=frozenset({STAND}))
    assert verdict(lists=[stands, DOOR]) == Admitted(TICKET, DOOR.id, Direction.ENTRY)


def test_of_several_refusals_the_one_that_says_most_is_told() -> None:
    stands = replace(DOOR, id=ListId("stands"), types=frozenset({STAND}))
    answer = verdict("20:00", entry("a", "19:00"), lists=[stands, DOOR])
    assert reason(answer) is Reason.ALREADY_IN


def test_a_list_of_another_event_has_no_say() -> None:
    assert verdict(lists=[CheckInList(ListId("fair"), FAIR), DOOR]) == Admitted(
        TICKET, DOOR.id, Direction.ENTRY
    )


def test_an_exit_counts_on_the_list_on_which_the_person_is_inside() -> None:
    yesterday = replace(DOOR, id=ListId("yesterday"), valid_until=at("00:00"))
    came = entry("a", "19:00")
    answer = verdict("20:00", came, lists=[yesterday, DOOR], direction=Direction.EXIT)
    assert answer == Admitted(TICKET, DOOR.id, Direction.EXIT)
    assert isinstance(verdict("20:30", came, leaving("b", "20:00"), lists=[yesterday, DOOR]), Admitted)


# Sessions.

TALK = with_ticket(session="talk", session_starts=at("20:00"), session_ends=at("21:00"))


def about_session(op: str, anchor: str, minutes: int = 0) -> door_rules.Rule:
    return door_rules.read(
        {"fact": "now", "op": op, "value": {"anchor": f"session_{anchor}", "minutes": minutes}}
    )


@pytest.mark.parametrize(
    ("rule", "last_refused", "first_admitted", "named"),
    [
        (about_session(">=", "start"), "19:59", "20:00", "20:00"),
        (about_session(">=", "start", -15), "19:44", "19:45", "19:45"),
        (about_session(">=", "start", 10), "20:09", "20:10", "20:10"),
        (about_session("<", "end"), "21:00", "20:59", "21:00"),
        (about_session("<=", "end", 30), "21:31", "21:30", "21:30"),
        (about_session("<", "end", -5), "20:55", "20:54", "20:55"),
    ],
)
def test_a_rule_measures_from_the_session_of_the_ticket(
    rule: door_rules.Rule, last_refused: str, first_admitted: str, named: str
) -> None:
    refused = verdict(last_refused, ticket=TALK, lists=with_list(rules=rule))
    assert isinstance(refused, Refused)
    assert [(unmet.moment, unmet.unknown) for unmet in refused.unmet] == [(at(named), False)]
    assert isinstance(verdict(first_admitted, ticket=TALK, lists=with_list(rules=rule)), Admitted)


def test_two_tickets_on_one_list_are_each_held_to_their_own_session() -> None:
    later = replace(TALK, id=TicketId("t2"), session="late", session_starts=at("22:00"))
    lists = with_list(rules=about_session(">=", "start", -15))
    assert isinstance(verdict("20:00", ticket=TALK, lists=lists), Admitted)
    assert reason(verdict("20:00", ticket=later, lists=lists)) is Reason.RULES


@pytest.mark.parametrize("anchor", ["start", "end"])
@pytest.mark.parametrize("session", ["", "talk"])
def test_a_ticket_whose_session_has_no_times_is_refused_by_a_rule_about_them(
    anchor: str, session: str
) -> None:
    rule = about_session(">=", anchor)
    for asked in (rule, door_rules.Not(rule)):
        answer = verdict(ticket=with_ticket(session=session), lists=with_list(rules=asked))
        assert isinstance(answer, Refused)
        assert [unmet.unknown for unmet in answer.unmet] == [True]


def test_of_an_addon_its_own_session_counts() -> None:
    lists = [replace(SOUPS, rules=about_session(">=", "start"))]
    served = replace(ADDON, session_starts=at("21:00"))
    found = Found((TALK,), (served,))
    assert reason(verdict("20:30", lists=lists, found=found)) is Reason.RULES
    assert verdict("21:00", lists=lists, found=found) == Admitted(served, DOOR.id, Direction.ENTRY)


# Laws.

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
