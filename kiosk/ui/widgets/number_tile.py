"""A figure with its name."""

from PySide6.QtWidgets import QWidget

from kiosk.ui import text
from kiosk.ui.widgets.card import column
from kiosk.ui.widgets.label import Label, restyle


class NumberTile(QWidget):
    """A large figure over a small name, such as "128 inside now"."""

    def __init__(self, name: str, value: int | str = 0, *, role: str = "headline", tone: str = "ink") -> None:
        super().__init__()
        self._name = name
        self._value = Label("", role, tone)
        body = column(self, spacing=0)
        body.addWidget(self._value)
        body.addWidget(Label(name, "caption", "muted"))
        self.show_value(value)

    def set_role(self, role: str) -> None:
        restyle(self._value, role=role)

    def value(self) -> str:
        return self._value.text()

    def show_value(self, value: int | str) -> None:
        shown = text.number(value) if isinstance(value, int) else value
        self._value.setText(shown)
        self.setAccessibleName(f"{shown} {self._name}")
