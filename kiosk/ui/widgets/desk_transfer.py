"""Where a party is to go on: a service point, and there what for."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kiosk.ui.desk_views import CardView, PointView
from kiosk.ui.text import text
from kiosk.ui.widgets.button import Button
from kiosk.ui.widgets.card import clear, column, row
from kiosk.ui.widgets.label import Label
from kiosk.ui.widgets.sheet import Sheet

_ABREAST = 2


class TransferSheet(Sheet):
    """`chosen` carries entry, service point and category; the category is empty where there is no choice."""

    chosen = Signal(str, str, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "", "transferSheet", width=640)
        self._choices = column(spacing=16)
        self.body.addLayout(self._choices)

    def show_points(self, card: CardView, points: Sequence[PointView]) -> None:
        self.set_title(text("desk.transfer.title", number=card.number))
        clear(self._choices)
        for point in points:
            self._add_point(card, point)
        if not points:
            self._choices.addWidget(Label(text("desk.transfer.nowhere"), "body", "muted", wrap=True))
        self.open_sheet()

    def _add_point(self, card: CardView, point: PointView) -> None:
        part = column(spacing=8)
        head = row(spacing=8)
        head.addWidget(Label(point.name, "lead"))
        if point.waiting is not None:
            head.addWidget(Label(text("desk.waiting.count", count=point.waiting), "body", "muted"))
        head.addStretch()
        part.addLayout(head)
        offered = [(category.id, category.name) for category in point.categories]
        if len(offered) < _ABREAST:
            offered = [("", text("desk.transfer.there"))]
        for start in range(0, len(offered), _ABREAST):
            line = row(spacing=8)
            for category, words in offered[start : start + _ABREAST]:
                line.addWidget(self._button(card.id, point.id, category, words), 1)
            part.addLayout(line)
        self._choices.addLayout(part)

    def _button(self, entry: str, point: str, category: str, words: str) -> Button:
        name = f"transferTo:{point}:{category}" if category else f"transferTo:{point}"
        made = Button(words, name)
        made.clicked.connect(lambda: self._choose(entry, point, category))
        return made

    def _choose(self, entry: str, point: str, category: str) -> None:
        self.close_sheet()
        self.chosen.emit(entry, point, category)
