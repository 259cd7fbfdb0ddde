import sys

import pytest
from PySide6.QtCore import QObject, QRect, Signal

from kiosk.ui import lasting_none

MORE_THAN_PYTHON_HAS = 200_000


class Switch(QObject):
    turned = Signal(bool)


def test_none_outlives_any_number_of_calls_that_return_nothing() -> None:
    lasting_none.keep()
    box = QRect()
    for width in range(MORE_THAN_PYTHON_HAS):
        box.setWidth(width)
    assert box.width() == MORE_THAN_PYTHON_HAS - 1


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="from 3.12 on Python never counts them")
def test_true_and_false_outlive_any_number_of_signals_that_carry_them() -> None:
    lasting_none.keep()
    switch, heard = Switch(), [0]
    switch.turned.connect(lambda on: heard.append(on) if len(heard) < 3 else None)
    for _ in range(20_000):
        switch.turned.emit(True)
        switch.turned.emit(False)
    assert heard == [0, True, False]
    assert sys.getrefcount(True) > MORE_THAN_PYTHON_HAS
