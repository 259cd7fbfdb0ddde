"""The Desk: the line of a service point, and what staff do with it."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from domain.queue import Event
from kiosk.ui import theme
from kiosk.ui.desk_views import CardView, DeskNotice, DeskView
from kiosk.ui.text import text
from kiosk.ui.widgets.card import column
from kiosk.ui.widgets.desk_bar import DeskBar
from kiosk.ui.widgets.desk_book import BookSheet
from kiosk.ui.widgets.desk_bookings import BookingsSheet
from kiosk.ui.widgets.desk_head import DeskHead
from kiosk.ui.widgets.desk_intake import IntakeSheet
from kiosk.ui.widgets.desk_join import JoinSheet
from kiosk.ui.widgets.desk_more import MoreSheet
from kiosk.ui.widgets.desk_notice import DeskBanner
from kiosk.ui.widgets.desk_request import RequestSheet
from kiosk.ui.widgets.desk_requests import RequestsSheet
from kiosk.ui.widgets.desk_section import DeskSection
from kiosk.ui.widgets.desk_transfer import TransferSheet
from kiosk.ui.widgets.focus import move_focus
from kiosk.ui.widgets.lanes import Lanes
from kiosk.ui.widgets.pin_sheet import PinSheet
from kiosk.ui.widgets.till_sheet import TillSheet

_MARGIN, _TALL, _LANE = 20, 800, 284


class DeskPage(QWidget):
    """Shows a `DeskView`; notices by `show_notice`. Ids are those of the view.

    `acted` carries entry, event and this desk's counter; `no_show_forced` the entry of a no-show before the
    grace is over; `transfer_asked` entry, service point and category; `join_asked` a `JoinRequest`. `till`
    takes payments for orders, `pin` asks before what not everybody may do; `bookings` and `book` are for
    appointments; `requests`, `request` and `intake` are for devices that are repaired here.
    """

    acted = Signal(str, str, str)
    no_show_forced = Signal(str)
    call_next_asked = Signal(str)
    join_asked = Signal(object)
    counter_chosen = Signal(str)
    counter_changed = Signal(str)
    undo_asked = Signal(str)
    transfer_asked = Signal(str, str, str)
    point_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("page", "true")
        self._view = DeskView("", ())
        self._call_after_choice = False
        self._head, self._bar, self._banner = DeskHead(self), DeskBar(), DeskBanner()
        self._waiting = _section("waiting", "people")
        self._called = _section("called", "megaphone")
        self._serving = _section("serving", "serve")
        self._held = _section("held", "hold")
        self._missed = _section("missed", "person_off")
        self._more, self._transfer, self._join = MoreSheet(self), TransferSheet(self), JoinSheet(self)
        self.till, self.pin = TillSheet(self), PinSheet(self)
        self.bookings, self.book = BookingsSheet(self), BookSheet(self)
        self.requests, self.request, self.intake = RequestsSheet(self), RequestSheet(self), IntakeSheet(self)
        self._arrange()
        self._connect()

    def show_view(self, view: DeskView) -> None:
        first, self._view = self._view.shown is None, view
        self._head.show_view(view)
        self._bar.show_view(view)
        self._banner.show_view(view)
        own = view.own.name if view.own else ""
        for section, cards in self._parts(view):
            section.show_cards(cards, own)
        self._make_room()
        if first and view.shown is not None:
            self._bar.take_focus()

    def show_notice(self, notice: DeskNotice) -> None:
        self._banner.show_notice(notice)

    def showEvent(self, event: QShowEvent) -> None:
        """Who works by keyboard calls the next one at once, or brings the first one in."""
        super().showEvent(event)
        self._bar.take_focus()

    def focusNextPrevChild(self, next: bool) -> bool:
        return move_focus(self.window(), forward=next)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._make_room()
        super().resizeEvent(event)

    def _make_room(self) -> None:
        self._bar.make_room(self.width() - 2 * _MARGIN, self.height() > _TALL * theme.current().text_factor)

    def _arrange(self) -> None:
        lanes = Lanes(
            {
                4: ([self._waiting], [self._called], [self._serving], [self._held, self._missed]),
                2: ([self._waiting], [self._called, self._serving, self._held, self._missed]),
                1: ([self._called, self._serving, self._waiting, self._held, self._missed],),
            },
            _LANE,
            {4: (24, 20, 20, 17)},
        )
        body = column(self, margin=_MARGIN, spacing=16)
        body.addWidget(self._head)
        body.addWidget(self._bar)
        body.addWidget(self._banner)
        body.addWidget(lanes, 1)

    def _connect(self) -> None:
        self._head.point_chosen.connect(self.point_chosen)
        self._head.counter_chosen.connect(self._counter_chosen)
        self._head.counter_changed.connect(self.counter_changed)
        self._bar.next_asked.connect(self._call_next)
        self._bar.join_asked.connect(self._open_join)
        self._bar.undo_asked.connect(self.undo_asked)
        self._head.till_asked.connect(lambda: self.till.find_order())
        self._head.bookings_asked.connect(self.bookings.open_list)
        self.bookings.new_asked.connect(self.book.open_new)
        self._head.requests_asked.connect(self.requests.open_list)
        self.requests.new_asked.connect(self.intake.open_new)
        self._banner.no_show_forced.connect(self.no_show_forced)
        for section, _ in self._parts(self._view):
            section.acted.connect(self._act)
            section.more_asked.connect(self._open_more)
        self._more.acted.connect(self._act)
        self._more.undo_asked.connect(self.undo_asked)
        self._transfer.chosen.connect(self.transfer_asked)
        self._join.asked.connect(self.join_asked)

    def _parts(self, view: DeskView) -> tuple[tuple[DeskSection, tuple[CardView, ...]], ...]:
        return (
            (self._waiting, view.waiting),
            (self._called, view.called),
            (self._serving, view.serving),
            (self._held, view.held),
            (self._missed, view.missed),
        )

    def _act(self, entry: str, event: str) -> None:
        if event == Event.TRANSFER:
            self._open_transfer(entry)
        elif event == Event.CALL and not self._view.counter:
            self._head.choose_counter()
        else:
            self.acted.emit(entry, event, self._view.counter)

    def _call_next(self) -> None:
        """Whoever has not said at which counter they are is asked first."""
        self._call_after_choice = not self._view.counter
        if self._view.counter:
            self.call_next_asked.emit(self._view.counter)
        else:
            self._head.choose_counter()

    def _counter_chosen(self, counter: str) -> None:
        self.counter_chosen.emit(counter)
        if self._call_after_choice:
            self.call_next_asked.emit(counter)
        self._call_after_choice = False

    def _open_join(self) -> None:
        if self._view.shown:
            self._join.show_point(self._view.shown)

    def _open_more(self, entry: str) -> None:
        if card := self._card(entry):
            self._more.show_card(card)

    def _open_transfer(self, entry: str) -> None:
        if card := self._card(entry):
            others = [point for point in self._view.points if point.id != self._view.point]
            self._transfer.show_points(card, others)

    def _card(self, entry: str) -> CardView | None:
        return next(
            (card for _, cards in self._parts(self._view) for card in cards if card.id == entry), None
        )


def _section(name: str, icon_name: str) -> DeskSection:
    return DeskSection(name, text(f"desk.section.{name}"), icon_name, text(f"desk.section.{name}.empty"))
