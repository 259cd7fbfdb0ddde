"""The top of the desk: which line is shown, and whether this desk's counter is open."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from domain.service_point import Opening
from kiosk.ui import theme
from kiosk.ui.desk_views import CounterState, DeskView
from kiosk.ui.text import text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.chip import Chip
from kiosk.ui.widgets.choice_sheet import ChoiceSheet
from kiosk.ui.widgets.segments import Segments
from kiosk.ui.widgets.wrap import Wrap

_NARROW = 1100
_TABS = 3
"""More lines than that are chosen from a sheet."""

_TONES = {Opening.OPEN: "good", Opening.CLOSING: "warn", Opening.CLOSED: "bad"}
_STATES = {"open": "good", "paused": "warn", "closed": "bad"}


class DeskHead(QWidget):
    """`point_chosen`, `counter_chosen` and `counter_changed` (a state) carry ids."""

    point_chosen = Signal(str)
    counter_chosen = Signal(str)
    counter_changed = Signal(str)
    till_asked = Signal()
    bookings_asked = Signal()
    requests_asked = Signal()

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._view: DeskView | None = None
        self._tabs = Segments("point", text("desk.points"))
        self._tabs.chosen.connect(self.point_chosen)
        self._points = ChoiceSheet(page, text("desk.points"), "pickPoint")
        self._points.chosen.connect(self.point_chosen)
        self._counters = ChoiceSheet(page, text("desk.counters"), "counter")
        self._counters.chosen.connect(self.counter_chosen)
        self._many = Button(text("desk.points"), "choosePoint", icon_name="down")
        self._many.clicked.connect(self._choose_point)
        self._counter = Button(text("desk.counters"), "chooseCounter", "ghost", icon_name="desk")
        self._counter.clicked.connect(self.choose_counter)
        self._large: list[Button] = []
        self._small: list[Button] = []
        for name, words, icon_name, asked in (
            ("bookings", text("booking.button"), "calendar", self.bookings_asked),
            ("requests", text("request.button"), "repair", self.requests_asked),
            ("till", text("till.button"), "money", self.till_asked),
        ):
            self._large.append(Button(words, name, icon_name=icon_name))
            self._small.append(Button("", name, icon_name=icon_name, label=words))
            for button in (self._large[-1], self._small[-1]):
                button.clicked.connect(asked)
            self._small[-1].hide()
        self._state = Segments("counterState", text("desk.counter.state"), _STATES)
        self._state.chosen.connect(self.counter_changed)
        self._opening = Chip("", icon_name="clock")
        self._arrange()

    def show_view(self, view: DeskView) -> None:
        self._view = view
        few = len(view.points) <= _TABS
        self._tabs.setVisible(few and bool(view.points))
        self._many.setVisible(not few)
        self._tabs.show_choices([(point.id, point.name) for point in view.points], view.point)
        self._many.set_words(view.shown.name if view.shown else text("desk.points"))
        self._opening.show_words(text(f"desk.opening.{view.opening}"), _TONES[view.opening])
        self._opening.setVisible(view.opening is not Opening.OPEN)
        self._counter.setVisible(bool(view.counters))
        own = view.own
        self._counter.set_words(own.name if own else text("desk.counters"))
        states = [(str(state), text(f"desk.counter.{state}")) for state in CounterState]
        self._state.show_choices(states, str(own.state) if own else "")
        self._state.setVisible(own is not None)
        self._counters.keep_choices(_counters(view), view.counter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow page has no room for all the words in one line."""
        narrow = self.width() < _NARROW * theme.current().text_factor
        for button in self._large:
            button.setVisible(not narrow)
        for button in self._small:
            button.setVisible(narrow)
        super().resizeEvent(event)

    def choose_counter(self) -> None:
        if self._view:
            self._counters.show_choices(_counters(self._view), self._view.counter)

    def _choose_point(self) -> None:
        if self._view:
            choices = [(point.id, point.name) for point in self._view.points]
            self._points.show_choices(choices, self._view.point)

    def _arrange(self) -> None:
        line = Wrap(self, spacing=12)
        for widget in (self._tabs, self._many, self._opening):
            line.add(widget)
        for button in (*self._large, *self._small):
            line.add(button, push=True)
        line.add(self._counter)
        line.add(self._state)


def _counters(view: DeskView) -> list[tuple[str, str]]:
    return [(counter.id, counter.name) for counter in view.counters]
