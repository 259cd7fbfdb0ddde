"""Icons drawn from `resources/icons` in a colour of the theme, sharp at every size."""

from functools import cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from kiosk.ui import theme
from kiosk.ui.resources import path

DIRECTED = frozenset(
    ("back", "backspace", "backward", "entry", "exit", "forward", "next", "return", "transfer", "undo")
)
"""Icons that point along the line of reading, and turn round where it runs from the right."""


def icon(name: str, colour: str = "ink") -> QIcon:
    """An icon for a button; it takes its colour from the theme in force whenever it is painted."""
    return QIcon(_Engine(name, colour))


def paint(painter: QPainter, name: str, box: QRectF, colour: str = "ink") -> None:
    """Draws an icon into `box`; `colour` is a token of the theme's, or `#rrggbb`."""
    painter.save()
    if name in DIRECTED and QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft:
        painter.translate(2 * box.center().x(), 0)
        painter.scale(-1, 1)
    _renderer(name, theme.current().colour(colour).name()).render(painter, box)
    painter.restore()


def pixmap(name: str, size: int, colour: str = "ink", ratio: float = 1.0) -> QPixmap:
    """A square picture of `size` pixels at the screen's `ratio`."""
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    paint(painter, name, QRectF(0, 0, size, size), colour)
    painter.end()
    return made


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    svg = path(f"icons/{name}.svg").read_text("utf-8").replace("currentColor", colour)
    return QSvgRenderer(QByteArray(svg.encode()))


def _leading_square(box: QRectF) -> QRectF:
    """Where an icon stands in a box that is wider: what is left keeps it apart from the words that follow."""
    side = min(box.width(), box.height())
    turned = QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
    return QRectF(box.right() - side if turned else box.left(), box.top(), side, side)


class _Engine(QIconEngine):
    def __init__(self, name: str, token: str) -> None:
        super().__init__()
        self._name, self._token = name, token

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        token = "faint" if mode is QIcon.Mode.Disabled else self._token
        paint(painter, self._name, _leading_square(QRectF(rect)), token)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        made = QPixmap(size)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return made

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._token)
