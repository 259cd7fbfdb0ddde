"""Service requests at the Desk: devices are taken in, found by their label, and moved on."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from domain.ids import ServicePointId
from kiosk.desk.service_requests import Intake
from kiosk.qt.door_shown import trouble_words
from kiosk.qt.ready import Ready
from kiosk.qt.request_shown import jpeg, request_view, taken_view
from kiosk.sync.request_wire import RequestSeen, Taken
from kiosk.sync.status import Trouble
from kiosk.ui.desk_views import Trouble as NotDone
from kiosk.ui.pages.desk import DeskPage
from kiosk.ui.request_views import IntakeRequest, MoveRequest, RequestsView, RequestView


class RequestFlow(QObject):
    """`point` tells the line that is shown. `tell` is told of what happened, for demonstrations and tests."""

    def __init__(
        self, ready: Ready, page: DeskPage, point: Callable[[], ServicePointId], tell: Callable[..., None]
    ) -> None:
        super().__init__()
        self._ready, self._page, self._point, self._tell = ready, page, point, tell
        # Both are read and written by the worker alone.
        self._seen: RequestSeen | None = None
        self._photos: list[str] = []
        page.requests.asked.connect(self._look)
        page.requests.chosen.connect(self._open)
        page.request.moved.connect(self._move)
        page.intake.opened.connect(self._begin)
        page.intake.photographed.connect(self._photograph)
        page.intake.asked.connect(self._take_in)

    def scanned(self, code: str) -> None:
        """A device's label is held before a scanner."""
        requests = self._ready.work.requests
        self._ready.worker.ask(lambda: self._keep(requests.find(code)), self._opened)

    def _look(self) -> None:
        self._ready.worker.ask(self._read, self._page.requests.show_requests)

    def _read(self) -> RequestsView:
        found = self._ready.work.requests.open_at(self._point())
        if isinstance(found, Trouble):
            return RequestsView(trouble=trouble_words(found))
        return RequestsView(tuple(request_view(each, self._zone(each.point)) for each in found))

    def _open(self, id_: str) -> None:
        requests = self._ready.work.requests
        self._ready.worker.ask(lambda: self._keep(requests.look(id_)), self._opened)

    def _keep(self, found: RequestSeen | Trouble) -> RequestView | Trouble:
        """Remembers the version that is looked at: what is done next is done to that one."""
        if isinstance(found, Trouble):
            return found
        self._seen = found
        return request_view(found, self._zone(found.point))

    def _opened(self, found: RequestView | Trouble) -> None:
        if isinstance(found, Trouble):
            self._page.show_notice(NotDone(trouble_words(found)))
            self._tell(event="request", trouble=found.code)
            return
        self._page.requests.close_sheet()
        self._page.request.show_request(found)
        self._tell(event="request", opened=found.number, state=found.state)

    def _move(self, wanted: MoveRequest) -> None:
        requests = self._ready.work.requests

        def job() -> tuple[Trouble | None, RequestView | Trouble] | None:
            if self._seen is None or self._seen.id != wanted.id:
                return None
            moved = requests.move(self._seen, wanted.state, wanted.note, public=wanted.public)
            if isinstance(moved, Trouble):
                # Somebody may have been faster: it is shown as it stands.
                return moved, self._keep(requests.look(wanted.id))
            return None, self._keep(moved)

        self._ready.worker.ask(job, lambda done: self._moved(*done) if done else None)

    def _moved(self, why: Trouble | None, now: RequestView | Trouble) -> None:
        view = None if isinstance(now, Trouble) else now
        if why is not None:
            self._page.request.fail(trouble_words(why), view)
            self._tell(event="request", trouble=why.code)
        elif view is not None:
            if self._page.request.shown == view.id:
                self._page.request.show_request(view)
            self._tell(event="request", moved=view.number, state=view.state)

    def _begin(self) -> None:
        self._ready.worker.ask(self._photos.clear)

    def _photograph(self, picture: QImage) -> None:
        def job() -> str | Trouble:
            kept = self._ready.work.requests.photo(jpeg(picture))
            if not isinstance(kept, Trouble):
                self._photos.append(kept)
            return kept

        self._ready.worker.ask(job, self._photographed)

    def _photographed(self, kept: str | Trouble) -> None:
        if isinstance(kept, Trouble):
            self._page.intake.photo_lost(trouble_words(kept))
        else:
            self._page.intake.photo_kept()
        self._tell(event="photo", kept=not isinstance(kept, Trouble))

    def _take_in(self, said: IntakeRequest) -> None:
        point, language = self._point(), self._ready.language

        def job() -> Taken | Trouble:
            new = Intake(
                point,
                said.type,
                said.problem,
                said.brand,
                said.model,
                said.serial,
                said.condition,
                said.accessories,
                said.name,
                said.phone,
                said.email,
                language,
                tuple(self._photos),
            )
            return self._ready.work.requests.take_in(new)

        self._ready.worker.ask(job, lambda taken: self._taken(taken, said))

    def _taken(self, taken: Taken | Trouble, said: IntakeRequest) -> None:
        if isinstance(taken, Trouble):
            self._page.intake.fail(trouble_words(taken))
            self._tell(event="request", trouble=taken.code)
        else:
            self._page.intake.show_taken(taken_view(taken, said))
            self._tell(event="request", taken=taken.number)

    def _zone(self, point: ServicePointId) -> ZoneInfo:
        """Another line's device may be opened by its label too."""
        points = self._ready.station.display.points()
        return next((each.zone for each in points if each.id == point), ZoneInfo("UTC"))
