"""Scenes of the Desk's service requests for the gallery."""

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtWidgets import QWidget

from kiosk.ui import samples_door, samples_request
from kiosk.ui.pages.desk import DeskPage
from kiosk.ui.request_views import RequestsView, RequestView, TakenView
from kiosk.ui.text import text
from kiosk.ui.views import Health
from kiosk.ui.widgets.button import Button

Size = tuple[int, int]
Make = Callable[[], DeskPage]


def scenes(desk: Make, size: Size, tiny: Size) -> Iterator[tuple[str, Size, Callable[[], QWidget]]]:
    """Name, size, and how to make what is pictured; `desk` makes the page behind."""
    offline = RequestsView(trouble=text("problem.request_offline"))
    yield "desk-requests", size, partial(_list, desk)
    yield "desk-requests-tiny", tiny, partial(_list, desk)
    yield "desk-requests-offline", size, partial(_list, desk, offline)
    yield "desk-request", size, partial(_one, desk)
    yield "desk-request-tiny", tiny, partial(_one, desk)
    for name, view in (
        ("examined", samples_request.EXAMINED),
        ("asked", samples_request.ASKED),
        ("declined", samples_request.DECLINED),
        ("over", samples_request.OVER),
    ):
        yield f"desk-request-{name}", size, partial(_one, desk, view)
    yield "desk-request-asked-tiny", tiny, partial(_one, desk, samples_request.ASKED)
    yield "desk-request-not-done", size, partial(_not_done, desk)
    yield "desk-costs", size, partial(_costs, desk)
    yield "desk-costs-tiny", tiny, partial(_costs, desk)
    yield "desk-costs-none", size, partial(_costs, desk, samples_request.UNPRICED)
    yield "desk-costs-work", size, partial(_pressed, desk, "requestCosts", "line:labour")
    yield "desk-costs-wrong", size, partial(_pressed, desk, "requestCosts", "part:add")
    yield "desk-promise", size, partial(_pressed, desk, "requestPromise")
    yield "desk-promise-tiny", tiny, partial(_pressed, desk, "requestPromise")
    yield "desk-intake", size, partial(_intake, desk)
    yield "desk-intake-tiny", tiny, partial(_intake, desk)
    yield "desk-photos", size, partial(_photos, desk)
    yield "desk-photos-none", size, partial(_photos, desk, blind=True)
    yield "desk-taken", size, partial(_taken, desk)
    yield "desk-taken-tiny", tiny, partial(_taken, desk)
    yield "desk-taken-later", size, partial(_taken, desk, samples_request.LATER)


def _list(desk: Make, view: RequestsView = samples_request.HERE) -> QWidget:
    page = _shown(desk)
    page.requests.open_list()
    page.requests.show_requests(view)
    return page


def _one(desk: Make, view: RequestView = samples_request.IN_REPAIR) -> DeskPage:
    page = _shown(desk)
    page.request.show_request(view)
    return page


def _not_done(desk: Make) -> QWidget:
    page = _one(desk, samples_request.ASKED)
    page.request.fail(text("problem.request_not_changed"))
    return page


def _costs(desk: Make, view: RequestView = samples_request.EXAMINED) -> QWidget:
    page = _one(desk, view)
    page.request._open(page.request._costs)
    return page


def _pressed(desk: Make, *names: str) -> QWidget:
    """What stands before whoever has pressed these."""
    page = _one(desk, samples_request.EXAMINED)
    for name in names:
        for button in page.request.findChildren(Button, name):
            button.click()
    return page


def _intake(desk: Make) -> QWidget:
    page = _shown(desk)
    page.intake.open_new()
    return page


def _photos(desk: Make, *, blind: bool = False) -> QWidget:
    page = _shown(desk)
    page.intake.open_new()
    page.intake._open_photos()
    if blind:
        page.intake.camera_is(Health.ABSENT, text("camera.none"))
        return page
    page.intake.show_picture(samples_door.picture())
    for _ in range(2):
        page.intake._photos._shoot()
        page.intake.photo_kept()
    return page


def _taken(desk: Make, view: TakenView = samples_request.TAKEN) -> QWidget:
    page = _shown(desk)
    page.intake.open_new()
    page.intake.show_taken(view)
    return page


def _shown(desk: Make) -> DeskPage:
    page = desk()
    page.show()
    return page
