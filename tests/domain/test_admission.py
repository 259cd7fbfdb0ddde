from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

import pytest

from domain import clock, door_rules
from domain.admission import (
    Admitted,
    Ask,
    CheckInList,
    Direction,
    DoorQuestion,
    EntryPolicy,
    Found,
    Reason,
    Refused,
    Verdict,
    presence,
)
from domain.ids import DeviceId, ListId, TicketId
from domain.ticket import TicketState
from tests.domain.tickets import (
    ADDON,
    DOOR,
    FAIR,
    SOUPS,
    STAND,
    TALK,
    TICKET,
    VOID,
    about_session,
    at,
    entry,
    from_,
    leaving,
    reason,
    scan,
    undo,
    verdict,
    with_list,
    with_ticket,
)

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
