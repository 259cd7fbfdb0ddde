"""One device that is here: what is wrong with it, what was noted, what it costs, and where it goes next."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from domain.service_request import DONE, Decision, State
from kiosk.ui.request_views import (
    ChangeRequest,
    DecisionRequest,
    EstimateRequest,
    LineRequest,
    MoveRequest,
    PromiseRequest,
    RequestView,
)
from kiosk.ui.text import joined, text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import clear, column, row
from kiosk.ui.widgets.desk_costs import CostStep
from kiosk.ui.widgets.desk_promise import PromiseStep
from kiosk.ui.widgets.desk_request_facts import facts, range_words
from kiosk.ui.widgets.label import Label, restyle
from kiosk.ui.widgets.sheet import Sheet
from kiosk.ui.widgets.text_field import text_field
from kiosk.ui.widgets.wrap import Wrap

_LONGEST = 2000
_OVER = (State.CLOSED, State.VOID)


class RequestSheet(Sheet):
    """`asked` carries the `RequestView` that is shown and the `ChangeRequest`; `looked` the id of what is
    shown, to be told now and then how that stands."""

    asked = Signal(object, object)
    looked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "", "requestSheet", width=760)
        self._view: RequestView | None = None
        self._wanted: ChangeRequest | None = None
        self._sure = False
        self._said = Label("", "lead", "bad", wrap=True)
        self._said.setObjectName("requestSaid")
        self._said.setMinimumHeight(1)
        self._about, self._acts = QWidget(), QWidget()
        self._facts, self._moves = column(spacing=8), column(self._acts, spacing=8)
        self._note = text_field("requestNote", text("request.note"), _LONGEST)
        self._public = Button(text("request.note.public"), "requestPublic", icon_name="person")
        self._public.setCheckable(True)
        self._public.setProperty("toggle", True)
        self._keep = Button(text("request.note.keep"), "requestKeep", icon_name="note")
        self._keep.clicked.connect(lambda: self._move(None))
        self._note.textChanged.connect(self._allow)
        self._note.returnPressed.connect(self._keep.click)
        self._costs, self._promise = CostStep(), PromiseStep()
        self._step: QWidget = self._about
        for step in (self._costs, self._promise):
            step.asked.connect(self._ask)
        self._back = Button(text("request.photo.back"), "requestBack", icon_name="back")
        self._back.clicked.connect(lambda: self._open(self._about))
        self._arrange()
        self.look_often()

    @property
    def shown(self) -> str:
        """The id of what is shown; empty while none is."""
        return self._view.id if self._view and self.isVisible() else ""

    def show_request(self, view: RequestView) -> None:
        """As it stands now; nothing of the last one is left."""
        self._note.clear()
        self._public.setChecked(False)
        self._costs.start()
        self._promise.start()
        self._said.hide()
        self._fill(view)
        self._open(self._about)

    def show_done(self, view: RequestView) -> None:
        """What was asked for is done, and what was typed for it not needed any more."""
        match self._wanted:
            case MoveRequest() | DecisionRequest():
                self._note.clear()
                self._public.setChecked(False)
            case LineRequest(out=False):
                self._costs.take_line()
            case EstimateRequest():
                self._costs.start()
                self._step = self._about
            case PromiseRequest():
                self._step = self._about
        self._said.hide()
        self._fill(view)
        self._open(self._step)

    def keep_up(self, view: RequestView) -> None:
        """Others change it too; what was typed stays."""
        if view.id != self.shown or view == self._view or self._wanted:
            return
        with self.filled_anew():
            self._fill(view)
            self._show()

    def fail(self, why: str, now: RequestView | None = None) -> None:
        """What was asked for was not done; what was typed stays. `now` is how it stands by now."""
        view = now or self._view
        if view is None or not self.isVisible():
            return
        self._said.setText(why)
        self._said.show()
        self._fill(view)
        self._open(self._step)

    def look_again(self) -> None:
        if self.shown and self._wanted is None:
            self.looked.emit(self.shown)

    def _arrange(self) -> None:
        about, how = column(self._about, spacing=12), Wrap(spacing=8)
        how.add(self._public)
        how.add(self._keep)
        about.addLayout(self._facts)
        about.addWidget(self._note)
        about.addLayout(how)
        self._said.hide()
        for part in (self._said, self._about, self._costs, self._promise):
            self.body.addWidget(part)
        # Room that is left belongs to none of them.
        self.body.addStretch(1)
        steps = row(spacing=12)
        steps.addWidget(self._back, 1)
        steps.addWidget(self._costs.ask, 2)
        self.foot.addWidget(self._acts)
        self.foot.addLayout(steps)

    def _open(self, step: QWidget) -> None:
        self._step = step
        self._show()
        firsts = {self._costs: self._costs.first(), self._promise: self._promise.first()}
        self.open_sheet(firsts.get(step, self._note))

    def _show(self) -> None:
        """The step where one is, and no other."""
        step = self._step
        for each in (self._about, self._costs, self._promise):
            each.setVisible(each is step)
        self._acts.setVisible(step is self._about)
        self._back.setVisible(step is not self._about)
        asking = step is self._costs and self._view is not None and self._view.may_ask
        self._costs.ask.setVisible(asking)

    def _fill(self, view: RequestView) -> None:
        self._view, self._wanted, self._sure = view, None, False
        self.set_title(joined((view.number, view.device)))
        clear(self._facts)
        for part in facts(view):
            self._facts.addWidget(part)
        self._costs.show_view(view)
        self._promise.show_view(view)
        self._fill_acts(view)
        self._allow()

    def _fill_acts(self, view: RequestView) -> None:
        """What comes next stands first and large, all else in a line below."""
        clear(self._moves)
        ahead = self._ahead(view)
        next_ = not ahead and not view.asked
        costs = self._button("costs.button", "requestCosts", "money", large=next_)
        costs.clicked.connect(lambda: self._open(self._costs))
        aside = self._aside(view)
        if view.state not in _OVER:
            (ahead if next_ else aside).insert(0, costs)
        if view.asked and view.estimate is not None:
            offer = range_words(view.estimate.low, view.estimate.high, view.currency)
            self._moves.addWidget(self._answers(offer))
        for button in ahead:
            self._moves.addWidget(button)
        self._moves.addWidget(_abreast(*aside))

    def _ahead(self, view: RequestView) -> list[Button]:
        onward = [state for state in view.following if state is not State.VOID]
        return [
            self._onward(state, first=place == 0 and not view.asked) for place, state in enumerate(onward)
        ]

    def _answers(self, amount: str) -> QWidget:
        """What the customer may say."""
        yes = Button(text("request.approve", amount=amount), "approve", "good", icon_name="check", large=True)
        yes.clicked.connect(lambda: self._decide(Decision.APPROVED))
        no = Button(text("request.decline"), "decline", icon_name="cross", large=True)
        no.clicked.connect(lambda: self._decide(Decision.REJECTED))
        return _abreast(yes, no)

    def _aside(self, view: RequestView) -> list[Button]:
        made: list[Button] = []
        if view.state not in DONE:
            date = self._button("promise.button", "requestPromise", "calendar")
            date.clicked.connect(lambda: self._open(self._promise))
            made.append(date)
        if State.VOID in view.following:
            void = Button(text("request.void"), f"move:{State.VOID}", "ghost", icon_name="cross")
            void.clicked.connect(lambda: self._void(void))
            made.append(void)
        return made

    def _button(self, key: str, name: str, icon_name: str, *, large: bool = False) -> Button:
        kind = "primary" if large else "secondary"
        return Button(text(key), name, kind, icon_name=icon_name, large=large)

    def _onward(self, state: State, *, first: bool) -> Button:
        said = text("request.move", state=text(f"request.state.{state}"))
        kind = "primary" if first else "secondary"
        made = Button(said, f"move:{state}", kind, icon_name="next", large=first)
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
        self.open_sheet(pressed)

    def _move(self, state: State | None) -> None:
        note = self._note.text().strip()
        if state is not None or note:
            self._ask(MoveRequest(state, note, self._public.isChecked()))

    def _decide(self, decision: Decision) -> None:
        self._ask(DecisionRequest(decision, self._note.text().strip()))

    def _ask(self, wanted: ChangeRequest) -> None:
        """One thing at a time."""
        if self._view is None or self._wanted is not None:
            return
        self._wanted = wanted
        self._keep.setEnabled(False)
        # The keys go where something can still be typed, before what was pressed takes none any more.
        if self._step is self._costs:
            self._costs.wait()
        else:
            self._note.setFocus(Qt.FocusReason.OtherFocusReason)
        for button in self._acts.findChildren(Button):
            button.setEnabled(False)
        self.asked.emit(self._view, wanted)

    def _allow(self) -> None:
        self._keep.setEnabled(bool(self._note.text().strip()) and self._wanted is None)


def _abreast(*buttons: Button) -> QWidget:
    """In one line, where there is room."""
    ground = QWidget()
    line = Wrap(ground, spacing=8)
    for button in buttons:
        line.add(button, grow=True)
    return ground
