"""Selling at the Door before a real kiosk whose server is away: what is sold, taken back, and in the till."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from domain.clock import DAY, Instant
from domain.ids import EventId
from domain.sync import Kind
from kiosk.desk.machine import system_clock
from kiosk.devices.printer import SystemPrinter
from kiosk.qt.door_face import DoorFace
from kiosk.qt.worker import Worker
from kiosk.ui import theme
from kiosk.ui.pages.door import DoorPage
from kiosk.ui.theme import Theme
from kiosk.ui.views import NoticeView
from tests.kiosk.desk.test_walk_in import LEASE
from tests.kiosk.qt.faces import ready
from tests.kiosk.sample import EVENT, sample_event
from tests.kiosk.standin_server import serving
from tests.kiosk.standin_state import ServerState
from tests.kiosk.sync.kiosks import Kiosk, kiosk
from tests.ui.seen import has, press

PIN = "2468"


@dataclass
class Booth:
    """A door that sells, and its kiosk. `told` is what the face tells."""

    kiosk: Kiosk
    qtbot: QtBot
    notices: list[NoticeView] = field(default_factory=list)
    told: list[dict[str, object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.faults: list[Exception] = []
        self.worker = Worker("test-desk", self.faults.append)
        made = ready(self.kiosk, self.worker, self.notices.append)
        self.face = DoorFace(made, 4, lambda **event: self.told.append(event))
        self.qtbot.addWidget(self.page)
        self.page.resize(1280, 736)
        self.page.show()

    @property
    def page(self) -> DoorPage:
        return self.face.page

    def press(self, name: str) -> None:
        self.qtbot.waitUntil(lambda: has(self.page, name))
        press(self.page, name)

    def hears(self, event: str) -> dict[str, object]:
        self.qtbot.waitUntil(lambda: any(told["event"] == event for told in self.told))
        return next(told for told in reversed(self.told) if told["event"] == event)

    def sell(self) -> None:
        self.press("sell")
        self.press("salePay:cash")
        self.hears("sold")

    def give_pin(self) -> None:
        for digit in PIN:
            self.press(f"pin:{digit}")
        self.press("pin:ok")

    def acts(self) -> list[str]:
        return [act.kind for act in self.kiosk.station.store.outbox.waiting()]

    def price(self, price: int) -> None:
        """A lease of two seats at that price."""
        lease = replace(LEASE, price=price, expires=Instant(system_clock() + DAY))
        self.kiosk.station.store.seats.keep(EventId(EVENT.id), [lease])


@pytest.fixture
def booth(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Booth]:
    theme.apply(qapp, Theme())
    state = ServerState.of(sample_event(10))
    with serving(state) as server, kiosk(tmp_path, server, state.add_device("door")) as own:
        own.wait_synced()
        server.stop()
        made = Booth(own, qtbot)
        made.price(2500)
        own.station.pin.set(PIN)
        made.face.refresh()
        yield made
        made.face.close()
        made.worker.close()
        assert made.faults == []


def test_a_sale_is_taken_back_behind_the_pin_and_says_what_to_give_back(booth: Booth) -> None:
    booth.sell()
    booth.press("saleBack")
    booth.press("pinSheet:close")
    assert booth.acts() == [Kind.TICKET_SELL]
    booth.press("saleBack")
    booth.give_pin()
    assert booth.hears("sale_back")["amount"] == 2500
    [notice] = booth.notices
    assert (notice.body, notice.lasting) == ("Give €25.00 back in cash.", True)
    assert booth.acts() == [Kind.TICKET_SELL, Kind.TICKET_TAKE_BACK]
    assert not has(booth.page, "verdictNext")


def test_undoing_the_admission_of_who_just_bought_takes_the_sale_back(booth: Booth) -> None:
    booth.sell()
    booth.press("verdictNext")
    booth.press("undoLast")
    booth.give_pin()
    booth.hears("sale_back")
    assert booth.acts() == [Kind.TICKET_SELL, Kind.TICKET_TAKE_BACK]


def test_what_cost_nothing_is_taken_back_without_a_pin(booth: Booth) -> None:
    booth.price(0)
    booth.face.refresh()
    booth.press("sell")
    booth.press("salePay:free")
    booth.hears("sold")
    booth.press("saleBack")
    assert booth.hears("sale_back")["amount"] == 0


def test_a_printer_that_hangs_holds_up_nothing(booth: Booth, monkeypatch: pytest.MonkeyPatch) -> None:
    done = Event()
    monkeypatch.setattr(SystemPrinter, "present", lambda _: True)
    monkeypatch.setattr(SystemPrinter, "print", lambda *_: done.wait(20))
    booth.press("sell")
    booth.qtbot.waitUntil(lambda: booth.face._sale._may_print)
    booth.press("salePay:cash")
    booth.press("verdictPrint")
    booth.press("verdictNext")
    booth.face.scanned(sample_event(10).code(1))
    booth.qtbot.waitUntil(lambda: has(booth.page, "verdictUndo"))
    assert booth.notices == []
    done.set()
    booth.qtbot.waitUntil(lambda: [each.title for each in booth.notices] == ["The ticket is being printed"])


def test_a_sale_is_shown_whatever_is_wrong_with_the_printer(
    booth: Booth, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> bool:
        raise RuntimeError("no print queue")

    monkeypatch.setattr(SystemPrinter, "present", broken)
    booth.sell()
    booth.qtbot.waitUntil(lambda: has(booth.page, "verdictNext"))
    assert not has(booth.page, "verdictPrint")


def test_a_price_that_changed_under_the_finger_sells_nothing_and_says_the_new_one(booth: Booth) -> None:
    booth.press("sell")
    booth.price(3000)
    booth.press("salePay:cash")
    booth.hears("not_for_sale")
    assert (booth.acts(), [notice.body for notice in booth.notices]) == (
        [], ["It costs €30.00 now: say so, then sell it again."],
    )  # fmt: skip
