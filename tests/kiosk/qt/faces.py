"""Faces at work before a real kiosk, and what they tell."""

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from kiosk.desk.machine import system_clock
from kiosk.qt.desk_face import DeskFace
from kiosk.qt.ready import Ready
from kiosk.qt.worker import Worker
from kiosk.ui.views import NoticeView
from tests.kiosk.standin_server import StandinServer
from tests.kiosk.sync.kiosks import Kiosk
from tests.ui.seen import has, words


def ready(own: Kiosk, worker: Worker, notice: Callable[[NoticeView], None] = lambda _: None) -> Ready:
    """What a face is given; it makes no sound."""
    work = own.station.work
    assert work is not None
    return Ready(own.station, work, worker, system_clock, "en", notice, lambda _: None, lambda _: None)


class Counter:
    """Staff before a kiosk. `told` is what the face tells, `looks` what the camera was asked for."""

    def __init__(self, server: StandinServer, own: Kiosk, qtbot: QtBot) -> None:
        self.server, self.kiosk, self._qtbot = server, own, qtbot
        self.told: list[dict[str, object]] = []
        self.looks: list[bool] = []
        faults: list[Exception] = []
        self.worker = Worker("test-desk", faults.append)
        assert own.station.work is not None
        self.work = own.station.work
        self.face = DeskFace(ready(own, self.worker), self._hear, self._look)
        self.page = self.face.page
        qtbot.addWidget(self.page)
        self.page.resize(1280, 736)
        self.page.show()

    def hears(self, **said: object) -> None:
        self._qtbot.waitUntil(lambda: any(said.items() <= event.items() for event in self.told))

    def sees(self, said: str) -> None:
        self.waits(lambda: said in words(self.page))

    def offers(self, name: str) -> None:
        """What there is to press."""
        self.waits(lambda: has(self.page, name))

    def waits(self, what: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(what)

    def close(self) -> None:
        self.face.close()
        self.worker.close()

    def _hear(self, **event: object) -> None:
        self.told.append(event)

    def _look(self, needed: bool) -> None:
        self.looks.append(needed)
