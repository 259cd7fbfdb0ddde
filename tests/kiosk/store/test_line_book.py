"""Lines as they are shown: the copy's, with this kiosk's own acts laid over until the server has them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from domain.clock import MINUTE, Instant
from domain.ids import EntryId, OpId, ServicePointId
from domain.queue import State
from domain.sync import Answer, Kind, Scope, Status
from kiosk.store.leases import Lease
from kiosk.store.outbox import Act
from kiosk.store.party import Line, Party
from kiosk.store.replica import Change
from kiosk.store.store import Store
from tests.kiosk.sample import DESK, NOON, Sample, adopt, sample_desk

POINT = ServicePointId(DESK.id)
DAY = "2026-05-10"


def entry(sample: Sample, id_: str, number: str, joined: int, **more: object) -> None:
    usual: dict[str, object] = {
        "id": id_,
        "visit": id_,
        "service_point": DESK.id,
        "number": number,
        "category": "general",
        "priority": "normal",
        "state": "waiting",
        "joined": joined,
        "sequence": joined,
        "changed": joined,
        "calls": 0,
        "front": 0,
        "arrived": 1,
        "call_by_name": 0,
        "party": 1,
        "version": 1,
    }
    sample.put("queue_entry", **{**usual, **more})


@pytest.fixture
def sample() -> Sample:
    sample = sample_desk()
    entry(sample, "ann", "A001", NOON - 3 * MINUTE)
    entry(sample, "bob", "A002", NOON - 2 * MINUTE)
    return sample


@pytest.fixture
def store(tmp_path: Path, sample: Sample) -> Iterator[Store]:
    store = Store(tmp_path)
    adopt(store.copies, DESK, sample)
    yield store
    store.close()


def line(store: Store) -> Line:
    found = store.lines.line(POINT)
    assert found is not None
    return found


def party(store: Store, id_: str) -> Party:
    found = line(store).party(EntryId(id_))
    assert found is not None
    return found


def do(store: Store, op: str, kind: str, entry_id: str, base: int, **payload: object) -> None:
    said = {"entryId": entry_id, **payload}
    store.lines.record(Act(OpId(op), kind, NOON, said, base))


def waiting(store: Store) -> list[str]:
    return [party.entry.number for party in line(store).waiting(NOON)]


def test_the_line_stands_in_the_order_of_calls(store: Store) -> None:
    assert waiting(store) == ["A001", "A002"]
    assert [counter.name for counter in line(store).counters] == ["Counter 1", "Counter 2"]
    assert line(store).point.settings.rules.grace == 3 * MINUTE


def test_an_act_shows_at_once_and_after_a_restart(store: Store, tmp_path: Path) -> None:
    do(store, "op1", Kind.QUEUE_CALL, "ann", 1, counter="c1")
    assert (party(store, "ann").entry.state, party(store, "ann").entry.counter) == (State.CALLED, "c1")
    assert waiting(store) == ["A002"]
    store.close()
    again = Store(tmp_path)
    assert party(again, "ann").entry.state is State.CALLED
    again.close()


def test_several_acts_on_one_entry_follow_each_other(store: Store) -> None:
    do(store, "op1", Kind.QUEUE_CALL, "ann", 1, counter="c1")
    do(store, "op2", Kind.QUEUE_START, "ann", 2)
    do(store, "op3", Kind.QUEUE_COMPLETE, "ann", 3)
    assert party(store, "ann").entry.state is State.COMPLETED
    do(store, "op4", Kind.QUEUE_UNDO, "ann", 4)
    assert party(store, "ann").entry.state is State.SERVING
    assert not party(store, "ann").can_undo


def test_an_act_on_an_entry_that_the_server_moved_meanwhile_changes_nothing(
    store: Store, sample: Sample
) -> None:
    do(store, "op1", Kind.QUEUE_CALL, "ann", 1, counter="c1")
    row = {**sample.tables["queue_entry"]["ann"], "state": "left", "version": 2}
    store.apply(DESK, [Change(1, "queue_entry", "ann", row)], 1, NOON)
    assert party(store, "ann").entry.state is State.LEFT


def test_an_answered_act_flickers_neither_before_nor_after_its_change_comes(
    store: Store, sample: Sample
) -> None:
    do(store, "op1", Kind.QUEUE_CALL, "ann", 1, counter="c1")
    store.outbox.answer([Answer(OpId("op1"), Status.APPLIED)])
    assert party(store, "ann").entry.state is State.CALLED
    called = {"state": "called", "counter": "c1", "called": NOON, "calls": 1, "version": 2}
    row = {**sample.tables["queue_entry"]["ann"], **called}
    store.apply(DESK, [Change(1, "queue_entry", "ann", row)], 1, NOON)
    assert party(store, "ann").version == 2
    store.outbox.forget(store.outbox.answered())
    assert party(store, "ann").entry.state is State.CALLED


def test_an_act_that_lost_is_taken_back_from_the_screen(store: Store) -> None:
    do(store, "op1", Kind.QUEUE_CALL, "ann", 1, counter="c1")
    store.outbox.answer([Answer(OpId("op1"), Status.CONFLICT)])
    assert party(store, "ann").entry.state is State.WAITING


def test_who_joins_here_stands_in_the_line_with_a_number_of_this_kiosk(store: Store) -> None:
    store.leases.add(Lease("l1", POINT, "general", "A", DAY, 20, 21))

    def issue(lease: str, number: str) -> Act:
        said = {"entryId": f"new-{number}", "servicePoint": POINT, "category": "general", "number": number}
        return Act(OpId(f"op-{number}"), Kind.QUEUE_JOIN, NOON, {**said, "lease": lease, "name": "Cid"})

    point = line(store).point
    assert store.lines.record_join(point, "general", NOON, issue)
    assert store.lines.record_join(point, "general", NOON, issue)
    assert store.lines.record_join(point, "general", NOON, issue) is None
    assert waiting(store) == ["A001", "A002", "A020", "A021"]
    assert party(store, "new-A020").name == "Cid"
    assert store.lines.unsent()


def test_numbers_are_of_one_category_and_one_local_day(store: Store) -> None:
    store.leases.add(Lease("l1", POINT, "general", "A", DAY, 1, 5))
    assert store.leases.take(POINT, "repair", DAY) is None
    assert store.leases.take(POINT, "general", "2026-05-11") is None
    assert store.leases.take(POINT, "general", DAY) == ("l1", "A001")
    assert store.leases.left(POINT, "general", DAY) == 4


def test_a_number_is_never_given_out_twice_even_when_its_block_comes_again(
    store: Store, tmp_path: Path
) -> None:
    lease = Lease("l1", POINT, "general", "A", DAY, 1, 3)
    store.leases.add(lease)
    first = store.leases.take(POINT, "general", DAY)
    store.leases.add(lease)
    store.close()
    again = Store(tmp_path)
    taken = [first, *(again.leases.take(POINT, "general", DAY) for _ in range(3))]
    assert taken == [("l1", "A001"), ("l1", "A002"), ("l1", "A003"), None]
    again.close()


def test_blocks_of_days_gone_by_are_forgotten_when_a_new_one_comes(store: Store) -> None:
    for id_, day in (("l1", "2026-05-08"), ("l2", "2026-05-09"), ("l3", "2026-05-11")):
        store.leases.add(Lease(id_, POINT, "general", "A", day, 1, 5))
    left = {
        day: store.leases.left(POINT, "general", day) for day in ("2026-05-08", "2026-05-09", "2026-05-11")
    }
    assert left == {"2026-05-08": 0, "2026-05-09": 5, "2026-05-11": 5}


def test_what_the_server_answered_shows_until_the_changes_have_it(store: Store, sample: Sample) -> None:
    ann = party(store, "ann")
    called = replace(ann, entry=replace(ann.entry, state=State.CALLED, called=NOON), version=2)
    store.lines.answered(called)
    assert party(store, "ann").entry.state is State.CALLED
    row = {**sample.tables["queue_entry"]["ann"], "state": "serving", "version": 3}
    store.apply(DESK, [Change(1, "queue_entry", "ann", row)], 1, NOON)
    assert party(store, "ann").entry.state is State.SERVING


def test_a_transfer_leaves_one_line_and_stands_in_the_other(store: Store, sample: Sample) -> None:
    there = sample_desk()
    there.tables["service_point"] = {
        "lab": {**there.tables["service_point"].pop(DESK.id), "id": "lab", "name": "Laboratory"}
    }
    there.tables["counter"] = {}
    adopt(store.copies, Scope("servicePoint", "lab"), there)
    do(store, "op1", Kind.QUEUE_TRANSFER, "ann", 1, servicePoint="lab", newEntryId="ann2", category="repair")
    assert party(store, "ann").entry.state is State.TRANSFERRED
    other = store.lines.line(ServicePointId("lab"))
    assert other is not None
    [arrived] = other.parties
    assert (arrived.id, arrived.entry.number, arrived.entry.category) == ("ann2", "A001", "repair")
    assert arrived.visit == "ann"


def test_a_counter_that_is_closed_here_is_closed_on_the_screen(store: Store) -> None:
    said = {"servicePoint": POINT, "counter": "c2", "state": "closed"}
    store.lines.record(Act(OpId("op1"), Kind.QUEUE_COUNTER, NOON, said))
    assert [counter.state for counter in line(store).counters] == ["open", "closed"]


def test_settings_that_cannot_be_read_leave_a_line_that_runs(store: Store, sample: Sample) -> None:
    row = {**sample.tables["service_point"][DESK.id], "settings": '{"categories": 7}'}
    store.apply(DESK, [Change(1, "service_point", DESK.id, row)], 1, NOON)
    assert [category.letter for category in line(store).point.settings.categories] == ["A"]


def test_a_kiosk_whose_clock_is_off_moves_people_by_the_servers(store: Store) -> None:
    store.offset.measured(10 * MINUTE)
    do(store, "op1", Kind.QUEUE_CALL, "ann", 1, counter="c1")
    assert party(store, "ann").entry.called == Instant(NOON + 10 * MINUTE)


def test_who_ended_long_ago_leaves_the_copy_and_who_is_still_here_stays(store: Store, sample: Sample) -> None:
    row = {**sample.tables["queue_entry"]["ann"], "state": "completed", "changed": NOON, "version": 2}
    store.apply(DESK, [Change(1, "queue_entry", "ann", row)], 1, NOON)
    line = store.lines.line(POINT)
    assert line is not None
    others = {party.id for party in line.parties} - {"ann"}
    store.lines.drop_ended(NOON)
    assert party(store, "ann").entry.state is State.COMPLETED
    store.lines.drop_ended(Instant(NOON + 1))
    line = store.lines.line(POINT)
    assert line is not None
    assert {party.id for party in line.parties} == others
