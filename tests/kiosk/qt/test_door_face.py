"""The Door at work, over a real kiosk: what is no ticket is no scan."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.qt.door_face import DoorFace
from kiosk.qt.worker import Worker
from kiosk.ui import text, theme
from kiosk.ui.theme import Theme
from kiosk.ui.views import NoticeView
from tests.kiosk.qt.faces import ready
from tests.kiosk.sample import sample_event
from tests.kiosk.standin_server import serving
from tests.kiosk.standin_state import ServerState
from tests.kiosk.sync.kiosks import kiosk
from tests.ui.seen import field


@pytest.mark.parametrize(
    ("tag", "title"),
    [("en", "This is a repair label, not a ticket"), ("de", "Das ist ein Reparaturetikett, kein Ticket")],
)
def test_a_repair_label_is_said_to_be_one_and_is_no_scan(
    tmp_path: Path, qtbot: QtBot, qapp: QApplication, tag: str, title: str
) -> None:
    theme.apply(qapp, Theme())
    text.set_language(tag)
    state = ServerState.of(sample_event(10))
    device = state.add_device("door")
    with serving(state) as server, kiosk(tmp_path, server, device) as own:
        own.wait_synced()
        faults: list[Exception] = []
        worker = Worker("test-desk", faults.append)
        notices: list[NoticeView] = []
        told: list[dict[str, object]] = []
        face = DoorFace(ready(own, worker, notices.append), 4, lambda **event: told.append(event))
        qtbot.addWidget(face.page)
        face.page.show()
        face.scanned("SR-K7Q2M4XP22")
        field(face.page, "searchField").setText("sr-k7q2m4xp22")
        face.page._entered()
        assert [notice.title for notice in notices] == [title] * 2
        face.scanned(sample_event(10).code(1))
        qtbot.waitUntil(lambda: told[-1]["event"] == "verdict")
        assert [event["event"] for event in told] == ["label", "label", "verdict"]
        assert len(own.station.door_desk.recent()) == 1
        face.close()
        worker.close()
        assert faults == []
