"""A sentence on what went wrong, where it is seen."""

from kiosk.ui.widgets.card import Card, row
from kiosk.ui.widgets.glyph import Glyph
from kiosk.ui.widgets.label import Label


class ErrorLine(Card):
    """What went wrong and what to do; away while there is nothing."""

    def __init__(self, name: str) -> None:
        super().__init__(margin=14)
        self.setProperty("card", "none")
        self.setProperty("banner", "true")
        self.setProperty("tone", "bad")
        self.setObjectName(name)
        self._words = Label("", "strong", "bad", wrap=True)
        line = row(spacing=12)
        line.addWidget(Glyph("alert", 26, "on_bad_soft"))
        line.addWidget(self._words, 1)
        self.body.addLayout(line)
        self.hide()

    def show_words(self, words: str) -> None:
        self._words.setText(words)
        self.setAccessibleName(words)
        self.setVisible(bool(words))

    def words(self) -> str:
        return self._words.text()
