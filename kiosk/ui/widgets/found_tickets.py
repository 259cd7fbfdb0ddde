"""What a search found: one press admits."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from domain.ticket import TicketState
from kiosk.ui import text as words
from kiosk.ui.text import text
from kiosk.ui.views import SearchRow, SearchView
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import clear, column, row
from kiosk.ui.widgets.chip import Chip
from kiosk.ui.widgets.glyph import Swatch
from kiosk.ui.widgets.label import ElidedLabel, Label

_FEWEST = 3


class FoundTickets(QWidget):
    """Rows with a button `admit:<ticket>` each; `chosen` carries the ticket."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._content = QWidget()
        self._list = column(self._content, spacing=8)
        area = QScrollArea()
        area.setWidget(self._content)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column(self).addWidget(area)

    def show_view(self, view: SearchView) -> None:
        clear(self._list)
        said = self._said(view)
        if said:
            self._list.addWidget(Label(said, "body", "muted", wrap=True))
        for found in view.rows:
            self._list.addWidget(self._row(found))
        self._list.addStretch(1)

    def _said(self, view: SearchView) -> str:
        if view.trouble:
            return view.trouble
        if len(view.text.strip()) < _FEWEST:
            return text("door.search.few")
        return "" if view.rows else text("door.search.none", wanted=view.text)

    def _row(self, found: SearchRow) -> QWidget:
        ticket = found.ticket
        made = QFrame()
        made.setProperty("card", "flat")
        line = row(made, spacing=12)
        line.setContentsMargins(14, 8, 8, 8)
        line.addWidget(Swatch(ticket.colour, 10, 40))
        said = column(spacing=0)
        said.addWidget(ElidedLabel(ticket.name or text("verdict.no_name"), "strong"))
        said.addWidget(
            ElidedLabel(words.joined((ticket.type, ticket.seat, ticket.order)), "caption", "muted")
        )
        line.addLayout(said, 1)
        if found.inside:
            line.addWidget(Chip(text("door.search.inside"), "good", icon_name="check"))
        elif found.state is not TicketState.VALID:
            line.addWidget(Chip(text(f"ticket.{found.state.value}"), "bad"))
        button = Button(
            "",
            f"admit:{ticket.id}",
            "primary" if found.state is TicketState.VALID and not found.inside else "secondary",
            icon_name="entry",
            label=text("door.search.admit", name=ticket.name),
        )
        button.clicked.connect(lambda: self.chosen.emit(ticket.id))
        line.addWidget(button)
        return made
