"""News along the lower edge of a lobby display."""

from PySide6.QtCore import QElapsedTimer, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QFont, QFontMetricsF, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from kiosk.ui import theme
from kiosk.ui.widgets.display_scale import fixed

_HEIGHT, _LETTERS, _GAP = 72, 0.47, 160
_SPEED = 90.0
"""Pixels a second: slow enough to read."""

_START = 40.0
_FRAME, _TURN = 33, 8_000


class Ticker(QWidget):
    """Runs where all texts together are too wide; else they stand. With reduced motion they take turns."""

    def __init__(self) -> None:
        super().__init__()
        self._texts: tuple[str, ...] = ()
        self._offset, self._turn = 0.0, 0
        self._elapsed = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._step)
        fixed(self, _HEIGHT)
        self.hide()

    def texts(self) -> tuple[str, ...]:
        return self._texts

    def show_texts(self, texts: tuple[str, ...]) -> None:
        if texts != self._texts:
            self._texts, self._offset, self._turn = texts, -_START, 0
            self.setAccessibleName(" · ".join(texts))
            self.setVisible(bool(texts))
            self._keep_moving()
            self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._keep_moving()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().colour("surface"))
        painter.fillRect(0, 0, self.width(), 1, theme.current().colour("line"))
        painter.setFont(self._font())
        painter.setPen(theme.current().colour("ink"))
        if self._runs() and not theme.current().reduced_motion:
            self._paint_running(painter)
        else:
            painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self._standing())
        painter.end()

    def _paint_running(self, painter: QPainter) -> None:
        """One round and the beginning of the next; from the other side where reading runs from the right."""
        words, wide = self._line(), self._round()
        turned = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        base = self.height() / 2 + QFontMetricsF(self._font()).capHeight() / 2
        start = self._offset - wide if turned else -self._offset
        while start < self.width():
            painter.drawText(QPointF(start, base), words)
            start += wide

    def _standing(self) -> str:
        if not self._runs():
            return self._line()
        words = self._texts[self._turn % len(self._texts)] if self._texts else ""
        return QFontMetricsF(self._font()).elidedText(words, Qt.TextElideMode.ElideRight, self.width() - 64)

    def _keep_moving(self) -> None:
        if not self.isVisible() or not self._texts:
            self._timer.stop()
            return
        self._elapsed.start()
        self._timer.start(_TURN if theme.current().reduced_motion else _FRAME)

    def _step(self) -> None:
        passed = self._elapsed.restart()
        if not self._runs():
            return
        if theme.current().reduced_motion:
            self._turn += 1
        else:
            self._offset = (self._offset + passed * _SPEED / 1_000) % self._round()
        self.update()

    def _runs(self) -> bool:
        return QFontMetricsF(self._font()).horizontalAdvance(self._line()) > self.width() - 64

    def _round(self) -> float:
        return QFontMetricsF(self._font()).horizontalAdvance(self._line()) + _GAP

    def _line(self) -> str:
        return "      ·      ".join(self._texts)

    def _font(self) -> QFont:
        font = theme.current().font("body", QFont.Weight.Medium)
        font.setPixelSize(max(1, round(self.height() * _LETTERS)))
        return font
