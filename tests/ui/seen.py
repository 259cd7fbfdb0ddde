"""What a person can see and press on a page."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

SMALLEST = 48


def button(page: QWidget, name: str) -> QAbstractButton:
    QApplication.processEvents()
    found = [one for one in page.findChildren(QAbstractButton, name) if one.isVisible()]
    assert found, f"no button {name} is to be seen"
    return found[0]


def press(page: QWidget, name: str) -> None:
    """By mouse."""
    QTest.mouseClick(button(page, name), Qt.MouseButton.LeftButton)


def press_by_key(page: QWidget, name: str) -> None:
    target = button(page, name)
    target.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(target, Qt.Key.Key_Space)


def field(page: QWidget, name: str) -> QLineEdit:
    found = page.findChild(QLineEdit, name)
    assert isinstance(found, QLineEdit)
    return found


def has(page: QWidget, name: str) -> bool:
    QApplication.processEvents()
    return any(one.isVisible() for one in page.findChildren(QAbstractButton, name))


def words(page: QWidget) -> str:
    """All words that are to be seen."""
    QApplication.processEvents()
    labels = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    buttons = [one.text() for one in page.findChildren(QAbstractButton) if one.isVisible()]
    return " | ".join(labels + buttons)


def controls(page: QWidget) -> list[QWidget]:
    QApplication.processEvents()
    kinds = (QAbstractButton, QLineEdit)
    return [one for kind in kinds for one in page.findChildren(kind) if one.isVisible()]


def check_for_everyone(page: QWidget) -> None:
    """Every control is large, has a name for who does not see it, and one for who writes a test."""
    for control in controls(page):
        name = control.objectName()
        assert name, f"a control without a name: {control.accessibleName()}"
        assert control.accessibleName(), f"{name} says nothing to who does not see it"
        assert control.height() >= SMALLEST, f"{name} is {control.height()} pixels high"
        assert control.width() >= SMALLEST, f"{name} is {control.width()} pixels wide"


def tab_stops(page: QWidget, most: int = 200) -> list[str]:
    """Names of what the tab key comes to, until it comes round."""
    stops: list[str] = []
    for _ in range(most):
        focused = QApplication.focusWidget()
        if focused is not None:
            if focused.objectName() in stops:
                break
            stops.append(focused.objectName())
        QTest.keyClick(focused or page, Qt.Key.Key_Tab)
    return stops
