"""The Welcome page at work: a visitor's wish becomes a number, and a booking's code a place in the line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage

from domain import clock
from domain.errors import Problem
from domain.ids import EntryId, ServicePointId
from domain.service_point import Refusal
from kiosk.desk.line import Joiner
from kiosk.desk.line_answers import Done, LineAnswer
from kiosk.desk.outcome import Source
from kiosk.desk.service_requests import is_label
from kiosk.desk.welcome import Standing
from kiosk.qt.door_shown import trouble_words
from kiosk.qt.ready import Ready
from kiosk.qt.welcome_shown import number_view, welcome_view
from kiosk.sync.booking_wire import BookingSeen
from kiosk.sync.status import Connection, Trouble
from kiosk.ui.pages.welcome import WelcomePage
from kiosk.ui.text import language, text
from kiosk.ui.views import Health, Outline
from kiosk.ui.welcome_views import NumberView, Seeing, WelcomeView, Wish

_TICK = 1_000


@dataclass(frozen=True, slots=True)
class Given:
    """A number that is shown: where it stands is looked up anew as the line moves."""

    point: ServicePointId
    entry: EntryId
    view: NumberView


class WelcomeFace(QObject):
    """Lives as long as its page is shown. `tell` is told of what happened, for demonstrations and tests.

    A code is a booking's or nothing: no ticket is looked at here, and no device that is being repaired.
    """

    point = ServicePointId("")
    """Visitors work on no line."""
    watches = True

    def __init__(self, ready: Ready, seconds: int, tell: Callable[..., None]) -> None:
        super().__init__()
        self.page = WelcomePage(seconds)
        self._ready, self._tell = ready, tell
        self._given: Given | None = None
        self._stands: Given | None = None
        self._busy = False
        self.page.language_chosen.connect(lambda _: self.refresh())
        self.page.join_asked.connect(self._join)
        self.page.check_in_asked.connect(self._check_in)
        self.page.left.connect(self._forget)
        self._timer = QTimer(self, interval=_TICK)
        self._timer.timeout.connect(self.refresh)
        self._timer.start()
        self.refresh()

    def close(self) -> None:
        self._timer.stop()

    def refresh(self) -> None:
        given, spoken = self._given, language()

        def job() -> tuple[WelcomeView, Standing | None]:
            work, status = self._ready.work, self._ready.station.status
            view = welcome_view(
                work.welcome.services(),
                work.credentials.organization,
                spoken,
                online=status.connection is Connection.ONLINE,
            )
            return view, work.welcome.standing(given.point, given.entry) if given else None

        self._ready.worker.ask(job, lambda found: self._show(given, *found))

    def scanned(self, code: str) -> None:
        """A code before the camera, whatever is shown; one that is held on is one wish."""
        self.page.stay()
        if not self._busy:
            self._check_in(code)

    def several(self, codes: tuple[str, ...]) -> None:
        self.page.show_trouble(text("welcome.booking.single"))

    def pictured(self, picture: QImage, outlines: Sequence[Outline]) -> None:
        self.page.show_picture(picture)

    def camera_is(self, health: Health, words: str) -> None:
        self.page.show_seeing(Seeing(health, words))

    def _show(self, given: Given | None, view: WelcomeView, standing: Standing | None) -> None:
        self.page.show_view(view)
        if given is not None and given is self._given and standing is not None:
            self.page.show_number(number_view(given.view, standing))
            if self._stands is not given:
                self._stands = given
                self._tell(event="standing", number=given.view.number)

    def _join(self, wish: Wish) -> None:
        point = ServicePointId(wish.point)
        who = Joiner(
            name=wish.name,
            call_by_name=bool(wish.name),
            phone=wish.phone,
            email=wish.email,
            language=language(),
        )
        welcome = self._ready.work.welcome
        self._ask(lambda: welcome.join(point, wish.category, who), self._joined)

    def _joined(self, answer: LineAnswer | Refusal | Trouble) -> None:
        match answer:
            case Done(party, source):
                entry = party.entry
                link = self._link(entry.id) if source is Source.SERVER else ""
                self._give(Given(entry.service_point, entry.id, NumberView(entry.number, link=link)))
            case Refusal():
                self._fail(text(f"welcome.refused.{answer}"))
            case _:
                self._fail(text("desk.trouble.title"))

    def _check_in(self, code: str) -> None:
        if self._given is None and is_label(code):
            self._fail(text("welcome.label"))
        elif self._given is None:
            bookings = self._ready.work.bookings
            self._ask(lambda: self._with_time(bookings.check_in(code)), self._checked_in)

    def _with_time(self, found: BookingSeen | Trouble) -> tuple[BookingSeen, datetime] | Trouble:
        if isinstance(found, Trouble):
            return found
        zones = {point.id: point.zone for point in self._ready.station.display.points()}
        return found, clock.local(found.starts, zones.get(found.point, clock.zone("UTC")))

    def _checked_in(self, found: tuple[BookingSeen, datetime] | Trouble) -> None:
        if isinstance(found, Trouble):
            away = found.code in ("booking_offline", "booking_unsure")
            self._fail(text("desk.trouble.title") if away else trouble_words(found))
            return
        booking, at = found
        entry = booking.entry or EntryId("")
        view = NumberView(booking.place, link=self._link(entry), booked=at)
        self._give(Given(booking.point, entry, view))

    def _ask(self, job: Callable[[], object], then: Callable[..., None]) -> None:
        self._busy = True

        def run() -> object:
            try:
                return job()
            except Problem as problem:
                return Trouble.of(problem)
            finally:
                self._busy = False

        self._ready.worker.ask(run, then)

    def _give(self, given: Given) -> None:
        self._given = given
        self.page.show_number(given.view)
        self._tell(event="welcome", number=given.view.number)
        self.refresh()

    def _fail(self, words: str) -> None:
        self.page.show_trouble(words)
        self._tell(event="welcome", trouble=words)
        self.refresh()

    def _forget(self) -> None:
        self._given = None

    def _link(self, entry: EntryId) -> str:
        return self._ready.credentials.page(f"/q/entry/{entry}")
