"""What the camera sees, with a line round each code that was found."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.ui import icons, theme
from kiosk.ui.text import text
from kiosk.ui.views import Health, Outline

_ROUND = 16.0


class CameraPicture(QWidget):
    """Fills itself with the picture, cut at two sides where the forms differ. Without one it says why, and
    is dark while the camera is still to come. `aims` shows where a code is to be held."""

    def __init__(self, *, aims: bool = True) -> None:
        super().__init__()
        self._aims = aims
        self._picture = QImage()
        self._outlines: Sequence[Outline] = ()
        self._health, self._words = Health.READY, ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(text("door.camera"))

    def sizeHint(self) -> QSize:
        return QSize(640, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 180)

    def show_picture(self, picture: QImage, outlines: Sequence[Outline]) -> None:
        self._picture, self._outlines = picture, outlines
        self.update()

    def show_health(self, health: Health, words: str) -> None:
        if (health, words) != (self._health, self._words):
            self._health, self._words = health, words
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()), _ROUND, _ROUND)
        painter.setClipPath(shape)
        painter.fillRect(self.rect(), theme.current().colour("lens"))
        if self._health in (Health.ABSENT, Health.TROUBLE):
            self._paint_reason(painter)
        elif not self._picture.isNull():
            self._paint_picture(painter)
        painter.end()

    def _paint_picture(self, painter: QPainter) -> None:
        scale = max(self.width() / self._picture.width(), self.height() / self._picture.height())
        size = self._picture.size() * scale
        left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(left, top, size.width(), size.height()), self._picture)
        if self._aims:
            self._paint_frame(painter)
        for outline in self._outlines:
            corners = [QPointF(left + x * scale, top + y * scale) for x, y in outline.corners]
            self._paint_outline(painter, QPolygonF(corners))

    def _paint_outline(self, painter: QPainter, polygon: QPolygonF) -> None:
        """Two lines, so that it is seen on any picture."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for width, token in ((14.0, "on_lens"), (8.0, "accent")):
            painter.setPen(QPen(theme.current().colour(token), width, j=Qt.PenJoinStyle.RoundJoin))
            painter.drawPolygon(polygon)

    def _paint_frame(self, painter: QPainter) -> None:
        """Corners of a square in the middle: hold the code here."""
        side = min(self.width(), self.height()) * 0.62
        box = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        arm = side * 0.14
        colour = theme.current().colour("on_lens")
        colour.setAlphaF(0.85)
        painter.setPen(QPen(colour, 5.0, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for x, y, dx, dy in (
            (box.left(), box.top(), arm, arm),
            (box.right(), box.top(), -arm, arm),
            (box.left(), box.bottom(), arm, -arm),
            (box.right(), box.bottom(), -arm, -arm),
        ):
            painter.drawPolyline([QPointF(x + dx, y), QPointF(x, y), QPointF(x, y + dy)])

    def _paint_reason(self, painter: QPainter) -> None:
        middle = QRectF(self.rect()).center()
        side = 72 * theme.current().text_factor
        icons.paint(
            painter,
            "camera_off",
            QRectF(middle.x() - side / 2, middle.y() - side, side, side),
            "on_lens_muted",
        )
        words = self._words or text("door.no_camera")
        painter.setPen(theme.current().colour("on_lens"))
        painter.setFont(theme.current().font("lead"))
        box = QRectF(40, middle.y() + 20, self.width() - 80, self.height() / 2 - 30)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(box, int(flags), words)
