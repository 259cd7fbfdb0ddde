"""A new booking in a few touches: what for, when, for whom."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from kiosk.ui import text as words
from kiosk.ui.booking_views import BookableView, BookingView, BookRequest, TimesView, TimeView
from kiosk.ui.text import joined, text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import clear, column, row
from kiosk.ui.widgets.label import ElidedLabel, Label
from kiosk.ui.widgets.segments import Segments
from kiosk.ui.widgets.sheet import Sheet
from kiosk.ui.widgets.text_field import text_field

_LONGEST = {"name": 100, "phone": 40, "email": 100}
_ABREAST = 5


class BookSheet(Sheet):
    """`times_asked` carries a service and a week from now on, `book_asked` a `BookRequest`."""

    opened = Signal()
    times_asked = Signal(str, int)
    book_asked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, text("booking.new"), "bookSheet", width=760)
        self._view: TimesView | None = None
        self._day = ""
        self._said = Label("", "lead", "muted", wrap=True)
        self._said.setObjectName("bookSaid")
        self._said.setMinimumHeight(1)
        self._parts, self._acts = column(spacing=12), column(spacing=8)
        self.body.addWidget(self._said)
        self.body.addLayout(self._parts)
        self.foot.addLayout(self._acts)

    def open_new(self) -> None:
        self._view = None
        self._clear(text("booking.asking"))
        self.open_sheet()
        self.opened.emit()

    def show_services(self, services: Sequence[BookableView]) -> None:
        """Where there is only one, nobody is asked."""
        if len(services) == 1:
            self.times_asked.emit(services[0].id, 0)
            return
        self._clear(text("booking.what") if services else text("booking.nothing"))
        for service in services:
            said = joined((service.name, text("desk.minutes", count=service.minutes)))
            made = Button(said, f"book:{service.id}", "primary", large=True)
            made.clicked.connect(lambda _=False, id_=service.id: self.times_asked.emit(id_, 0))
            self._parts.addWidget(made)
        self._fit()

    def show_times(self, view: TimesView) -> None:
        self._view = view
        days = list(dict.fromkeys(_day(time) for time in view.times))
        self._day = self._day if self._day in days else next(iter(days), "")
        self._clear(joined((view.service.name, text("booking.when"))))
        if days:
            self._parts.addWidget(self._days(view, days))
            self._parts.addWidget(self._times(view))
        else:
            self._parts.addWidget(Label(text("booking.full"), "lead", wrap=True))
        weeks = row(spacing=8)
        if view.week:
            weeks.addWidget(self._week(view, -1, "booking.earlier", "backward"))
        weeks.addStretch()
        weeks.addWidget(self._week(view, 1, "booking.later", "forward"))
        self._parts.addLayout(weeks)
        self._fit()

    def show_booked(self, booking: BookingView) -> None:
        """It is done; whoever is on the phone is told the number."""
        when = joined((words.day(booking.at), words.clock(booking.at), booking.service))
        self._clear(text("booking.booked", name=booking.name), "good")
        self._parts.addWidget(ElidedLabel(when, "title"))
        self._parts.addWidget(Label(booking.number, "headline"))
        done = Button(text("booking.done"), "bookDone", "primary", icon_name="check", large=True)
        done.clicked.connect(self.close_sheet)
        self._acts.addWidget(done)
        self._fit(done)

    def fail(self, why: str) -> None:
        """Nothing was booked."""
        self._clear(why, "bad")
        if self._view:
            self._acts.addWidget(self._back(self._view))
        self._fit()

    def _days(self, view: TimesView, days: Sequence[str]) -> QWidget:
        made = Segments("day", text("booking.when"))
        firsts = {_day(time): time for time in reversed(view.times)}
        made.show_choices([(day, words.day(firsts[day].at)) for day in days], self._day)
        made.chosen.connect(self._choose_day)
        return made

    def _times(self, view: TimesView) -> QWidget:
        ground = QWidget()
        grid = QGridLayout(ground)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        shown = [time for time in view.times if _day(time) == self._day]
        for place, time in enumerate(shown):
            grid.addWidget(self._time(time), place // _ABREAST, place % _ABREAST)
        return ground

    def _time(self, time: TimeView) -> Button:
        said = words.clock(time.at)
        made = Button(said, f"time:{time.id}", label=joined((words.day(time.at), said)))
        made.clicked.connect(lambda: self._ask_who(time))
        return made

    def _week(self, view: TimesView, by: int, key: str, icon_name: str) -> Button:
        made = Button(text(key), f"week:{view.week + by}", "ghost", icon_name=icon_name)
        made.clicked.connect(lambda: self.times_asked.emit(view.service.id, view.week + by))
        return made

    def _choose_day(self, day: str) -> None:
        self._day = day
        if self._view:
            self.show_times(self._view)

    def _ask_who(self, time: TimeView) -> None:
        view = self._view
        if view is None:
            return
        when = joined((view.service.name, words.day(time.at), words.clock(time.at)))
        self._clear(when)
        fields = {
            name: text_field(f"book:{name}", text(f"booking.{name}"), longest)
            for name, longest in _LONGEST.items()
        }
        for field in fields.values():
            self._parts.addWidget(field)
        go = Button(text("booking.go"), "bookNow", "good", icon_name="check", large=True)
        go.setEnabled(False)

        def ask() -> None:
            go.setEnabled(False)
            said = {name: field.text().strip() for name, field in fields.items()}
            self.book_asked.emit(BookRequest(view.service.id, time.id, **said))

        go.clicked.connect(ask)
        name = fields["name"]
        name.textChanged.connect(lambda said: go.setEnabled(bool(said.strip())))
        for field in fields.values():
            field.returnPressed.connect(go.click)
        self._acts.addWidget(go)
        self._acts.addWidget(self._back(view))
        self._fit(name)

    def _back(self, view: TimesView) -> Button:
        made = Button(text("booking.back"), "bookBack", "ghost", icon_name="back")
        made.clicked.connect(lambda: self.times_asked.emit(view.service.id, view.week))
        return made

    def _clear(self, said: str, tone: str = "muted") -> None:
        clear(self._parts)
        clear(self._acts)
        self._said.setText(said)
        self._said.set_tone(tone)

    def _fit(self, first: QWidget | None = None) -> None:
        if self.isVisible():
            self.open_sheet(first)


def _day(time: TimeView) -> str:
    return time.at.date().isoformat()
