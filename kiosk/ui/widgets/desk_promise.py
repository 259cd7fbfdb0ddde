"""Promising when a device will be ready: one touch on a day, at the hour that is chosen."""

from datetime import datetime, time, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from kiosk.ui import text as words
from kiosk.ui.request_views import PromiseRequest, RequestView
from kiosk.ui.text import joined, text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import column, row
from kiosk.ui.widgets.label import Label, restyle
from kiosk.ui.widgets.segments import Segments

_HOURS, _USUAL = (time(9), time(12), time(15), time(18)), time(18)
_ABREAST, _SHOWN = 4, 12


class PromiseStep(QWidget):
    """`asked` carries a `PromiseRequest`."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._view = RequestView("", "", "")
        self._hour, self._since = _USUAL, 0
        self._hours = Segments("hour", text("promise.hour"))
        self._hours.chosen.connect(self._choose_hour)
        self._days = [self._day(place) for place in range(_SHOWN)]
        self._earlier = Button(text("booking.earlier"), "promise:earlier", "ghost", icon_name="backward")
        self._earlier.clicked.connect(lambda: self._turn(-_SHOWN))
        self._later = Button(text("booking.later"), "promise:later", "ghost", icon_name="forward")
        self._later.clicked.connect(lambda: self._turn(_SHOWN))
        self._none = Button(text("promise.none"), "promise:none", "ghost", icon_name="cross")
        self._none.clicked.connect(lambda: self.asked.emit(PromiseRequest(None)))
        self._arrange()

    def start(self) -> None:
        self._since, self._hour = 0, _USUAL

    def show_view(self, view: RequestView) -> None:
        if view.promised is not None and view.promised != self._view.promised:
            self._hour = view.promised.time().replace(second=0, microsecond=0)
        self._view = view
        self._show()

    def first(self) -> QWidget:
        return self._days[0]

    def _arrange(self) -> None:
        body, grid, weeks = column(self, spacing=8), QGridLayout(), row(spacing=8)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        for place, day in enumerate(self._days):
            grid.addWidget(day, place // _ABREAST, place % _ABREAST)
        body.addWidget(Label(text("promise.hour"), "label", "muted"))
        body.addWidget(self._hours)
        body.addWidget(Label(text("promise.day"), "label", "muted"))
        body.addLayout(grid)
        weeks.addWidget(self._earlier)
        weeks.addStretch()
        weeks.addWidget(self._none)
        weeks.addStretch()
        weeks.addWidget(self._later)
        body.addLayout(weeks)

    def _day(self, place: int) -> Button:
        made = Button("", f"promise:{place}")
        made.clicked.connect(lambda: self.asked.emit(PromiseRequest(self._at(place))))
        return made

    def _at(self, place: int) -> datetime:
        """By the clock of the service point."""
        day = self._view.today + timedelta(days=self._since + place)
        return datetime.combine(day, self._hour)

    def _show(self) -> None:
        hours = sorted({*_HOURS, self._hour})
        told = [(f"{each:%H:%M}", words.clock(datetime.combine(self._view.today, each))) for each in hours]
        self._hours.show_choices(told, f"{self._hour:%H:%M}")
        promised = self._view.promised
        for place, button in enumerate(self._days):
            at = self._at(place)
            button.set_words(words.day(at))
            button.setAccessibleName(joined((words.day(at), words.clock(at))))
            holds = promised is not None and at.date() == promised.date()
            restyle(button, kind="primary" if holds else "secondary")
        self._earlier.setEnabled(self._since > 0)
        self._none.setVisible(promised is not None)

    def _choose_hour(self, hour: str) -> None:
        self._hour = time.fromisoformat(hour)
        self._show()

    def _turn(self, by: int) -> None:
        self._since += by
        self._show()
