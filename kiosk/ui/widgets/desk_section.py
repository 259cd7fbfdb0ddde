"""A part of the line, such as who waits: its title, how many, and their cards."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.ui.desk_views import CardView
from kiosk.ui.text import number, text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import Card, column, row
from kiosk.ui.widgets.desk_card import DeskCard
from kiosk.ui.widgets.glyph import Glyph
from kiosk.ui.widgets.label import Label

_AT_ONCE = 30
"""Cards that are made without being asked for more: a line of hundreds would take long to draw."""


class DeskSection(QWidget):
    """Cards stay the same widgets while their parties stay, so that focus and fingers stay where they are."""

    acted = Signal(str, str)
    more_asked = Signal(str)

    def __init__(self, name: str, title: str, icon_name: str, empty: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._cards: dict[str, DeskCard] = {}
        self._most, self._all, self._counter = _AT_ONCE, tuple[CardView, ...](), ""
        self._more = Button(text("desk.show_more"), f"showMore:{name}", "ghost", icon_name="down")
        self._more.clicked.connect(self._show_more)
        self._title = title
        self._count = Label("", "title", "muted")
        self._empty = Card(flat=True, margin=16)
        self._empty.body.addWidget(Label(empty, "body", "muted", wrap=True))
        head = row(spacing=10)
        head.setContentsMargins(4, 0, 4, 0)
        head.addWidget(Glyph(icon_name, 26, "muted"))
        head.addWidget(Label(title, "title"))
        head.addWidget(self._count)
        head.addStretch()
        self._column = column(spacing=10)
        body = column(self, spacing=10)
        body.addLayout(head)
        body.addWidget(self._empty)
        body.addLayout(self._column)
        body.addWidget(self._more)

    def show_cards(self, cards: Sequence[CardView], counter: str) -> None:
        """`counter` is the name of this desk's own; empty, and all count as its own. Its own come first."""
        self._all, self._counter = tuple(cards), counter
        self._count.setText(number(len(cards)) if cards else "")
        self.setAccessibleName(f"{self._title} {number(len(cards))}")
        self._empty.setVisible(not cards)
        shown = sorted(cards, key=lambda card: not _own(card, counter))[: self._most]
        for gone in self._cards.keys() - {card.id for card in shown}:
            self._drop(gone)
        for place, card in enumerate(shown):
            widget = self._cards.get(card.id) or self._add(card)
            if self._column.indexOf(widget) != place:
                self._column.removeWidget(widget)
                self._column.insertWidget(place, widget)
            widget.show_card(card, _own(card, counter))
        self._say_more(len(cards) - len(shown))

    def card(self, entry: str) -> DeskCard | None:
        return self._cards.get(entry)

    def _say_more(self, left: int) -> None:
        self._more.setVisible(left > 0)
        if left > 0:
            self._more.set_words(text("desk.show_more", count=left))

    def _show_more(self) -> None:
        self._most += _AT_ONCE
        self.show_cards(self._all, self._counter)

    def _add(self, card: CardView) -> DeskCard:
        made = self._cards[card.id] = DeskCard(card)
        made.acted.connect(self.acted)
        made.more_asked.connect(self.more_asked)
        return made

    def _drop(self, entry: str) -> None:
        gone = self._cards.pop(entry)
        self._column.removeWidget(gone)
        gone.hide()
        gone.deleteLater()


def _own(card: CardView, counter: str) -> bool:
    return not counter or not card.counter or card.counter == counter
