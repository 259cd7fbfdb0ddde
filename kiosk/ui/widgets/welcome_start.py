"""Where a visitor begins: which language, and what they come for."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from kiosk.ui import text as words
from kiosk.ui import theme
from kiosk.ui.text import joined, text
from kiosk.ui.welcome_views import ServiceView, WelcomeView
from kiosk.ui.widgets import desk_words
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import column
from kiosk.ui.widgets.label import Label, restyle
from kiosk.ui.widgets.two_line_button import TwoLineButton
from kiosk.ui.widgets.welcome_step import VisitorStep

_WIDE = 900
"""Pixels of width at text factor 1 from which there are more columns."""
_SERVICE = (420, 112)
_ICON = "qr"


class LanguageStep(VisitorStep):
    """`chosen` carries a tag. Each language says its own name."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._title = _middle(Label(text("welcome.title"), "display", wrap=True))
        self._how = _middle(Label(text("welcome.language"), "title", "muted", wrap=True))
        self._grid = _Columns(narrow=2, wide=3)
        for tag in words.languages():
            self._grid.add(self._button(tag))
        body = column(self, spacing=12)
        body.addStretch(1)
        body.addWidget(self._title)
        body.addWidget(self._how)
        body.addStretch(1)
        body.addWidget(self._grid)
        body.addStretch(2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        restyle(self._title, role="headline" if self.is_low else "display")
        self._how.setVisible(not self.is_low)

    def _button(self, tag: str) -> Button:
        made = Button(words.own_name(tag), f"language:{tag}")
        made.setProperty("choice", True)
        made.clicked.connect(lambda: self.chosen.emit(tag))
        return made


class ServiceStep(VisitorStep):
    """`chosen` carries a `ServiceView`; `booking_chosen` is for who has a booking."""

    chosen = Signal(object)
    booking_chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown: WelcomeView | None = None
        self._buttons: dict[tuple[str, str], TwoLineButton] = {}
        self._grid = _Columns(narrow=1, wide=2)
        self._nothing = Label(joined((text("welcome.none"), text("welcome.ask"))), "lead", "muted", wrap=True)
        self._booking = TwoLineButton("haveBooking", "secondary", _ICON, _SERVICE)
        self._booking.setProperty("choice", True)
        self._booking.clicked.connect(self.booking_chosen)
        body = column(self, spacing=20)
        body.addWidget(Label(text("welcome.what"), "headline", wrap=True))
        body.addWidget(self._nothing)
        body.addWidget(self._grid)
        body.addSpacing(4)
        body.addWidget(self._booking)
        body.addStretch()

    def show_view(self, view: WelcomeView) -> None:
        """What is under a finger stays where it is: only words change, until there is another service."""
        if self._shown is None or _choices(self._shown) != _choices(view):
            self._fill(view)
        self._shown = view
        for service in view.services:
            button = self._buttons[service.point, service.category]
            button.show_lines(service.name, joined((service.place, standing(service))))
            button.setEnabled(service.refusal is None)
        self._nothing.setVisible(not view.services)
        self._booking.setEnabled(view.online)
        how = text("welcome.booking.words") if view.online else text("welcome.booking.away")
        self._booking.show_lines(text("welcome.booking"), how)

    def first(self) -> QWidget:
        return next((one for one in self._buttons.values() if one.isEnabled()), self._booking)

    def _fill(self, view: WelcomeView) -> None:
        self._grid.empty()
        self._buttons = {}
        for service in view.services:
            made = TwoLineButton(f"service:{service.point}:{service.category}", "primary", "people", _SERVICE)
            made.clicked.connect(lambda _=False, of=(service.point, service.category): self._choose(of))
            self._buttons[service.point, service.category] = made
            self._grid.add(made)

    def _choose(self, of: tuple[str, str]) -> None:
        for service in self._shown.services if self._shown else ():
            if (service.point, service.category) == of:
                self.chosen.emit(service)


def standing(service: ServiceView) -> str:
    """The line before whoever joins now, or why nobody can."""
    if service.refusal:
        return text(f"welcome.refused.{service.refusal}")
    wait = text("welcome.wait", time=desk_words.wait_words(service.wait)) if service.wait else ""
    return joined((ahead_words(service.ahead), wait))


def ahead_words(count: int) -> str:
    return text("welcome.ahead", count=count) if count else text("welcome.free")


def _choices(view: WelcomeView) -> list[tuple[str, str]]:
    return [(service.point, service.category) for service in view.services]


def _middle(label: Label) -> Label:
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label


class _Columns(QWidget):
    """Widgets in so many columns as there is room for."""

    def __init__(self, narrow: int, wide: int) -> None:
        super().__init__()
        self._narrow, self._wide = narrow, wide
        self._widgets: list[QWidget] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(16)
        self._columns = narrow

    def add(self, widget: QWidget) -> None:
        self._widgets.append(widget)
        place = len(self._widgets) - 1
        self._grid.addWidget(widget, place // self._columns, place % self._columns)

    def empty(self) -> None:
        for widget in self._widgets:
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._widgets = []

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = self._wide if self.width() >= _WIDE * theme.current().text_factor else self._narrow
        if columns == self._columns:
            return
        self._columns = columns
        for place, widget in enumerate(self._widgets):
            self._grid.addWidget(widget, place // columns, place % columns)
