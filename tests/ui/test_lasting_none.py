from PySide6.QtCore import QRect

from kiosk.ui import lasting_none

MORE_THAN_PYTHON_HAS = 200_000


def test_none_outlives_any_number_of_calls_that_return_nothing() -> None:
    lasting_none.keep()
    box = QRect()
    for width in range(MORE_THAN_PYTHON_HAS):
        box.setWidth(width)
    assert box.width() == MORE_THAN_PYTHON_HAS - 1
