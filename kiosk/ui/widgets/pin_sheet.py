"""The staff PIN before something that not everybody may do."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.ui.pages.pin import PinPage
from kiosk.ui.setup_views import PinView
from kiosk.ui.text import text
from kiosk.ui.widgets.sheet import Sheet

_HIGH = 560


class PinSheet(Sheet):
    """`entered` carries the digits."""

    entered = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, text("till.pin"), "pinSheet", width=520)
        self._pin = PinPage()
        self._pin.setMinimumHeight(_HIGH)
        self._pin.entered.connect(self.entered)
        self._pin.cancelled.connect(self.close_sheet)
        self.body.addWidget(self._pin)

    def ask(self, view: PinView) -> None:
        self.open_sheet(self._pin)
        self._pin.show_view(view)
