"""One line over the cards: what just came of an act, or that the desk works alone."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QWidget

from kiosk.ui.desk_views import DeskNotice, DeskView, GraceNotice
from kiosk.ui.text import joined, text
from kiosk.ui.views import NoticeView, Tone
from kiosk.ui.widgets import desk_words
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import column, row
from kiosk.ui.widgets.glyph import Glyph
from kiosk.ui.widgets.label import Label, restyle

_SECONDS = 8
_TONES = {Tone.INFO: "accent", Tone.GOOD: "good", Tone.WARN: "warn", Tone.BAD: "bad"}
_ICONS = {Tone.INFO: "info", Tone.GOOD: "check", Tone.WARN: "alert", Tone.BAD: "alert"}


class DeskBanner(QFrame):
    """Hidden while there is nothing to say. A notice goes by itself unless it lasts, or asks something."""

    no_show_forced = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deskNotice")
        self.setProperty("banner", "true")
        self._entry, self._resting = "", NoticeView("")
        self._glyph = Glyph("info", 28)
        self._title, self._words = Label("", "strong"), Label("", wrap=True)
        self._force = Button(text("desk.grace.force"), "forceNoShow", "danger", icon_name="person_off")
        self._force.clicked.connect(self._forced)
        self._dismiss = Button("", "dismissNotice", "ghost", icon_name="cross", label=text("desk.dismiss"))
        self._dismiss.clicked.connect(self._rest)
        self._timer = QTimer(self, singleShot=True, interval=_SECONDS * 1_000)
        self._timer.timeout.connect(self._rest)
        self._arrange()
        self._rest()

    def show_view(self, view: DeskView) -> None:
        """What holds until it changes; a notice comes before it."""
        self._resting = _holds(view)
        if not self._dismiss.isVisibleTo(self):
            self._rest()

    def show_notice(self, notice: DeskNotice) -> None:
        shown = desk_words.notice(notice)
        self._entry = notice.entry if isinstance(notice, GraceNotice) else ""
        self._show(shown, bool(self._entry), dismissable=True)
        self._timer.stop()
        if not shown.lasting and not self._entry:
            self._timer.start()

    def _rest(self) -> None:
        self._timer.stop()
        self._show(self._resting, asks=False, dismissable=False)

    def _show(self, notice: NoticeView, asks: bool, dismissable: bool) -> None:
        tone = _TONES[notice.tone]
        restyle(self, tone=tone)
        self._glyph.show_icon(_ICONS[notice.tone], f"on_{tone}_soft")
        for label, words in ((self._title, notice.title), (self._words, notice.body)):
            label.setText(words)
            label.set_tone(tone)
            label.setVisible(bool(words))
        self.setAccessibleName(joined((notice.title, notice.body)))
        self._force.setVisible(asks)
        self._dismiss.setVisible(dismissable)
        self.setVisible(bool(notice.title))

    def _forced(self) -> None:
        entry = self._entry
        self._rest()
        self.no_show_forced.emit(entry)

    def _arrange(self) -> None:
        words = column(spacing=2)
        words.addWidget(self._title)
        words.addWidget(self._words)
        line = row(self, spacing=14)
        line.setContentsMargins(18, 10, 12, 10)
        line.addWidget(self._glyph)
        line.addLayout(words, 1)
        line.addWidget(self._force)
        line.addWidget(self._dismiss)


def _holds(view: DeskView) -> NoticeView:
    if not view.points:
        return NoticeView(text("desk.none.title"), text("desk.none.body"), Tone.WARN)
    if not view.offline:
        return NoticeView("")
    unsent = text("desk.offline.unsent", count=view.unsent) if view.unsent else ""
    return NoticeView(text("desk.offline.title"), joined((text("desk.offline.body"), unsent)), Tone.WARN)
