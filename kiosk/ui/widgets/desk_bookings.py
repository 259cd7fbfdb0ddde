"""Who is booked today: one touch on who has come puts them in line, another takes it back."""

from collections.abc import Iterator

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from domain.reservation import State
from kiosk.ui import text as words
from kiosk.ui.booking_views import BookingView, DayView
from kiosk.ui.text import joined, text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import Card, column, row
from kiosk.ui.widgets.chip import Chip
from kiosk.ui.widgets.label import ElidedLabel, Label
from kiosk.ui.widgets.list_sheet import ListSheet

_TONES = {
    State.PENDING: "warn",
    State.CHECKED_IN: "good",
    State.NO_SHOW: "bad",
    State.CANCELLED: "bad",
}


class BookingsSheet(ListSheet):
    """`arrived`, `taken_back` and `confirmed` carry the id of a booking."""

    arrived = Signal(str)
    taken_back = Signal(str)
    confirmed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        new = Button(text("booking.new"), "newBooking", "primary", icon_name="plus", large=True)
        super().__init__(parent, text("booking.title"), "bookings", 760, new)

    def show_day(self, view: DayView) -> None:
        due_first = sorted(view.bookings, key=lambda each: (not each.is_due, each.at))
        self._show_rows(view, map(self._row, due_first), view.trouble, text("booking.none"))

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
