"""Sample views of bookings at the desk: the same office as the desk's."""

from datetime import datetime, timedelta

from domain.reservation import State
from kiosk.ui.booking_views import BookableView, BookingView, DayView, TimesView, TimeView

_NINE = datetime(2026, 5, 11, 9, 0)  # noqa: DTZ001  # local to the service point


def _booked(
    minutes: int, number: str, name: str, state: State = State.CONFIRMED, **more: object
) -> BookingView:
    may = {
        "may_arrive": state in (State.CONFIRMED, State.NO_SHOW),
        "may_confirm": state is State.PENDING,
        "may_undo": state is State.CHECKED_IN,
    }
    at = _NINE + timedelta(minutes=minutes)
    return BookingView(number, number, at, name, "Passport", state, **{**may, **more})  # type: ignore[arg-type]


TODAY = DayView(
    (
        _booked(0, "K7Q2M4XPWA", "Grace Hopper", State.COMPLETED, place="A009"),
        _booked(30, "9DKR3TVH5M", "Ngozi Okonkwo", State.NO_SHOW),
        _booked(60, "R3TVH5M9DK", "Amira Özdemir", State.CHECKED_IN, place="A019"),
        _booked(90, "VXQV8QQCWW", "Rafael Ortiz Calderón de la Barca", seats=3),
        _booked(120, "Q8J4GZSUUX", "Wei Zhang"),
        _booked(150, "P6ZPP4HRTK", "Julia Kovács", State.PENDING),
    )
)
PASSPORT = BookableView("passport", "Passport", 15)
SERVICES = (PASSPORT, BookableView("advice", "Advice on moving house", 45))
TIMES = TimesView(
    PASSPORT,
    times=tuple(
        TimeView(day * 100 + place, _NINE + timedelta(days=day, minutes=15 * place))
        for day in (0, 1, 3, 4)
        for place in range(3, 24, 2)
    ),
)
FULL = TimesView(PASSPORT, week=1)
BOOKED = _booked(90, "VXQV8QQCWW", "Rafael Ortiz Calderón de la Barca")
