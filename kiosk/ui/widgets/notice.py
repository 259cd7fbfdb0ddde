"""Something staff should know, over the page, until it goes or is dismissed."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QWidget

from kiosk.ui.text import text
from kiosk.ui.views import NoticeView, Tone
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import column, row
from kiosk.ui.widgets.glyph import Glyph
from kiosk.ui.widgets.label import Label, restyle

_STAYS = 6_000
_LOOK = {
    Tone.INFO: ("accent", "info"),
    Tone.GOOD: ("good", "check"),
    Tone.WARN: ("warn", "alert"),
    Tone.BAD: ("bad", "alert"),
}


class Notice(QFrame):
    """One notice at a time; lasting ones wait their turn, so that none is missed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setProperty("notice", "true")
        self._waiting: list[NoticeView] = []
        self._now: NoticeView | None = None
        self._glyph = Glyph("info", 32, "ink")
        self._title, self._body = Label("", "lead", wrap=True), Label("", "body", wrap=True)
        self._title.setObjectName("noticeTitle")
        self._body.setObjectName("noticeBody")
        said = column(spacing=2)
        said.addWidget(self._title)
        said.addWidget(self._body)
        close = Button("", "noticeClose", "ghost", icon_name="cross", label=text("sheet.close"))
        close.clicked.connect(self._next)
        line = row(self, margin=16, spacing=16)
        line.addWidget(self._glyph)
        line.addLayout(said, 1)
        line.addWidget(close)
        self._timer = QTimer(self, singleShot=True, interval=_STAYS)
        self._timer.timeout.connect(self._next)
        self.hide()

    def show_view(self, view: NoticeView) -> None:
        if self._now is not None and self._now.lasting:
            self._waiting.append(view)
            return
        self._show(view)

    def place(self) -> None:
        """At the top of its parent, in the middle."""
        page = self.parentWidget()
        if page is None:
            return
        width = min(page.width() - 48, 760)
        self.setFixedWidth(width)
        self.adjustSize()
        self.move((page.width() - width) // 2, 24)

    def _show(self, view: NoticeView) -> None:
        self._now = view
        tone, icon_name = _LOOK[view.tone]
        restyle(self, tone=tone)
        self._glyph.show_icon(icon_name, f"on_{tone}_soft")
        for label, said in ((self._title, view.title), (self._body, view.body)):
            label.setText(said)
            label.setVisible(bool(said))
            label.set_tone(tone)
        self.setAccessibleName(f"{view.title}. {view.body}")
        self._timer.stop()
        if not view.lasting:
            self._timer.start()
        self.place()
        self.show()
        self.raise_()

    def _next(self) -> None:
        self._now = None
        self.hide()
        if self._waiting:
            self._show(self._waiting.pop(0))
