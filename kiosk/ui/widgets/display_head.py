"""The top of a lobby display: whose line, whether it is open, the time; and that it is not up to date."""

from PySide6.QtCore import QDate, QLocale, QRectF
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from domain.service_point import Opening
from kiosk.ui import icons, text, theme
from kiosk.ui.desk_views import DisplayView
from kiosk.ui.text import joined
from kiosk.ui.widgets import desk_words
from kiosk.ui.widgets.display_scale import fixed, spaced
from kiosk.ui.widgets.display_text import Align, BigText

_TONES = {Opening.OPEN: "good", Opening.CLOSING: "warn", Opening.CLOSED: "bad"}


class DisplayHead(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._name = BigText(share=0.95)
        self._organization = BigText(weight=QFont.Weight.Medium, colour="muted")
        self._clock = BigText(align=Align.AlignRight)
        self._date = BigText(weight=QFont.Weight.Medium, colour="muted", align=Align.AlignRight)
        self.opening = OpeningSign()
        whose, when = spaced(QVBoxLayout(), 0), spaced(QVBoxLayout(), 0)
        whose.addWidget(self._name, 5)
        whose.addWidget(self._organization, 3)
        when.addWidget(self._clock, 5)
        when.addWidget(self._date, 3)
        self._line = spaced(QHBoxLayout(self), 32)
        self._line.addLayout(whose, 1)
        self._line.addWidget(self.opening)
        self._line.addLayout(when, 1)
        fixed(self, 104)

    def set_upright(self, upright: bool) -> None:
        """On a narrow screen the name needs the room."""
        self._line.setStretch(0, 9 if upright else 1)
        self._line.setStretch(2, 8 if upright else 1)
        fixed(self.opening, 72, 340 if upright else 420)

    def show_view(self, view: DisplayView) -> None:
        self._name.set_words(view.name)
        self._organization.set_words(view.organization)
        self._clock.set_words(text.clock(view.at))
        day = QDate(view.at.year, view.at.month, view.at.day)
        self._date.set_words(text.locale().toString(day, QLocale.FormatType.LongFormat))
        self.opening.show_sign(_sign(view), _TONES[view.opening])

    def clock(self) -> str:
        return self._clock.words()


class OpeningSign(QWidget):
    """Open, closing or closed, and until when."""

    def __init__(self) -> None:
        super().__init__()
        self._tone = "good"
        self._words = BigText(share=0.9, align=Align.AlignHCenter, weight=QFont.Weight.DemiBold)
        line = spaced(QHBoxLayout(self), 0, 28, 10, 28, 10)
        line.addWidget(self._words)
        fixed(self, 72, 420)

    def words(self) -> str:
        return self._words.words()

    def show_sign(self, words: str, tone: str) -> None:
        self._tone = tone
        self._words.set_words(words)
        self._words.set_colour(f"on_{tone}_soft")
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        _ground(self, f"{self._tone}_soft", self.height() / 2)


class StaleBand(QWidget):
    """Plainly: what stands here may no longer be so."""

    def __init__(self) -> None:
        super().__init__()
        self._words = BigText(share=0.8, weight=QFont.Weight.DemiBold, colour="on_warn")
        line = spaced(QHBoxLayout(self), 20, 32, 8, 32, 8)
        line.addWidget(fixed(Alert(), 44, 44))
        line.addWidget(self._words)
        fixed(self, 72)
        self.hide()

    def words(self) -> str:
        return "" if self.isHidden() else self._words.words()

    def show_view(self, view: DisplayView) -> None:
        self.setVisible(view.stale)
        told = text.text("display.stale.never")
        if view.age is not None:
            told = text.text("display.stale", time=desk_words.minutes_words(view.age))
        self._words.set_words(joined((told, text.text("display.stale.ask"))))
        self.setAccessibleName(self._words.words())

    def paintEvent(self, event: QPaintEvent) -> None:
        _ground(self, "warn", 20)


class Alert(QWidget):
    """A sign of warning as large as its place."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.paint(painter, "alert", QRectF(self.rect()), "on_warn")
        painter.end()


def nobody_words(view: DisplayView) -> tuple[str, str]:
    """What stands in place of calls while there is none."""
    if view.opening is Opening.CLOSED:
        return text.text("display.closed"), _sign(view) if view.turns else ""
    if not view.people_waiting and view.opening is Opening.OPEN:
        return text.text("display.free.title"), text.text("display.free.words")
    return text.text("display.nobody.title"), text.text("display.nobody.words")


def _sign(view: DisplayView) -> str:
    if view.turns is None:
        return text.text(f"display.{view.opening}")
    time = text.clock(view.turns)
    if view.turns.date() == view.at.date():
        return text.text(f"display.{view.opening}.turns", time=time)
    day = text.locale().dayName(view.turns.isoweekday())
    return text.text(f"display.{view.opening}.turns.day", day=day, time=time)


def _ground(widget: QWidget, colour: str, radius: float) -> None:
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.current().colour(colour))
    painter.setBrush(theme.current().colour(colour))
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    painter.end()
