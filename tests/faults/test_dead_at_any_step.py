"""Whoever dies at any step of changing whole files leaves the old one or the new one, and never half."""

import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path
from shutil import copytree

import pytest
from sqlalchemy import Engine, event

from kiosk.store import credentials, rescue
from kiosk.store.credentials import Credentials
from kiosk.store.faults import Damaged
from kiosk.store.outbox_file import NAME
from kiosk.store.store import Store
from server.app import open_database
from server.backup import backup, restore
from server.db.sqlite import sqlite_engine
from server.settings import Settings
from tests.faults.dying import STEP, deaths
from tests.kiosk.sample import EVENT, NOON, adopt, sample_event
from tests.kiosk.store.scans import check_in
from tests.migrations.test_migrations import REVISIONS, begun, fill, to

Folders = Callable[[], Path]
OLD, NEW = 20, 30
"""Tickets in the copies."""

ACTS = 300


@pytest.fixture
def begin(tmp_path: Path) -> Folders:
    """The folder as it is before a job, which the test fills once; then a new one like it for each life."""
    (tmp_path / "before").mkdir()
    numbers = count(1)
    return lambda: copytree(tmp_path / "before", tmp_path / f"life{next(numbers)}")


def adopt_new(folder: Path) -> None:
    store = Store(folder)
    adopt(store.copies, EVENT, sample_event(NEW), cursor=9)
    store.close()


def test_a_kiosk_has_the_old_copy_or_the_new_one(tmp_path: Path, begin: Folders) -> None:
    store = Store(tmp_path / "before")
    adopt(store.copies, EVENT, sample_event(OLD), cursor=5)
    store.door.record(*check_in("mine", "t3", at=NOON))
    store.close()
    seen = set()
    for folder in deaths(adopt_new, begin):
        store = Store(folder)
        seen.add((store.copies.cursor(EVENT), len(store.tickets.search("guest", 100))))
        assert [act.op for act in store.outbox.waiting()] == ["mine"]
        assert store.tickets.gather(sample_event(OLD).code(3), NOON).past
        store.close()
    assert seen == {(5, OLD), (9, NEW)}


def start_over(folder: Path) -> None:
    rescue.if_needed(folder)


def test_a_kiosk_whose_acts_are_rescued_has_them_all_or_still_asks_for_it(
    tmp_path: Path, begin: Folders
) -> None:
    store = Store(tmp_path / "before")
    for number in range(ACTS):
        store.door.record(*check_in(f"op{number:04}", f"t{number}", at=number))
    store.close()
    damage_index(tmp_path / "before" / NAME)
    seen = set()
    for folder in deaths(start_over, begin):
        try:
            store = Store(folder)
        except Damaged:
            seen.add("damaged")
            rescue.start_over(folder)
            store = Store(folder)
        else:
            seen.add("rescued")
        assert [act.op for act in store.outbox.waiting()] == [f"op{number:04}" for number in range(ACTS)]
        store.close()
    assert seen == {"damaged", "rescued"}


def pair_anew(folder: Path) -> None:
    credentials.write(folder, paired("new"))


def test_a_kiosk_that_is_paired_anew_is_one_device_or_the_other(tmp_path: Path, begin: Folders) -> None:
    credentials.write(tmp_path / "before", paired("old"))
    tokens = [credentials.read(folder).token for folder in deaths(pair_anew, begin)]  # type: ignore[union-attr]
    assert set(tokens) == {"old", "new"}


def restore_saved(folder: Path) -> None:
    restore(settings_of(folder), folder / "saved.db")


def test_a_server_has_its_database_or_the_one_that_was_restored(tmp_path: Path, begin: Folders) -> None:
    live = tmp_path / "live"
    open_database(settings_of(live)).close()
    add_organization(live / "usher.db", "one")
    backup(settings_of(live), live / "saved.db")
    with closing(sqlite3.connect(live / "usher.db")) as killed:
        killed.execute("INSERT INTO organization VALUES ('two', 'two', 'UTC', 0)")
        killed.commit()
        copytree(live, tmp_path / "before", dirs_exist_ok=True)
    assert (tmp_path / "before" / "usher.db-wal").stat().st_size
    seen = set()
    for folder in deaths(restore_saved, begin):
        open_database(settings_of(folder)).close()
        now = organizations(folder / "usher.db")
        seen.add(now)
        if now == ("one",):
            [aside] = (folder / "backups").glob("replaced-*.db")
            assert organizations(aside) == ("one", "two")
    assert seen == {("one",), ("one", "two")}


def back_up(folder: Path) -> None:
    backup(settings_of(folder))


def test_a_backup_is_whole_or_not_there(tmp_path: Path, begin: Folders) -> None:
    open_database(settings_of(tmp_path / "before")).close()
    add_organization(tmp_path / "before" / "usher.db", "one")
    there = []
    for folder in deaths(back_up, begin):
        saved = list((folder / "backups").glob("*.db"))
        assert [organizations(path) for path in saved] == [("one",)] * len(saved)
        there.append(len(saved))
    assert set(there) == {0, 1}


def migrate_all(folder: Path) -> None:
    @event.listens_for(Engine, "before_cursor_execute")
    def _(*_: object) -> None:
        sys.audit(STEP, str(folder))

    open_database(settings_of(folder)).close()


def test_a_database_is_of_the_old_form_or_the_new_one_and_the_next_start_goes_on(
    tmp_path: Path, begin: Folders
) -> None:
    before = tmp_path / "before"
    engine = sqlite_engine(before / "usher.db")
    to(engine, REVISIONS[0])
    with engine.connect() as connection:
        fill(begun(engine, connection))
        connection.commit()
    engine.dispose()
    names, forms = organizations(before / "usher.db"), set()
    for folder in deaths(migrate_all, begin, every=12):
        forms.add(form(folder / "usher.db"))
        for saved in (folder / "backups").glob("*.db"):
            assert (form(saved), organizations(saved)) == (REVISIONS[0], names)
        open_database(settings_of(folder)).close()
        assert (form(folder / "usher.db"), organizations(folder / "usher.db")) == (REVISIONS[-1], names)
        assert not list((folder / "backups").glob("*.part"))
    assert forms == {REVISIONS[0], REVISIONS[-1]}


def settings_of(folder: Path) -> Settings:
    return Settings(data=folder, database_url="")


def paired(token: str) -> Credentials:
    answer = {"deviceId": "d", "orgId": "o", "mode": "door"}
    return credentials.from_json(answer, server="http://127.0.0.1:1", token=token)


def add_organization(path: Path, name: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("INSERT INTO organization VALUES (?, ?, 'UTC', 0)", (name, name))
        database.commit()


def organizations(path: Path) -> tuple[str, ...]:
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        return tuple(id_ for (id_,) in database.execute("SELECT id FROM organization ORDER BY id"))


def form(path: Path) -> str:
    with closing(sqlite3.connect(path)) as database:
        return str(database.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def damage_index(path: Path) -> None:
    """Breaks a page of an index of the journal: everything else can be read."""
    with closing(sqlite3.connect(path)) as database:
        [leaf] = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'journal_at'").fetchone()
    whole = bytearray(path.read_bytes())
    whole[(leaf - 1) * 4096 : leaf * 4096] = b"\x5a" * 4096
    path.write_bytes(whole)
