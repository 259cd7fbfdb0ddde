"""Many numbers on a lobby display: as large as their room lets all of them be."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.ui import theme
from kiosk.ui.text import text
from kiosk.ui.widgets.display_text import Align

_FEWEST, _NARROWEST = 3, 125
"""So many at least stand in a line, each on a place of so many pixels at least on the nominal screen."""
_HIGH, _LETTERS = 0.37, 0.8
"""A place is so high against its width, and letters against its height."""
_AIRY = 1.35
"""Lines move apart up to this where there is room."""
_APART = 0.85
"""Share of its place that the widest number may take."""


class NumberGrid(QWidget):
    """Line after line as one reads; where not all fit, the last place says how many more there are."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers: tuple[str, ...] = ()
        self._narrowest = float(_NARROWEST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_scale(self, unit: float) -> None:
        """How much larger the screen is than the nominal one."""
        self._narrowest = _NARROWEST * unit

    def show_numbers(self, numbers: Sequence[str]) -> None:
        if tuple(numbers) != self._numbers:
            self._numbers = tuple(numbers)
            self.setAccessibleName(" ".join(self._numbers))
            self.update()

    def shown(self) -> tuple[str, ...]:
        places = self._abreast() * self._lines(self._abreast())
        if len(self._numbers) <= places:
            return self._numbers
        seen = max(0, places - 1)
        return (*self._numbers[:seen], text("display.more", count=len(self._numbers) - seen))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, abreast, shown = QPainter(self), self._abreast(), self.shown()
        wide = self.width() / abreast
        lines = max(1, -(-len(shown) // abreast))
        high = min(self.height() / lines, wide * _HIGH * _AIRY)
        turned = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        painter.setFont(self._font(wide, wide * _HIGH))
        side = Align.AlignRight if turned else Align.AlignLeft
        for place, words in enumerate(shown):
            line, across = divmod(place, abreast)
            left = self.width() - (across + 1) * wide if turned else across * wide
            more = place == len(shown) - 1 and words != self._numbers[place]
            painter.setPen(theme.current().colour("muted" if more else "ink"))
            box = QRectF(left, line * high, wide, high)
            painter.drawText(box, side | Align.AlignAbsolute | Align.AlignVCenter, words)
        painter.end()

    def _abreast(self) -> int:
        """The fewest with which all fit, since those are the largest."""
        most = max(_FEWEST, int(self.width() / self._narrowest))
        choices = range(_FEWEST, most + 1)
        return next((n for n in choices if n * self._lines(n) >= len(self._numbers)), most)

    def _lines(self, abreast: int) -> int:
        return max(1, int(self.height() * abreast / max(1.0, self.width() * _HIGH)))

    def _font(self, wide: float, high: float) -> QFont:
        """One size for all, in which the widest number leaves room beside it."""
        font = theme.current().font("body", QFont.Weight.Bold)
        font.setPixelSize(max(1, int(high * _LETTERS)))
        widest = max((QFontMetricsF(font).horizontalAdvance(words) for words in self._numbers), default=1.0)
        font.setPixelSize(max(1, int(font.pixelSize() * min(1.0, wide * _APART / widest))))
        return font
