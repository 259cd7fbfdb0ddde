"""A desk at work before a real kiosk and the stand-in server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.ui import theme
from kiosk.ui.text import set_language
from kiosk.ui.theme import Theme
from tests.kiosk.qt.faces import Counter
from tests.kiosk.sample import DESK, sample_desk
from tests.kiosk.standin_server import serving
from tests.kiosk.standin_state import ServerState
from tests.kiosk.sync.kiosks import kiosk


@pytest.fixture(autouse=True)
def _english(qapp: QApplication) -> Iterator[None]:
    """Whatever a visitor chose, the next test reads English."""
    yield
    set_language("en")
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.fixture
def counter(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Counter]:
    theme.apply(qapp, Theme())
    state = ServerState.of(sample_desk())
    device = state.add_device("desk", mode="desk", scopes=(DESK,))
    with serving(state) as server, kiosk(tmp_path, server, device) as own:
        own.wait_synced()
        made = Counter(server, own, qtbot)
        made.hears(event="line")
        yield made
        made.close()
