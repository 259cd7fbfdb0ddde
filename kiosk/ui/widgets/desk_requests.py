"""The devices that are here: one touch opens one, one touch takes another in."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from domain.service_request import State
from kiosk.ui import text as words
from kiosk.ui.request_views import RequestsView, RequestView
from kiosk.ui.text import joined, text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import Card, clear, column, row
from kiosk.ui.widgets.chip import Chip
from kiosk.ui.widgets.label import ElidedLabel, Label
from kiosk.ui.widgets.sheet import Sheet

TONES = {
    State.INTAKE: "accent",
    State.WAITING_APPROVAL: "warn",
    State.WAITING_PARTS: "warn",
    State.READY: "good",
    State.VOID: "bad",
}


class RequestsSheet(Sheet):
    """`asked` when it opens, so that it is told how things stand; `chosen` carries the id of a request;
    `new_asked` is for another device."""

    asked = Signal()
    chosen = Signal(str)
    new_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, text("request.title"), "requestsSheet", width=820)
        self._shown: RequestsView | None = None
        self._said = Label("", "lead", "muted", wrap=True)
        self._said.setObjectName("requestsSaid")
        self._said.setMinimumHeight(1)
        self._list = column(spacing=8)
        self._new = Button(text("request.new"), "newRequest", "primary", icon_name="plus", large=True)
        self._new.clicked.connect(self._ask_new)
        self.body.addWidget(self._said)
        self.body.addLayout(self._list)
        self.foot.addWidget(self._new)

    def open_list(self) -> None:
        """Empty until the server has told."""
        self._shown = None
        clear(self._list)
        self._say(text("booking.asking"), "muted")
        self.open_sheet(self._new)
        self.asked.emit()

    def show_list(self, view: RequestsView) -> None:
        if not self.isVisible() or view == self._shown:
            return
        self._shown = view
        held = self.focusWidget()
        name = held.objectName() if held else ""
        clear(self._list)
        if view.trouble:
            self._say(view.trouble, "bad")
        else:
            self._say("" if view.requests else text("request.none"), "muted")
        # Who comes for a device that is ready does not wait; what was handed out stands last.
        for request in sorted(view.requests, key=lambda each: _ORDER.get(each.state, 1)):
            self._list.addWidget(self._row(request))
        self.open_sheet(self.findChild(Button, name) or self._new)

    def _say(self, said: str, tone: str) -> None:
        self._said.setText(said)
        self._said.set_tone(tone)
        self._said.setVisible(bool(said))

    def _ask_new(self) -> None:
        self.close_sheet()
        self.new_asked.emit()

    def _row(self, request: RequestView) -> Card:
        made = Card(flat=True, margin=12)
        line = row(spacing=16)
        what = column(spacing=2)
        what.addWidget(ElidedLabel(request.device, "strong"))
        what.addWidget(ElidedLabel(joined((request.name, promise_words(request))), "body", "muted"))
        line.addWidget(Label(request.number, "title"))
        line.addLayout(what, 1)
        line.addWidget(Chip(text(f"request.state.{request.state}"), TONES.get(request.state, "neutral")))
        spoken = f"{text('request.open')}: {request.number} {request.device}"
        opened = Button(text("request.open"), f"request:{request.number}", label=spoken)
        opened.clicked.connect(lambda: self._choose(request.id))
        line.addWidget(opened)
        made.body.addLayout(line)
        return made

    def _choose(self, id_: str) -> None:
        self.close_sheet()
        self.chosen.emit(id_)


def promise_words(request: RequestView) -> str:
    """When it is to be ready, as far as that is promised."""
    if request.promised is None:
        return ""
    key = "request.promised.waits" if request.waits else "request.promised"
    return text(key, when=words.moment(request.promised))


_ORDER = {State.READY: 0, State.PICKED_UP: 2}
