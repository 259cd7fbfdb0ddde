"""What a repair costs, line by line: parts and work, what each comes to, and a form for another one."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from domain.service_request import Labour, Part
from kiosk.ui import text as words
from kiosk.ui.text import joined, text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import Card, column, row
from kiosk.ui.widgets.label import ElidedLabel, Label
from kiosk.ui.widgets.segments import Segments
from kiosk.ui.widgets.text_field import text_field

_FIELDS = {
    "part": {"text": 100, "sku": 64, "quantity": 6, "price": 20},
    "labour": {"text": 100, "minutes": 7, "billable": 7, "rate": 20},
}
"""Of each kind of line, and how much can be typed in them."""
_PIECES, _MINUTES, _MOST = range(1, 10_001), range(100_001), 10**9


class _Wrong(Exception):
    """What was typed in a field cannot be meant."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field, self.words = field, words


class LineForm(QWidget):
    """`entered` carries a `Part` or a `Labour`; what was typed stays until `forget`."""

    entered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._currency = "EUR"
        self._rate: int | None = None
        self._kind = "part"
        self._fields = {
            f"{kind}:{name}": _field(kind, name, longest)
            for kind, names in _FIELDS.items()
            for name, longest in names.items()
        }
        self._kinds = Segments("line", text("costs.kind"))
        self._kinds.chosen.connect(self._choose)
        self._grounds = {kind: self._ground(kind) for kind in _FIELDS}
        self._wrong = Label("", "strong", "bad", wrap=True)
        self._wrong.setObjectName("lineWrong")
        body = column(self, spacing=8)
        body.addWidget(self._kinds)
        body.addWidget(self._wrong)
        for ground in self._grounds.values():
            body.addWidget(ground)
        self._wrong.setMinimumHeight(1)
        self._wrong.hide()
        self._choose(self._kind)

    def set_currency(self, currency: str) -> None:
        if currency != self._currency:
            self._rate = None
        self._currency = currency
        self._say_rate()

    def forget(self) -> None:
        """It is kept: the next one may be typed, whose hour costs as much unless another price is given."""
        for field in self._fields.values():
            field.clear()
        self._say_rate()
        self._wrong.hide()

    def first(self) -> QWidget:
        """Where one begins to type."""
        return self._fields[f"{self._kind}:text"]

    def adders(self) -> list[Button]:
        return [ground.findChildren(Button)[0] for ground in self._grounds.values()]

    def _say_rate(self) -> None:
        asked = text("costs.labour.rate")
        if self._rate is not None:
            asked = text("costs.labour.rate.usual", price=words.money(self._rate, self._currency))
        self._fields["labour:rate"].setPlaceholderText(asked)
        self._fields["labour:rate"].setAccessibleName(asked)

    def _ground(self, kind: str) -> QWidget:
        ground = QWidget()
        body, how = column(ground, spacing=8), row(spacing=8)
        first, *others = (self._fields[f"{kind}:{name}"] for name in _FIELDS[kind])
        body.addWidget(first)
        for field in others:
            field.setMinimumWidth(120)
            how.addWidget(field, 1)
        add = Button(text("costs.add"), f"{kind}:add", icon_name="plus")
        add.clicked.connect(self._enter)
        how.addWidget(add)
        body.addLayout(how)
        for field in (first, *others):
            field.returnPressed.connect(add.click)
        return ground

    def _choose(self, kind: str) -> None:
        self._kind = kind
        self._kinds.show_choices([(each, text(f"costs.{each}")) for each in _FIELDS], kind)
        for each, ground in self._grounds.items():
            ground.setVisible(each == kind)
        self._wrong.hide()
        if self.isVisible():
            self.first().setFocus()

    def _enter(self) -> None:
        try:
            line = self._part() if self._kind == "part" else self._labour()
        except _Wrong as wrong:
            self._wrong.setText(wrong.words)
            self._wrong.show()
            self._fields[wrong.field].setFocus()
            return
        self._wrong.hide()
        self.entered.emit(line)

    def _part(self) -> Part:
        said, pieces = self._words("part:text"), self._count("part:quantity", _PIECES, "1")
        return Part(self._said("part:sku"), said, pieces, self._amount("part:price"))

    def _labour(self) -> Labour:
        said, minutes = self._words("labour:text"), self._count("labour:minutes", _MINUTES)
        billable = self._count("labour:billable", _MINUTES, str(minutes))
        self._rate = self._amount("labour:rate", self._rate)
        return Labour(said, minutes, billable, self._rate)

    def _said(self, field: str) -> str:
        return self._fields[field].text().strip()

    def _words(self, field: str) -> str:
        """Raises `_Wrong`, as the next two do."""
        if said := self._said(field):
            return said
        raise _Wrong(field, text("costs.wrong.text"))

    def _count(self, field: str, among: range, usual: str = "") -> int:
        found = words.whole(self._said(field) or usual)
        if found is None or found not in among:
            raise _Wrong(field, text("costs.wrong.count"))
        return found

    def _amount(self, field: str, usual: int | None = None) -> int:
        said = self._said(field)
        found = words.amount(said, self._currency) if said else usual
        if found is None or found > _MOST:
            raise _Wrong(field, wrong_amount(self._currency))
        return found


def _field(kind: str, name: str, longest: int) -> QLineEdit:
    asked = f"{kind}.{name}"
    return text_field(f"{kind}:{name}", text(f"costs.{asked}"), longest)


def wrong_amount(currency: str) -> str:
    """What to write instead."""
    return text("costs.wrong.amount", example=words.money(1250, currency))


def line_row(line: Part | Labour, place: int, currency: str, drop: Callable[[], None]) -> Card:
    """One line of the costs, the `place`th of all."""
    made = Card(flat=True, margin=8)
    told, what = row(spacing=12), column(spacing=0)
    what.addWidget(ElidedLabel(line.text, "strong"))
    what.addWidget(ElidedLabel(_made_of(line, currency), "body", "muted"))
    told.addLayout(what, 1)
    told.addWidget(Label(words.money(line.amount, currency), "lead"))
    out = Button("", f"drop:{place}", "ghost", icon_name="cross", label=text("costs.drop", name=line.text))
    out.clicked.connect(drop)
    told.addWidget(out)
    made.body.addLayout(told)
    return made


def _made_of(line: Part | Labour, currency: str) -> str:
    if isinstance(line, Part):
        price = words.money(line.price, currency)
        return joined((text("costs.part.line", quantity=line.quantity, price=price), line.sku))
    key = "costs.labour.line" if line.billable == line.minutes else "costs.labour.line.charged"
    rate = words.money(line.rate, currency)
    return text(key, minutes=line.minutes, billable=line.billable, rate=rate)
