"""How this kiosk comes to its server: scanned, typed, or one of its own."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.ui.text import text
from kiosk.ui.widgets.card import column
from kiosk.ui.widgets.label import Label
from kiosk.ui.widgets.two_line_button import TwoLineButton

_SIZE = (460, 104)


class ChooseWay(QWidget):
    type_chosen = Signal()
    local_chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._scan = Label("", "lead", wrap=True)
        self._type = TwoLineButton("typeCode", "secondary", "keyboard", _SIZE)
        self._type.show_lines(text("setup.type"), text("setup.type.words"))
        self._type.clicked.connect(self.type_chosen)
        self._local = TwoLineButton("thisComputer", "secondary", "computer", _SIZE)
        self._local.show_lines(text("setup.local"), text("setup.local.words"))
        self._local.clicked.connect(self.local_chosen)
        body = column(self, spacing=14)
        body.addWidget(Label(text("setup.title"), "headline", wrap=True))
        body.addWidget(self._scan)
        body.addSpacing(20)
        body.addWidget(self._type)
        body.addWidget(self._local)
        body.addStretch()

    def show_camera(self, there: bool) -> None:
        self._scan.setText(text("setup.scan") if there else text("setup.no_camera"))
