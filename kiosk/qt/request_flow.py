"""Service requests at the Desk: devices are taken in, found by their label, priced, and moved on."""

from collections.abc import Callable
from dataclasses import replace
from typing import assert_never
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from domain.clock import DAY, instant, shift
from domain.ids import ServicePointId
from kiosk.desk.service_requests import Intake
from kiosk.qt.door_shown import trouble_words
from kiosk.qt.ready import Ready
from kiosk.qt.request_shown import jpeg, request_view, taken_view
from kiosk.sync.request_wire import RequestSeen, Taken
from kiosk.sync.status import Trouble
from kiosk.ui.desk_views import Trouble as NotDone
from kiosk.ui.pages.desk import DeskPage
from kiosk.ui.request_views import (
    ChangeRequest,
    DecisionRequest,
    EstimateRequest,
    IntakeRequest,
    LineRequest,
    MoveRequest,
    PromiseRequest,
    RequestsView,
    RequestView,
)


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
        page.request.asked.connect(self._change)
        page.request.looked.connect(self._look_again)
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
        return RequestsView(tuple(map(self._view, found)))

    def _open(self, id_: str) -> None:
        requests = self._ready.work.requests
        self._ready.worker.ask(lambda: self._keep(requests.look(id_)), self._opened)

    def _keep(self, found: RequestSeen | Trouble) -> RequestView | Trouble:
        """Remembers the version that is looked at: what is done next is done to that one."""
        if isinstance(found, Trouble):
            return found
        self._seen = found
        return self._view(found)

    def _opened(self, found: RequestView | Trouble) -> None:
        if isinstance(found, Trouble):
            self._page.show_notice(NotDone(trouble_words(found)))
            self._tell(event="request", trouble=found.code)
            return
        self._page.requests.close_sheet()
        self._page.request.show_request(found)
        self._tell(event="request", opened=found.number, state=found.state)

    def _look_again(self, id_: str) -> None:
        requests = self._ready.work.requests

        def job() -> RequestView | Trouble | None:
            if self._seen is None or self._seen.id != id_:
                return None
            return self._keep(requests.look(id_))

        def show(found: RequestView | Trouble | None) -> None:
            if isinstance(found, RequestView):
                self._page.request.keep_up(found)
                self._tell(event="request", seen=found.number, state=found.state)

        self._ready.worker.ask(job, show)

    def _change(self, view: RequestView, wanted: ChangeRequest) -> None:
        def job() -> tuple[Trouble | None, RequestView | Trouble] | None:
            if self._seen is None or self._seen.id != view.id:
                return None
            # Done to what a person has seen: where it is another one by now, the server says so.
            changed = self._carry_out(replace(self._seen, version=view.version), wanted)
            if isinstance(changed, Trouble):
                # Somebody may have been faster: it is shown as it stands.
                return changed, self._keep(self._ready.work.requests.look(view.id))
            return None, self._keep(changed)

        self._ready.worker.ask(job, lambda done: self._changed(*done) if done else None)

    def _carry_out(self, of: RequestSeen, wanted: ChangeRequest) -> RequestSeen | Trouble:
        requests = self._ready.work.requests
        match wanted:
            case MoveRequest(state, note, public):
                return requests.move(of, state, note, public=public)
            case LineRequest(line, out):
                return requests.drop_line(of, line) if out else requests.add_line(of, line)
            case EstimateRequest(high, note, days):
                return requests.ask_customer(of, high, shift(self._ready.now(), days * DAY), note)
            case DecisionRequest(decision, reason):
                return requests.decide(of, decision, reason)
            case PromiseRequest(at):
                zone = self._zone(of.point)
                return requests.promise(of, None if at is None else instant(at.replace(tzinfo=zone)))
            case _:
                assert_never(wanted)

    def _changed(self, why: Trouble | None, now: RequestView | Trouble) -> None:
        view = None if isinstance(now, Trouble) else now
        if why is not None:
            self._page.request.fail(trouble_words(why), view)
            self._tell(event="request", trouble=why.code)
        elif view is not None:
            if self._page.request.shown == view.id:
                self._page.request.show_done(view)
            self._tell(event="request", changed=view.number, state=view.state, total=view.total)

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

    def _view(self, of: RequestSeen) -> RequestView:
        return request_view(of, self._zone(of.point), self._ready.now())

    def _zone(self, point: ServicePointId) -> ZoneInfo:
        """Another line's device may be opened by its label too."""
        points = self._ready.station.display.points()
        return next((each.zone for each in points if each.id == point), ZoneInfo("UTC"))
