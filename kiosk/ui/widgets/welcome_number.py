"""The number that a visitor was given, large, and how to follow it."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from kiosk.ui import text as words
from kiosk.ui.text import joined, text
from kiosk.ui.welcome_views import NumberView
from kiosk.ui.widgets import desk_words
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import Card, column
from kiosk.ui.widgets.label import Label, restyle
from kiosk.ui.widgets.qr import Qr
from kiosk.ui.widgets.welcome_start import ahead_words
from kiosk.ui.widgets.welcome_step import VisitorStep, visitor_button

_QR, _LARGE_QR = 220, 340
_WAYS = QBoxLayout.Direction


class NumberStep(VisitorStep):
    """`done` says that the visitor has seen it."""

    done = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._service = Label("", "title", "muted", wrap=True)
        self._number = Label("", "giant")
        self._number.setObjectName("visitorNumber")
        self._ahead = Label("", "title", wrap=True)
        self._ahead.setObjectName("visitorAhead")
        self._wait = Label("", "headline", wrap=True)
        self._wait.setObjectName("visitorWait")
        self._booked = Label("", "lead", "muted", wrap=True)
        self._sit = Label("", "lead", wrap=True)
        self._qr = Qr()
        self._follow = Card(margin=20, spacing=8)
        self._done = visitor_button(Button(text("welcome.done"), "visitorDone", "primary", icon_name="check"))
        self._done.clicked.connect(self.done)
        self._parts = QBoxLayout(_WAYS.LeftToRight)
        self._arrange()

    def first(self) -> QWidget:
        return self._done

    def show_number(self, view: NumberView) -> None:
        self._service.setText(view.service)
        self._service.setVisible(bool(view.service))
        self._number.setText(view.number)
        self._number.setAccessibleName(f"{text('welcome.number')}: {view.number}")
        self._ahead.setText("" if view.ahead is None else ahead_words(view.ahead))
        self._ahead.setVisible(view.ahead is not None)
        wait = text("welcome.wait", time=desk_words.wait_words(view.wait)) if view.wait else ""
        if view.counter is not None:
            wait = joined((text("welcome.turn"), view.counter))
        restyle(self._wait, tone="ink" if view.counter is None else "good")
        self._wait.setText(wait)
        self._wait.setVisible(bool(wait))
        booked = text("welcome.booked", time=words.clock(view.booked)) if view.booked else ""
        self._booked.setText(booked)
        self._booked.setVisible(bool(booked))
        keep = "" if view.link else text("welcome.keep")
        self._sit.setText(" ".join(part for part in (keep, text("welcome.sit")) if part))
        self._sit.setVisible(view.counter is None)
        self._qr.set_text(view.link, text("welcome.follow"))
        self._follow.setVisible(bool(view.link))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        restyle(self._number, role="display" if self.is_low else "giant")
        side = _QR if self.is_low else _LARGE_QR
        self._qr.setFixedSize(QSize(side, side))
        upright = self.height() > self.width()
        self._parts.setDirection(_WAYS.TopToBottom if upright else _WAYS.LeftToRight)

    def _arrange(self) -> None:
        follow = Label(text("welcome.follow"), "strong", wrap=True)
        follow.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._follow.body.addWidget(self._qr, 0, Qt.AlignmentFlag.AlignCenter)
        self._follow.body.addWidget(follow)
        said = QWidget()
        told = column(said, spacing=6)
        told.addStretch()
        told.addWidget(Label(text("welcome.number"), "title", "muted"))
        for part in (self._number, self._service, self._booked, self._wait, self._ahead, self._sit):
            told.addWidget(part)
        told.addStretch()
        self._parts.setSpacing(24)
        self._parts.addWidget(said, 3)
        self._parts.addWidget(self._follow, 2, Qt.AlignmentFlag.AlignCenter)
        body = column(self, spacing=12)
        body.addLayout(self._parts, 1)
        body.addWidget(self._done)
