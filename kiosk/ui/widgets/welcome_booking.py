"""Here for a booking: its code before the camera, or its number by hand."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from kiosk.ui.text import text
from kiosk.ui.views import Health
from kiosk.ui.welcome_views import Seeing
from kiosk.ui.widgets import letters
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.camera_picture import CameraPicture
from kiosk.ui.widgets.card import column, row
from kiosk.ui.widgets.label import Label
from kiosk.ui.widgets.letters import Letters
from kiosk.ui.widgets.welcome_step import VisitorStep, visitor_button, visitor_field

_LONGEST = 20
_PICTURE = (120, 120)
_WAYS = QBoxLayout.Direction


class BookingStep(VisitorStep):
    """`entered` carries a number as it was typed; what the camera reads comes to the program by itself."""

    entered = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._field = visitor_field("bookingNumber", text("welcome.booking.number"))
        self._field.setMaxLength(_LONGEST)
        self._go = visitor_button(Button(text("welcome.booking.go"), "checkIn", "primary", icon_name="check"))
        self._go.clicked.connect(self._enter)
        self._field.returnPressed.connect(self._enter)
        self._field.textChanged.connect(self._check)
        self._keys = Letters()
        self._keys.show_keys(letters.NUMBER)
        self._keys.pressed.connect(self._press)
        self._keys.erased.connect(self._field.backspace)
        self._how = Label(text("welcome.booking.how"), "body", "muted", wrap=True)
        self._camera = CameraPicture()
        self._camera.setMinimumSize(*_PICTURE)
        self._parts = QBoxLayout(_WAYS.LeftToRight)
        self._arrange()
        self._check()

    def first(self) -> QWidget:
        return self._field

    def show_picture(self, picture: QImage) -> None:
        self._camera.show_picture(picture, ())

    def show_seeing(self, seeing: Seeing) -> None:
        self._camera.show_health(seeing.health, seeing.words)
        self._camera.setVisible(seeing.health is not Health.UNUSED)

    def try_again(self) -> None:
        """What was typed or shown led nowhere."""
        self._check()
        self._field.setFocus()
        self._field.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._how.setVisible(not self.is_low)
        upright = self.height() > self.width()
        self._parts.setDirection(_WAYS.TopToBottom if upright else _WAYS.LeftToRight)

    def _arrange(self) -> None:
        line = row(spacing=12)
        line.addWidget(self._field, 1)
        line.addWidget(self._go)
        typing = QWidget()
        typed = column(typing, spacing=6)
        typed.addLayout(line)
        typed.addWidget(self._keys)
        typed.addStretch()
        self._parts.setContentsMargins(0, 0, 0, 0)
        self._parts.setSpacing(16)
        self._parts.addWidget(self._camera, 2)
        self._parts.addWidget(typing, 3)
        body = column(self, spacing=6)
        body.addWidget(Label(text("welcome.booking.title"), "title", wrap=True))
        body.addWidget(self._how)
        body.addLayout(self._parts, 1)

    def _press(self, letter: str) -> None:
        self._field.insert(letter)
        self._field.setFocus()

    def _check(self) -> None:
        self._go.setEnabled(bool(self._field.text().strip()))

    def _enter(self) -> None:
        if self._go.isEnabled():
            self._go.setEnabled(False)
            self.entered.emit(self._field.text().strip())
