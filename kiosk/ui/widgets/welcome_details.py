"""What a visitor says of themselves, as little as they like and the line wants to know."""

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.ui.text import text
from kiosk.ui.welcome_views import ServiceView, Wish
from kiosk.ui.widgets import letters
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import column
from kiosk.ui.widgets.label import Label
from kiosk.ui.widgets.letters import Letters
from kiosk.ui.widgets.welcome_step import VisitorStep, visitor_button, visitor_field
from kiosk.ui.widgets.wrap import Wrap

_LONGEST = {"name": 40, "phone": 40, "email": 100}
_WIDE = 220


class DetailsStep(VisitorStep):
    """`given` carries a `Wish`. A name may be left out unless the line asks for one."""

    given = Signal(object)

    def __init__(self, service: ServiceView) -> None:
        super().__init__()
        self._service = service
        names = [name for name in _LONGEST if name == "name" or name in service.asks]
        self._fields = {name: visitor_field(f"visitor:{name}", text(f"welcome.{name}")) for name in names}
        self._field = self._fields["name"]
        self._how = Label("", "body", "muted", wrap=True)
        self._keys = Letters()
        self._keys.pressed.connect(self._press)
        self._keys.erased.connect(lambda: self._field.backspace())
        self._go = visitor_button(Button(text("welcome.go"), "getNumber", "primary", icon_name="next"))
        self._go.clicked.connect(self._give)
        for name, field in self._fields.items():
            field.setMaxLength(_LONGEST[name])
            field.installEventFilter(self)
            field.textChanged.connect(self._check)
            field.returnPressed.connect(self._enter)
        self._arrange()
        self._check()
        self._show_keys("name")

    def first(self) -> QWidget:
        return self._field

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys go with the field that is written in."""
        if event.type() is QEvent.Type.FocusIn:
            for name, field in self._fields.items():
                if field is watched and field is not self._field:
                    self._field = field
                    self._show_keys(name)
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._how.setVisible(not self.is_low)

    def _arrange(self) -> None:
        line = Wrap(spacing=12)
        for field in self._fields.values():
            field.setMinimumWidth(_WIDE)
            line.add(field, grow=True)
        line.add(self._go)
        needed = bool(self._service.asks)
        body = column(self, spacing=6)
        title = self._service.name if needed else text("welcome.name.title")
        body.addWidget(Label(title, "title", wrap=True))
        how = text("welcome.needed") if needed else text("welcome.name.how")
        self._how.setText(how)
        body.addWidget(self._how)
        body.addLayout(line)
        body.addWidget(self._keys)
        body.addStretch()

    def _show_keys(self, name: str) -> None:
        rows = {"phone": letters.DIGITS, "email": letters.MAIL}.get(name) or text("welcome.keys").split()
        self._keys.show_keys(rows, space=name == "name")

    def _press(self, letter: str) -> None:
        """A name begins with a capital; an address has none."""
        before = self._field.text()[: self._field.cursorPosition()]
        begins = self._field is self._fields["name"] and (not before or before[-1] in " -")
        self._field.insert(letter if begins else letter.lower())
        self._field.setFocus()

    def _check(self) -> None:
        self._go.setEnabled(all(self._fields[name].text().strip() for name in self._service.asks))

    def _enter(self) -> None:
        """On to the next field that is still empty."""
        empty = [field for field in self._fields.values() if not field.text().strip()]
        if self._go.isEnabled():
            self._give()
        elif empty:
            empty[0].setFocus()

    def _give(self) -> None:
        self._go.setEnabled(False)
        said = {name: field.text().strip() for name, field in self._fields.items()}
        self.given.emit(Wish(self._service.point, self._service.category, **said))
