"""Scenes of the Welcome page for the gallery."""

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtWidgets import QWidget

from kiosk.ui import samples_door, samples_welcome
from kiosk.ui.pages.welcome import WelcomePage
from kiosk.ui.text import language, text
from kiosk.ui.views import Health
from kiosk.ui.welcome_views import NumberView, Seeing, ServiceView, WelcomeView

Size = tuple[int, int]
_WIDE, _TALL, _TINY = (1280, 800), (800, 1280), (800, 480)
_SECONDS = 30


def scenes() -> Iterator[tuple[str, Size, Callable[[], QWidget]]]:
    """Name, size, and how to make what is pictured."""
    kept = samples_welcome
    for size, name in ((_WIDE, ""), (_TALL, "-tall"), (_TINY, "-tiny")):
        yield f"welcome{name}", size, welcome
        yield f"welcome-services{name}", size, partial(services, kept.OPEN)
        yield f"welcome-name{name}", size, partial(_details, kept.SERVICES[0])
        yield f"welcome-booking{name}", size, _booking
        yield f"welcome-number{name}", size, partial(_number, kept.NUMBER)
    yield "welcome-closed", _WIDE, partial(services, kept.CLOSED)
    yield "welcome-alone", _WIDE, partial(services, kept.ALONE)
    yield "welcome-none", _WIDE, partial(services, WelcomeView(kept.OPEN.organization))
    yield "welcome-details", _WIDE, partial(_details, kept.STRICT)
    yield "welcome-unknown", _WIDE, partial(_refused, "problem.booking_unknown")
    yield "welcome-label", _WIDE, partial(_refused, "welcome.label")
    yield "welcome-number-alone", _WIDE, partial(_number, kept.NUMBER_ALONE)
    yield "welcome-number-called", _WIDE, partial(_number, kept.NUMBER_CALLED)
    yield "welcome-number-booked", _WIDE, partial(_number, kept.NUMBER_BOOKED)
    yield "welcome-closes", _WIDE, _closes


def welcome(view: WelcomeView = samples_welcome.OPEN) -> WelcomePage:
    page = WelcomePage(_SECONDS)
    page.show_view(view)
    return page


def services(view: WelcomeView) -> WelcomePage:
    page = welcome(view)
    page._choose_language(language())
    return page


def _details(service: ServiceView) -> WelcomePage:
    page = welcome()
    page._ask_details(service)
    return page


def _booking() -> WelcomePage:
    page = welcome()
    page.show_seeing(Seeing(Health.READY))
    page._ask_booking()
    page.show_picture(samples_door.picture())
    return page


def _refused(key: str) -> WelcomePage:
    page = _booking()
    page.show_trouble(text(key))
    return page


def _number(view: NumberView) -> WelcomePage:
    page = welcome()
    page.show_number(view)
    return page


def _closes() -> WelcomePage:
    page = services(samples_welcome.OPEN)
    for _ in range(_SECONDS - 8):
        page._tick()
    return page
