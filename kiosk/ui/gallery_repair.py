"""Scenes of the Desk's service requests for the gallery."""

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtWidgets import QWidget

from kiosk.ui import samples_door, samples_request
from kiosk.ui.pages.desk import DeskPage
from kiosk.ui.request_views import RequestsView, TakenView
from kiosk.ui.text import text
from kiosk.ui.views import Health

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


def _one(desk: Make) -> QWidget:
    page = _shown(desk)
    page.request.show_request(samples_request.IN_REPAIR)
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
