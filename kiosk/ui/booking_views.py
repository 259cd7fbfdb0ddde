"""What the Desk shows of bookings, as frozen values. Moments are local to the service point."""

from dataclasses import dataclass
from datetime import datetime

from domain.reservation import State


@dataclass(frozen=True, slots=True)
class BookingView:
    """A booking. `service` is a name, `place` the number in the line once the person is here.

    `may_undo`: that they are here can still be taken back.
    """

    id: str
    number: str
    at: datetime
    name: str = ""
    service: str = ""
    state: State = State.CONFIRMED
    place: str = ""
    seats: int = 1
    may_arrive: bool = True
    may_confirm: bool = False
    may_undo: bool = False

    @property
    def is_due(self) -> bool:
        """Whether something is still to be done about it."""
        return self.may_arrive or self.may_confirm


@dataclass(frozen=True, slots=True)
class DayView:
    """The bookings of a day, by their times; `trouble` says why they cannot be told."""

    bookings: tuple[BookingView, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class BookableView:
    """What can be booked; `minutes` is how long it takes."""

    id: str
    name: str
    minutes: int


@dataclass(frozen=True, slots=True)
class TimeView:
    """A free time. `id` says the same instant to whoever books it."""

    id: int
    at: datetime
    seats: int = 1


@dataclass(frozen=True, slots=True)
class TimesView:
    """Free times of seven days, `week` weeks from now."""

    service: BookableView
    week: int = 0
    times: tuple[TimeView, ...] = ()


@dataclass(frozen=True, slots=True)
class BookRequest:
    """A time for somebody; what was not said is empty."""

    service: str
    time: int
    name: str
    phone: str = ""
    email: str = ""
