"""Why the kiosk cannot start, for who started it from an icon."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from kiosk.ui import theme
from kiosk.ui.text import text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import Card, column, row
from kiosk.ui.widgets.glyph import Glyph
from kiosk.ui.widgets.label import Label

_WIDTH = 640


class CannotStartPage(QWidget):
    """`words` say what went wrong and what to do."""

    closed = Signal()

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setProperty("page", "true")
        card = Card(margin=32, spacing=20)
        card.setMaximumWidth(round(_WIDTH * theme.current().text_factor))
        head = row(spacing=16)
        head.addWidget(Glyph("alert", 36, "on_bad_soft"))
        head.addWidget(Label(text("start.failed"), "headline", wrap=True), 1)
        said = Label(words, "lead", wrap=True)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        close = Button(text("start.close"), "closeUsher", "primary", large=True)
        close.clicked.connect(self.closed)
        card.body.addLayout(head)
        card.body.addWidget(said)
        card.body.addWidget(close)
        middle = row()
        middle.addStretch(1)
        middle.addWidget(card, 100)
        middle.addStretch(1)
        body = column(self, margin=24)
        body.addStretch(1)
        body.addLayout(middle)
        body.addStretch(1)
        close.setFocus()
