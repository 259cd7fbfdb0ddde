"""The staff PIN over the window: given, chosen where there is none, changed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from domain.clock import Instant
from kiosk.desk.pin import Pin, Right
from kiosk.qt.pin_flow import PinOver
from kiosk.qt.worker import Worker
from kiosk.store.store import Store
from kiosk.ui import theme
from kiosk.ui.pages.pin import PinPage
from kiosk.ui.theme import Theme
from kiosk.ui.window import Window
from tests.builders import ManualClock
from tests.kiosk.sample import NOON
from tests.ui.seen import press, words

_QUICK = PasswordHasher(time_cost=1, memory_cost=64)


@pytest.fixture
def pin(tmp_path: Path) -> Iterator[Pin]:
    store = Store(tmp_path)
    yield Pin(store.settings, ManualClock(Instant(NOON)), _QUICK)
    store.close()


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> Window:
    theme.apply(qapp, Theme())
    window = Window(fullscreen=False)
    qtbot.addWidget(window)
    window.show_page(QWidget())
    window.show()
    return window


@pytest.fixture
def worker(qapp: QApplication) -> Iterator[Worker]:
    faults: list[Exception] = []
    worker = Worker("usher-test", faults.append)
    yield worker
    worker.close()
    assert faults == []


@pytest.fixture
def over(window: Window, pin: Pin, worker: Worker) -> PinOver:
    return PinOver(window, pin, worker)


@pytest.fixture
def passed() -> list[str]:
    return []


def enter(window: Window, digits: str) -> None:
    for digit in digits:
        press(window, f"pin:{digit}")
    press(window, "pin:ok")


def says(window: Window) -> str:
    page = window.page
    return page.says() if isinstance(page, PinPage) else ""


def test_who_gives_the_pin_passes(
    over: PinOver, pin: Pin, window: Window, qtbot: QtBot, passed: list[str]
) -> None:
    pin.set("2580")
    over.ask(lambda: passed.append("in"))
    enter(window, "1111")
    qtbot.waitUntil(lambda: says(window) == "That is not the PIN. Try again.")
    enter(window, "2580")
    qtbot.waitUntil(lambda: passed == ["in"])
    assert not over.is_open
    assert not isinstance(window.page, PinPage)


def test_where_there_is_no_pin_nobody_passes_before_one_was_chosen(
    over: PinOver, pin: Pin, window: Window, qtbot: QtBot, passed: list[str]
) -> None:
    over.ask(lambda: passed.append("in"))
    assert "Choose a staff PIN" in words(window)
    enter(window, "2580")
    enter(window, "2581")
    assert says(window) == "The two PINs were not the same. Choose one again."
    assert (passed, pin.is_set) == ([], False)
    enter(window, "2580")
    enter(window, "2580")
    qtbot.waitUntil(lambda: passed == ["in"])
    assert pin.check("2580") == Right()


def test_who_goes_back_has_not_passed_and_may_be_asked_again(
    over: PinOver, pin: Pin, window: Window, passed: list[str]
) -> None:
    over.ask(lambda: passed.append("in"))
    enter(window, "2580")
    press(window, "cancelPin")
    assert (passed, pin.is_set, over.is_open) == ([], False, False)
    over.ask(lambda: passed.append("in"))
    assert "Choose a staff PIN" in words(window)


def test_the_pin_is_changed_by_who_knows_the_one_of_now(
    over: PinOver, pin: Pin, window: Window, qtbot: QtBot, passed: list[str]
) -> None:
    pin.set("2580")
    over.change(lambda: passed.append("changed"))
    enter(window, "1111")
    qtbot.waitUntil(lambda: says(window) == "That is not the PIN. Try again.")
    enter(window, "2580")
    qtbot.waitUntil(lambda: "Choose a staff PIN" in words(window))
    enter(window, "97531")
    enter(window, "97531")
    qtbot.waitUntil(lambda: passed == ["changed"])
    assert pin.check("97531") == Right()


def test_a_wait_after_wrong_tries_is_told_and_no_other_page_opens_beside_it(
    over: PinOver, pin: Pin, window: Window, qtbot: QtBot, passed: list[str]
) -> None:
    pin.set("2580")
    for _ in range(3):
        pin.check("0000")
    over.ask(lambda: passed.append("in"))
    over.choose(lambda: passed.append("chosen"))
    enter(window, "2580")
    qtbot.waitUntil(lambda: says(window).startswith("Too many wrong tries."))
    assert passed == []


def test_a_page_that_nobody_gives_a_pin_goes_by_itself(
    window: Window, pin: Pin, worker: Worker, qtbot: QtBot, passed: list[str]
) -> None:
    over = PinOver(window, pin, worker, idle=200)
    pin.set("2580")
    over.ask(lambda: passed.append("in"))
    assert over.is_open
    qtbot.waitUntil(lambda: not over.is_open)
    assert not isinstance(window.page, PinPage)
    over.choose(lambda: passed.append("chosen"))
    qtbot.wait(500)
    assert over.is_open
    assert passed == []
