"""Scenes of Desk, Display, first start, PIN and staff menu for the gallery."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QPushButton, QWidget

from domain.queue import State
from domain.service_point import Opening
from kiosk.ui import (
    gallery_repair,
    samples_booking,
    samples_desk,
    samples_display,
    samples_door,
    samples_setup,
)
from kiosk.ui.booking_views import DayView, TimesView
from kiosk.ui.desk_views import DeskNotice, DeskView, DisplayView, Faster, GraceNotice, Joined, NumbersGone
from kiosk.ui.pages.cannot_start import CannotStartPage
from kiosk.ui.pages.desk import DeskPage
from kiosk.ui.pages.display import DisplayPage
from kiosk.ui.pages.first_start import FirstStartPage
from kiosk.ui.pages.pin import PinPage
from kiosk.ui.pages.staff_menu import StaffMenuPage
from kiosk.ui.setup_views import FirstStartView, MenuView, PinView
from kiosk.ui.text import text
from kiosk.ui.till_views import FoundOrders, OrderView

Size = tuple[int, int]
_DESK, _SMALL, _TALL, _LOBBY = (1280, 736), (1024, 536), (800, 1216), (1920, 1080)
_TINY = (800, 416)
"""A status line of 64 pixels stands below pages of staff."""

_NOTICES: dict[str, DeskNotice] = {
    "faster": Faster("A012", State.SERVING, "Desk 3"),
    "grace": GraceNotice("a015", "A015", 83_000),
    "joined": Joined("A020", 7, samples_desk.waits(27, 38)),
    "no-numbers": NumbersGone(),
}


def scenes() -> Iterator[tuple[str, Size, Callable[[], QWidget]]]:
    """Name, size, and how to make what is pictured."""
    yield "desk", _DESK, desk
    yield "desk-small", _SMALL, desk
    yield "desk-tiny", _TINY, desk
    yield "desk-tall", _TALL, desk
    yield "desk-empty", _DESK, partial(desk, samples_desk.EMPTY)
    yield "desk-offline", _DESK, partial(desk, samples_desk.OFFLINE)
    yield "desk-rough", _DESK, partial(desk, samples_desk.ROUGH)
    yield "desk-closing", _DESK, partial(desk, replace(samples_desk.BUSY, opening=Opening.CLOSING))
    yield "desk-no-counter", _DESK, partial(desk, replace(samples_desk.BUSY, counter=""))
    yield "desk-no-line", _DESK, partial(desk, DeskView("", ()))
    for name, notice in _NOTICES.items():
        yield f"desk-{name}", _DESK, partial(_noticed, notice)
    for name, button in (("join", "join"), ("more", "more:A015"), ("counter", "chooseCounter")):
        yield f"desk-{name}", _DESK, partial(_pressed, desk, button)
    for name, order in (("order", samples_desk.UNPAID), ("paid", samples_desk.PAID)):
        yield f"desk-till-{name}", _DESK, partial(_till, order)
        yield f"desk-till-{name}-tiny", _TINY, partial(_till, order)
    yield "desk-till", _DESK, _found
    yield "desk-till-offline", _DESK, _no_server
    yield "desk-till-pin", _DESK, _asked_for_pin
    yield "desk-transfer", _DESK, partial(_pressed, desk, "more:A015", "do:transfer:A015")
    for name, make in _BOOKINGS.items():
        yield f"desk-{name}", _DESK, make
    yield "desk-bookings-tiny", _TINY, _bookings
    yield "desk-book-times-tiny", _TINY, _book
    yield "desk-bookings-offline", _DESK, partial(_bookings, DayView(trouble=text("problem.booking_offline")))
    yield "desk-book-full", _DESK, partial(_book, samples_booking.FULL)
    yield from gallery_repair.scenes(desk, _DESK, _TINY)
    yield from _lobby()
    yield from _setup()


def _till(order: OrderView) -> QWidget:
    page = desk()
    page.show()
    page.till.find_order(order.number)
    page.till.show_order(order, text("till.paid", receipt=order.receipt) if order.receipt else "")
    return page


def _found() -> QWidget:
    page = desk()
    page.show()
    page.till.find_order("gra")
    page.till.show_found(FoundOrders("gra", (samples_desk.UNPAID, samples_desk.PAID)))
    return page


def _no_server() -> QWidget:
    page = desk(samples_desk.OFFLINE)
    page.show()
    page.till.find_order("K7Q2M4XP")
    page.till.show_found(FoundOrders("K7Q2M4XP", trouble=text("problem.till_offline")))
    return page


def _asked_for_pin() -> QWidget:
    page = desk()
    page.show()
    page.pin.ask(PinView(wrong=True))
    return page


def _bookings(view: DayView = samples_booking.TODAY) -> QWidget:
    page = desk()
    page.show()
    page.bookings.open_list()
    page.bookings.show_day(view)
    return page


def _services() -> QWidget:
    page = desk()
    page.show()
    page.book.open_new()
    page.book.show_services(samples_booking.SERVICES)
    return page


def _book(view: TimesView = samples_booking.TIMES, *, chosen: bool = False) -> QWidget:
    page = desk()
    page.show()
    page.book.open_new()
    page.book.show_times(view)
    if chosen:
        page.book._ask_who(view.times[0])
    return page


def _booked() -> QWidget:
    page = desk()
    page.show()
    page.book.open_new()
    page.book.show_booked(samples_booking.BOOKED)
    return page


_BOOKINGS: dict[str, Callable[[], QWidget]] = {
    "bookings": _bookings,
    "book": _services,
    "book-times": _book,
    "book-who": partial(_book, chosen=True),
    "book-done": _booked,
}


def _lobby() -> Iterator[tuple[str, Size, Callable[[], QWidget]]]:
    for name in ("BUSY", "CROWDED", "FIRST", "EMPTY", "CLOSING", "CLOSED", "STALE"):
        view = getattr(samples_display, name)
        yield f"display-{name.lower()}", _LOBBY, partial(display, view)
    yield "display-upright", (1080, 1920), partial(display, samples_display.BUSY)
    yield "display-small", (1280, 720), partial(display, samples_display.BUSY)


def _setup() -> Iterator[tuple[str, Size, Callable[[], QWidget]]]:
    yield "first-start", (1280, 800), first_start
    yield "first-start-small", (1024, 600), first_start
    yield "first-start-tall", (800, 1280), first_start
    yield "first-start-no-camera", (1280, 800), partial(first_start, samples_setup.NO_CAMERA)
    yield "first-start-code", (1280, 800), partial(_pressed, first_start, "typeCode")
    failed = partial(first_start, samples_setup.FAILED)
    yield "first-start-failed", (1280, 800), partial(_pressed, failed, "typeCode", shown=samples_setup.FAILED)
    yield "first-start-local", (1280, 800), partial(_pressed, first_start, "thisComputer")
    yield "first-start-progress", (1280, 800), partial(first_start, samples_setup.FETCHING)
    yield "cannot-start", (1280, 800), _cannot_start
    yield "pin", _DESK, pin
    yield "pin-wrong", _SMALL, partial(pin, samples_setup.PIN_WRONG)
    yield "pin-tiny", _TINY, pin
    yield "pin-wait", _DESK, partial(pin, samples_setup.PIN_WAITS)
    yield "pin-new", _DESK, partial(pin, samples_setup.PIN_NEW)
    yield "pin-again-tiny", _TINY, partial(pin, samples_setup.PIN_AGAIN)
    yield "menu", _DESK, menu
    yield "menu-small", _SMALL, menu
    yield "menu-tiny", _TINY, menu
    yield "menu-tall", _TALL, menu
    yield "menu-offline", _DESK, partial(menu, samples_setup.MENU_OFFLINE)
    yield "menu-language", _DESK, partial(_pressed, menu, "chooseLanguage")
    yield "menu-quit", _DESK, partial(_pressed, menu, "quit")


def desk(view: DeskView = samples_desk.BUSY) -> DeskPage:
    page = DeskPage()
    page.show_view(view)
    return page


def display(view: DisplayView = samples_display.BUSY) -> DisplayPage:
    page = DisplayPage()
    page.show_view(view)
    return page


def first_start(view: FirstStartView = samples_setup.CHOOSE) -> FirstStartPage:
    page = FirstStartPage()
    page.show_picture(samples_door.picture())
    page.show_view(view)
    return page


def _cannot_start() -> QWidget:
    return CannotStartPage(
        "Another Usher runs with the folder /home/kiosk/.local/share/usher/kiosk: go on in its window, or "
        "choose another folder with --data."
    )


def pin(view: PinView = samples_setup.PIN) -> PinPage:
    page = PinPage()
    page.show_view(view)
    return page


def menu(view: MenuView = samples_setup.MENU) -> StaffMenuPage:
    page = StaffMenuPage()
    page.show_view(view)
    return page


def _noticed(notice: DeskNotice) -> QWidget:
    page = desk()
    page.show_notice(notice)
    return page


def _pressed(make: Callable[[], QWidget], *buttons: str, shown: FirstStartView | None = None) -> QWidget:
    """A page after its buttons of these names were pressed; `shown` is what comes of it."""
    page = make()
    page.resize(*_DESK)
    page.show()
    for name in buttons:
        button = page.findChild(QPushButton, name)
        assert button is not None, name
        button.click()
    if shown and isinstance(page, FirstStartPage):
        page.show_view(shown)
    return page
