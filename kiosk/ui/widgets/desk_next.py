"""The button that a desk presses all day: large, and it says who comes."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.ui import icons, theme
from kiosk.ui.widgets.button import Button

_WIDTH, _HEIGHT, _ICON = 340, 96, 40


class NextButton(Button):
    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__("", name, "primary", label=name, large=True, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip("")
        self._act, self._who = "", ""

    def show_next(self, act: str, who: str, somebody: bool) -> None:
        """`act` is what it does, `who` the one that comes, or that nobody does."""
        self.setEnabled(somebody)
        if (act, who) != (self._act, self._who):
            self._act, self._who = act, who
            self.setAccessibleName(f"{act}: {who}")
            self.update()

    def words(self) -> tuple[str, str]:
        return self._act, self._who

    def sizeHint(self) -> QSize:
        factor = theme.current().text_factor
        return QSize(round(_WIDTH * factor), round(_HEIGHT * factor))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        look = theme.current()
        ink = "on_accent" if self.isEnabled() else "muted"
        painter = QPainter(self)
        size = _ICON * look.text_factor
        box = QRectF(self.rect()).adjusted(24, 0, -20, 0)
        left = self.layoutDirection() is Qt.LayoutDirection.LeftToRight
        mark = QRectF(box.left() if left else box.right() - size, box.center().y() - size / 2, size, size)
        icons.paint(painter, "megaphone", mark, ink)
        words = box.adjusted(size + 18, 0, 0, 0) if left else box.adjusted(0, 0, -size - 18, 0)
        painter.setPen(look.colour(ink))
        self._write(painter, words, look)
        painter.end()

    def _write(self, painter: QPainter, box: QRectF, look: theme.Theme) -> None:
        strong, plain = look.font("title", QFont.Weight.Bold), look.font("body", QFont.Weight.Medium)
        first, second = QFontMetrics(strong).height(), QFontMetrics(plain).height()
        top = box.center().y() - (first + second) / 2
        side = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        for font, words, height in ((strong, self._act, first), (plain, self._who, second)):
            painter.setFont(font)
            shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()))
            painter.drawText(QRectF(box.left(), top, box.width(), height), side, shown)
            top += height
