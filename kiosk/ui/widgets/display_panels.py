"""Panels beside the calls: who is served where, who waits, and how long whoever joins now will wait."""

from collections.abc import Sequence

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from domain.service_point import Opening
from kiosk.ui.desk_views import DisplayView, ServingView
from kiosk.ui.text import text
from kiosk.ui.widgets import desk_words
from kiosk.ui.widgets.display_numbers import NumberGrid
from kiosk.ui.widgets.display_scale import fixed, spaced
from kiosk.ui.widgets.display_text import Align, BigText
from kiosk.ui.widgets.qr import Qr

_TITLE, _CELL = 42, 66
_SERVED, _ROWS = 6, 3


class Panel(QFrame):
    """A card with a title and something beside it."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._title = fixed(BigText(title, colour="muted", weight=QFont.Weight.DemiBold), _TITLE)
        self._aside = fixed(BigText("", colour="muted", align=Align.AlignRight), _TITLE)
        head = spaced(QHBoxLayout(), 12)
        head.addWidget(self._title, 3)
        head.addWidget(self._aside, 2)
        self.body = spaced(QVBoxLayout(self), 8, 28, 20, 28, 18)
        self.body.addLayout(head)

    def aside(self) -> str:
        return self._aside.words()


class ServingPanel(Panel):
    """Numbers with their counters: a few in one column, more in two."""

    def __init__(self) -> None:
        super().__init__(text("display.serving"))
        self._cells = [ServingCell() for _ in range(_SERVED)]
        self._grid = spaced(QGridLayout(), 0)
        self._columns = 0
        self.body.addLayout(self._grid)
        self.body.addStretch()
        self.show_serving(())

    def show_serving(self, serving: Sequence[ServingView]) -> None:
        self._arrange(1 if len(serving) <= _ROWS else 2)
        for place, cell in enumerate(self._cells):
            cell.show_serving(serving[place] if place < len(serving) else None)
        more = len(serving) - _SERVED
        self._aside.set_words(text("display.more", count=more) if more > 0 else "")

    def shown(self) -> tuple[tuple[str, str], ...]:
        return tuple(cell.words() for cell in self._cells if not cell.isHidden())

    def _arrange(self, columns: int) -> None:
        """Down one column, then down the next."""
        if columns == self._columns:
            return
        self._columns = columns
        for place, cell in enumerate(self._cells):
            spot = (place % _ROWS, place // _ROWS) if columns > 1 else (place, 0)
            self._grid.addWidget(cell, *spot)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, columns - 1)


class ServingCell(QWidget):
    """A number, or the name that its visitor chose, and the counter."""

    def __init__(self) -> None:
        super().__init__()
        self._number = BigText(share=0.9)
        self._counter = BigText(share=0.76, weight=QFont.Weight.Medium, colour="muted")
        line = spaced(QHBoxLayout(self), 20, 0, 0, 24, 0)
        line.addWidget(self._number, 5)
        line.addWidget(self._counter, 6)
        fixed(self, _CELL)

    def words(self) -> tuple[str, str]:
        return self._number.words(), self._counter.words()

    def show_serving(self, serving: ServingView | None) -> None:
        self.setVisible(serving is not None)
        if serving is None:
            return
        self._number.set_words(serving.number)
        self._counter.set_words(serving.counter)
        spoken = text("display.call.spoken", number=serving.number, counter=serving.counter)
        self.setAccessibleName(spoken)


class WaitingPanel(Panel):
    """Numbers in the order in which they will be called, as far as there is room, and how many people."""

    def __init__(self) -> None:
        super().__init__(text("display.waiting"))
        self.numbers = NumberGrid()
        self.body.addWidget(self.numbers, 1)

    def show_waiting(self, numbers: Sequence[str], people: int) -> None:
        self.numbers.show_numbers(numbers)
        self._aside.set_words(text("display.people", count=people) if people else "")

    def shown(self) -> tuple[str, ...]:
        return self.numbers.shown()


class JoinPanel(QFrame):
    """The forecast for whoever joins now, and the way to join; or that no numbers are given out."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._title = fixed(BigText("", colour="muted", weight=QFont.Weight.DemiBold), _TITLE)
        self._wait = fixed(BigText(""), 92)
        self._how = fixed(BigText("", colour="muted", weight=QFont.Weight.Medium), 40)
        self.qr = fixed(Qr(), 214, 214)
        words = spaced(QVBoxLayout(), 4)
        words.addStretch()
        for part in (self._title, self._wait, self._how):
            words.addWidget(part)
        words.addStretch()
        line = spaced(QHBoxLayout(self), 20, 28, 14, 14, 14)
        line.addLayout(words, 1)
        line.addWidget(self.qr)

    def show_view(self, view: DisplayView) -> None:
        opening = view.opening is Opening.OPEN
        joins = bool(view.join_link) and opening
        wait = desk_words.wait_words(view.wait) if view.wait else ""
        self._title.set_words(text("display.wait") if opening else text("display.closing.title"))
        self._wait.set_words(wait if opening else text("display.closing.words"))
        self._how.set_words(text("display.join") if joins else "")
        self._how.setVisible(joins)
        self.qr.set_text(view.join_link if joins else "", text("display.join"))
        self.qr.setVisible(joins)

    def words(self) -> tuple[str, ...]:
        return tuple(part.words() for part in (self._title, self._wait, self._how))
