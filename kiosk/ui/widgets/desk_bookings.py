"""Who is booked today: one touch on who has come puts them in line, another takes it back."""

from collections.abc import Iterator

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from domain.reservation import State
from kiosk.ui import text as words
from kiosk.ui.booking_views import BookingView, DayView
from kiosk.ui.text import joined, text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import Card, clear, column, row
from kiosk.ui.widgets.chip import Chip
from kiosk.ui.widgets.label import ElidedLabel, Label
from kiosk.ui.widgets.sheet import Sheet

_TONES = {
    State.PENDING: "warn",
    State.CHECKED_IN: "good",
    State.NO_SHOW: "bad",
    State.CANCELLED: "bad",
}


class BookingsSheet(Sheet):
    """`asked` when it opens, so that it is told how things stand; `arrived`, `taken_back` and `confirmed`
    carry the id of a booking; `new_asked` is for another one."""

    asked = Signal()
    arrived = Signal(str)
    taken_back = Signal(str)
    confirmed = Signal(str)
    new_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, text("booking.title"), "bookingsSheet", width=760)
        self._shown: DayView | None = None
        self._said = Label("", "lead", "muted", wrap=True)
        self._said.setObjectName("bookingsSaid")
        self._said.setMinimumHeight(1)
        self._list = column(spacing=8)
        self._new = Button(text("booking.new"), "newBooking", "primary", icon_name="plus", large=True)
        self._new.clicked.connect(self._ask_new)
        self.body.addWidget(self._said)
        self.body.addLayout(self._list)
        self.foot.addWidget(self._new)

    def open_day(self) -> None:
        """Empty until the server has told."""
        self._shown = None
        clear(self._list)
        self._say(text("booking.asking"), "muted")
        self.open_sheet(self._new)
        self.asked.emit()

    def show_day(self, view: DayView) -> None:
        if not self.isVisible() or view == self._shown:
            return
        self._shown = view
        held = self.focusWidget()
        name = held.objectName() if held else ""
        clear(self._list)
        if view.trouble:
            self._say(view.trouble, "bad")
        else:
            self._say("" if view.bookings else text("booking.none"), "muted")
        for booking in sorted(view.bookings, key=lambda each: (not each.is_due, each.at)):
            self._list.addWidget(self._row(booking))
        self.open_sheet(self.findChild(Button, name) or self._new)

    def fail(self, why: str) -> None:
        """What was asked for was not done; what is shown stays."""
        self._shown = None
        self._say(why, "bad")
        if self.isVisible():
            self.open_sheet(self._new)

    def _say(self, said: str, tone: str) -> None:
        self._said.setText(said)
        self._said.set_tone(tone)
        self._said.setVisible(bool(said))

    def _ask_new(self) -> None:
        self.close_sheet()
        self.new_asked.emit()

    def _row(self, booking: BookingView) -> Card:
        made = Card(flat=True, margin=12)
        line = row(spacing=16)
        who = column(spacing=2)
        who.addWidget(ElidedLabel(booking.name or booking.number, "strong"))
        party = text("desk.card.party", count=booking.seats) if booking.seats > 1 else ""
        what = booking.number if booking.name else ""
        who.addWidget(ElidedLabel(joined((booking.service, party, what)), "body", "muted"))
        line.addWidget(Label(words.clock(booking.at), "title"))
        line.addLayout(who, 1)
        if booking.place or not booking.may_arrive:
            state = booking.place or text(f"booking.state.{booking.state}")
            line.addWidget(Chip(state, _TONES.get(booking.state, "neutral")))
        for act in self._acts(booking):
            line.addWidget(act)
        made.body.addLayout(line)
        return made

    def _acts(self, booking: BookingView) -> Iterator[Button]:
        if booking.may_arrive:
            yield self._act(booking, "arrive", text("desk.event.check_in"), "good", "mark", self.arrived)
        if booking.may_confirm:
            yield self._act(booking, "confirm", text("booking.confirm"), "primary", "check", self.confirmed)
        if booking.may_undo:
            yield self._act(booking, "undo", text("booking.undo"), "secondary", "undo", self.taken_back)

    def _act(
        self, of: BookingView, name: str, said: str, kind: str, icon: str, signal: SignalInstance
    ) -> Button:
        spoken = f"{said}: {of.name or of.number}"
        made = Button(said, f"{name}:{of.number}", kind, icon_name=icon, label=spoken)

        def press() -> None:
            made.setEnabled(False)
            signal.emit(of.id)

        made.clicked.connect(press)
        return made
