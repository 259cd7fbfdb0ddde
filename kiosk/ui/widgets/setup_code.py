"""The pairing code, typed."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from kiosk.ui.text import text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import column, row
from kiosk.ui.widgets.label import Label

_LONGEST = 200


class TypeCode(QWidget):
    """`entered` carries the server's address and the code, as typed."""

    entered = Signal(str, str)
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._server, self._code = QLineEdit(), QLineEdit()
        self._offered = ""
        pair = Button(text("setup.pair"), "pair", "primary", icon_name="forward", large=True)
        pair.clicked.connect(self._enter)
        back = Button(text("setup.back"), "setupBack", "ghost", large=True)
        back.clicked.connect(self.back)
        body = column(self, spacing=8)
        body.addWidget(Label(text("setup.type.title"), "headline", wrap=True))
        body.addWidget(Label(text("setup.type.how"), "body", "muted", wrap=True))
        body.addSpacing(12)
        for field, name in ((self._server, "server"), (self._code, "code")):
            body.addWidget(named(field, f"pair{name.capitalize()}", text(f"setup.{name}")))
            body.addWidget(field)
        self._server.setPlaceholderText(text("setup.server.example"))
        self._server.returnPressed.connect(self._code.setFocus)
        self._code.returnPressed.connect(self._enter)
        body.addSpacing(12)
        line = row(spacing=12)
        line.addWidget(back)
        line.addWidget(pair, 1)
        body.addLayout(line)
        body.addStretch()

    def offer(self, server: str) -> None:
        """An address to begin with; what a person has typed stays."""
        if self._server.text() in ("", self._offered):
            self._server.setText(server)
        self._offered = server

    def begin(self) -> None:
        (self._code if self._server.text() else self._server).setFocus()

    def _enter(self) -> None:
        self.entered.emit(self._server.text().strip(), self._code.text().strip())


def named(field: QLineEdit, name: str, words: str) -> Label:
    """The words over a field, which gets its names by them."""
    field.setObjectName(name)
    field.setAccessibleName(words)
    field.setMaxLength(_LONGEST)
    label = Label(words, "label", "muted")
    label.setBuddy(field)
    return label
