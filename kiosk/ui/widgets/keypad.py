"""Digits to press, masked as they are entered."""

import unicodedata

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from kiosk.ui import theme
from kiosk.ui.text import number, text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import column
from kiosk.ui.widgets.label import restyle

LEAST, MOST = 4, 12
"""How many digits a PIN has."""

_BACK = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
_DONE = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_DOT, _APART = 9.0, 34.0


class Keypad(QWidget):
    """`entered` carries the digits, and forgets them. Takes keys of a keyboard too."""

    entered = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._digits = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(text("pin.keypad"))
        # Numbers are read from the left in every language, and so are their keys.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._dots = Dots()
        self._keys = {digit: self._key(digit) for digit in "123456789"} | {"0": self._key("0")}
        self._back = Button(
            "", "pin:back", "ghost", icon_name="backspace", label=text("pin.back"), large=True
        )
        self._back.clicked.connect(self._drop)
        self._done = Button("", "pin:ok", "primary", icon_name="check", label=text("pin.ok"), large=True)
        self._done.clicked.connect(self._finish)
        self._arrange()
        self._show()

    def forget(self) -> None:
        self._digits = ""
        self._show()

    def set_blocked(self, blocked: bool) -> None:
        """No digit is taken while it is blocked."""
        for key in (*self._keys.values(), self._back):
            key.setEnabled(not blocked)
        if blocked:
            self._digits = ""
        self._show()

    def set_low(self, low: bool, least: bool = False) -> None:
        """With keys that are less high, and closer; at `least` as low as a finger needs."""
        self._apart.setSpacing(4 if least else 8 if low else 20)
        self._grid.setSpacing(4 if least else 6 if low else 10)
        for key in (*self._keys.values(), self._back, self._done):
            restyle(key, large=not low, least=least)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = str(unicodedata.digit(event.text(), -1)) if len(event.text()) == 1 else ""
        if digit in self._keys:
            # An animated click takes its time, and the same digit twice in a row would count once.
            self._keys[digit].click()
        elif event.key() in _BACK:
            self._drop()
        elif event.key() in _DONE and self._done.isEnabled():
            self._finish()
        else:
            super().keyPressEvent(event)

    def _take(self, digit: str) -> None:
        if len(self._digits) < MOST:
            self._digits += digit
            self._show()

    def _drop(self) -> None:
        self._digits = self._digits[:-1]
        self._show()

    def _finish(self) -> None:
        digits, self._digits = self._digits, ""
        self._show()
        self.entered.emit(digits)

    def _show(self) -> None:
        self._dots.show_count(len(self._digits))
        self._done.setEnabled(len(self._digits) >= LEAST)

    def _key(self, digit: str) -> Button:
        made = Button(number(int(digit)), f"pin:{digit}", "key", large=True)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.clicked.connect(lambda: self._take(digit))
        return made

    def _arrange(self) -> None:
        pad = QWidget()
        # Keypads run from the left in every script.
        pad.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        grid = self._grid = QGridLayout(pad)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(10)
        for place, digit in enumerate("123456789"):
            grid.addWidget(self._keys[digit], place // 3, place % 3)
        for across, key in enumerate((self._back, self._keys["0"], self._done)):
            grid.addWidget(key, 3, across)
        for across in range(3):
            grid.setColumnStretch(across, 1)
        body = self._apart = column(self, spacing=20)
        body.addWidget(self._dots)
        body.addWidget(pad)


class Dots(QWidget):
    """One filled dot a digit, and rings for those that are still needed."""

    def __init__(self) -> None:
        super().__init__()
        self._count = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def count(self) -> int:
        return self._count

    def show_count(self, count: int) -> None:
        self._count = count
        self.setAccessibleName(text("pin.digits", count=count))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 32)

    def paintEvent(self, event: QPaintEvent) -> None:
        places = max(LEAST, self._count)
        step = min(_APART, self.width() / places)
        start = (self.width() - step * (places - 1)) / 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place in range(places):
            filled = place < self._count
            painter.setPen(QPen(theme.current().colour("ink" if filled else "edge"), 2))
            painter.setBrush(theme.current().colour("ink") if filled else Qt.GlobalColor.transparent)
            painter.drawEllipse(QPointF(start + place * step, self.height() / 2), _DOT, _DOT)
        painter.end()
