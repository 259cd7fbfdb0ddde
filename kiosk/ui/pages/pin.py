"""The PIN that staff give before the menu, and a new one as they choose it."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.ui import spans, theme
from kiosk.ui.setup_views import PinStep, PinView
from kiosk.ui.text import text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import Card, column, row
from kiosk.ui.widgets.glyph import Glyph
from kiosk.ui.widgets.keypad import Keypad
from kiosk.ui.widgets.label import Label, restyle

_SECOND = 1_000
_WIDTH, _ROOMY, _TIGHT, _LOWEST, _WORDS = 420, 660, 480, 400, 110
_SAYS = {
    PinStep.GIVE: ("pin.title", "pin.why", "pin.wrong"),
    PinStep.OLD: ("pin.title", "pin.old", "pin.wrong"),
    PinStep.NEW: ("setup.pin.title", "setup.pin.how", "setup.pin.differs"),
    PinStep.AGAIN: ("setup.again.title", "setup.again.how", "setup.again.how"),
}
"""Of each step its title, why it is asked, and what is said after a wrong try."""


class PinPage(QWidget):
    """`entered` carries the digits. While a `PinView` has a wait none are taken, and the page counts down."""

    entered = Signal(str)
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("page", "true")
        self._left, self._step = 0, PinStep.GIVE
        self._timer = QTimer(self, interval=_SECOND)
        self._timer.timeout.connect(self._tick)
        self._title, self._says = Label("", "title"), Label("", "body", "muted", wrap=True)
        self._says.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._says.setMinimumHeight(48)
        self._keypad = Keypad()
        self._keypad.entered.connect(self.entered)
        self._cancel = Button(text("pin.cancel"), "cancelPin", "ghost")
        self._cancel.clicked.connect(self.cancelled)
        self._arrange()

    def show_view(self, view: PinView) -> None:
        self._left, self._step = view.wait, view.step
        title, why, wrong = _SAYS[view.step]
        self._title.setText(text(title))
        self._keypad.forget()
        self._keypad.set_blocked(view.wait > 0)
        if view.wait > 0:
            self._timer.start()
            self._say_wait()
        else:
            self._timer.stop()
            self._says.setText(text(wrong if view.wrong else why))
            self._says.set_tone("bad" if view.wrong else "muted")
        self._keypad.setFocus()

    def says(self) -> str:
        return self._says.text()

    def minimumSizeHint(self) -> QSize:
        """As low as it can be, whatever it is now."""
        return QSize(_WIDTH, _LOWEST)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a low screen everything moves closer."""
        # Only the words grow with the text size, not the keys.
        height = self.height() - _WORDS * (theme.current().text_factor - 1)
        low, least = height < _ROOMY, height < _TIGHT
        margin, spacing, words = (10, 4, 22) if least else (14, 6, 22) if low else (32, 16, 48)
        self._card.body.setContentsMargins(margin, margin, margin, margin)
        self._card.body.setSpacing(spacing)
        self._says.setMinimumHeight(words)
        self._keypad.set_low(low, least)
        restyle(self._cancel, least=least)
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._keypad.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def _tick(self) -> None:
        self._left -= _SECOND
        if self._left > 0:
            self._say_wait()
        else:
            self.show_view(PinView(self._step))

    def _say_wait(self) -> None:
        self._says.setText(text("pin.wait", clock=spans.countdown(self._left)))
        self._says.set_tone("bad")

    def _arrange(self) -> None:
        self._card = Card(margin=32, spacing=16)
        self._card.setFixedWidth(round(_WIDTH * theme.current().text_factor))
        head = row(spacing=12)
        head.addStretch()
        head.addWidget(Glyph("lock", 28, "muted"))
        head.addWidget(self._title)
        head.addStretch()
        self._card.body.addLayout(head)
        for widget in (self._says, self._keypad, self._cancel):
            self._card.body.addWidget(widget)
        body = column(self, margin=8)
        body.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        body.addStretch()
        body.addWidget(self._card, 0, Qt.AlignmentFlag.AlignHCenter)
        body.addStretch()
