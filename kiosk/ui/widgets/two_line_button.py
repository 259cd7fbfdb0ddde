"""A large button that says what it does, and below it in small what comes of it."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.ui import icons, theme
from kiosk.ui.widgets.button import Button

_ICON, _EDGE, _GAP = 40, 24, 18
_INK = {"primary": "on_accent"}


class TwoLineButton(Button):
    """Painted: one icon, one strong line, one plain line, cut where they are too long."""

    def __init__(
        self,
        name: str,
        kind: str,
        icon_name: str,
        size: tuple[int, int] = (340, 96),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", name, kind, label=name, large=True, parent=parent)
        self.setToolTip("")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._icon_name, self._size = icon_name, size
        self._strong, self._plain = "", ""

    def show_lines(self, strong: str, plain: str) -> None:
        if (strong, plain) != (self._strong, self._plain):
            self._strong, self._plain = strong, plain
            self.setAccessibleName(f"{strong}: {plain}" if plain else strong)
            self.update()

    def lines(self) -> tuple[str, str]:
        return self._strong, self._plain

    def sizeHint(self) -> QSize:
        factor = theme.current().text_factor
        return QSize(round(self._size[0] * factor), round(self._size[1] * factor))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        look = theme.current()
        ink = _INK.get(str(self.property("kind")), "ink") if self.isEnabled() else "muted"
        side = _ICON * look.text_factor
        box = QRectF(self.rect()).adjusted(_EDGE, 0, -_EDGE, 0)
        turned = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        mark = QRectF(box.right() - side if turned else box.left(), box.center().y() - side / 2, side, side)
        painter = QPainter(self)
        icons.paint(painter, self._icon_name, mark, ink)
        words = box.adjusted(0, 0, -side - _GAP, 0) if turned else box.adjusted(side + _GAP, 0, 0, 0)
        self._write(painter, words, ink)
        painter.end()

    def _write(self, painter: QPainter, box: QRectF, ink: str) -> None:
        look = theme.current()
        quiet = "muted" if ink == "ink" else ink
        strong, plain = look.font("title", QFont.Weight.Bold), look.font("body", QFont.Weight.Medium)
        lines = ((strong, self._strong, ink), (plain, self._plain, quiet))
        used = [(font, words, token) for font, words, token in lines if words]
        top = box.center().y() - sum(QFontMetrics(font).height() for font, _, _ in used) / 2
        turned = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if turned else Qt.AlignmentFlag.AlignLeft
        for font, words, token in used:
            painter.setFont(font)
            painter.setPen(look.colour(token))
            measured = QFontMetrics(font)
            shown = measured.elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()))
            line = QRectF(box.left(), top, box.width(), measured.height())
            painter.drawText(line, side | Qt.AlignmentFlag.AlignAbsolute, shown)
            top += measured.height()
