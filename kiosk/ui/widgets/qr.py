"""A QR code, painted sharp at any size; dark on white in every theme, since phones want it so."""

import qrcode
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

_QUIET = 3
"""Modules of white around it."""


class Qr(QWidget):
    """Square, as large as its place allows. Without a text it is empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._modules: list[list[bool]] = []
        self.setMinimumSize(96, 96)

    @property
    def text(self) -> str:
        return self._text

    def set_text(self, text: str, spoken: str = "") -> None:
        """`spoken` tells people who do not see it what it is for."""
        self.setAccessibleName(spoken)
        if text != self._text:
            self._text, self._modules = text, _modules(text)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, 220)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return width

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._modules:
            return
        count = len(self._modules) + 2 * _QUIET
        # Whole pixels a module, or the edges blur.
        size = max(1, min(self.width(), self.height()) // count)
        left, top = (self.width() - size * count) // 2, (self.height() - size * count) // 2
        painter = QPainter(self)
        painter.fillRect(QRect(left, top, size * count, size * count), Qt.GlobalColor.white)
        for row, modules in enumerate(self._modules, start=_QUIET):
            for column, dark in enumerate(modules, start=_QUIET):
                if dark:
                    painter.fillRect(left + column * size, top + row * size, size, size, Qt.GlobalColor.black)
        painter.end()


def _modules(text: str) -> list[list[bool]]:
    if not text:
        return []
    code = qrcode.QRCode(border=0)
    code.add_data(text)
    code.make()
    return [[bool(module) for module in row] for row in code.get_matrix()]
