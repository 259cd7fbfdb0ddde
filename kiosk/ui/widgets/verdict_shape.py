"""The shapes of verdicts, told apart without colour: a disc with a tick, a rhombus with a question mark, an
octagon with a cross."""

from math import cos, pi, sin

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.ui import theme
from kiosk.ui.views import VerdictKind

TONES = {
    VerdictKind.ADMITTED: "good",
    VerdictKind.EXIT: "good",
    VerdictKind.ASK: "warn",
    VerdictKind.REFUSED: "bad",
}


class VerdictShape(QWidget):
    """A square of `size` pixels."""

    def __init__(self) -> None:
        super().__init__()
        self._kind, self._size = VerdictKind.ADMITTED, 190
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_kind(self, kind: VerdictKind, size: int = 190) -> None:
        self._kind, self._size = kind, size
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tone = TONES[self._kind]
        painter.setBrush(theme.current().colour(f"on_{tone}"))
        painter.setPen(Qt.PenStyle.NoPen)
        box = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        match self._kind:
            case VerdictKind.ADMITTED | VerdictKind.EXIT:
                painter.drawEllipse(box)
            case VerdictKind.ASK:
                painter.drawPolygon(_regular(box, 4, 0))
            case VerdictKind.REFUSED:
                painter.drawPolygon(_regular(box, 8, pi / 8))
        self._paint_mark(painter, box, tone)
        painter.end()

    def _paint_mark(self, painter: QPainter, box: QRectF, tone: str) -> None:
        pen = QPen(theme.current().colour(tone), box.width() * 0.1)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        match self._kind:
            case VerdictKind.ADMITTED:
                painter.drawPolyline([_at(box, 0.28, 0.53), _at(box, 0.44, 0.68), _at(box, 0.73, 0.36)])
            case VerdictKind.EXIT:
                painter.drawLine(_at(box, 0.26, 0.5), _at(box, 0.72, 0.5))
                painter.drawPolyline([_at(box, 0.54, 0.32), _at(box, 0.73, 0.5), _at(box, 0.54, 0.68)])
            case VerdictKind.ASK:
                font = theme.current().font("giant", QFont.Weight.Bold)
                font.setPixelSize(round(box.height() * 0.56))
                painter.setFont(font)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "?")
            case VerdictKind.REFUSED:
                painter.drawLine(_at(box, 0.33, 0.33), _at(box, 0.67, 0.67))
                painter.drawLine(_at(box, 0.67, 0.33), _at(box, 0.33, 0.67))


def _regular(box: QRectF, corners: int, turn: float) -> QPolygonF:
    radius, middle = box.width() / 2, box.center()
    angles = [turn + 2 * pi * corner / corners for corner in range(corners)]
    return QPolygonF([QPointF(middle.x() + radius * cos(a), middle.y() + radius * sin(a)) for a in angles])


def _at(box: QRectF, x: float, y: float) -> QPointF:
    return QPointF(box.left() + x * box.width(), box.top() + y * box.height())
