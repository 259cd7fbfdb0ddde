"""The Display at work, over a real kiosk."""

from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.qt.display_face import DisplayFace
from kiosk.qt.worker import Worker
from kiosk.ui import theme
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.qr import Qr
from tests.kiosk.qt.faces import ready
from tests.kiosk.sample import DESK, sample_desk
from tests.kiosk.standin_server import serving
from tests.kiosk.standin_state import ServerState
from tests.kiosk.sync.kiosks import kiosk


def test_its_code_leads_phones_to_this_line_of_this_organisation(
    tmp_path: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    theme.apply(qapp, Theme())
    state = ServerState.of(sample_desk())
    device = state.add_device("wall", mode="display", scopes=(DESK,))
    with serving(state) as server:
        server.public = "https://usher.example"
        with kiosk(tmp_path, server, device) as own:
            own.wait_synced()
            faults: list[Exception] = []
            worker = Worker("test-desk", faults.append)
            face = DisplayFace(ready(own, worker), lambda **_: None)
            qtbot.addWidget(face.page)
            face.page.show()
            link = f"https://usher.example/q/{DESK.id}?orgid=org"
            qtbot.waitUntil(lambda: link in {code.text for code in face.page.findChildren(Qr)})
            face.close()
            worker.close()
            assert faults == []
