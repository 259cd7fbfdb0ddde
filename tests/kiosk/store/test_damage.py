"""The file of this kiosk's own acts when it is damaged, from a newer version, or the disk is full."""

import sqlite3
from pathlib import Path

import pytest

from domain.clock import Instant
from domain.errors import StorageFull
from domain.ids import OpId
from domain.sync import Kind
from kiosk.store import rescue
from kiosk.store.faults import Damaged, FromNewerVersion
from kiosk.store.outbox import Act, Outbox
from kiosk.store.outbox_file import NAME, OutboxFile
from kiosk.store.store import Store
from tests.kiosk.store.scans import check_in


def fill(folder: Path, acts: int) -> None:
    store = Store(folder)
    for number in range(acts):
        store.door.record(*check_in(f"op{number:04}", f"t{number}", at=number))
    store.close()


def damage(path: Path, page: int) -> None:
    whole = bytearray(path.read_bytes())
    whole[page * 4096 : (page + 1) * 4096] = b"\x5a" * 4096
    path.write_bytes(whole)


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"this is no database at all" * 100)
    with pytest.raises(Damaged, match="damaged") as refused:
        Store(tmp_path)
    assert refused.value.file == tmp_path / NAME
    assert (tmp_path / NAME).read_bytes().startswith(b"this is no database")


def test_a_damaged_page_is_found_at_the_start_and_the_file_kept(tmp_path: Path) -> None:
    fill(tmp_path, 300)
    before = (tmp_path / NAME).stat().st_size
    damage(tmp_path / NAME, before // 4096 - 2)
    with pytest.raises(Damaged):
        Store(tmp_path)
    assert (tmp_path / NAME).stat().st_size == before


def test_starting_over_keeps_the_damaged_file_and_carries_over_what_can_be_read(tmp_path: Path) -> None:
    fill(tmp_path, 300)
    db = sqlite3.connect(tmp_path / NAME)
    [leaf] = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'journal_at'").fetchone()
    db.close()
    damage(tmp_path / NAME, leaf - 1)
    with pytest.raises(Damaged):
        Store(tmp_path)
    rescued = rescue.start_over(tmp_path)
    assert rescued.kept.exists()
    assert rescued.acts == 300
    store = Store(tmp_path)
    assert [act.op for act in store.outbox.waiting()] == [f"op{n:04}" for n in range(300)]
    assert store.outbox.add(Act(OpId("next"), Kind.CHECK_IN, Instant(1))).sequence == 301
    store.close()


def test_starting_over_from_a_heap_of_rubbish_is_an_empty_file_beside_the_rubbish(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"rubbish" * 2000)
    rescued = rescue.start_over(tmp_path)
    assert rescued.acts == 0
    assert rescued.kept.read_bytes().startswith(b"rubbish")
    Store(tmp_path).close()


def test_a_file_of_a_newer_version_is_refused_and_kept(tmp_path: Path) -> None:
    fill(tmp_path, 3)
    db = sqlite3.connect(tmp_path / NAME)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(FromNewerVersion, match="newer version of Usher"):
        Store(tmp_path)
    db = sqlite3.connect(tmp_path / NAME)
    assert db.execute("SELECT count(*) FROM outbox").fetchone() == (3,)
    db.close()


def test_on_a_full_disk_nothing_is_recorded_and_nothing_lost(tmp_path: Path) -> None:
    store = Store(tmp_path)
    done = 0
    with store.file.write() as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
    with store.file.write() as db:
        db.execute(f"PRAGMA max_page_count = {pages + 4}")

    def until_full() -> None:
        nonlocal done
        while True:
            store.door.record(*check_in(f"op{done:04}", f"t{done}", at=done))
            done += 1

    with pytest.raises(StorageFull, match=r"full: nothing was recorded\. Free some space"):
        until_full()
    assert len(store.outbox.waiting()) == done
    assert len(store.door.recent(10_000)) == done
    with store.file.write() as db:
        db.execute("PRAGMA max_page_count = 1000000")
    store.door.record(*check_in("after", "t9999", at=9_999))
    assert [act.op for act in store.outbox.waiting()][-1] == "after"
    store.close()


def test_an_act_and_its_effect_are_both_there_or_neither(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.file.write() as db:
        db.execute("CREATE TRIGGER broken BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'no'); END")
    with pytest.raises(sqlite3.IntegrityError):
        store.door.record(*check_in("a", "t1", at=1))
    assert store.outbox.waiting() == ()
    assert store.door.find(OpId("a")) is None
    assert store.door.recent(5) == ()
    store.close()


def test_an_outbox_is_written_through_to_the_disk(tmp_path: Path) -> None:
    file = OutboxFile(tmp_path)
    with file.write() as db:
        assert db.execute("PRAGMA synchronous").fetchone() == (2,)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert Outbox(file).waiting() == ()
    file.close()
