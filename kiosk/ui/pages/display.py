"""The Display: what the lobby sees of a line, from ten metres away."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from domain.service_point import Opening
from kiosk.ui.desk_views import DisplayView
from kiosk.ui.widgets.display_calls import DisplayCalls
from kiosk.ui.widgets.display_head import DisplayHead, StaleBand, nobody_words
from kiosk.ui.widgets.display_panels import JoinPanel, ServingPanel, WaitingPanel
from kiosk.ui.widgets.display_scale import SHORT, scale, spaced
from kiosk.ui.widgets.display_ticker import Ticker

_MARGIN, _SPACING = 40, 24


class DisplayPage(QWidget):
    """Shows a `DisplayView`; nobody presses anything. All widgets stand from the start, so that months of
    calls take no memory."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("page", "true")
        self.head, self.stale = DisplayHead(), StaleBand()
        self.calls, self.serving = DisplayCalls(), ServingPanel()
        self.waiting, self.join = WaitingPanel(), JoinPanel()
        self.ticker = Ticker()
        self._beside = QWidget()
        self._parts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._arrange()

    def show_view(self, view: DisplayView) -> None:
        self.head.show_view(view)
        self.stale.show_view(view)
        self.calls.show_calls(view.last_calls)
        self.calls.nobody.show_words(*nobody_words(view))
        self.serving.show_serving(view.now_serving)
        self.waiting.show_waiting(view.waiting, view.people_waiting)
        self.join.show_view(view)
        # A forecast that may be wrong is worse than none.
        closed = view.opening is Opening.CLOSED
        self.join.setVisible(not view.stale and not closed)
        self.serving.setVisible(bool(view.now_serving))
        self.waiting.setVisible(view.people_waiting > 0)
        panels = (self.serving, self.waiting, self.join)
        self._beside.setVisible(any(not panel.isHidden() for panel in panels))
        self.ticker.show_texts(view.ticker)

    def resizeEvent(self, event: QResizeEvent) -> None:
        upright = self.height() > self.width()
        self.head.set_upright(upright)
        direction = QBoxLayout.Direction.TopToBottom if upright else QBoxLayout.Direction.LeftToRight
        self._parts.setDirection(direction)
        self._parts.setStretch(0, 1 if upright else 29)
        self._parts.setStretch(1, 1 if upright else 20)
        self.waiting.numbers.set_scale(scale(self, self.size()))
        super().resizeEvent(event)

    def minimumSizeHint(self) -> QSize:
        """It fits any screen: what was scaled for a large one keeps no window large."""
        return QSize(SHORT // 3, SHORT // 3)

    def _arrange(self) -> None:
        beside = spaced(QVBoxLayout(self._beside), _SPACING)
        beside.addWidget(self.serving)
        beside.addWidget(self.waiting, 1)
        beside.addWidget(self.join)
        spaced(self._parts, _SPACING)
        self._parts.addWidget(self.calls)
        self._parts.addWidget(self._beside)
        upper = spaced(QVBoxLayout(), _SPACING, _MARGIN, 28, _MARGIN, 28)
        upper.addWidget(self.head)
        upper.addWidget(self.stale)
        upper.addLayout(self._parts, 1)
        body = spaced(QVBoxLayout(self), 0)
        body.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        body.addLayout(upper, 1)
        body.addWidget(self.ticker)
