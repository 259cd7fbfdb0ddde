"""The first start at work: a kiosk is paired by whoever chooses its PIN, and never without one."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from argon2 import PasswordHasher
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from domain.ids import DeviceId
from kiosk.config import Config
from kiosk.desk.machine import system_clock
from kiosk.desk.pin import Pin, Right
from kiosk.hosting import HostedServer, LocalServer
from kiosk.qt.first_start_flow import FirstStartFlow
from kiosk.qt.pin_flow import PinOver
from kiosk.qt.worker import Worker
from kiosk.store.credentials import Credentials
from kiosk.store.store import Store
from kiosk.ui import theme
from kiosk.ui.theme import Theme
from kiosk.ui.window import Window
from tests.kiosk.sample import sample_event
from tests.kiosk.standin_server import StandinServer, serving
from tests.kiosk.standin_state import Device, ServerState
from tests.ui.seen import field, has, press, words

CODE = "ABCD-EFGH"
QUICK = PasswordHasher(time_cost=1, memory_cost=64)


class New:
    """A new kiosk in somebody's hands."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self.store, self.window = Store(folder), Window(fullscreen=False)
        self.pin = Pin(self.store.settings, system_clock, QUICK)
        self.paired: list[Credentials] = []
        self.worker = Worker("test-desk", self._failed)
        self.flow = FirstStartFlow(
            Config(data=folder),
            self.worker,
            LocalServer((), folder / "server", 1),
            PinOver(self.window, self.pin, self.worker),
            system_clock,
            "UTC",
            self._paired,
        )
        qtbot.addWidget(self.window)
        self.window.show_page(self.flow.page)
        self.window.show()

    def type_code(self, server: str, code: str) -> None:
        press(self.window, "typeCode")
        field(self.window, "pairServer").setText(server)
        self.type_again(code)

    def type_again(self, code: str) -> None:
        field(self.window, "pairCode").setText(code)
        press(self.window, "pair")

    def choose(self, digits: str) -> None:
        for _ in range(2):
            for digit in digits:
                press(self.window, f"pin:{digit}")
            press(self.window, "pin:ok")

    def sees(self, said: str) -> None:
        self._qtbot.waitUntil(lambda: said in words(self.window), timeout=20_000)

    def becomes(self, device: str) -> None:
        self._qtbot.waitUntil(lambda: [known.device for known in self.paired] == [device], timeout=20_000)

    def close(self) -> None:
        self.worker.close()
        self.store.close()

    def _paired(self, known: Credentials, server: HostedServer | None) -> None:
        assert server is None
        self.paired.append(known)

    def _failed(self, fault: Exception) -> None:
        self.flow.failed(fault)


@pytest.fixture
def server() -> Iterator[StandinServer]:
    state = ServerState.of(sample_event(3))
    state.pairing[CODE] = Device(id=DeviceId("north"), token="new")
    with serving(state) as server:
        yield server


@pytest.fixture
def new(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[New]:
    theme.apply(qapp, Theme())
    new = New(tmp_path, qtbot)
    yield new
    new.close()


def test_who_types_the_code_chooses_a_pin_and_only_then_is_the_kiosk_paired(
    new: New, server: StandinServer
) -> None:
    new.type_code(server.address, CODE)
    assert "Choose a staff PIN" in words(new.window)
    assert CODE in server.state.pairing
    new.choose("2580")
    new.becomes("north")
    assert new.pin.check("2580") == Right()


def test_who_shows_the_code_to_the_camera_chooses_a_pin_too(new: New, server: StandinServer) -> None:
    new.flow.scanned(f"usher://pair?server={quote(server.address, safe='')}&code={CODE}")
    assert "Choose a staff PIN" in words(new.window)
    new.choose("2580")
    new.becomes("north")
    assert new.pin.is_set


def test_a_wrong_code_is_mended_without_another_pin(new: New, server: StandinServer) -> None:
    new.type_code(server.address, "WRONG")
    new.choose("2580")
    new.sees("wrong or was used")
    new.type_again(CODE)
    assert not has(new.window, "pin:1")
    new.becomes("north")
    assert new.pin.check("2580") == Right()


def test_what_is_missing_is_said_before_a_pin_is_asked_for(new: New) -> None:
    new.type_code("", CODE)
    assert not has(new.window, "pin:1")
    new.sees("Type the address of the server")


def test_who_goes_back_from_the_pin_finds_the_code_as_it_was_typed(new: New, server: StandinServer) -> None:
    new.type_code(server.address, CODE)
    press(new.window, "cancelPin")
    assert field(new.window, "pairCode").text() == CODE
    assert (new.paired, new.pin.is_set, CODE in server.state.pairing) == ([], False, True)
