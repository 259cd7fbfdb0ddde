"""An icon that stands by itself."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.ui import icons, theme


class Glyph(QWidget):
    """An icon of `size` pixels at text factor 1, in a token's colour."""

    def __init__(self, name: str, size: int = 24, colour: str = "ink") -> None:
        super().__init__()
        self._name, self._size, self._colour = name, size, colour
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_icon(self, name: str, colour: str) -> None:
        if (name, colour) != (self._name, self._colour):
            self._name, self._colour = name, colour
            self.update()

    def sizeHint(self) -> QSize:
        side = round(self._size * theme.current().text_factor)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.paint(painter, self._name, QRectF(self.rect()), self._colour)
        painter.end()


class Swatch(QWidget):
    """The colour of a ticket type's category, as a rounded patch."""

    def __init__(self, colour: str, width: int = 12, height: int = 28) -> None:
        super().__init__()
        self._colour = colour
        self.setFixedSize(width, height)

    def show_colour(self, colour: str) -> None:
        self._colour = colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._colour:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.current().colour("line"))
        painter.setBrush(theme.current().colour(self._colour))
        radius = min(self.width(), self.height()) / 3
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.end()
