"""Bookings at the Desk: who is due, who is here, a new one. Each is asked of the server as it is wanted."""

from collections.abc import Callable, Collection

from PySide6.QtCore import QObject

from domain.clock import DAY, Instant
from domain.ids import EntryId, ServicePointId
from kiosk.desk.bookings import NewBooking
from kiosk.desk.welcome import Standing
from kiosk.qt.booking_shown import bookable_view, booking_view, time_view
from kiosk.qt.door_shown import trouble_words
from kiosk.qt.line_shown import wait_view
from kiosk.qt.ready import Ready
from kiosk.store.party import ServicePoint
from kiosk.sync.booking_wire import Bookable, BookingSeen
from kiosk.sync.status import Trouble
from kiosk.ui.booking_views import BookingView, BookRequest, DayView, TimesView
from kiosk.ui.desk_views import Joined
from kiosk.ui.desk_views import Trouble as NotDone
from kiosk.ui.pages.desk import DeskPage

_DAYS = 7


class BookingFlow(QObject):
    """`point` tells the line that is shown. `tell` is told of what happened, for demonstrations and tests."""

    def __init__(
        self, ready: Ready, page: DeskPage, point: Callable[[], ServicePointId], tell: Callable[..., None]
    ) -> None:
        super().__init__()
        self._ready, self._page, self._point, self._tell = ready, page, point, tell
        self._services: dict[str, Bookable] = {}
        page.bookings.asked.connect(self._look)
        page.bookings.arrived.connect(self._arrive)
        page.bookings.taken_back.connect(self._take_back)
        page.bookings.confirmed.connect(self._confirm)
        page.book.opened.connect(self._offer)
        page.book.times_asked.connect(self._find_times)
        page.book.book_asked.connect(self._book)

    def scanned(self, number: str) -> None:
        """Somebody who is booked holds their code before a scanner."""
        bookings = self._ready.work.bookings
        self._ready.worker.ask(lambda: self._here(bookings.check_in(number)), self._arrived)

    def _look(self) -> None:
        self._ready.worker.ask(self._read_day, self._page.bookings.show_day)

    def _read_day(self) -> DayView:
        point = self._shown_point()
        if point is None:
            return DayView()
        found = self._ready.work.bookings.of_day(point, self._ready.now())
        if isinstance(found, Trouble):
            return DayView(trouble=trouble_words(found))
        if not {each.service for each in found} <= self._services.keys():
            self._read_services()
        called = self._called(point)
        return DayView(tuple(self._view(each, point, called) for each in found))

    def _called(self, point: ServicePoint) -> frozenset[EntryId]:
        """Whose turn has come: they cannot be taken out of the line by their booking."""
        line = self._ready.station.display.desk(point.id)
        parts = (line.called, line.serving, line.missed) if line else ()
        return frozenset(place.party.id for part in parts for place in part)

    def _arrive(self, id_: str) -> None:
        bookings = self._ready.work.bookings
        self._ready.worker.ask(lambda: self._here(bookings.arrive(id_)), self._arrived)

    def _take_back(self, id_: str) -> None:
        bookings = self._ready.work.bookings
        self._ready.worker.ask(lambda: bookings.take_back(id_), lambda found: self._changed(found, "back"))

    def _confirm(self, id_: str) -> None:
        bookings = self._ready.work.bookings
        self._ready.worker.ask(lambda: bookings.confirm(id_), lambda found: self._changed(found, "confirmed"))

    def _changed(self, found: BookingSeen | Trouble, done: str) -> None:
        if isinstance(found, Trouble):
            self._refuse(trouble_words(found))
            self._tell(event="booking", trouble=found.code)
        else:
            self._tell(event="booking", **{done: found.number})
            self._page.bookings.look_again()

    def _here(self, found: BookingSeen | Trouble) -> tuple[BookingSeen, Standing | None] | Trouble:
        if isinstance(found, Trouble):
            return found
        where = self._ready.work.welcome.standing(found.point, found.entry) if found.entry else None
        return found, where

    def _arrived(self, found: tuple[BookingSeen, Standing | None] | Trouble) -> None:
        if isinstance(found, Trouble):
            self._refuse(trouble_words(found))
            self._tell(event="booking", trouble=found.code)
            return
        booking, where = found
        ahead, wait = (where.ahead, wait_view(where.forecast)) if where else (None, None)
        self._page.show_notice(Joined(booking.place, ahead, wait))
        self._tell(event="booking", number=booking.number, place=booking.place)
        self._page.bookings.look_again()

    def _refuse(self, why: str) -> None:
        """Where staff look: a code may come while no booking is shown."""
        if self._page.bookings.isVisible():
            self._page.bookings.fail(why)
        else:
            self._page.show_notice(NotDone(why))

    def _offer(self) -> None:
        self._ready.worker.ask(self._read_services, self._offered)

    def _read_services(self) -> tuple[Bookable, ...] | Trouble:
        found = self._ready.work.bookings.services(self._point())
        if not isinstance(found, Trouble):
            self._services = {service.id: service for service in found}
        return found

    def _offered(self, found: tuple[Bookable, ...] | Trouble) -> None:
        if isinstance(found, Trouble):
            self._page.book.fail(trouble_words(found))
        else:
            language = self._ready.language
            self._page.book.show_services(tuple(bookable_view(each, language) for each in found))

    def _find_times(self, service: str, week: int) -> None:
        def job() -> TimesView | Trouble:
            point, of = self._shown_point(), self._services[service]
            since = Instant(self._ready.now() + week * _DAYS * DAY)
            found = self._ready.work.bookings.times(service, since, _DAYS)
            if isinstance(found, Trouble):
                return found
            times = tuple(time_view(each, point.zone) for each in found) if point else ()
            return TimesView(bookable_view(of, self._ready.language), week, times)

        self._ready.worker.ask(job, self._found_times)

    def _found_times(self, found: TimesView | Trouble) -> None:
        if isinstance(found, Trouble):
            self._page.book.fail(trouble_words(found))
        else:
            self._page.book.show_times(found)

    def _book(self, request: BookRequest) -> None:
        new = NewBooking(
            request.service,
            Instant(request.time),
            request.name,
            request.phone,
            request.email,
            self._ready.language,
        )

        def job() -> BookingView | Trouble | None:
            made, point = self._ready.work.bookings.book(new), self._shown_point()
            if isinstance(made, Trouble):
                return made
            return self._view(made, point) if point else None

        self._ready.worker.ask(job, self._booked)

    def _booked(self, made: BookingView | Trouble | None) -> None:
        if isinstance(made, Trouble):
            self._page.book.fail(trouble_words(made))
            self._tell(event="booking", trouble=made.code)
        elif made is not None:
            self._page.book.show_booked(made)
            self._tell(event="booking", booked=made.number)

    def _shown_point(self) -> ServicePoint | None:
        shown = self._point()
        return next((point for point in self._ready.station.display.points() if point.id == shown), None)

    def _view(self, of: BookingSeen, point: ServicePoint, called: Collection[EntryId] = ()) -> BookingView:
        return booking_view(of, self._services.get(of.service), point.zone, self._ready.language, called)
