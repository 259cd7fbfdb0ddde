"""What stands on the screen can be read: ink against the ground that is really painted below it."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from kiosk.ui import gallery, theme
from kiosk.ui.theme import Theme
from kiosk.ui.widgets.display_text import BigText
from tests.ui.test_theme import contrast

SCENES = {name: (size, make) for name, size, make in gallery.scenes()}
LARGE = 24
"""Pixels from which letters are large: bold ones of 14 points and more may have a contrast of three."""


class Seen(NamedTuple):
    words: str
    ink: QColor
    ground: QColor
    large: bool


def seen(page: QWidget) -> Iterator[Seen]:
    """All words that are in sight, with the colours that they have there."""
    picture = page.grab().toImage()
    for label in page.findChildren(QLabel):
        if label.text() and _in_sight(page, label):
            ink = label.palette().color(label.foregroundRole())
            yield _seen(page, picture, label, label.text(), ink, QPoint(0, 0))
    for button in page.findChildren(QAbstractButton):
        if button.text() and button.isEnabled() and _in_sight(page, button):
            yield _button(page, picture, button)
    for field in page.findChildren(QLineEdit):
        if _in_sight(page, field):
            role = QPalette.ColorRole.Text if field.text() else QPalette.ColorRole.PlaceholderText
            words = field.text() or field.placeholderText()
            yield _seen(page, picture, field, words, field.palette().color(role), QPoint(8, 8))
    for text in page.findChildren(BigText):
        if text.words() and _in_sight(page, text):
            ink = theme.current().colour(text.colour())
            yield _seen(page, picture, text, text.words(), ink, QPoint(0, 0))


def _button(page: QWidget, picture: QImage, button: QAbstractButton) -> Seen:
    """Its ink is what stands out most: a style sheet does not tell that of a button that is checked."""
    ground = picture.pixelColor(button.mapTo(page, QPoint(button.width() // 2, 9)))
    inner = button.rect().adjusted(8, 8, -8, -8)
    painted = picture.copy(inner.translated(button.mapTo(page, QPoint(0, 0))))
    pixels = memoryview(painted.convertToFormat(QImage.Format.Format_RGB32).constBits()).cast("I")
    inks = (QColor.fromRgb(pixel) for pixel in set(pixels))
    ink = max(inks, key=lambda one: contrast(one.name(), ground.name()))
    return Seen(button.text(), ink, ground, button.fontInfo().pixelSize() >= LARGE)


def _in_sight(page: QWidget, widget: QWidget) -> bool:
    """Nothing lies over it, and it is not scrolled away."""
    top, bottom = (widget.mapTo(page, at) for at in (QPoint(0, 0), QPoint(0, widget.height() - 1)))
    middle = page.childAt(widget.mapTo(page, widget.rect().center()))
    inside = page.rect().contains(top) and page.rect().contains(bottom)
    return widget.isVisible() and inside and middle is widget and page.childAt(top) is widget


def _seen(page: QWidget, picture: QImage, widget: QWidget, words: str, ink: QColor, corner: QPoint) -> Seen:
    ground = picture.pixelColor(widget.mapTo(page, corner))
    large = widget.fontInfo().pixelSize() >= LARGE or isinstance(widget, BigText)
    return Seen(words, ink, ground, large)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("scene", sorted(SCENES))
def test_all_words_can_be_read(qapp: QApplication, scene: str, dark: bool) -> None:
    theme.apply(qapp, Theme(dark=dark))
    size, make = SCENES[scene]
    page = make()
    page.resize(*size)
    page.show()
    for _ in range(2):
        qapp.processEvents()
    found = list(seen(page))
    page.close()
    page.deleteLater()
    qapp.sendPostedEvents(page, QEvent.Type.DeferredDelete)
    assert found
    poor = {
        one.words: (one.ink.name(), one.ground.name())
        for one in found
        if contrast(one.ink.name(), one.ground.name()) < (3 if one.large else 4.5)
    }
    assert poor == {}
