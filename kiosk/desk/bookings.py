"""Bookings at the desk and at the door of a service point: who is due, who is here, a new one. Who may have
which time only the server knows; while it is away that is said openly, and the line goes on."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain import clock
from domain.clock import DAY, Instant, shift
from domain.errors import Conflict
from domain.ids import READABLE, ServicePointId
from domain.reservation import NEAR, NUMBER_LENGTH, Event, State, after, is_due, plain_number
from kiosk.desk.asked import said
from kiosk.desk.ports import BookingServer, Ids
from kiosk.store.party import ServicePoint
from kiosk.sync.booking_wire import Bookable, BookingSeen, FreeTime
from kiosk.sync.replies import Denied
from kiosk.sync.status import Trouble

NO_SERVER = Trouble(
    "booking_offline",
    "Bookings need the server, which does not answer. The line goes on: give out a number instead.",
)
UNSURE = Trouble(
    "booking_unsure", "The server did not answer in time: look at today's bookings before you try again."
)
NO_SUCH = Trouble("booking_unknown", "There is no booking of this number here.")
MOVED_ON = Trouble(
    "booking_moved_on", "This cannot be taken back any more: the line has gone on, or somebody else did so."
)
_OVER = {
    State.PENDING: Trouble("booking_pending", "This booking is not confirmed yet."),
    State.CANCELLED: Trouble("booking_cancelled", "This booking was cancelled."),
    State.COMPLETED: Trouble("booking_over", "This booking is over."),
}


@dataclass(frozen=True, slots=True)
class NewBooking:
    """A time for somebody. What was not said is empty; `language` is a BCP 47 tag."""

    service: str
    starts: Instant
    name: str
    phone: str = ""
    email: str = ""
    language: str = ""


class Bookings:
    """Answers with what is so now, or with a `Trouble` that says what to do."""

    def __init__(self, server: BookingServer, ids: Ids) -> None:
        self._server, self._ids = server, ids

    def of_day(self, point: ServicePoint, at: Instant) -> tuple[BookingSeen, ...] | Trouble:
        """All who may come now, by their times: those of the local day there, and of a few hours about it."""
        found = dict[str, BookingSeen]()
        for day in sorted({point.day(shift(at, by)) for by in (-NEAR, 0, NEAR)}):
            answer = said(self._server.bookings(point.id, day), NO_SERVER, NO_SERVER)
            if isinstance(answer, Trouble):
                return answer
            found |= {each.id: each for each in answer}
        return tuple(each for each in found.values() if is_due(each.starts, at, point.zone))

    def arrive(self, id_: str) -> BookingSeen | Trouble:
        """The person is here, and joins the line by its rules."""
        return said(self._server.arrive(id_, self._ids()), NO_SERVER, UNSURE)

    def take_back(self, id_: str) -> BookingSeen | Trouble:
        """The person was not here after all: as if nothing had been, unless the line has gone on since."""
        reply = self._server.take_back(id_, self._ids())
        if isinstance(reply, Denied) and isinstance(reply.problem, Conflict):
            return MOVED_ON
        return said(reply, NO_SERVER, UNSURE)

    def confirm(self, id_: str) -> BookingSeen | Trouble:
        """It was asked for, and may be."""
        return said(self._server.confirm(id_, self._ids()), NO_SERVER, UNSURE)

    def check_in(self, code: str) -> BookingSeen | Trouble:
        """By the number that was typed, or that a code says. Who did so before gets the same place."""
        if not is_number(code):
            return NO_SUCH
        found = said(self._server.booking(_plain(code)), NO_SERVER, NO_SERVER)
        if isinstance(found, Trouble):
            return found
        if not found:
            return NO_SUCH
        [booking] = found
        if after(booking.state, Event.CHECK_IN):
            return self.arrive(booking.id)
        return _OVER.get(booking.state, booking)

    def services(self, point: ServicePointId) -> tuple[Bookable, ...] | Trouble:
        """What can be booked at a service point."""
        found = said(self._server.bookable(), NO_SERVER, NO_SERVER)
        if isinstance(found, Trouble):
            return found
        return tuple(each for each in found if each.point == point)

    def times(self, service: str, since: Instant, days: int) -> tuple[FreeTime, ...] | Trouble:
        """Free times of so many days from then on."""
        until = Instant(since + days * DAY)
        return said(self._server.free_times(service, since, until), NO_SERVER, NO_SERVER)

    def book(self, new: NewBooking) -> BookingSeen | Trouble:
        """Books a time, unless somebody was faster."""
        return said(self._server.book(_body(new), self._ids()), NO_SERVER, UNSURE)


def is_number(code: str) -> bool:
    """Whether that may be a booking's number; no ticket's code is."""
    return len(_plain(code)) == NUMBER_LENGTH and set(_plain(code)) <= set(READABLE)


def _plain(code: str) -> str:
    """A number as it is kept, however it was written or read."""
    return plain_number("".join(code.split()))


def _body(new: NewBooking) -> Mapping[str, object]:
    customer = {"name": new.name, "phone": new.phone, "email": new.email, "language": new.language}
    return {
        "definitionId": new.service,
        "slot": {"start": clock.rfc3339(new.starts)},
        "customer": {name: value for name, value in customer.items() if value},
    }
