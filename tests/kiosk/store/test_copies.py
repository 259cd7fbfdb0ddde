"""Copies of the server's records: swapped in whole, moved on by changes, set aside when they are damaged."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from domain import ticket_code
from domain.errors import Unavailable
from domain.replica import SCHEMA_VERSION
from domain.sync import Scope
from kiosk.store.copies import Copies
from kiosk.store.faults import Damaged, FromNewerVersion
from kiosk.store.replica import Change
from kiosk.store.store import Store
from tests.kiosk.sample import DESK, EVENT, NOON, Sample, adopt, sample_desk, sample_event, write_copy


@pytest.fixture
def sample() -> Sample:
    return sample_event(20)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path)
    yield store
    store.close()


def change(sequence: int, table: str, sample: Sample, key: object, **more: object) -> Change:
    return Change(sequence, table, key, {**sample.tables[table][key], **more})


def apply(store: Store, *changes: Change, cursor: int | None = None) -> frozenset[str]:
    to = cursor if cursor is not None else changes[-1].sequence
    return store.apply(EVENT, changes, to, NOON)[0]


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix == ".db" and path.name != "outbox.db")


def test_a_copy_is_there_again_after_a_restart(tmp_path: Path, sample: Sample) -> None:
    first = Store(tmp_path)
    adopt(first.copies, EVENT, sample, cursor=7)
    adopt(first.copies, DESK, sample_desk())
    first.close()
    again = Store(tmp_path)
    assert set(again.copies.scopes()) == {EVENT, DESK}
    assert again.copies.cursor(EVENT) == 7
    assert again.tickets.gather(sample.code(7), NOON).found.tickets
    again.close()


def test_a_new_copy_takes_the_place_of_the_old_one(store: Store, tmp_path: Path, sample: Sample) -> None:
    adopt(store.copies, EVENT, sample)
    sample.ticket(99)
    adopt(store.copies, EVENT, sample, cursor=3)
    assert store.copies.cursor(EVENT) == 3
    assert store.tickets.gather(sample.code(99), NOON).found.tickets[0].id == "t99"
    assert files(tmp_path) == ["replica-event-spring.2.db"]


def test_a_kiosk_that_died_before_dropping_the_old_copy_uses_the_new_one(
    tmp_path: Path, sample: Sample
) -> None:
    store = Store(tmp_path)
    adopt(store.copies, EVENT, sample, cursor=1)
    old = (tmp_path / "replica-event-spring.1.db").read_bytes()
    adopt(store.copies, EVENT, sample, cursor=2)
    store.close()
    (tmp_path / "replica-event-spring.1.db").write_bytes(old)
    again = Store(tmp_path)
    assert again.copies.cursor(EVENT) == 2
    assert files(tmp_path) == ["replica-event-spring.2.db"]
    again.close()


def test_half_a_new_copy_is_never_looked_at(tmp_path: Path, sample: Sample) -> None:
    store = Store(tmp_path)
    adopt(store.copies, EVENT, sample, cursor=1)
    store.copies.shelf.unpacked(EVENT).write_bytes(b"half of a copy")
    store.close()
    again = Store(tmp_path)
    assert again.copies.cursor(EVENT) == 1
    again.close()


def test_what_is_no_copy_of_this_scope_is_not_taken(store: Store, tmp_path: Path, sample: Sample) -> None:
    adopt(store.copies, EVENT, sample, cursor=1)
    other = write_copy(tmp_path / "other.new", Scope("event", "autumn"), sample.tables)
    with pytest.raises(Damaged, match="no copy of event:spring"):
        store.adopt(EVENT, other)
    garbage = tmp_path / "garbage.new"
    garbage.write_bytes(b"SQLite format 3\x00" + b"garbage" * 1000)
    with pytest.raises(Damaged):
        store.adopt(EVENT, garbage)
    assert store.copies.cursor(EVENT) == 1


def test_a_copy_of_a_later_form_asks_for_a_newer_kiosk(store: Store, tmp_path: Path, sample: Sample) -> None:
    newer = write_copy(tmp_path / "newer.new", EVENT, sample.tables)
    db = sqlite3.connect(newer)
    db.execute("UPDATE replica_meta SET schema = ?", (SCHEMA_VERSION + 1,))
    db.commit()
    db.close()
    with pytest.raises(FromNewerVersion, match="newer version"):
        store.adopt(EVENT, newer)


def test_a_copy_of_an_earlier_form_is_set_aside_and_fetched_again(tmp_path: Path, sample: Sample) -> None:
    """As the kiosk finds it that was updated since: it lacks what is asked now."""
    store = Store(tmp_path)
    adopt(store.copies, EVENT, sample)
    store.close()
    with closing(sqlite3.connect(tmp_path / "replica-event-spring.1.db")) as db, db:
        db.execute("DROP TABLE event_session")
        db.execute("UPDATE replica_meta SET schema = ?", (SCHEMA_VERSION - 1,))
    again = Store(tmp_path)
    assert again.copies.cursor(EVENT) is None
    adopt(again.copies, EVENT, sample, cursor=5)
    assert [ticket.id for ticket in again.tickets.search("guest3", 5)] == ["t3"]
    again.close()


def test_a_damaged_copy_is_set_aside_and_fetched_again(tmp_path: Path, sample: Sample) -> None:
    store = Store(tmp_path)
    adopt(store.copies, EVENT, sample)
    store.close()
    (tmp_path / "replica-event-spring.1.db").write_bytes(b"no database" * 500)
    again = Store(tmp_path)
    assert again.copies.cursor(EVENT) is None
    assert len(list(tmp_path.glob("replica-event-spring.1-kept-*.db"))) == 1
    adopt(again.copies, EVENT, sample, cursor=5)
    assert again.copies.cursor(EVENT) == 5
    again.close()


def test_a_copy_that_breaks_while_it_is_read_is_dropped_and_says_so(tmp_path: Path) -> None:
    sample = sample_event(2_000)
    store = Store(tmp_path)
    adopt(store.copies, EVENT, sample)
    store.close()
    path = tmp_path / "replica-event-spring.1.db"
    whole = bytearray(path.read_bytes())
    whole[20 * 4096 : 60 * 4096] = b"\xff" * (40 * 4096)
    path.write_bytes(whole)
    again = Store(tmp_path)

    def look_everywhere() -> None:
        for number in range(1, 2_000):
            again.tickets.gather(sample.code(number), NOON)

    with pytest.raises(Unavailable, match="damaged and is being fetched again"):
        look_everywhere()
    assert again.copies.cursor(EVENT) is None
    again.close()


def test_changes_move_the_rows_and_the_cursor_together(store: Store, sample: Sample) -> None:
    adopt(store.copies, EVENT, sample, cursor=10)
    touched = apply(
        store,
        change(11, "ticket", sample, "t3", state="blocked", name="Renamed Person"),
        change(12, "ticket_type", sample, "standard", name="Day"),
        cursor=12,
    )
    assert touched == {"ticket", "ticket_type"}
    assert store.copies.cursor(EVENT) == 12
    assert store.tickets.gather(sample.code(3), NOON).found.tickets[0].state == "blocked"
    assert [t.id for t in store.tickets.search("renamed", 5)] == ["t3"]
    assert store.tickets.search("example spring", 5) == ()
    assert store.tickets.catalog().types[EVENT.id, "standard"].name == "Day"  # type: ignore[index]


def test_changes_that_come_twice_or_late_are_taken_once(store: Store, sample: Sample) -> None:
    adopt(store.copies, EVENT, sample, cursor=10)
    apply(store, change(11, "ticket", sample, "t3", name="First"))
    apply(store, change(12, "ticket", sample, "t3", name="Second"))
    apply(store, change(11, "ticket", sample, "t3", name="First"))
    assert store.copies.cursor(EVENT) == 12
    ticket = store.tickets.ticket(sample.tables["ticket"]["t3"]["id"])  # type: ignore[arg-type]
    assert ticket is not None
    assert ticket.name == "Second"


def test_a_row_that_is_gone_is_gone_from_the_search_too(store: Store, sample: Sample) -> None:
    adopt(store.copies, EVENT, sample)
    apply(store, Change(1, "ticket", "t3", None), Change(2, "check_in_list", "main-door", None))
    assert store.tickets.search("guest3", 5) == ()
    assert store.tickets.catalog().lists == {}
    revoked = ticket_code.digest("some code")
    row = {"digest": revoked, "event": EVENT.id, "ticket": "t4"}
    apply(store, Change(3, "revoked_code", revoked, row))
    assert store.tickets.gather("some code", NOON).found.superseded
    apply(store, Change(4, "revoked_code", revoked, None))
    assert not store.tickets.gather("some code", NOON).found.superseded


def test_what_this_version_does_not_know_is_passed_over(store: Store, sample: Sample) -> None:
    adopt(store.copies, EVENT, sample)
    apply(
        store,
        Change(1, "loyalty_card", "x", {"id": "x"}),
        change(2, "ticket", sample, "t3", name="Known", aura="purple"),
    )
    assert store.copies.cursor(EVENT) == 2
    assert [t.name for t in store.tickets.search("known", 5)] == ["Known"]


def test_many_changes_leave_the_search_as_a_rebuilt_one_would_be(store: Store, sample: Sample) -> None:
    adopt(store.copies, EVENT, sample)
    changes = [
        change(n, "ticket", sample, f"t{n % 20 + 1}", name=f"Round{n // 20} Person{n % 20}")
        for n in range(1, 400)
    ]
    apply(store, *changes)
    assert [t.name for t in store.tickets.search("person7", 20)] == ["Round19 Person7"]
    assert len(store.tickets.search("round19", 50)) == 20
    assert store.tickets.search("round18", 50) == ()
    assert store.tickets.search("round5", 50) == ()


def test_nothing_of_a_dropped_scope_stays_on_the_disk(store: Store, tmp_path: Path, sample: Sample) -> None:
    adopt(store.copies, EVENT, sample)
    store.copies.shelf.download(EVENT).write_bytes(b"half")
    store.copies.shelf.unpacked(EVENT).write_bytes(b"half")
    adopt(store.copies, DESK, sample_desk())
    store.drop(EVENT)
    assert [path.name for path in tmp_path.glob("replica-event*")] == []
    assert store.copies.scopes() == (DESK,)


def test_ids_that_begin_alike_are_different_scopes(tmp_path: Path, sample: Sample) -> None:
    store = Store(tmp_path)
    longer = Scope("event", "spring-2")
    store.adopt(longer, write_copy(store.copies.shelf.unpacked(longer), longer, sample.tables, 4))
    adopt(store.copies, EVENT, sample, cursor=3)
    store.drop(EVENT)
    store.close()
    again = Copies(tmp_path)
    assert again.scopes() == (longer,)
    assert again.cursor(longer) == 4
    again.close()
