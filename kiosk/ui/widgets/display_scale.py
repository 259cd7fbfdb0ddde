"""A lobby display is drawn for 1920 × 1080; on other screens all of it grows or shrinks alike."""

from typing import TypeVar

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLayout, QWidget

LONG, SHORT = 1920, 1080
_SIZE, _ROOM = "nominalSize", "nominalRoom"

Sized = TypeVar("Sized", bound=QWidget)
Spaced = TypeVar("Spaced", bound=QLayout)


def fixed(widget: Sized, height: int, width: int = 0) -> Sized:
    """Of this height, and this width if given, whatever it shows; sizes in pixels of the nominal screen."""
    widget.setProperty(_SIZE, (width, height))
    return widget


def spaced(layout: Spaced, spacing: int, *margins: int) -> Spaced:
    """With this spacing, and left, top, right and bottom margins."""
    layout.setProperty(_ROOM, (spacing, *(margins or (0, 0, 0, 0))))
    return layout


def scale(page: QWidget, to: QSize) -> float:
    """Fits all that was given nominal sizes inside `page` to a screen; how much larger it is."""
    long, short = max(to.width(), to.height()), min(to.width(), to.height())
    unit = min(long / LONG, short / SHORT)
    for widget in page.findChildren(QWidget):
        if size := widget.property(_SIZE):
            width, height = size
            widget.setFixedHeight(round(height * unit))
            if width:
                widget.setFixedWidth(round(width * unit))
    for layout in page.findChildren(QLayout):
        if room := layout.property(_ROOM):
            spacing, *margins = (round(pixels * unit) for pixels in room)
            layout.setSpacing(spacing)
            layout.setContentsMargins(*margins)
    return unit
