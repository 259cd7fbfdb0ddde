"""Parts of a page side by side, in as many lanes as there is room for."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from kiosk.ui import theme
from kiosk.ui.widgets.card import column, row

_GAP = 6


class Lanes(QWidget):
    """Each lane scrolls by itself. `plans` says for each number of lanes which parts stand in which, `least`
    how wide a lane is at least, in pixels at text factor 1; `shares` divides the width where not evenly."""

    def __init__(
        self,
        plans: dict[int, Sequence[Sequence[QWidget]]],
        least: int,
        shares: dict[int, Sequence[int]] | None = None,
    ) -> None:
        super().__init__()
        self._plans, self._least, self._shares = plans, least, shares or {}
        self._count = 0
        self._scrolls = [QScrollArea() for _ in range(max(plans))]
        self._columns = [_inside(scroll) for scroll in self._scrolls]
        self._line = row(self, spacing=16)
        for scroll in self._scrolls:
            self._line.addWidget(scroll)
        self._arrange(max(plans))

    def resizeEvent(self, event: QResizeEvent) -> None:
        least = self._least * theme.current().text_factor
        fits = [count for count in self._plans if self.width() >= count * least]
        self._arrange(max(fits, default=min(self._plans)))
        super().resizeEvent(event)

    def _arrange(self, count: int) -> None:
        if count == self._count:
            return
        self._count = count
        for lane, (scroll, inside) in enumerate(zip(self._scrolls, self._columns, strict=True)):
            used = lane < count
            scroll.setVisible(used)
            share = self._shares.get(count, [1] * count)
            self._line.setStretch(lane, share[lane] if used else 0)
            for part in self._plans[count][lane] if used else ():
                inside.addWidget(part)
            _push_up(inside)


def _inside(scroll: QScrollArea) -> QVBoxLayout:
    content = QWidget()
    scroll.setWidget(content)
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setProperty("lane", True)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    lane = column(content, spacing=24)
    lane.setContentsMargins(0, 0, _GAP, 0)
    return lane


def _push_up(inside: QVBoxLayout) -> None:
    """The stretch that keeps parts at the top, once and last."""
    for place in reversed(range(inside.count())):
        item = inside.itemAt(place)
        if item is not None and item.spacerItem() is not None:
            inside.takeAt(place)
    inside.addStretch(1)
