"""Who is called, and where to: the newest large, those before it below."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QTimer
from PySide6.QtGui import QFont, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kiosk.ui import icons, theme
from kiosk.ui.desk_views import CallView
from kiosk.ui.text import text
from kiosk.ui.widgets.display_scale import fixed, spaced
from kiosk.ui.widgets.display_text import Align, BigText

FRESH = 20_000
"""Milliseconds for which a call flashes."""

_SHOWN = 5
_NEWEST, _BEFORE = 9, 5
"""Shares of the height of the newest call and of each before it."""
_ROOMY = 2
"""So many rows without a call have room for other words."""
_BEAT = 600


class DisplayCalls(QWidget):
    """Calls of the last moments flash; with reduced motion they stand out without moving."""

    def __init__(self) -> None:
        super().__init__()
        self._rows = [CallRow() for _ in range(_SHOWN)]
        self.nobody = Nobody()
        self._beat = QTimer(self, interval=_BEAT)
        self._beat.timeout.connect(self._flash)
        self._body = spaced(QVBoxLayout(self), 14)
        for place, line in enumerate(self._rows):
            self._body.addWidget(line, _BEFORE if place else _NEWEST)
        self._body.addWidget(self.nobody)
        self.show_calls(())

    def show_calls(self, calls: Sequence[CallView]) -> None:
        """`calls` newest first."""
        free = max(0, _SHOWN - len(calls))
        self.nobody.setVisible(free >= _ROOMY)
        self._body.setStretchFactor(self.nobody, _BEFORE * free)
        for place, line in enumerate(self._rows):
            line.setVisible(place < len(calls) or (bool(calls) and free < _ROOMY))
            line.show_call(calls[place] if place < len(calls) else None)
        self._keep_time()

    def rows(self) -> tuple["CallRow", ...]:
        return tuple(line for line in self._rows if line.call is not None)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._keep_time()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._beat.stop()

    def _keep_time(self) -> None:
        fresh = any(line.fresh for line in self._rows)
        moves = fresh and self.isVisible() and not theme.current().reduced_motion
        if moves and not self._beat.isActive():
            self._beat.start()
        if not moves:
            self._beat.stop()
            for line in self._rows:
                line.set_lit(True)

    def _flash(self) -> None:
        lit = not self._rows[0].lit
        for line in self._rows:
            line.set_lit(lit)


class CallRow(QWidget):
    """A number and its counter on a rounded ground; a fresh one on the accent's, bright while it is `lit`."""

    def __init__(self) -> None:
        super().__init__()
        self.call: CallView | None = None
        self.lit = True
        self._number, self._counter = BigText(share=0.82), BigText(share=0.62)
        self._name = BigText(share=0.9, weight=QFont.Weight.Medium)
        self._arrow = Arrow()
        who = spaced(QVBoxLayout(), 0)
        who.addWidget(self._number, 13)
        who.addWidget(self._name, 7)
        line = spaced(QHBoxLayout(self), 20, 40, 8, 40, 8)
        line.addLayout(who, 11)
        line.addWidget(self._arrow, 3)
        line.addWidget(self._counter, 12)

    @property
    def fresh(self) -> bool:
        return self.call is not None and self.call.age < FRESH

    def show_call(self, call: CallView | None) -> None:
        self.call = call
        self._number.set_words(call.number if call else "")
        self._name.set_words(call.call_name if call else "")
        self._name.setVisible(bool(call and call.call_name))
        self._counter.set_words(call.counter if call else "")
        spoken = text("display.call.spoken", number=call.number, counter=call.counter) if call else ""
        self.setAccessibleName(spoken)
        self._paint_words()

    def set_lit(self, lit: bool) -> None:
        if lit != self.lit:
            self.lit = lit
            self._paint_words()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.call is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.current().colour("line"))
        painter.setBrush(theme.current().colour(self._ground()))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 24, 24)
        painter.end()

    def _ground(self) -> str:
        if not self.fresh:
            return "surface"
        return "accent" if self.lit else "accent_soft"

    def _paint_words(self) -> None:
        ink = {"surface": "ink", "accent": "on_accent", "accent_soft": "on_accent_soft"}[self._ground()]
        for part in (self._number, self._name, self._counter):
            part.set_colour(ink)
        self._arrow.show_arrow(ink if self.fresh else "muted", self.call is not None)
        self.update()


class Nobody(QFrame):
    """What stands there while few were called: that one may sit down, or that it is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._title = fixed(BigText(align=Align.AlignHCenter), 130)
        self._words = fixed(BigText(colour="muted", weight=QFont.Weight.Medium, align=Align.AlignHCenter), 72)
        body = spaced(QVBoxLayout(self), 8, 56, 16, 56, 16)
        body.addStretch()
        body.addWidget(self._title)
        body.addWidget(self._words)
        body.addStretch()

    def show_words(self, title: str, words: str) -> None:
        self._title.set_words(title)
        self._words.set_words(words)

    def words(self) -> tuple[str, str]:
        return self._title.words(), self._words.words()


class Arrow(QWidget):
    """From the number to the counter."""

    def __init__(self) -> None:
        super().__init__()
        self._token, self._shown = "muted", False

    def show_arrow(self, token: str, shown: bool) -> None:
        self._token, self._shown = token, shown
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._shown:
            return
        side = min(self.width() * 0.85, self.height() * 0.5)
        box = QRectF(0, 0, side, side)
        box.moveCenter(QRectF(self.rect()).center())
        painter = QPainter(self)
        icons.paint(painter, "forward", box, self._token)
        painter.end()
