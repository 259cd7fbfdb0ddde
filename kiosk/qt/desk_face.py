"""The Desk at work: what staff press becomes an act on the line, and the line is shown as it then is."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage

from domain.ids import EntryId, ServicePointId
from domain.queue import Event
from kiosk.desk.bookings import is_number
from kiosk.desk.line import Joiner
from kiosk.desk.line_answers import Done, LineAnswer
from kiosk.desk.line_view import LineView
from kiosk.desk.service_requests import is_label
from kiosk.qt.booking_flow import BookingFlow
from kiosk.qt.line_shown import desk_view, joined_notice, last_move, notice_of
from kiosk.qt.ready import Ready
from kiosk.qt.request_flow import RequestFlow
from kiosk.qt.till_flow import TillFlow
from kiosk.sync.status import Connection
from kiosk.ui.desk_views import DeskNotice, DeskView, JoinRequest, LastMove
from kiosk.ui.pages.desk import DeskPage
from kiosk.ui.views import Health, Outline

_TICK = 1_000
"""Milliseconds: waits and grace are shown to the second."""

_POINT, _COUNTER = "desk_point", "desk_counter:"
"""What a desk remembers of itself, so that it comes back where it was: its line, and its counter in each."""


class DeskFace(QObject):
    """Lives as long as its page is shown. `tell` is told of what happened, for demonstrations and tests;
    `look` opens and closes the camera."""

    watches = False
    """The camera is for photos here, and looks only while one is to be taken."""

    def __init__(self, ready: Ready, tell: Callable[..., None], look: Callable[[bool], None]) -> None:
        super().__init__()
        self.page = DeskPage()
        self._ready, self._tell = ready, tell
        self._point = ServicePointId(ready.station.store.settings.get(_POINT))
        self._till = TillFlow(ready, self.page, tell)
        self._bookings = BookingFlow(ready, self.page, lambda: self._point, tell)
        self._requests = RequestFlow(ready, self.page, lambda: self._point, tell)
        self.page.intake.looks.connect(look)
        self._last: LastMove | None = None
        self._shown: DeskView | None = None
        self._connect()
        self._timer = QTimer(self, interval=_TICK)
        self._timer.timeout.connect(self.refresh)
        self._timer.start()
        self.refresh()

    @property
    def point(self) -> ServicePointId:
        """The line that is shown; empty before there is one."""
        return self._point

    def scanned(self, code: str) -> None:
        """Somebody has come for their booking, brings an order to be paid, or holds a device's label."""
        if self.page.intake.isVisible():
            self.page.intake.scanned(code)
        elif is_label(code):
            self._requests.scanned(code)
        elif is_number(code):
            self._bookings.scanned(code)
        else:
            self._till.scanned(code)

    def several(self, codes: tuple[str, ...]) -> None:
        """A photo may show any codes."""

    def pictured(self, picture: QImage, outlines: Sequence[Outline]) -> None:
        self.page.intake.show_picture(picture)

    def camera_is(self, health: Health, words: str) -> None:
        self.page.intake.camera_is(health, words)

    def close(self) -> None:
        self._timer.stop()
        # Whoever comes next decides on the camera.
        self.page.intake.close_sheet()

    def refresh(self) -> None:
        """Shows the line as it is now."""
        self._ready.worker.ask(self._read, self._show)

    def _connect(self) -> None:
        page = self.page
        page.acted.connect(self._act)
        page.no_show_forced.connect(lambda entry: self._move(entry, Event.NO_SHOW, {"force": True}))
        page.call_next_asked.connect(self._call_next)
        page.join_asked.connect(self._join)
        page.counter_chosen.connect(self._choose_counter)
        page.counter_changed.connect(self._set_counter)
        page.undo_asked.connect(self._undo)
        page.transfer_asked.connect(self._transfer)
        page.point_chosen.connect(self._choose_point)

    def _read(self) -> DeskView | None:
        station = self._ready.station
        points = station.display.points()
        if points and self._point not in {point.id for point in points}:
            self._point = points[0].id
        line = station.display.desk(self._point)
        if line is None:
            return None
        status = station.status
        return desk_view(
            line,
            points,
            self._counter(self._point),
            self._ready.language,
            self._last,
            offline=status.connection is not Connection.ONLINE,
            unsent=status.backlog,
        )

    def _show(self, view: DeskView | None) -> None:
        if view is None:
            return
        if self._shown is None or _numbers(view) != _numbers(self._shown):
            self._tell(event="line", **_numbers(view))
        self._shown = view
        self.page.show_view(view)

    def _act(self, entry: str, event: str, counter: str) -> None:
        takes_counter = event in (Event.CALL, Event.START, Event.RECALL)
        self._move(entry, Event(event), {"counter": counter} if takes_counter and counter else {})

    def _move(self, entry: str, event: Event, more: dict[str, object]) -> None:
        line, point = self._ready.work.line, self._point
        self._do(lambda: line.move(point, EntryId(entry), event, more), event)

    def _call_next(self, counter: str) -> None:
        line, point = self._ready.work.line, self._point
        self._do(lambda: line.call_next(point, counter), Event.CALL)

    def _undo(self, entry: str) -> None:
        line, point = self._ready.work.line, self._point
        self._do(lambda: line.undo(point, EntryId(entry)), None)

    def _transfer(self, entry: str, to: str, category: str) -> None:
        line, point = self._ready.work.line, self._point
        self._do(
            lambda: line.transfer(point, EntryId(entry), ServicePointId(to), category or None),
            Event.TRANSFER,
        )

    def _set_counter(self, state: str) -> None:
        line, point = self._ready.work.line, self._point
        self._do(lambda: line.set_counter(point, self._counter(point), state), None)

    def _counter(self, point: ServicePointId) -> str:
        return self._ready.station.store.settings.get(_COUNTER + point)

    def _choose_counter(self, counter: str) -> None:
        self._keep(_COUNTER + self._point, counter)
        self.refresh()

    def _choose_point(self, point: str) -> None:
        self._point, self._last = ServicePointId(point), None
        self._keep(_POINT, point)
        self.refresh()

    def _keep(self, name: str, value: str) -> None:
        self._ready.worker.ask(lambda: self._ready.station.store.settings.put(name, value))

    def _join(self, request: JoinRequest) -> None:
        who = Joiner(
            name=request.name,
            phone=request.phone,
            party=request.party,
            call_by_name=request.call_by_name,
            priority="priority" if request.priority else "",
        )
        point = ServicePointId(request.point)

        def job() -> tuple[LineAnswer, LineView | None]:
            answer = self._ready.work.line.join(point, request.category, who)
            return answer, self._ready.station.display.desk(point)

        self._ready.worker.ask(job, lambda found: self._joined(*found))

    def _joined(self, answer: LineAnswer, line: LineView | None) -> None:
        notice = joined_notice(answer.party, line) if isinstance(answer, Done) else notice_of(answer)
        self._notify(notice)
        self.refresh()

    def _do(self, job: Callable[[], LineAnswer], event: Event | None) -> None:
        self._ready.worker.ask(job, lambda answer: self._done(answer, event))

    def _done(self, answer: LineAnswer, event: Event | None) -> None:
        if isinstance(answer, Done):
            self._last = last_move(answer.party, event) if event else None
        self._notify(notice_of(answer))
        self.refresh()

    def _notify(self, notice: DeskNotice | None) -> None:
        if notice is not None:
            self.page.show_notice(notice)
            self._tell(event="desk", notice=type(notice).__name__)


def _numbers(view: DeskView) -> dict[str, list[str]]:
    parts = ("waiting", "called", "serving", "held", "missed")
    return {part: [card.number for card in getattr(view, part)] for part in parts}
