"""A small fact with an icon on a tinted ground."""

from PySide6.QtWidgets import QFrame, QSizePolicy

from kiosk.ui.widgets.card import row
from kiosk.ui.widgets.glyph import Glyph, Swatch
from kiosk.ui.widgets.label import Label, restyle

_INK = {"accent": "on_accent_soft", "good": "on_good_soft", "warn": "on_warn_soft", "bad": "on_bad_soft"}


class Chip(QFrame):
    """Words in one of the tones neutral, accent, good, warn, bad; `colour` adds a category's swatch."""

    def __init__(
        self,
        words: str,
        tone: str = "neutral",
        *,
        icon_name: str = "",
        colour: str = "",
        role: str = "strong",
    ) -> None:
        super().__init__()
        self.setProperty("chip", "true")
        self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        body = row(self, spacing=8)
        body.setContentsMargins(12, 8, 12, 8)
        self._glyph = Glyph(icon_name, 20, _INK.get(tone, "ink")) if icon_name else None
        if self._glyph:
            body.addWidget(self._glyph)
        if colour:
            body.addWidget(Swatch(colour, 14, 22))
        self._words = Label(words, role, tone)
        self.setAccessibleName(words)
        body.addWidget(self._words)

    def words(self) -> str:
        return self._words.text()

    def show_words(self, words: str, tone: str = "neutral", icon_name: str = "") -> None:
        self._words.setText(words)
        self.setAccessibleName(words)
        self._words.set_tone(tone)
        restyle(self, tone=tone)
        if self._glyph and icon_name:
            self._glyph.show_icon(icon_name, _INK.get(tone, "ink"))
