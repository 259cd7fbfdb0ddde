"""One of several things, on a sheet."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import clear, column
from kiosk.ui.widgets.sheet import Sheet


class ChoiceSheet(Sheet):
    """`chosen` carries the id. Buttons are named `kind:id`."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget, title: str, kind: str) -> None:
        super().__init__(parent, title, f"{kind}Sheet", width=480)
        self._kind = kind
        self._shown: tuple[tuple[tuple[str, str], ...], str] = ((), "")
        self._choices = column(spacing=8)
        self.body.addLayout(self._choices)

    def show_choices(self, choices: Sequence[tuple[str, str]], now: str = "") -> None:
        """Ids with words; `now` is the one that holds."""
        self._fill(choices, now)
        self.open_sheet()

    def keep_choices(self, choices: Sequence[tuple[str, str]], now: str = "") -> None:
        """What there is to choose may change while somebody looks at it."""
        if self.isVisible() and (tuple(choices), now) != self._shown:
            self._fill(choices, now)
            self.open_sheet()

    def _fill(self, choices: Sequence[tuple[str, str]], now: str) -> None:
        self._shown = (tuple(choices), now)
        clear(self._choices)
        for id_, words in choices:
            self._choices.addWidget(self._button(id_, words, id_ == now))

    def _button(self, id_: str, words: str, holds: bool) -> Button:
        kind, icon_name = ("primary", "check") if holds else ("secondary", "")
        made = Button(words, f"{self._kind}:{id_}", kind, icon_name=icon_name, large=True)
        made.clicked.connect(lambda: self._choose(id_))
        return made

    def _choose(self, id_: str) -> None:
        self.close_sheet()
        self.chosen.emit(id_)
