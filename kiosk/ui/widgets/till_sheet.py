"""Taking the money for an order, and giving it back: find it, see what it is for, say how it was paid."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.ui import text as words
from kiosk.ui.text import text
from kiosk.ui.till_views import FoundOrders, OrderView
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import clear, column, row
from kiosk.ui.widgets.label import ElidedLabel, Label
from kiosk.ui.widgets.sheet import Sheet
from kiosk.ui.widgets.text_field import text_field
from kiosk.ui.widgets.two_line_button import TwoLineButton

_FEWEST = 3
_LONGEST = 64


class TillSheet(Sheet):
    """`searched` carries what was typed; `chosen` the id of an order; `paid` that, `cash` or `card`, and the
    number of the receipt; `refunded` the id."""

    searched = Signal(str)
    chosen = Signal(str)
    paid = Signal(str, str, str)
    refunded = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, text("till.title"), "tillSheet", width=760)
        self._order: OrderView | None = None
        self._search = text_field("tillSearch", text("till.search"), _LONGEST)
        self._receipt = text_field("tillReceipt", text("till.receipt"), _LONGEST)
        self._said = Label("", "lead", wrap=True)
        self._said.setObjectName("tillSaid")
        # As high as its lines at the width that it has, not at the least one it could have.
        self._said.setMinimumHeight(1)
        self._shown, self._acts = column(spacing=8), row(spacing=12)
        self.body.addWidget(self._search)
        self.body.addWidget(self._said)
        self.body.addLayout(self._shown)
        self.body.addWidget(self._receipt)
        self.foot.addLayout(self._acts)
        self._search.textChanged.connect(self._type)

    def find_order(self, wanted: str = "") -> None:
        """Opens with what was scanned; nothing of the last order is left."""
        self._search.setText(wanted)
        self._type(wanted)
        self.open_sheet(self._search)

    def show_found(self, found: FoundOrders) -> None:
        if found.text != self._search.text() or self._order:
            return
        self._clear()
        wanted = found.text.strip()
        if found.trouble:
            self._say(found.trouble, "bad")
        elif not found.orders:
            self._say(
                text("till.none", wanted=wanted) if len(wanted) >= _FEWEST else text("till.few"), "muted"
            )
        for order in found.orders:
            self._shown.addWidget(self._row(order))
        self._fit()

    def show_order(self, order: OrderView, said: str = "", tone: str = "good") -> None:
        """`said` is what has just been done, or why it was not."""
        self._order = order
        self._clear()
        self._say(said, tone)
        self._shown.addWidget(ElidedLabel(words.joined((order.number, order.who)), "title"))
        for line in order.lines:
            price = words.money(line.price * line.quantity, order.currency)
            told = text("till.line", quantity=line.quantity, name=line.name, price=price)
            self._shown.addWidget(ElidedLabel(told, "lead"))
        self._shown.addWidget(Label(words.money(order.total, order.currency), "number"))
        self._shown.addWidget(ElidedLabel(_standing(order), "strong", "muted"))
        self._receipt.setVisible(order.may_pay)
        if order.may_pay:
            for method, icon_name in (("cash", "money"), ("card", "card")):
                self._acts.addWidget(self._pay(order, method, icon_name), 1)
        if order.may_refund:
            back = Button(text("till.refund"), "tillRefund", "danger", icon_name="undo", large=True)
            back.clicked.connect(lambda: self.refunded.emit(order.id))
            self._acts.addWidget(back, 1)
        self._fit()

    def fail(self, why: str) -> None:
        """What was asked for was not done; what is shown stays."""
        if self._order:
            receipt = self._receipt.text()
            self.show_order(self._order, why, "bad")
            self._receipt.setText(receipt)
        else:
            self._say(why, "bad")
            self._fit()

    def _type(self, wanted: str) -> None:
        self._order = None
        self._clear()
        if len(wanted.strip()) < _FEWEST:
            self._say(text("till.few"), "muted")
        self._fit()
        self.searched.emit(wanted)

    def _clear(self) -> None:
        clear(self._shown)
        clear(self._acts)
        self._receipt.hide()
        self._receipt.clear()
        self._say("", "muted")

    def _say(self, said: str, tone: str) -> None:
        self._said.setText(said)
        self._said.set_tone(tone)
        self._said.setVisible(bool(said))

    def _fit(self) -> None:
        if self.isVisible():
            self.open_sheet(self.focusWidget() or self._search)

    def _row(self, order: OrderView) -> TwoLineButton:
        made = TwoLineButton(f"tillOrder:{order.number}", "secondary", "ticket", size=(600, 84))
        state = text(f"order.{order.state}")
        made.show_lines(
            words.joined((order.number, order.who)),
            words.joined((words.money(order.total, order.currency), state)),
        )
        made.clicked.connect(lambda: self.chosen.emit(order.id))
        return made

    def _pay(self, order: OrderView, method: str, icon_name: str) -> Button:
        amount = words.money(order.total, order.currency)
        said = text(f"sale.{method}.amount", amount=amount)
        made = Button(said, f"tillPay:{method}", "good", icon_name=icon_name, large=True)

        def press() -> None:
            # Once: the money is taken once.
            for button in self.findChildren(Button):
                if button.objectName().startswith("tillPay:"):
                    button.setEnabled(False)
            self.paid.emit(order.id, method, self._receipt.text().strip())

        made.clicked.connect(press)
        return made


def _standing(order: OrderView) -> str:
    state = text(f"order.{order.state}")
    if not order.receipt:
        return state
    how = text(f"sale.{order.method}") if order.method in ("cash", "card") else ""
    return words.joined((state, how, text("till.receipt_is", receipt=order.receipt)))
