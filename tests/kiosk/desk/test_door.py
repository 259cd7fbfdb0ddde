"""The door: scans, questions, undo; with the server and without it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.admission import Admitted, Ask, Direction, Reason, Refused
from domain.clock import HOUR, MINUTE, Instant
from domain.errors import StorageFull
from domain.ids import ListId, TicketId
from domain.sync import Answer, Kind, Status
from kiosk.desk.door import NO_LIST
from kiosk.desk.outcome import NothingToUndo, Outcome, Source, Undone
from kiosk.store.replica import Change
from tests.kiosk.desk.doors import SampleDoor
from tests.kiosk.sample import EVENT, LIST, NOON, Sample, sample_event


@pytest.fixture
def sample() -> Sample:
    sample = sample_event(10)
    sample.ticket(11, state="canceled")
    sample.ticket(12, state="pending", due=2_500)
    return sample


@pytest.fixture
def door(tmp_path: Path, sample: Sample) -> Iterator[SampleDoor]:
    door = SampleDoor(tmp_path, sample, gate="North")
    yield door
    door.close()


def reason(outcome: Outcome) -> Reason | None:
    return outcome.verdict.reason if isinstance(outcome.verdict, Refused) else None


def test_a_ticket_is_admitted_once_and_its_type_and_list_are_shown(door: SampleDoor, sample: Sample) -> None:
    outcome = door.door.scan(sample.code(3))
    assert isinstance(outcome.verdict, Admitted)
    assert outcome.verdict.ticket.name == "Guest3 Example"
    assert (outcome.type and outcome.type.name, outcome.list_name) == ("Standard", "Main Door")
    assert (outcome.source, outcome.at) == (Source.HERE, NOON)
    again = door.door.scan(sample.code(3))
    assert reason(again) is Reason.ALREADY_IN
    assert isinstance(again.verdict, Refused)
    assert again.verdict.first is not None
    assert (again.verdict.first.op, again.verdict.first.gate) == (outcome.op, "North")


def test_what_was_decided_here_waits_to_be_sent_before_it_is_shown(door: SampleDoor, sample: Sample) -> None:
    outcome = door.door.scan(sample.code(3))
    [act] = door.store.outbox.waiting()
    assert (act.op, act.kind, act.at) == (outcome.op, Kind.CHECK_IN, NOON)
    assert act.payload == {
        "ticketId": "t3",
        "lists": [LIST],
        "list": LIST,
        "direction": "entry",
        "gate": "North",
        "verdict": "admitted",
        "reason": None,
        "forced": False,
        "answers": {},
    }
    assert door.server.told == 1


def test_refused_and_unknown_scans_are_recorded_too(door: SampleDoor, sample: Sample) -> None:
    assert reason(door.door.scan(sample.code(11))) is Reason.CANCELED
    assert reason(door.door.scan("some other code")) is Reason.UNKNOWN
    assert [(sent.get("ticketId"), sent.get("code"), sent["reason"]) for sent in door.sent()] == [
        ("t11", None, "canceled"),
        (None, "some other code", "unknown"),
    ]


def test_a_genuine_ticket_that_was_never_seen_is_admitted_and_sent_by_its_code(
    door: SampleDoor, sample: Sample
) -> None:
    outcome = door.door.scan(sample.code(999))
    assert isinstance(outcome.verdict, Admitted)
    [sent] = door.sent()
    assert (sent.get("ticketId"), sent["code"]) == (None, sample.code(999))
    assert reason(door.door.scan(sample.code(999))) is Reason.ALREADY_IN


def test_with_the_server_nothing_waits_and_its_verdict_counts_here_too(
    door: SampleDoor, sample: Sample
) -> None:
    door.server.away = False
    outcome = door.door.scan(sample.code(3))
    assert (outcome.source, outcome.op) == (Source.SERVER, door.server.done[0])
    assert door.sent() == []
    door.server.away = True
    assert reason(door.door.scan(sample.code(3))) is Reason.ALREADY_IN


def test_an_answer_that_came_too_late_does_not_make_a_person_their_own_double(
    door: SampleDoor, sample: Sample
) -> None:
    door.server.away, door.server.late = False, True
    taken: list[str] = []

    def change_comes_first(_op: object) -> None:
        [row] = door.state.rows("scan")
        taken.append(str(row["op"]))
        door.store.apply(EVENT, [Change(1, "scan", row["op"], row)], 1, NOON)

    door.server.done = _Told(change_comes_first)
    outcome = door.door.scan(sample.code(3))
    assert isinstance(outcome.verdict, Admitted)
    assert [outcome.op] == taken == [act.op for act in door.store.outbox.waiting()]


@pytest.mark.parametrize("behind", [900, 60_000])
def test_a_clock_that_is_a_little_behind_does_not_admit_twice(
    door: SampleDoor, sample: Sample, behind: int
) -> None:
    door.server.away = False
    door.door.scan(sample.code(3))
    door.server.away = True
    door.clock.forward(-behind)
    assert reason(door.door.scan(sample.code(3))) is Reason.ALREADY_IN
    door.turn(Direction.EXIT)
    left = door.door.scan(sample.code(3))
    assert left.at == NOON
    assert door.store.outbox.waiting()[-1].at == NOON


def test_exit_lets_out_and_in_again(door: SampleDoor, sample: Sample) -> None:
    door.door.scan(sample.code(3))
    door.turn(Direction.EXIT)
    left = door.door.scan(sample.code(3))
    assert isinstance(left.verdict, Admitted)
    assert left.direction is Direction.EXIT
    door.turn(Direction.ENTRY)
    door.clock.forward(MINUTE)
    assert isinstance(door.door.scan(sample.code(3)).verdict, Admitted)


@pytest.mark.parametrize("away", [True, False])
def test_questions_are_asked_and_their_answers_admit(tmp_path: Path, sample: Sample, away: bool) -> None:
    question = {"id": "size", "text": {"en": "Shirt size?"}, "kind": "choice", "choices": ["S", "M"]}
    sample.check_in_list(LIST, questions=[question], requireConfirmation=["Over 18?"])
    door = SampleDoor(tmp_path, sample)
    door.server.away = away
    asked = door.door.scan(sample.code(3))
    assert isinstance(asked.verdict, Ask)
    assert (asked.verdict.questions[0].id, asked.verdict.confirmations) == ("size", ("Over 18?",))
    assert door.store.door.recent(5) == ()
    answered = door.door.answer(asked, {"size": "M"}, confirmed=True)
    assert isinstance(answered.verdict, Admitted)
    assert [sent["answers"] for sent in door.sent()] == ([{"size": "M"}] if away else [])
    door.close()


def test_what_was_answered_stays_answered_while_the_rest_is_asked_for(tmp_path: Path, sample: Sample) -> None:
    questions = [{"id": name, "text": {"en": name}} for name in ("size", "meal")]
    sample.check_in_list(LIST, questions=questions, requireConfirmation=["Over 18?"])
    door = SampleDoor(tmp_path, sample)
    asked = door.door.answer(door.door.scan(sample.code(3)), {"size": "M", "meal": ""}, confirmed=True)
    assert isinstance(asked.verdict, Ask)
    assert ([q.id for q in asked.verdict.questions], asked.verdict.confirmations) == (["meal"], ())
    assert isinstance(door.door.answer(asked, {"meal": "fish"}).verdict, Admitted)
    assert [sent["answers"] for sent in door.sent()] == [{"size": "M", "meal": "fish"}]
    door.close()


def test_a_forced_admission_is_still_forced_once_the_questions_are_answered(
    tmp_path: Path, sample: Sample
) -> None:
    sample.check_in_list(LIST, requireConfirmation=["Over 18?"])
    door = SampleDoor(tmp_path, sample)
    for _ in range(2):
        refused = door.door.answer(door.door.scan(sample.code(3)), {}, confirmed=True)
    assert reason(refused) is Reason.ALREADY_IN
    assert isinstance(door.door.force(refused).verdict, Admitted)
    asked = door.door.force(door.door.scan(sample.code(3)))
    assert isinstance(asked.verdict, Ask)
    assert isinstance(door.door.answer(asked, {}, confirmed=True).verdict, Admitted)
    door.close()


def test_who_has_not_paid_is_asked_to_where_the_list_allows_it(tmp_path: Path, sample: Sample) -> None:
    sample.check_in_list(LIST, includePending=True)
    door = SampleDoor(tmp_path, sample)
    asked = door.door.scan(sample.code(12))
    assert isinstance(asked.verdict, Ask)
    assert (asked.verdict.unpaid, asked.verdict.ticket.due) == (True, 2_500)
    assert isinstance(door.door.answer(asked, {}, confirmed_unpaid=True).verdict, Admitted)
    door.close()


def test_staff_may_force_what_time_and_rules_refuse(door: SampleDoor, sample: Sample) -> None:
    door.door.scan(sample.code(3))
    refused = door.door.scan(sample.code(3))
    forced = door.door.force(refused)
    assert isinstance(forced.verdict, Admitted)
    assert forced.verdict.forced
    assert [sent["forced"] for sent in door.sent()] == [False, False, True]


@pytest.mark.parametrize("away", [True, False])
def test_a_ticket_that_was_found_by_name_is_admitted_by_its_id(
    tmp_path: Path, sample: Sample, away: bool
) -> None:
    door = SampleDoor(tmp_path, sample)
    door.server.away = away
    [match] = door.desk.search("guest4")
    assert (match.ticket.id, match.inside, match.last) == ("t4", False, None)
    assert isinstance(door.door.admit(match.ticket.id).verdict, Admitted)
    [match] = door.desk.search("guest4")
    assert match.inside
    assert match.last is not None
    assert reason(door.door.admit(TicketId("t4"))) is Reason.ALREADY_IN
    assert reason(door.door.admit(TicketId("nobody"))) is Reason.UNKNOWN
    door.close()


def test_a_whole_code_typed_into_the_search_finds_its_ticket(door: SampleDoor, sample: Sample) -> None:
    assert [match.ticket.id for match in door.desk.search(sample.code(5))] == ["t5"]


def test_the_last_admission_can_be_taken_back_and_then_the_one_before(
    door: SampleDoor, sample: Sample
) -> None:
    first, second = door.door.scan(sample.code(3)), door.door.scan(sample.code(4))
    door.door.scan(sample.code(11))
    for expected in (second, first):
        undone = door.door.undo("mistake")
        assert isinstance(undone, Undone)
        assert (undone.undoes, undone.source) == (expected.op, Source.HERE)
    assert door.door.undo() == NothingToUndo()
    assert [act.kind for act in door.store.outbox.waiting()][-2:] == [Kind.UNDO_CHECK_IN] * 2
    assert isinstance(door.door.scan(sample.code(4)).verdict, Admitted)


def test_an_undo_of_what_the_server_has_yet_to_hear_of_waits_behind_it(
    door: SampleDoor, sample: Sample
) -> None:
    admitted = door.door.scan(sample.code(3))
    door.server.away = False
    undone = door.door.undo()
    assert isinstance(undone, Undone)
    assert undone.source is Source.HERE
    assert [act.op for act in door.store.outbox.waiting()] == [admitted.op, undone.op]


def test_an_undo_that_the_server_does_not_grant_says_why(door: SampleDoor, sample: Sample) -> None:
    admitted = door.door.scan(sample.code(3))
    door.store.outbox.answer([Answer(admitted.op, Status.APPLIED)])
    door.server.away = False
    assert door.door.undo() == NothingToUndo("there is no such scan")


def test_without_a_copy_the_door_says_what_to_do_and_calls_nobody_unknown(tmp_path: Path) -> None:
    door = SampleDoor(tmp_path, None)
    outcome = door.door.scan("anything")
    assert reason(outcome) is Reason.ERROR
    assert outcome.trouble is not None
    assert outcome.trouble.code == "no_copy"
    assert door.sent() == []
    door.close()


def test_without_a_list_the_door_says_what_to_do(tmp_path: Path, sample: Sample) -> None:
    sample.tables["check_in_list"].clear()
    door = SampleDoor(tmp_path, sample)
    outcome = door.door.scan(sample.code(3))
    assert (reason(outcome), outcome.trouble) == (Reason.ERROR, NO_LIST)
    door.close()


def test_a_door_decides_on_its_own_lists_only(tmp_path: Path, sample: Sample) -> None:
    sample.check_in_list("vip", types=["backstage"])
    door = SampleDoor(tmp_path, sample)
    door.turn(Direction.ENTRY, "vip")
    assert reason(door.door.scan(sample.code(3))) is Reason.WRONG_TICKET_TYPE
    assert door.sent()[0]["lists"] == ["vip"]
    door.turn(Direction.ENTRY, "vip", LIST)
    assert isinstance(door.door.scan(sample.code(3)).verdict, Admitted)
    assert door.sent()[1]["list"] == LIST
    door.close()


def test_rules_that_this_version_cannot_read_refuse(tmp_path: Path, sample: Sample) -> None:
    sample.check_in_list(LIST, rules={"fact": "phase_of_the_moon", "op": "==", "value": "full"})
    door = SampleDoor(tmp_path, sample)
    refused = door.door.scan(sample.code(3))
    assert isinstance(refused.verdict, Refused)
    assert refused.verdict.reason is Reason.RULES
    assert refused.verdict.unmet[0].unknown
    door.close()


def test_times_are_the_servers_also_where_this_clock_is_wrong(tmp_path: Path, sample: Sample) -> None:
    sample.check_in_list(LIST, validFrom="2026-05-10T13:00:00Z")
    door = SampleDoor(tmp_path, sample)
    assert reason(door.door.scan(sample.code(3))) is Reason.NOT_YET_VALID
    door.store.offset.measured(2 * HOUR)
    admitted = door.door.scan(sample.code(3))
    assert isinstance(admitted.verdict, Admitted)
    assert admitted.at == NOON + 2 * HOUR
    assert door.store.outbox.waiting()[-1].at == NOON
    door.close()


def test_on_a_full_disk_nobody_is_admitted_by_this_kiosk_alone(door: SampleDoor, sample: Sample) -> None:
    with door.store.file.write() as db:
        db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0]}")

    def scan_all() -> None:
        for number in range(1, 200):
            door.door.scan(sample.code(1_000 + number))

    with pytest.raises(StorageFull):
        scan_all()
    waiting = {act.op for act in door.store.outbox.waiting()}
    assert waiting == {noted.scan.op for noted in door.store.door.recent(500)}
    door.server.away = False
    assert isinstance(door.door.scan(sample.code(3)).verdict, Admitted)


def test_recent_scans_show_who_it_was(door: SampleDoor, sample: Sample) -> None:
    door.door.scan(sample.code(3))
    door.clock.forward(1)
    door.door.scan("unknown code")
    recent = door.desk.recent()
    assert [(r.ticket and r.ticket.name, r.reason) for r in recent] == [
        (None, "unknown"),
        ("Guest3 Example", ""),
    ]


def test_figures_follow_each_scan(door: SampleDoor, sample: Sample) -> None:
    for number in (1, 2, 3, 3, 11):
        door.door.scan(sample.code(number))
    door.door.undo()
    figures = door.desk.figures(ListId(LIST))
    assert figures is not None
    assert (figures.expected, figures.admitted, figures.inside) == (10, 2, 2)
    assert figures.refused == {"already_in": 1, "canceled": 1}
    assert figures.arrivals == {Instant(NOON): 2}


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(code=st.text() | st.binary().map(bytes.hex) | st.just("U" * 10_000), away=st.booleans())
def test_any_text_at_all_gets_a_verdict(door: SampleDoor, code: str, away: bool) -> None:
    door.server.away = away
    outcome = door.door.scan(code)
    assert isinstance(outcome.verdict, Refused)
    assert outcome.trouble is None


class _Told(list):  # type: ignore[type-arg]
    """Calls back whenever something is added."""

    def __init__(self, tell: object) -> None:
        super().__init__()
        self._tell = tell

    def append(self, value: object) -> None:
        super().append(value)
        self._tell(value)  # type: ignore[operator]
