"""What people press."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from kiosk.ui import theme
from kiosk.ui.icons import icon

_INK = {"primary": "on_accent", "danger": "on_bad", "good": "on_good"}
_APART = 6
"""Pixels between an icon and its words, beyond those that Qt leaves."""
_BY_KEYS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
    Qt.FocusReason.OtherFocusReason,
)


class Button(QPushButton):
    """A button of one of the kinds primary, secondary, ghost, danger, good.

    `name` is its stable English object name. Without words it is a square with an icon, and `label` says
    what it does to who cannot see it.
    """

    def __init__(
        self,
        words: str = "",
        name: str = "",
        kind: str = "secondary",
        *,
        icon_name: str = "",
        label: str = "",
        large: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words.replace("&", "&&"), parent)
        self.setObjectName(name)
        self.setProperty("kind", kind)
        self.setProperty("large", large)
        self.setProperty("iconOnly", not words)
        self.setAccessibleName(label or words)
        self.setToolTip(label if not words else "")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._ringed = False
        self._large = large
        if icon_name:
            self.set_icon(icon_name)

    def set_icon(self, icon_name: str, token: str = "") -> None:
        side = round((28 if self._large else 24) * theme.current().text_factor)
        self.setIcon(icon(icon_name, token or _INK.get(str(self.property("kind")), "ink")))
        apart = 0 if self.property("iconOnly") else round(_APART * theme.current().text_factor)
        self.setIconSize(QSize(side + apart, side))

    def set_words(self, words: str) -> None:
        self.setText(words.replace("&", "&&"))
        self.setAccessibleName(words)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ringed = event.reason() in _BY_KEYS
        super().focusInEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus() and self._ringed:
            painter = QPainter(self)
            ring(painter, QRectF(self.rect()), 16 if self._large else 12)
            painter.end()


def ring(painter: QPainter, box: QRectF, radius: float) -> None:
    """The focus ring inside a box: two lines, so that it is seen on any ground."""
    colours = theme.current()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for inset, width, token in ((1.5, 3, "focus"), (4, 2, "surface")):
        painter.setPen(QPen(colours.colour(token), width))
        painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset)
