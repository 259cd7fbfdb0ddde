"""Words to be read from far away: as large as their place allows."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.ui import theme

_LINE = 1.22
"""Height of a line against the size of its letters."""

_LEAST = 0.55
"""Letters shrink to this share before the words are cut."""

Align = Qt.AlignmentFlag


class BigText(QWidget):
    """One line. Letters are `share` of the height, and shrink where the words are too wide."""

    def __init__(
        self,
        words: str = "",
        *,
        colour: str = "ink",
        weight: QFont.Weight = QFont.Weight.Bold,
        align: Qt.AlignmentFlag = Align.AlignLeft,
        share: float = 1.0,
    ) -> None:
        super().__init__()
        self._words, self._colour = "", colour
        self._weight, self._align, self._share = weight, align, share
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.set_words(words)

    def words(self) -> str:
        return self._words

    def shown(self) -> str:
        """The words as they stand there: cut where they are too long even in the smallest letters."""
        return self._fitted()[1]

    def set_words(self, words: str) -> None:
        if words != self._words:
            self._words = words
            self.setAccessibleName(words)
            self.updateGeometry()
            self.update()

    def colour(self) -> str:
        """The token that it is written in."""
        return self._colour

    def set_colour(self, colour: str) -> None:
        if colour != self._colour:
            self._colour = colour
            self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 12)

    def sizeHint(self) -> QSize:
        """As wide as the words are at the present height."""
        size = max(1.0, self.height() * self._share / _LINE)
        return QSize(round(QFontMetricsF(self._font(size)).horizontalAdvance(self._words)) + 2, 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme.current().colour(self._colour))
        font, shown = self._fitted()
        painter.setFont(font)
        painter.drawText(QRectF(self.rect()), self._side() | Align.AlignVCenter, shown)
        painter.end()

    def _fitted(self) -> tuple[QFont, str]:
        whole = max(1.0, self.height() * self._share / _LINE)
        wide = QFontMetricsF(self._font(whole)).horizontalAdvance(self._words)
        shrunk = min(1.0, (self.width() - 2) / wide) if wide else 1.0
        font = self._font(whole * max(_LEAST, shrunk))
        # Hinting makes letters of some sizes a little wider than the next larger ones.
        while self._too_wide(font) and font.pixelSize() > whole * _LEAST:
            font.setPixelSize(font.pixelSize() - 1)
        if not self._too_wide(font):
            return font, self._words
        return font, QFontMetricsF(font).elidedText(self._words, Qt.TextElideMode.ElideRight, self.width())

    def _too_wide(self, font: QFont) -> bool:
        return QFontMetricsF(font).horizontalAdvance(self._words) > self.width()

    def _font(self, size: float) -> QFont:
        font = theme.current().font("body", self._weight)
        font.setPixelSize(max(1, int(size)))
        return font

    def _side(self) -> Qt.AlignmentFlag:
        """Numbers are read from the left in every language: the page decides the side, not the words."""
        turned = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        if turned and self._align is Align.AlignLeft:
            return Align.AlignRight | Align.AlignAbsolute
        if turned and self._align is Align.AlignRight:
            return Align.AlignLeft | Align.AlignAbsolute
        return self._align | Align.AlignAbsolute
