"""One device that is here: what it is, what is wrong with it, what was noted, and where it goes next."""

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from domain.service_request import State
from kiosk.ui import text as words
from kiosk.ui.request_views import MoveRequest, NoteView, RequestView
from kiosk.ui.text import joined, text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import Card, clear, column, row
from kiosk.ui.widgets.chip import Chip
from kiosk.ui.widgets.desk_requests import TONES, promise_words
from kiosk.ui.widgets.label import Label, restyle
from kiosk.ui.widgets.sheet import Sheet
from kiosk.ui.widgets.text_field import text_field
from kiosk.ui.widgets.wrap import Wrap

_LONGEST = 2000


class RequestSheet(Sheet):
    """`moved` carries a `MoveRequest`."""

    moved = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "", "requestSheet", width=760)
        self._view: RequestView | None = None
        self._sure = False
        self._moves: list[Button] = []
        self._said = Label("", "lead", "bad", wrap=True)
        self._said.setObjectName("requestSaid")
        self._facts, self._acts = column(spacing=8), column(spacing=8)
        self._note = text_field("requestNote", text("request.note"), _LONGEST)
        self._public = Button(text("request.note.public"), "requestPublic", icon_name="person")
        self._public.setCheckable(True)
        self._public.setProperty("toggle", True)
        self._keep = Button(text("request.note.keep"), "requestKeep", icon_name="note")
        self._keep.clicked.connect(lambda: self._move(None))
        self._note.textChanged.connect(lambda said: self._keep.setEnabled(bool(said.strip())))
        self._note.returnPressed.connect(self._keep.click)
        self._arrange()

    @property
    def shown(self) -> str:
        """The id of what is shown; empty while none is."""
        return self._view.id if self._view and self.isVisible() else ""

    def show_request(self, view: RequestView) -> None:
        """As it stands now; a note that was kept is not kept again."""
        self._note.clear()
        self._public.setChecked(False)
        self._keep.setEnabled(False)
        self._said.hide()
        self._fill(view)
        self.open_sheet(self._note)

    def fail(self, why: str, now: RequestView | None = None) -> None:
        """What was asked for was not done; what was typed stays. `now` is how it stands by now."""
        view = now or self._view
        if view is None or not self.isVisible():
            return
        self._said.setText(why)
        self._said.show()
        self._keep.setEnabled(bool(self._note.text().strip()))
        self._fill(view)
        self.open_sheet(self._note)

    def _arrange(self) -> None:
        how = Wrap(spacing=8)
        how.add(self._public)
        how.add(self._keep)
        self._said.hide()
        self.body.addWidget(self._said)
        self.body.addLayout(self._facts)
        self.body.addWidget(self._note)
        self.body.addLayout(how)
        self.foot.addLayout(self._acts)

    def _fill(self, view: RequestView) -> None:
        self._view, self._sure = view, False
        self.set_title(joined((view.number, view.device)))
        clear(self._facts)
        for part in self._parts(view):
            self._facts.addWidget(part)
        clear(self._acts)
        self._moves = [self._onward(state, first=state is view.following[0]) for state in view.following]
        for button in self._moves:
            self._acts.addWidget(button)

    def _parts(self, view: RequestView) -> Iterator[QWidget]:
        yield _state(view.state)
        yield Label(view.problem, "lead", wrap=True)
        photos = text("request.photos", count=view.photos) if view.photos else ""
        condition = text("request.condition_is", said=view.condition) if view.condition else ""
        things = text("request.with", said=", ".join(view.accessories)) if view.accessories else ""
        for facts, tone in (
            ((condition, things, photos), "ink"),
            ((view.name, view.phone, view.email), "muted"),
            ((promise_words(view),), "accent"),
        ):
            if said := joined(facts):
                yield Label(said, "body", tone, wrap=True)
        for note in view.notes:
            yield _noted(note)

    def _onward(self, state: State, *, first: bool) -> Button:
        name = f"move:{state}"
        if state is State.VOID:
            void = Button(text("request.void"), name, "ghost", icon_name="cross")
            void.clicked.connect(lambda: self._void(void))
            return void
        said = text("request.move", state=text(f"request.state.{state}"))
        made = Button(said, name, "primary" if first else "secondary", icon_name="next", large=first)
        made.clicked.connect(lambda: self._move(state))
        return made

    def _void(self, pressed: Button) -> None:
        """There is no way back from there: it is asked once more."""
        if self._sure:
            self._move(State.VOID)
            return
        self._sure = True
        pressed.set_words(text("request.void.sure"))
        restyle(pressed, kind="danger")
        pressed.set_icon("cross")

    def _move(self, state: State | None) -> None:
        note = self._note.text().strip()
        if self._view is None or (state is None and not note):
            return
        self._keep.setEnabled(False)
        # The keys go where something can still be typed, before what was pressed takes none any more.
        self._note.setFocus(Qt.FocusReason.OtherFocusReason)
        for button in self._moves:
            button.setEnabled(False)
        self.moved.emit(MoveRequest(self._view.id, state, note, self._public.isChecked()))


def _state(of: State) -> QWidget:
    ground = QWidget()
    line = row(ground)
    line.addWidget(Chip(text(f"request.state.{of}"), TONES.get(of, "neutral")))
    line.addStretch()
    return ground


def _noted(note: NoteView) -> Card:
    made = Card(flat=True, margin=12, spacing=2)
    made.body.addWidget(Label(note.text, "body", wrap=True))
    seen = text("request.note.seen") if note.public else ""
    made.body.addWidget(Label(joined((words.moment(note.at), seen)), "caption", "muted"))
    return made
