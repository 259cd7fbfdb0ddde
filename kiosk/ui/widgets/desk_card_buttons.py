"""What a card of the line lets people press."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from domain.queue import Event, State
from kiosk.ui.desk_views import CardView
from kiosk.ui.text import text
from kiosk.ui.widgets import desk_words
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import clear, column
from kiosk.ui.widgets.desk_actions import Actions, actions
from kiosk.ui.widgets.wrap import Wrap

_KINDS = {State.CALLED: "primary", State.SERVING: "good"}


class CardButtons(QWidget):
    """`acted` carries the event. With `compact` they stand side by side, as icons."""

    acted = Signal(str)
    more_asked = Signal()

    def __init__(self, compact: bool) -> None:
        super().__init__()
        self._compact = compact
        self._body = column(self, spacing=8)
        self._built: tuple[Actions, State, bool, bool] | None = None

    def show_card(self, card: CardView, own: bool) -> None:
        """Built anew only where they differ: a finger may be on one."""
        offered = actions(card)
        wanted = (offered, card.state, own, card.can_undo)
        if wanted == self._built:
            return
        self._built = wanted
        clear(self._body)
        line = Wrap(spacing=4 if self._compact else 8)
        holder = QWidget()
        holder.setLayout(line)
        if self._compact:
            holder.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        if offered.main and not offered.beside:
            line.add(self._button(card, offered.main, own), grow=not self._compact)
        elif offered.main:
            self._body.addWidget(self._button(card, offered.main, own))
        for event in offered.beside:
            line.add(self._button(card, event, own=False), grow=True)
        if offered.more or card.can_undo:
            line.add(self._more(card))
        self._body.addWidget(holder)

    def _button(self, card: CardView, event: Event, own: bool) -> Button:
        said = desk_words.event_words(event, card)
        kind = _KINDS.get(card.state, "secondary") if own else "secondary"
        made = Button(
            "" if self._compact else said,
            f"{event}:{card.number}",
            kind,
            icon_name=desk_words.ICONS[event] if self._compact or kind != "secondary" else "",
            label=f"{said} {card.number}",
        )
        made.setProperty("tight", not self._compact)
        made.clicked.connect(lambda: self.acted.emit(str(event)))
        return made

    def _more(self, card: CardView) -> Button:
        spoken = text("desk.more", number=card.number)
        made = Button("", f"more:{card.number}", "ghost", icon_name="more", label=spoken)
        made.clicked.connect(self.more_asked)
        return made
