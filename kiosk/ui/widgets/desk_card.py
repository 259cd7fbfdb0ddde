"""One party of the line as a card, with what may be done with it."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy

from domain.queue import State
from kiosk.ui import spans
from kiosk.ui.desk_views import CardView
from kiosk.ui.text import text
from kiosk.ui.widgets import desk_words
from kiosk.ui.widgets.card import Card, clear, column, row
from kiosk.ui.widgets.chip import Chip
from kiosk.ui.widgets.desk_card_buttons import CardButtons
from kiosk.ui.widgets.glyph import Glyph
from kiosk.ui.widgets.label import ElidedLabel, Label


class DeskCard(Card):
    """`acted` carries entry and event; `more_asked` the entry. Who waits has a compact card."""

    acted = Signal(str, str)
    more_asked = Signal(str)

    def __init__(self, card: CardView) -> None:
        compact = card.state is State.WAITING
        super().__init__(margin=12 if compact else 14, spacing=10)
        self.setObjectName(f"card:{card.number}")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.buttons = CardButtons(compact)
        self.buttons.acted.connect(lambda event: self.acted.emit(card.id, event))
        self.buttons.more_asked.connect(lambda: self.more_asked.emit(card.id))
        self._shown: tuple[CardView, bool] | None = None
        self._number = Label("", "headline")
        self._flags = row(spacing=6)
        self._shown_flags: tuple[tuple[str, str, str], ...] = ()
        self._place = ElidedLabel("", "strong", "muted", trailing=True)
        self._name = ElidedLabel("", "strong")
        self._facts = ElidedLabel("", "caption", "muted")
        self._note = ElidedLabel("", "caption", "accent")
        self._grace = Chip("", icon_name="clock")
        self._arrange(compact)

    def show_card(self, card: CardView, own: bool) -> None:
        """`own`: at this desk's counter, so that what comes next stands out."""
        shown = (_to_the_eye(card), own)
        if shown != self._shown:
            self._shown = shown
            self._show(card, own)

    def _show(self, card: CardView, own: bool) -> None:
        self.setAccessibleName(desk_words.card_spoken(card))
        self._number.setText(card.number)
        self._place.set_whole(_place(card))
        self._place.set_tone("accent" if own and card.counter else "muted")
        _show(self._name, desk_words.card_name(card))
        _show(self._facts, desk_words.card_line(card))
        _show(self._note, card.note)
        self._show_grace(card.grace_left)
        self._show_flags(card)
        self.buttons.show_card(card, own)

    def _arrange(self, compact: bool) -> None:
        head = row(spacing=8)
        head.addWidget(self._number)
        head.addWidget(self._place, 1)
        facts = row(spacing=6)
        facts.addLayout(self._flags)
        facts.addWidget(self._facts, 1)
        words = column(spacing=2)
        words.addLayout(head)
        words.addWidget(self._name)
        words.addLayout(facts)
        words.addWidget(self._note)
        words.addSpacing(4)
        words.addWidget(self._grace)
        whole = row(spacing=12) if compact else column(spacing=10)
        whole.addLayout(words, 1)
        whole.addWidget(self.buttons)
        self.body.addLayout(whole)

    def _show_grace(self, left: int | None) -> None:
        self._grace.setVisible(left is not None)
        if left is not None:
            tone, icon_name = ("neutral", "clock") if left else ("warn", "alert")
            self._grace.show_words(desk_words.grace_words(left), tone, icon_name)

    def _show_flags(self, card: CardView) -> None:
        flags = _flags(card)
        if flags == self._shown_flags:
            return
        self._shown_flags = flags
        clear(self._flags)
        for name, colour, spoken in flags:
            glyph = Glyph(name, 20, colour)
            glyph.setToolTip(spoken)
            glyph.setAccessibleName(spoken)
            self._flags.addWidget(glyph)


def _to_the_eye(card: CardView) -> CardView:
    """The same card as long as it looks the same: lines are long, and time passes every second."""
    left = card.grace_left
    seconds = None if left is None else -(-left // 1_000)
    return replace(card, waited=spans.minutes(card.waited), grace_left=seconds)


def _place(card: CardView) -> str:
    if card.state is State.WAITING:
        return desk_words.minutes_words(card.waited)
    return card.counter


def _flags(card: CardView) -> tuple[tuple[str, str, str], ...]:
    """Icon, colour and words of what sets a party apart."""
    told = (
        (card.priority, "star", "on_warn_soft", text("desk.flag.priority")),
        (card.returned, "return", "on_accent_soft", text("desk.flag.returned")),
        (not card.arrived, "device", "muted", text("desk.flag.away")),
        (card.calls > 1, "bell", "muted", text("desk.flag.calls", count=card.calls)),
        (card.call_by_name, "speaker", "muted", text("desk.flag.by_name")),
    )
    return tuple((icon, colour, words) for so, icon, colour, words in told if so)


def _show(label: ElidedLabel, words: str) -> None:
    label.set_whole(words)
    label.setVisible(bool(words))
