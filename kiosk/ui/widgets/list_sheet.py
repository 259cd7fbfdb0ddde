"""A sheet with a row for each thing that the server knows of, and a button for another one."""

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.ui.text import text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import clear, column
from kiosk.ui.widgets.label import Label
from kiosk.ui.widgets.sheet import Sheet


class ListSheet(Sheet):
    """`asked` whenever it is to be told how things stand; `new` is the button for another one, upon which it
    closes and `new_asked` follows."""

    asked = Signal()
    new_asked = Signal()

    def __init__(self, parent: QWidget, title: str, name: str, width: int, new: Button) -> None:
        super().__init__(parent, title, f"{name}Sheet", width=width)
        self._shown: object = None
        self._said = Label("", "lead", "muted", wrap=True)
        self._said.setObjectName(f"{name}Said")
        self._said.setMinimumHeight(1)
        self._list = column(spacing=8)
        self._new = new
        self._new.clicked.connect(self._ask_new)
        self.body.addWidget(self._said)
        self.body.addLayout(self._list)
        self.foot.addWidget(self._new)
        self.look_often()

    def open_list(self) -> None:
        """Empty until the server has told."""
        self._shown = None
        clear(self._list)
        self._say(text("booking.asking"), "muted")
        self.open_sheet(self._new)
        self.asked.emit()

    def look_again(self) -> None:
        if self.isVisible():
            self.asked.emit()

    def fail(self, why: str) -> None:
        """What was asked for was not done; what is shown stays."""
        self._shown = None
        self._say(why, "bad")
        if self.isVisible():
            self.open_sheet(self._new)

    def _show_rows(self, view: object, rows: Iterator[QWidget], trouble: str, none: str) -> None:
        """The `rows` are made of a view, unless that is shown already; `trouble` says why none can be told,
        `none` that there are none."""
        if not self.isVisible() or view == self._shown:
            return
        self._shown = view
        with self.filled_anew(self._new):
            clear(self._list)
            made = list(rows)
            for each in made:
                self._list.addWidget(each)
            if trouble:
                self._say(trouble, "bad")
            else:
                self._say("" if made else none, "muted")

    def _say(self, said: str, tone: str) -> None:
        self._said.setText(said)
        self._said.set_tone(tone)
        self._said.setVisible(bool(said))

    def _ask_new(self) -> None:
        self.close_sheet()
        self.new_asked.emit()
