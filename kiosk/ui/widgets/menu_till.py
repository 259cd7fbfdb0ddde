"""How much money this kiosk has taken, to be held against what is in the till."""

from kiosk.ui import text as words
from kiosk.ui.setup_views import TakingView, TillView
from kiosk.ui.text import joined, text
from kiosk.ui.widgets.card import Card, Rule, clear, column, row
from kiosk.ui.widgets.label import Label


class TillCard(Card):
    """Away where this kiosk takes no money."""

    def __init__(self) -> None:
        super().__init__(text("menu.till"))
        self._shown: TillView | None = None
        self._rows = column(spacing=12)
        self._since = Label("", "body", "muted", wrap=True)
        self._unsure = Label("", "strong", "warn", wrap=True)
        self._unsure.setObjectName("tillUnsure")
        self.body.addLayout(self._rows)
        self.body.addWidget(self._unsure)
        self.body.addWidget(self._since)
        self.hide()

    def show_till(self, till: TillView | None) -> None:
        self.setVisible(till is not None)
        if till is None or till == self._shown:
            return
        self._shown = till
        clear(self._rows)
        if not till.takings:
            self._rows.addWidget(Label(text("menu.till.none"), "body", wrap=True))
        for place, taking in enumerate(till.takings):
            if place:
                self._rows.addWidget(Rule())
            self._add(taking)
        self._unsure.setText(text("menu.till.unsure", orders=", ".join(till.unsure)))
        self._unsure.setVisible(bool(till.unsure))
        self._since.setText(text("menu.till.since", time=words.moment(till.since)))

    def _add(self, taking: TakingView) -> None:
        """What is left of it stands out, since that is what should be there."""
        left, costs = taking.amount - taking.given_back, taking.method != "free"
        how = text(f"sale.{taking.method}") if costs else text("sale.no_price")
        amount = words.money(left, taking.currency) if costs else words.number(taking.count - taking.backs)
        line = row(spacing=12)
        line.addWidget(Label(how, "strong"), 1)
        shown = Label(amount, "title")
        shown.setObjectName(f"till:{taking.method}:{taking.currency}")
        line.addWidget(shown)
        self._rows.addLayout(line)
        if costs:
            self._rows.addWidget(Label(_of(taking), "body", "muted", wrap=True))


def _of(taking: TakingView) -> str:
    came = words.money(taking.amount, taking.currency)
    taken = text("menu.till.taken", count=taking.count, amount=came)
    if not taking.backs:
        return taken
    went = words.money(taking.given_back, taking.currency)
    return joined((taken, text("menu.till.back", count=taking.backs, amount=went)))
