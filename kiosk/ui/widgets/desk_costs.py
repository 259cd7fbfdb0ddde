"""What a repair costs, and asking the customer whether they want it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from domain.service_request import Labour, Part, State
from kiosk.ui import text as words
from kiosk.ui.request_views import EstimateRequest, LineRequest, RequestView
from kiosk.ui.text import text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import Rule, clear, column, row
from kiosk.ui.widgets.desk_lines import LineForm, line_row, wrong_amount
from kiosk.ui.widgets.desk_request_facts import over_words, range_words
from kiosk.ui.widgets.label import Label
from kiosk.ui.widgets.segments import Segments
from kiosk.ui.widgets.text_field import text_field
from kiosk.ui.widgets.wrap import Wrap

_DAYS, _USUAL = ("7", "14", "30"), "14"
_EARLY = (State.INTAKE, State.TRIAGE)


class CostStep(QWidget):
    """`asked` carries a `LineRequest` or an `EstimateRequest`; `ask` is the button for the latter, and stands
    where the owner puts it."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._view: RequestView | None = None
        self._days = _USUAL
        self._lines, self._rows = column(spacing=8), list[QWidget]()
        self._none = Label(text("costs.none"), "body", "muted")
        self._form = LineForm()
        self._form.entered.connect(lambda line: self.asked.emit(LineRequest(line)))
        self._total, self._over = Label("", "headline"), Label("", "strong", "bad", wrap=True)
        self._total.setObjectName("costsTotal")
        self._offer, self._early = QWidget(), Label(text("costs.early"), "body", "muted", wrap=True)
        self._most = text_field("costsMost", text("costs.most"), 20)
        self._note = text_field("costsNote", text("costs.note"), 2000)
        self._valid = Segments("days", text("costs.valid"))
        self._valid.chosen.connect(self._choose_days)
        self._wrong = Label("", "strong", "bad", wrap=True)
        self._wrong.setObjectName("costsWrong")
        self._told = Label("", "body", "muted", wrap=True)
        self.ask = Button("", "costsAsk", "primary", icon_name="next", large=True)
        self.ask.clicked.connect(self._ask)
        self._most.textChanged.connect(self._tell_ask)
        for field in (self._most, self._note):
            field.returnPressed.connect(self.ask.click)
        self._arrange()

    def start(self) -> None:
        """Nothing of another device is left."""
        self._form.forget()
        self._most.clear()
        self._note.clear()
        self._wrong.hide()
        self._choose_days(_USUAL)

    def show_view(self, view: RequestView) -> None:
        """As it stands now; what was typed stays."""
        self._view = view
        self._form.set_currency(view.currency)
        clear(self._lines)
        lines: tuple[Part | Labour, ...] = (*view.parts, *view.labour)
        self._rows = [self._row(line, place) for place, line in enumerate(lines)]
        for shown in self._rows:
            self._lines.addWidget(shown)
        self._none.setVisible(not lines)
        self._total.setText(words.money(view.total, view.currency))
        self._over.setText(over_words(view))
        self._over.setVisible(view.over)
        self._offer.setVisible(view.may_ask)
        self._early.setVisible(view.state in _EARLY and not view.may_ask)
        told = text("costs.mailed", email=view.email) if view.email else text("costs.not_mailed")
        self._told.setText(told)
        self._wait(False)

    def wait(self) -> None:
        """Something was asked for: nothing more until it is answered."""
        self.first().setFocus()
        self._wait(True)

    def take_line(self) -> None:
        """The line that was typed is kept."""
        self._form.forget()

    def first(self) -> QWidget:
        return self._form.first()

    def _arrange(self) -> None:
        body, how, sum_ = column(self, spacing=12), Wrap(spacing=8), row(spacing=12)
        # As high as their words at the width that they get.
        for shown in (self._over, self._early, self._wrong, self._told):
            shown.setMinimumHeight(1)
        body.addWidget(self._form)
        body.addLayout(self._lines)
        body.addWidget(self._none)
        body.addWidget(Rule())
        sum_.addWidget(Label(text("costs.total"), "lead", "muted"), 1)
        sum_.addWidget(self._total)
        body.addLayout(sum_)
        body.addWidget(self._over)
        body.addWidget(self._early)
        body.addWidget(self._offer)
        offer = column(self._offer, spacing=8)
        for field in (self._most, self._note):
            field.setMinimumWidth(340)
            how.add(field, grow=True)
        offer.addLayout(how)
        offer.addWidget(Label(text("costs.valid"), "label", "muted"))
        offer.addWidget(self._valid)
        offer.addWidget(self._wrong)
        offer.addWidget(self._told)

    def _row(self, line: Part | Labour, place: int) -> QWidget:
        currency = self._view.currency if self._view else ""
        return line_row(line, place, currency, lambda: self.asked.emit(LineRequest(line, out=True)))

    def _choose_days(self, days: str) -> None:
        self._days = days
        self._valid.show_choices([(each, text("costs.days", count=int(each))) for each in _DAYS], days)

    def _wait(self, waiting: bool) -> None:
        for part in (*self._form.adders(), *self._rows, self.ask):
            part.setEnabled(not waiting)
        if not waiting:
            self._tell_ask()

    def _tell_ask(self) -> None:
        """The button says what the customer will read."""
        if self._view is None:
            return
        currency, total = self._view.currency, self._view.total
        high = max(total, words.amount(self._most.text(), currency) or 0)
        self.ask.set_words(text("costs.ask", amount=range_words(total or high, high, currency)))
        self.ask.setEnabled(bool(high))

    def _ask(self) -> None:
        if self._view is None:
            return
        said, high = self._most.text().strip(), None
        if said:
            high = words.amount(said, self._view.currency)
            if high is None or high < self._view.total:
                too_little = text("costs.wrong.most")
                self._wrong.setText(wrong_amount(self._view.currency) if high is None else too_little)
                self._wrong.show()
                self._most.setFocus()
                return
        self._wrong.hide()
        self.asked.emit(EstimateRequest(high, self._note.text().strip(), int(self._days)))
