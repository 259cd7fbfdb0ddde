"""A choice of few things that are all in sight, one of which holds."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import clear, row


class Segments(QFrame):
    """Buttons named `kind:id` side by side, each a stop of the tab key: one may look before one chooses.
    `chosen` tells only what a person chose.

    `tones` colours a choice while it holds: good, warn, bad; else accent.
    """

    chosen = Signal(str)

    def __init__(
        self, kind: str, spoken: str, tones: Mapping[str, str] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("segments", "true")
        self.setAccessibleName(spoken)
        self._kind, self._tones = kind, tones or {}
        self._choices: tuple[tuple[str, str], ...] = ()
        self._buttons: dict[str, Button] = {}
        self._line = row(self, margin=4, spacing=4)

    def show_choices(self, choices: Sequence[tuple[str, str]], now: str) -> None:
        """Ids with words, and the one that holds."""
        if tuple(choices) != self._choices:
            self._choices = tuple(choices)
            self._build()
        self._hold(now)

    def _hold(self, now: str) -> None:
        for id_, button in self._buttons.items():
            button.setChecked(id_ == now)

    def _choose(self, id_: str) -> None:
        self._hold(id_)
        self.chosen.emit(id_)

    def _build(self) -> None:
        clear(self._line)
        self._buttons = {id_: self._button(id_, words) for id_, words in self._choices}
        for button in self._buttons.values():
            self._line.addWidget(button, 1)

    def _button(self, id_: str, words: str) -> Button:
        made = Button(words, f"{self._kind}:{id_}", "segment")
        made.setProperty("tone", self._tones.get(id_, "accent"))
        made.setCheckable(True)
        made.clicked.connect(lambda: self._choose(id_))
        return made
