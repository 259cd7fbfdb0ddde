"""How many came in each quarter of an hour, as bars."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from kiosk.ui import text as words
from kiosk.ui import theme
from kiosk.ui.text import text
from kiosk.ui.views import Bar

_SHOWN = 12
_RIGHT = Qt.LayoutDirection.RightToLeft


class Arrivals(QWidget):
    """The last quarters, the present one last and strong."""

    def __init__(self) -> None:
        super().__init__()
        self._bars: tuple[Bar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(240, round(92 * theme.current().text_factor))

    def show_bars(self, bars: tuple[Bar, ...]) -> None:
        if bars[-_SHOWN:] != self._bars:
            self._bars = bars[-_SHOWN:]
            said = [f"{words.clock(bar.at)}: {words.number(bar.count)}" for bar in self._bars]
            self.setAccessibleName(words.joined([text("door.arrivals"), *said]))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.current()
        label = colours.pixels("caption") + 8
        ground = QRectF(self.rect()).adjusted(0, 0, 0, -label)
        painter.fillRect(QRectF(0, ground.bottom(), self.width(), 1), colours.colour("line"))
        most = max((bar.count for bar in self._bars), default=0)
        step = ground.width() / _SHOWN
        for place, bar in enumerate(self._bars, start=_SHOWN - len(self._bars)):
            height = max(4.0, (ground.height() - 18) * bar.count / most) if most and bar.count else 0
            across = _SHOWN - 1 - place if self.layoutDirection() is _RIGHT else place
            box = QRectF(across * step + 3, ground.bottom() - height, step - 6, height)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.colour("accent" if place == _SHOWN - 1 else "edge"))
            painter.drawRoundedRect(box, 3, 3)
        self._paint_times(painter, ground, step)
        painter.end()

    def _paint_times(self, painter: QPainter, ground: QRectF, step: float) -> None:
        colours = theme.current()
        painter.setFont(colours.font("caption"))
        painter.setPen(colours.colour("muted"))
        if self._bars:
            box = QRectF(0, ground.bottom() + 4, self.width(), colours.pixels("caption") + 4)
            first = (_SHOWN - len(self._bars)) * step
            turned = self.layoutDirection() is _RIGHT
            # What begins near the end is written back from there.
            first = min(first, self.width() - 1.1 * painter.fontMetrics().horizontalAdvance("00:00"))
            begins = box.adjusted(0, 0, -first, 0) if turned else box.adjusted(first, 0, 0, 0)
            self._write(painter, begins, Qt.AlignmentFlag.AlignLeft, self._bars[0])
            if len(self._bars) > 2:
                self._write(painter, box, Qt.AlignmentFlag.AlignRight, self._bars[-1])

    def _write(self, painter: QPainter, box: QRectF, side: Qt.AlignmentFlag, bar: Bar) -> None:
        turned = QStyle.visualAlignment(self.layoutDirection(), side)
        painter.drawText(box, turned | Qt.AlignmentFlag.AlignAbsolute, words.clock(bar.at))
