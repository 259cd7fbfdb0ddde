"""Ids of this machine."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from domain.clock import Instant
from domain.ids import is_id
from kiosk.desk import machine
from kiosk.desk.machine import Uuid7, system_clock


def test_ids_are_version_7_and_sort_as_they_were_made() -> None:
    ids = Uuid7()
    made = [ids() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {(uuid.UUID(id_).version, uuid.UUID(id_).variant) for id_ in made[:100]} == {(7, uuid.RFC_4122)}
    assert is_id(made[0])
    assert abs((uuid.UUID(made[0]).int >> 80) - system_clock()) < 60_000


def test_ids_still_sort_when_the_clock_steps_back(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = Uuid7()
    first = ids()
    monkeypatch.setattr(machine, "system_clock", lambda: Instant(1_000_000_000_000))
    assert first < ids() < ids()


def test_threads_never_get_the_same_id() -> None:
    ids = Uuid7()
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: ids(), range(5_000)))
    assert len(set(made)) == len(made)
