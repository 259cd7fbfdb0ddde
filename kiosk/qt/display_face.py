"""The Display at work: shows the line of one service point, and plainly when it has grown old."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, QTimer

from domain import clock
from domain.ids import ServicePointId
from kiosk.desk.board import Board
from kiosk.qt.line_shown import display_view
from kiosk.qt.ready import Ready
from kiosk.ui.desk_views import DisplayView
from kiosk.ui.pages.display import DisplayPage

_TICK = 1_000


class DisplayFace(QObject):
    """Lives as long as its page is shown. Each new call is announced."""

    point: None = None
    """It looks at a line, and works on none."""

    def __init__(self, ready: Ready, tell: Callable[..., None]) -> None:
        super().__init__()
        self.page = DisplayPage()
        self._ready, self._tell = ready, tell
        self._calls: frozenset[tuple[str, int]] | None = None
        self._told: dict[str, object] = {}
        self._timer = QTimer(self, interval=_TICK)
        self._timer.timeout.connect(self.refresh)
        self._timer.start()
        self.refresh()

    def close(self) -> None:
        self._timer.stop()

    def refresh(self) -> None:
        self._ready.worker.ask(self._read, self._show)

    def _read(self) -> tuple[Board, DisplayView] | None:
        station = self._ready.station
        points = station.display.points()
        if not points:
            return None
        point = points[0]
        board = station.display.board(ServicePointId(point.id), station.status.last_exchange)
        if board is None:
            return None
        at: datetime = clock.local(self._ready.now(), point.zone)
        known = self._ready.credentials
        # Another organisation may have a service point of this id.
        link = known.page(f"/q/{point.id}?orgid={known.org}")
        return board, display_view(board, at, known.organization, link)

    def _show(self, found: tuple[Board, DisplayView] | None) -> None:
        if found is None:
            return
        board, view = found
        self._announce(board)
        self.page.show_view(view)
        told: dict[str, object] = {
            "waiting": list(view.waiting),
            "serving": [serving.number for serving in view.now_serving],
            "last": view.last_calls[0].number if view.last_calls else "",
            "stale": view.stale,
        }
        if told != self._told:
            self._told = told
            self._tell(event="board", **told)

    def _announce(self, board: Board) -> None:
        """Calls that were not there before, in the order of their times; none of those found at the start."""
        calls = {(call.entry, call.calls): call for call in reversed(board.last_called)}
        if self._calls is not None:
            for new in (call for key, call in calls.items() if key not in self._calls):
                self._ready.announce(new)
        self._calls = frozenset(calls)
