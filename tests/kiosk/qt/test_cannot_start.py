"""What who started the kiosk from an icon sees where it cannot start."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from domain.errors import Problem
from kiosk.app import why_not
from kiosk.config import Config
from kiosk.store.folder import alone
from tests.ui.seen import check_for_everyone, press, words


def test_a_second_kiosk_says_that_the_first_one_runs_and_closes(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    with alone(tmp_path), pytest.raises(Problem) as refused, alone(tmp_path):
        pass
    window = why_not(qapp, Config(data=tmp_path, language="en"), refused.value)
    qtbot.addWidget(window)
    window.present()
    assert "Usher cannot start" in words(window)
    assert f"Another Usher runs with the folder {tmp_path}" in words(window)
    assert window.page is not None
    check_for_everyone(window.page)
    press(window, "closeUsher")
    assert not window.isVisible()
