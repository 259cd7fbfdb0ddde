"""Selling a ticket: one touch on what it is, one on how it was paid; the rest is for who wants to say it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.ui import text as words
from kiosk.ui.sale_views import OfferView, SaleRequest
from kiosk.ui.text import text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import clear, column, row
from kiosk.ui.widgets.label import Label
from kiosk.ui.widgets.sheet import Sheet
from kiosk.ui.widgets.text_field import text_field
from kiosk.ui.widgets.two_line_button import TwoLineButton
from kiosk.ui.widgets.wrap import Wrap

_ABREAST, _FEW = 2, 2
_PAYING = (("cash", "good", "money"), ("card", "good", "card"))
_LONGEST = 200


class SaleSheet(Sheet):
    """`asked` carries a `SaleRequest`. From then on nothing here can be pressed until it is closed, so that
    nothing is sold twice, and a finger that taps twice does not reach the page below."""

    asked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, text("sale.title"), "saleSheet", width=760)
        self._offers: tuple[OfferView, ...] = ()
        self._chosen = ""
        self._types, self._paying = column(spacing=8), row(spacing=12)
        self._name = text_field("saleName", text("sale.name"), _LONGEST)
        self._email = text_field("saleEmail", text("sale.email"), _LONGEST)
        self._wrong = Label(text("sale.email_wrong"), "strong", "bad", wrap=True)
        self._wrong.setObjectName("saleWrong")
        self._how = Label("", "label", "muted", wrap=True)
        self._arrange()

    def show_offers(self, offers: tuple[OfferView, ...]) -> None:
        """Empty for the next buyer: nothing of the last one is left."""
        for field in (self._name, self._email):
            field.clear()
        self._wrong.hide()
        self.let_press(may=True)
        self._offers = offers
        # What is chosen by itself where others are sold out would be sold to who wanted one of those.
        self._chosen = offers[0].type if len(offers) == 1 and offers[0].left != 0 else ""
        self._build()
        self.open_sheet(self._first())

    def keep_offers(self, offers: tuple[OfferView, ...]) -> None:
        """What is left may change while somebody looks at it."""
        if self.isHidden() or offers == self._offers:
            return
        self._offers = offers
        if self._chosen not in {offer.type for offer in offers if offer.left != 0}:
            self._chosen = ""
        with self.filled_anew():
            self._build()

    def _arrange(self) -> None:
        who = Wrap(spacing=8)
        for field, least in ((self._name, 300), (self._email, 300)):
            field.setMinimumWidth(least)
            who.add(field, grow=True)
        self.body.addLayout(self._types)
        self.body.addWidget(Label(text("sale.optional"), "label", "muted"))
        self.body.addLayout(who)
        self.body.addWidget(self._wrong)
        self.foot.addWidget(self._how)
        self.foot.addLayout(self._paying)

    def _build(self) -> None:
        clear(self._types)
        abreast = _ABREAST if len(self._offers) > _FEW else 1
        for start in range(0, len(self._offers), abreast):
            line = row(spacing=8)
            for offer in self._offers[start : start + abreast]:
                line.addWidget(self._type(offer), 1)
            self._types.addLayout(line)
        self._show_paying(next((each for each in self._offers if each.type == self._chosen), None))

    def _show_paying(self, offer: OfferView | None) -> None:
        clear(self._paying)
        self._how.setText(text("sale.how" if offer else "sale.choose"))
        if offer is not None and not offer.price:
            self._paying.addWidget(self._pay("free", text("sale.free"), "good", "check"), 1)
            return
        amount = words.money(offer.price, offer.currency) if offer else ""
        for method, kind, icon_name in _PAYING:
            said = text(f"sale.{method}.amount", amount=amount) if offer else text(f"sale.{method}")
            self._paying.addWidget(self._pay(method, said, kind, icon_name), 1)

    def _type(self, offer: OfferView) -> TwoLineButton:
        chosen = offer.type == self._chosen
        kind, icon_name = ("primary", "check") if chosen else ("secondary", "ticket")
        made = TwoLineButton(f"saleType:{offer.type}", kind, icon_name, size=(300, 84))
        price = words.money(offer.price, offer.currency) if offer.price else text("sale.no_price")
        made.show_lines(offer.name, words.joined((price, _left(offer))))
        made.setEnabled(offer.left != 0)
        made.clicked.connect(lambda: self._choose(offer.type))
        return made

    def _pay(self, method: str, said: str, kind: str, icon_name: str) -> Button:
        made = Button(said, f"salePay:{method}", kind, icon_name=icon_name, large=True)
        made.setEnabled(bool(self._chosen))
        made.clicked.connect(lambda: self._ask(method))
        return made

    def _first(self) -> QWidget | None:
        return self.newest(f"saleType:{self._chosen or (self._offers[0].type if self._offers else '')}")

    def _choose(self, type_: str) -> None:
        self._chosen = type_
        with self.filled_anew():
            self._build()

    def _ask(self, method: str) -> None:
        name, email = self._name.text().strip(), self._email.text().strip()
        if email and not _is_address(email):
            self._wrong.show()
            self.open_sheet(self._email)
            return
        self.let_press(may=False)
        price = next(offer.price for offer in self._offers if offer.type == self._chosen)
        self.asked.emit(SaleRequest(self._chosen, method, price, name, email))


def _left(offer: OfferView) -> str:
    if offer.left is None:
        return ""
    if offer.left == 0:
        return text("sale.none_here" if offer.here else "sale.none")
    return text("sale.left_here" if offer.here else "sale.left", count=offer.left)


def _is_address(email: str) -> bool:
    """Near enough to notice a slip; the server decides where mails go."""
    local, _, domain = email.rpartition("@")
    return bool(local) and "." in domain.strip(".") and not any(letter.isspace() for letter in email)
