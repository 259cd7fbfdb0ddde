"""The Door: the camera's picture, search, what happened, and the verdict over all of it."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QResizeEvent, Qt
from PySide6.QtWidgets import QBoxLayout, QLineEdit, QStackedWidget, QWidget

from domain.admission import Direction
from kiosk.ui import theme
from kiosk.ui.sale_views import OfferView
from kiosk.ui.text import text
from kiosk.ui.views import CodeChoice, DoorView, Outline, SearchView, VerdictView
from kiosk.ui.widgets.arrivals import Arrivals
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.camera_picture import CameraPicture
from kiosk.ui.widgets.card import Card, column, row
from kiosk.ui.widgets.chip import Chip
from kiosk.ui.widgets.choice_sheet import ChoiceSheet
from kiosk.ui.widgets.focus import move_focus
from kiosk.ui.widgets.found_tickets import FoundTickets
from kiosk.ui.widgets.label import ElidedLabel
from kiosk.ui.widgets.number_tile import NumberTile
from kiosk.ui.widgets.pin_sheet import PinSheet
from kiosk.ui.widgets.recent_scans import RecentScans
from kiosk.ui.widgets.sale_sheet import SaleSheet
from kiosk.ui.widgets.segments import Segments
from kiosk.ui.widgets.verdict_panel import VerdictPanel

_ROOMY, _ROOMY_TALL, _NARROW, _LOW = 640, 1_000, 1_000, 560
"""Heights from which there is room for the chart, the width below which figures are small, the height below
which all moves closer, in pixels."""
_SMALLEST = QSize(400, 360)


class DoorPage(QWidget):
    """Shows a `DoorView`; verdicts by `show_verdict`, which go by themselves after `stays` milliseconds.
    `sale_asked` carries a `SaleRequest`, `perk_asked` a ticket and what is handed out of it; `pin` asks
    before money is given back."""

    code_entered = Signal(str)
    search_changed = Signal(str)
    ticket_chosen = Signal(str)
    direction_changed = Signal(str)
    undo_asked = Signal()
    answered = Signal(object)
    force_asked = Signal()
    sale_begun = Signal()
    sale_asked = Signal(object)
    perk_asked = Signal(str, str)
    print_asked = Signal()
    sale_back_asked = Signal()
    dismissed = Signal()

    def __init__(self, stays: int = 4_000) -> None:
        super().__init__()
        self.setProperty("page", "true")
        self._list, self._gate = ElidedLabel("", "title"), Chip("", icon_name="door")
        self._list.setObjectName("doorList")
        self._direction = Segments("direction", text("door.direction"), {"exit": "warn"})
        self._camera = CameraPicture()
        self._search = QLineEdit()
        self._clear = Button("", "clearSearch", icon_name="cross", label=text("door.search.clear"))
        self._clear.hide()
        self._found, self._recent, self._arrivals = FoundTickets(), RecentScans(), Arrivals()
        self._below = QStackedWidget()
        self._tiles = {
            "inside": NumberTile(text("door.inside")),
            "admitted": NumberTile(text("door.admitted")),
            "expected": NumberTile(text("door.expected")),
            "refused": NumberTile(text("door.refused")),
        }
        self._undo = Button(text("door.undo"), "undoLast", "secondary", icon_name="undo")
        self._offers: tuple[OfferView, ...] = ()
        self._sell = Button(text("sale.button"), "sell", "primary", icon_name="money")
        self._sell.hide()
        self._sale = SaleSheet(self)
        self._several = ChoiceSheet(self, text("door.several"), "severalCodes")
        self._verdict = VerdictPanel(self)
        self.pin = PinSheet(self)
        self._timer = QTimer(self, singleShot=True, interval=stays)
        self._columns = row(spacing=20)
        self._arrange()
        self._connect()

    def show_view(self, view: DoorView) -> None:
        self._list.set_whole(view.list_name or text("door.no_list"))
        self._gate.setVisible(bool(view.gate))
        self._gate.show_words(view.gate, icon_name="door")
        self._direction.show_choices(
            ((Direction.ENTRY.value, text("door.entry")), (Direction.EXIT.value, text("door.exit"))),
            view.direction.value,
        )
        self._camera.show_health(view.camera, view.camera_trouble)
        self._recent.show_rows(view.recent)
        self._arrivals.show_bars(view.figures.arrivals)
        for name, tile in self._tiles.items():
            tile.show_value(getattr(view.figures, name))
        self._undo.setEnabled(view.undoable is not None)
        self._offers = view.offers
        self._sell.setVisible(bool(view.offers))
        self._sale.keep_offers(view.offers)

    def show_picture(self, picture: QImage, outlines: Sequence[Outline]) -> None:
        self._camera.show_picture(picture, outlines)

    def show_search(self, view: SearchView) -> None:
        if view.text == self._search.text():
            self._found.show_view(view)

    def show_verdict(self, view: VerdictView) -> None:
        """Over everything, until its time is over, somebody dismisses it, or the next one comes."""
        self._timer.stop()
        self._verdict.show_view(view)
        if not self._verdict.stays:
            self._timer.start()

    def sale_over(self) -> None:
        """What was asked for was sold, or could not be."""
        self._sale.close_sheet()

    def sale_gone(self) -> None:
        """It was taken back: its code is shown to nobody any more."""
        self.pin.close_sheet()
        self._dismiss()

    def show_choices(self, choices: tuple[CodeChoice, ...]) -> None:
        """Several codes are in view: one press says which one is meant."""
        self._several.show_choices(
            [(c.code, (c.ticket.name if c.ticket else "") or c.code[:24]) for c in choices]
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._search.text():
            self._search.clear()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        return move_focus(self.window(), forward=next)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A tall screen has the picture on top; a low one shows less, so that scans keep room."""
        super().resizeEvent(event)
        tall = self.height() > self.width()
        ways = QBoxLayout.Direction
        self._columns.setDirection(ways.TopToBottom if tall else ways.LeftToRight)
        factor = theme.current().text_factor
        narrow = self.width() < _NARROW * factor
        for place, share in enumerate((1, 1) if tall or narrow else (3, 2)):
            self._columns.setStretch(place, share)
        self._arrivals.setVisible(self.height() >= (_ROOMY_TALL if tall else _ROOMY) * factor)
        for name, tile in self._tiles.items():
            tile.set_role("title" if narrow else "number" if name == "inside" else "headline")
        self._move_closer(self.height() < _LOW * factor)
        self._verdict.setGeometry(self.rect())

    def minimumSizeHint(self) -> QSize:
        return _SMALLEST

    def _move_closer(self, low: bool) -> None:
        room = 12 if low else 20
        self._whole.setContentsMargins(room, room, room, room)
        self._resting.setSpacing(10 if low else 16)
        for card in self._cards:
            card.body.setContentsMargins(room, room, room, room)

    def _arrange(self) -> None:
        self._search.setObjectName("searchField")
        self._search.setPlaceholderText(text("door.search.hint"))
        self._search.setAccessibleName(text("door.search.hint"))
        head = row(spacing=16)
        head.addWidget(self._list, 1)
        head.addWidget(self._gate)
        head.addWidget(self._direction)
        left = column(spacing=16)
        left.addLayout(head)
        left.addWidget(self._camera, 1)
        self._columns.addLayout(left, 3)
        self._columns.addLayout(self._side(), 2)
        self._whole = column(self, margin=20)
        self._whole.addLayout(self._columns, 1)

    def _side(self) -> QBoxLayout:
        side = column(spacing=16)
        asked = row(spacing=8)
        asked.addWidget(self._search, 1)
        asked.addWidget(self._clear)
        asked.addWidget(self._sell)
        side.addLayout(asked)
        figures = Card(margin=20, spacing=12)
        line = row(spacing=16)
        for place, tile in enumerate(self._tiles.values()):
            if place:
                line.addStretch(1)
            line.addWidget(tile, 0, Qt.AlignmentFlag.AlignBottom)
        figures.body.addLayout(line)
        figures.body.addWidget(self._arrivals)
        recent = Card(text("door.recent"), margin=20, spacing=4)
        recent.body.addWidget(self._recent, 1)
        recent.body.addWidget(self._undo)
        rest = QWidget()
        self._cards = (figures, recent)
        resting = self._resting = column(rest, spacing=16)
        resting.addWidget(figures)
        resting.addWidget(recent, 1)
        self._below.addWidget(rest)
        self._below.addWidget(self._found)
        side.addWidget(self._below, 1)
        return side

    def _connect(self) -> None:
        self._search.textChanged.connect(self._searched)
        self._clear.clicked.connect(self._search.clear)
        self._search.returnPressed.connect(self._entered)
        self._found.chosen.connect(self._chosen)
        self._direction.chosen.connect(self.direction_changed)
        self._undo.clicked.connect(self.undo_asked)
        self._timer.timeout.connect(self._dismiss)
        self._verdict.dismissed.connect(self._dismiss)
        self._verdict.answered.connect(self.answered)
        self._verdict.force_asked.connect(self.force_asked)
        self._verdict.undo_asked.connect(self._undo_shown)
        self._verdict.perk_asked.connect(self._give)
        self._several.chosen.connect(self.code_entered)
        self._verdict.print_asked.connect(self.print_asked)
        self._verdict.sale_back_asked.connect(self.sale_back_asked)
        self._sell.clicked.connect(self._begin_sale)
        self._sale.asked.connect(self.sale_asked)

    def _begin_sale(self) -> None:
        self.sale_begun.emit()
        self._sale.show_offers(self._offers)

    def _searched(self, wanted: str) -> None:
        self._below.setCurrentIndex(1 if wanted else 0)
        self._clear.setVisible(bool(wanted))
        self._found.show_view(SearchView(wanted))
        self.search_changed.emit(wanted)

    def _entered(self) -> None:
        """What was typed is tried as a code."""
        typed = self._search.text().strip()
        if typed:
            self._search.clear()
            self.code_entered.emit(typed)

    def _chosen(self, ticket: str) -> None:
        self._search.clear()
        self.ticket_chosen.emit(ticket)

    def _undo_shown(self) -> None:
        self._dismiss()
        self.undo_asked.emit()

    def _give(self, ticket: str, perk: str) -> None:
        """Whoever hands things out needs the time for it."""
        if self._timer.isActive():
            self._timer.start()
        self.perk_asked.emit(ticket, perk)

    def _dismiss(self) -> None:
        self._timer.stop()
        self._verdict.hide()
        self.dismissed.emit()
