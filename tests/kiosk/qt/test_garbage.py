"""Where garbage is looked for, while a kiosk runs."""

import gc
from threading import Thread, current_thread, main_thread

import pytest
from pytestqt.qtbot import QtBot

from kiosk.qt import garbage


class Litter:
    """Nothing but a look for garbage finds it."""

    let_go_by: list[Thread] = []

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        self.let_go_by.append(current_thread())


@pytest.fixture(autouse=True)
def _clean() -> None:
    Litter.let_go_by = []


def _litter(number: int) -> None:
    def work() -> None:
        for _ in range(number):
            Litter()

    thread = Thread(target=work)
    thread.start()
    thread.join()


def test_python_itself_looks_for_garbage_on_the_thread_that_makes_it() -> None:
    """Why this is needed at all: should this fail one day, so may the rest go."""
    gc.enable()
    _litter(10_000)
    # The last few wait for whoever makes the next object too many.
    assert any(thread is not main_thread() for thread in tuple(Litter.let_go_by))


def test_garbage_of_every_thread_is_let_go_on_the_windows_thread(qtbot: QtBot) -> None:
    with garbage.on_this_thread():
        _litter(10_000)
        assert Litter.let_go_by == []
        qtbot.waitUntil(lambda: len(Litter.let_go_by) == 10_000)
    assert set(Litter.let_go_by) == {main_thread()}


def test_afterwards_python_looks_by_itself_again(qtbot: QtBot) -> None:
    with garbage.on_this_thread():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
