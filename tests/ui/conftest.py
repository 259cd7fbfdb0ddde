"""Each test leaves no widget behind: a style sheet is worked out anew for every one that still stands."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.ui import samples_desk, theme
from kiosk.ui.pages.desk import DeskPage
from kiosk.ui.text import set_language
from kiosk.ui.theme import Theme


@pytest.fixture(autouse=True)
def _nothing_is_left(qapp: QApplication) -> Iterator[None]:
    yield
    set_language("en")
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def busy_desk(qtbot: QtBot, qapp: QApplication) -> DeskPage:
    """A desk that has just come up, with the keys where they are then."""
    theme.apply(qapp, Theme())
    page = DeskPage()
    qtbot.addWidget(page)
    page.resize(1280, 736)
    page.show_view(samples_desk.BUSY)
    page.show()
    return page
