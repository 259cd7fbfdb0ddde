"""Keys on the screen, for who has no keyboard before them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from domain.ids import READABLE
from kiosk.ui.text import text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import clear, column, row

DIGITS = ("123", "456", "789", "+0")
MAIL = ("1234567890", "QWERTYUIOP", "ASDFGHJKL-_", "ZXCVBNM.@")
NUMBER = tuple(READABLE[start : start + 8] for start in range(0, len(READABLE), 8))


class Letters(QWidget):
    """`pressed` carries the letter, and a space; `erased` takes the last one back. Keys stay out of the way
    of the tab key: who types has a keyboard."""

    pressed = Signal(str)
    erased = Signal()

    def __init__(self) -> None:
        super().__init__()
        # Keyboards run from the left in every script.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._lines = column(self, spacing=6)

    def show_keys(self, rows: Sequence[str], *, space: bool = False) -> None:
        clear(self._lines)
        for keys in rows[:-1]:  # The last one is shared with what is no letter.
            self._lines.addLayout(self._row(keys))
        last = self._row(rows[-1])
        if space:
            last.addWidget(self._key(" ", text("welcome.space"), name="space"), 4)
        erase = _plain(Button("", "key:erase", "key", icon_name="backspace", label=text("welcome.erase")))
        erase.clicked.connect(self.erased)
        last.addWidget(erase, 2)
        self._lines.addLayout(last)

    def _row(self, keys: str) -> QHBoxLayout:
        line = row(spacing=6)
        for key in keys:
            line.addWidget(self._key(key, key), 1)
        return line

    def _key(self, letter: str, words: str, name: str = "") -> Button:
        made = _plain(Button(words, f"key:{name or letter}", "key"))
        made.clicked.connect(lambda: self.pressed.emit(letter))
        return made


def _plain(key: Button) -> Button:
    key.setProperty("visitor", True)
    key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return key
