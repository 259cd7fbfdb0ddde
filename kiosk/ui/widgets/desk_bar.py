"""What the desk does most: call the next, let somebody join, undo the last move; and figures of the day."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from kiosk.ui.desk_views import CardView, DeskView
from kiosk.ui.text import joined, text
from kiosk.ui.widgets import desk_words
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import row
from kiosk.ui.widgets.number_tile import NumberTile
from kiosk.ui.widgets.two_line_button import TwoLineButton
from kiosk.ui.widgets.wrap import Wrap

_APART = 16


class DeskBar(QWidget):
    """`undo_asked` carries the entry of the last move."""

    next_asked = Signal()
    join_asked = Signal()
    undo_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._entry, self._has_figures = "", False
        self._fits: dict[QWidget, bool] = {}
        self._next = TwoLineButton("callNext", "primary", "megaphone")
        self._next.clicked.connect(self.next_asked)
        self._join = Button(text("desk.join"), "join", icon_name="plus", large=True)
        self._join.clicked.connect(self.join_asked)
        self._undo = Button(text("desk.undo.last"), "undoLast", "ghost", icon_name="undo")
        self._undo.clicked.connect(lambda: self.undo_asked.emit(self._entry))
        self._wait = NumberTile(text("desk.figure.next_wait"), role="title")
        self._served = NumberTile(text("desk.figure.served"), role="title")
        self._mean = NumberTile(text("desk.figure.mean_wait"), role="title")
        self._missed = NumberTile(text("desk.figure.no_shows"), role="title")
        self._figures = QWidget()
        self._line = Wrap(self, spacing=_APART)
        self._arrange()

    def take_focus(self) -> None:
        first = self._next if self._next.isEnabled() else self._join
        first.setFocus(Qt.FocusReason.ActiveWindowFocusReason)

    def make_room(self, width: int, tall: bool) -> None:
        """On a low page figures show only where they stand beside the buttons."""
        buttons = (button for button in self._buttons() if not button.isHidden())
        left = width - sum(button.sizeHint().width() + _APART for button in buttons)
        for tile in (self._wait, self._figures):
            left -= tile.sizeHint().width() + _APART
            self._fits[tile] = tall or left + _APART >= 0
        self._show_figures()

    def show_view(self, view: DeskView) -> None:
        self._join.setEnabled(view.shown is not None)
        first = view.waiting[0] if view.waiting else None
        self._next.show_lines(text("desk.next"), _who(first))
        self._next.setEnabled(first is not None)
        move = view.last_move
        self._entry = move.entry if move else ""
        self._undo.setVisible(move is not None)
        if move:
            self._undo.set_words(text("desk.undo", number=move.number, event=text(f"desk.done.{move.event}")))
        self._wait.show_value(desk_words.wait_words(view.wait) if view.wait else text("desk.figure.none"))
        self._has_figures = view.figures is not None
        if figures := view.figures:
            mean = figures.mean_wait
            self._served.show_value(figures.served)
            self._mean.show_value(
                desk_words.minutes_words(mean) if mean is not None else text("desk.figure.none")
            )
            self._missed.show_value(figures.no_shows)

    def _show_figures(self) -> None:
        self._wait.setVisible(self._fits.get(self._wait, True))
        self._figures.setVisible(self._has_figures and self._fits.get(self._figures, True))

    def _buttons(self) -> tuple[QWidget, ...]:
        return self._next, self._join, self._undo

    def _arrange(self) -> None:
        figures = row(self._figures, spacing=_APART)
        for tile in (self._served, self._mean, self._missed):
            figures.addWidget(tile)
        for button in self._buttons():
            self._line.add(button)
        self._line.add(self._wait, push=True)
        self._line.add(self._figures)


def _who(card: CardView | None) -> str:
    return joined((card.number, card.name)) if card else text("desk.nobody.title")
