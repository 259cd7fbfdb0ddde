"""Which words on a page can hardly be read: ink against the ground that is really painted below it."""

from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget

from kiosk.ui import theme
from kiosk.ui.widgets.display_text import BigText

LARGE = 24
"""Pixels from which letters are large: bold ones of 14 points and more may have a contrast of three. What
is enlarged by the text size counts as it was."""


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


class Seen(NamedTuple):
    words: str
    ink: QColor
    ground: QColor
    large: bool


def _seen_on(page: QWidget) -> Iterator[Seen]:
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
    return Seen(button.text(), ink, ground, _is_large(button))


def _in_sight(page: QWidget, widget: QWidget) -> bool:
    """Nothing lies over it, and it is not scrolled away."""
    top, bottom = (widget.mapTo(page, at) for at in (QPoint(0, 0), QPoint(0, widget.height() - 1)))
    middle = page.childAt(widget.mapTo(page, widget.rect().center()))
    inside = page.rect().contains(top) and page.rect().contains(bottom)
    return widget.isVisible() and inside and middle is widget and page.childAt(top) is widget


def _seen(page: QWidget, picture: QImage, widget: QWidget, words: str, ink: QColor, corner: QPoint) -> Seen:
    ground = picture.pixelColor(widget.mapTo(page, corner))
    return Seen(words, ink, ground, _is_large(widget))


def _is_large(widget: QWidget) -> bool:
    enlarged = theme.current().text_factor
    return isinstance(widget, BigText) or widget.fontInfo().pixelSize() >= LARGE * enlarged


def poor(page: QWidget) -> dict[str, tuple[str, str]]:
    """Words that do not stand out enough, with their ink and their ground."""
    found = list(_seen_on(page))
    assert found, "no words are in sight"
    return {
        one.words: (one.ink.name(), one.ground.name())
        for one in found
        if contrast(one.ink.name(), one.ground.name()) < (3 if one.large else 4.5)
    }
