"""Bookings and free times as what the Desk shows."""

from collections.abc import Collection
from zoneinfo import ZoneInfo

from domain import clock
from domain.ids import EntryId
from domain.reservation import Event, State, after
from kiosk.qt.door_shown import in_language
from kiosk.sync.booking_wire import Bookable, BookingSeen, FreeTime
from kiosk.ui.booking_views import BookableView, BookingView, TimeView


def booking_view(
    of: BookingSeen,
    service: Bookable | None,
    zone: ZoneInfo,
    language: str,
    called: Collection[EntryId] = (),
) -> BookingView:
    """`service` None: it can no longer be booked, and its name is not known here. `called` are those of the
    line whose turn has come."""
    return BookingView(
        id=of.id,
        number=of.number,
        at=clock.local(of.starts, zone),
        name=of.name,
        service=in_language(service.name, language) if service else "",
        state=of.state,
        place=of.place,
        seats=of.seats,
        may_arrive=after(of.state, Event.CHECK_IN) is not None,
        may_confirm=after(of.state, Event.CONFIRM) is not None,
        may_undo=of.state is State.CHECKED_IN and of.entry not in called,
    )


def bookable_view(of: Bookable, language: str) -> BookableView:
    return BookableView(of.id, in_language(of.name, language) or of.id, of.minutes)


def time_view(of: FreeTime, zone: ZoneInfo) -> TimeView:
    return TimeView(of.starts, clock.local(of.starts, zone), of.seats)
