"""The devices that are here: one touch opens one, one touch takes another in."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from domain.service_request import State
from kiosk.ui.request_views import RequestsView, RequestView
from kiosk.ui.text import joined, text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import Card, column, row
from kiosk.ui.widgets.desk_request_facts import promise_words, state_chip
from kiosk.ui.widgets.label import ElidedLabel, Label
from kiosk.ui.widgets.list_sheet import ListSheet


class RequestsSheet(ListSheet):
    """`chosen` carries the id of a request."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        new = Button(text("request.new"), "newRequest", "primary", icon_name="plus", large=True)
        super().__init__(parent, text("request.title"), "requests", 820, new)

    def show_requests(self, view: RequestsView) -> None:
        # Who comes for a device that is ready does not wait; what was handed out stands last.
        ready_first = sorted(view.requests, key=lambda each: _ORDER.get(each.state, 1))
        self._show_rows(view, map(self._row, ready_first), view.trouble, text("request.none"))

    def _row(self, request: RequestView) -> Card:
        made = Card(flat=True, margin=12)
        line = row(spacing=16)
        what = column(spacing=2)
        what.addWidget(ElidedLabel(request.device, "strong"))
        what.addWidget(ElidedLabel(joined((request.name, promise_words(request))), "body", "muted"))
        line.addWidget(Label(request.number, "title"))
        line.addLayout(what, 1)
        line.addWidget(state_chip(request))
        spoken = f"{text('request.open')}: {request.number} {request.device}"
        opened = Button(text("request.open"), f"request:{request.number}", label=spoken)
        opened.clicked.connect(lambda: self._choose(request.id))
        line.addWidget(opened)
        made.body.addLayout(line)
        return made

    def _choose(self, id_: str) -> None:
        self.close_sheet()
        self.chosen.emit(id_)


_ORDER = {State.READY: 0, State.PICKED_UP: 2}
