"""All that may be done with one party, on a sheet."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from domain.queue import Event
from kiosk.ui.desk_views import CardView
from kiosk.ui.text import joined, text
from kiosk.ui.widgets import desk_words
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import clear, column
from kiosk.ui.widgets.desk_actions import actions
from kiosk.ui.widgets.label import Label
from kiosk.ui.widgets.sheet import Sheet


class MoreSheet(Sheet):
    """`acted` carries entry and event, `undo_asked` the entry; a transfer is asked for as an event."""

    acted = Signal(str, str)
    undo_asked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "", "moreSheet", width=480)
        self._facts = Label("", "body", "muted", wrap=True)
        self._note = Label("", "body", "accent", wrap=True)
        self._buttons = column(spacing=8)
        self.body.addWidget(self._facts)
        self.body.addWidget(self._note)
        self.body.addLayout(self._buttons)

    def show_card(self, card: CardView) -> None:
        self.set_title(joined((card.number, card.name)))
        self._facts.setText(desk_words.card_facts(card))
        self._note.setText(card.note)
        self._note.setVisible(bool(card.note))
        clear(self._buttons)
        offered = actions(card)
        for event in filter(None, (offered.main, *offered.beside, *offered.more)):
            self._buttons.addWidget(self._act(card, event))
        if card.can_undo:
            self._buttons.addWidget(self._undo(card))
        self.open_sheet()

    def _act(self, card: CardView, event: Event) -> Button:
        words = desk_words.event_words(event, card)
        made = Button(words, f"do:{event}:{card.number}", icon_name=desk_words.ICONS[event])
        made.setProperty("leading", True)
        made.clicked.connect(lambda: self._done(card.id, event))
        return made

    def _undo(self, card: CardView) -> Button:
        made = Button(text("desk.undo.last"), f"undo:{card.number}", "ghost", icon_name="undo")
        made.clicked.connect(lambda: self._undone(card.id))
        return made

    def _undone(self, entry: str) -> None:
        self.close_sheet()
        self.undo_asked.emit(entry)

    def _done(self, entry: str, event: Event) -> None:
        self.close_sheet()
        self.acted.emit(entry, str(event))
