"""The outbox: acts in order, each until the server has answered it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from domain.clock import Instant
from domain.ids import EventId, OpId
from domain.sync import Answer, Kind, Status
from kiosk.store import outbox_file
from kiosk.store.outbox import Act, Outbox
from kiosk.store.outbox_file import OutboxFile
from kiosk.store.store import Store


@pytest.fixture
def file(tmp_path: Path) -> Iterator[OutboxFile]:
    file = OutboxFile(tmp_path)
    yield file
    file.close()


@pytest.fixture
def outbox(file: OutboxFile) -> Outbox:
    return Outbox(file)


def act(op: str, kind: str = Kind.CHECK_IN, at: int = 1) -> Act:
    return Act(OpId(op), kind, Instant(at), {"code": op, "answers": {"size": "Größe M"}}, base_version=3)


def answer(op: str, status: Status, **detail: object) -> Answer:
    return Answer(OpId(op), status, detail)


def test_acts_wait_in_the_order_in_which_they_were_done_whatever_their_clock_said(outbox: Outbox) -> None:
    for op, at in (("a", 50), ("b", 20), ("c", 90)):
        outbox.add(act(op, at=at))
    assert [(o.op, o.sequence, o.at) for o in outbox.waiting()] == [("a", 1, 50), ("b", 2, 20), ("c", 3, 90)]


def test_an_act_comes_back_as_it_was_done(outbox: Outbox) -> None:
    added = outbox.add(act("a"))
    assert outbox.waiting() == (added,)
    assert added.payload == {"code": "a", "answers": {"size": "Größe M"}}
    assert added.base_version == 3


def test_adding_an_act_twice_keeps_the_first(outbox: Outbox) -> None:
    first = outbox.add(act("a", at=1))
    assert outbox.add(act("a", at=2)) == first
    assert len(outbox.waiting()) == 1


def test_a_number_is_never_given_again_even_when_the_outbox_was_empty(outbox: Outbox) -> None:
    assert outbox.add(act("a")).sequence == 1
    outbox.answer([answer("a", Status.APPLIED)])
    assert outbox.waiting() == ()
    assert outbox.add(act("b")).sequence == 2


@pytest.mark.parametrize("status", [Status.APPLIED, Status.DUPLICATE, Status.CONFLICT])
def test_an_answered_act_leaves(outbox: Outbox, status: Status) -> None:
    outbox.add(act("a"))
    outbox.add(act("b"))
    outbox.answer([answer("a", status)])
    assert [o.op for o in outbox.waiting()] == ["b"]
    assert outbox.counts() == (1, 0)


def test_a_rejected_act_stays_with_the_servers_words_and_holds_up_no_other(outbox: Outbox) -> None:
    outbox.add(act("a"))
    outbox.add(act("b"))
    outbox.answer([answer("a", Status.REJECTED, code="list_unknown", detail="there is no such list")])
    [rejected] = outbox.rejected()
    assert rejected.operation.op == "a"
    assert rejected.answer.detail["detail"] == "there is no such list"
    assert [o.op for o in outbox.waiting()] == ["b"]
    assert outbox.counts() == (1, 1)


def test_a_rejected_act_can_be_sent_again_in_its_old_place(outbox: Outbox) -> None:
    for op in "ab":
        outbox.add(act(op))
    outbox.answer([answer("a", Status.REJECTED)])
    outbox.retry(OpId("a"))
    assert [o.op for o in outbox.waiting()] == ["a", "b"]


def test_an_applied_act_on_a_queue_is_shown_until_its_effect_has_come_back(outbox: Outbox) -> None:
    outbox.add(act("a", Kind.QUEUE_CALL))
    outbox.answer([answer("a", Status.APPLIED)])
    assert [o.op for o in outbox.unseen()] == ["a"]
    assert outbox.waiting() == ()
    assert outbox.counts() == (0, 0)
    outbox.forget(outbox.answered())
    assert outbox.unseen() == ()


@pytest.mark.parametrize("status", [Status.CONFLICT, Status.REJECTED])
def test_an_act_on_a_queue_that_did_not_stand_is_shown_no_more(outbox: Outbox, status: Status) -> None:
    outbox.add(act("a", Kind.QUEUE_CALL))
    outbox.answer([answer("a", status)])
    assert outbox.unseen() == ()


def test_forgetting_what_was_answered_leaves_what_waits(outbox: Outbox) -> None:
    outbox.add(act("a", Kind.QUEUE_CALL))
    outbox.forget([OpId("a")])
    assert [o.op for o in outbox.waiting()] == ["a"]


def test_an_answer_to_an_act_that_is_not_here_changes_nothing(outbox: Outbox) -> None:
    outbox.add(act("a"))
    outbox.answer([answer("x", Status.APPLIED), answer("y", Status.REJECTED)])
    assert outbox.counts() == (1, 0)


def test_what_failed_inside_one_transaction_left_nothing(file: OutboxFile, outbox: Outbox) -> None:
    def fail() -> None:
        with file.write():
            outbox.add(act("a"))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert outbox.waiting() == ()
    assert outbox.add(act("b")).op == "b"


def test_a_file_from_before_sales_is_brought_up_with_all_that_is_in_it(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "outbox.db")) as db:
        for statement in outbox_file._FORMS[0]:
            db.execute(statement)
        db.execute("INSERT INTO outbox (op, kind, at, payload, created) VALUES ('op-1', 'x', 5, '{}', 5)")
        db.execute("PRAGMA user_version = 1")
        db.commit()
    for _ in range(2):
        store = Store(tmp_path)
        assert [act.op for act in store.outbox.waiting()] == ["op-1"]
        assert store.seats.of(EventId("evt")) == ()
        store.close()
