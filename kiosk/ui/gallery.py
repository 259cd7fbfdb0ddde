"""Pictures of every page and state, for looking at: `python -m kiosk.ui.gallery FOLDER`."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from kiosk.ui import gallery_desk, gallery_welcome, samples_door, theme
from kiosk.ui.pages.door import DoorPage
from kiosk.ui.sale_views import OfferView
from kiosk.ui.text import text
from kiosk.ui.theme import Theme
from kiosk.ui.views import Connection, DoorView, Health, NoticeView, Outline, StatusView, Tone
from kiosk.ui.window import Window

Scene = tuple[str, tuple[int, int], Callable[[], QWidget]]


def scenes() -> Iterator[Scene]:
    """Name, size, and how to make what is pictured."""
    yield "door", (1280, 800), lambda: _door()
    yield "door-small", (1024, 600), lambda: _door()
    yield "door-tiny", (800, 480), lambda: _door()
    yield "door-tall", (800, 1280), lambda: _door()
    yield "door-wide", (1920, 1080), lambda: _door()
    yield (
        "door-offline",
        (1280, 800),
        lambda: _door(
            samples_door.status(connection=Connection.OFFLINE, backlog=12, rejected=1, clock_off=7200)
        ),
    )
    yield "door-no-camera", (1280, 800), _no_camera
    yield "door-search", (1280, 800), _search
    yield "door-notice", (1280, 800), _notice
    yield "door-label", (1280, 800), _label
    for name in samples_door.VERDICTS:
        yield f"verdict-{name}", (1280, 800), partial(_verdict, name)
    for name, offers in (("sale", samples_door.OFFERS), ("sale-offline", samples_door.OFFERS_HERE)):
        yield name, (1280, 800), partial(_sale, offers)
        yield f"{name}-tiny", (800, 480), partial(_sale, offers)
    yield "sale-chosen", (1280, 800), partial(_sale, samples_door.OFFERS, "student")
    yield "verdict-sold-tiny", (800, 480), lambda: _verdict("sold")
    yield "verdict-small", (1024, 600), lambda: _verdict("admitted-note")
    yield "verdict-tiny", (800, 480), lambda: _verdict("ask")
    yield "verdict-tall", (800, 1280), lambda: _verdict("already-in")
    yield from gallery_desk.scenes()
    yield from gallery_welcome.scenes()


def render(folder: Path) -> None:
    """Writes each scene in both themes."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    folder.mkdir(parents=True, exist_ok=True)
    for dark in (False, True):
        theme.apply(app, Theme(dark=dark))
        for name, (width, height), make in scenes():
            shown = make()
            shown.resize(width, height)
            shown.show()
            app.processEvents()
            app.processEvents()
            shown.grab().save(str(folder / f"{name}-{'dark' if dark else 'light'}.png"))
            shown.close()
            shown.deleteLater()


def _in_window(page: QWidget, status: StatusView) -> Window:
    window = Window(fullscreen=False)
    window.show_page(page)
    window.show_status(status)
    return window


def _page() -> DoorPage:
    page = DoorPage()
    page.show_view(replace(samples_door.door(), offers=samples_door.OFFERS))
    corners = ((528.0, 238.0), (752.0, 238.0), (752.0, 462.0), (528.0, 462.0))
    page.show_picture(samples_door.picture(), [Outline(corners)])
    return page


def _door(status: StatusView | None = None) -> QWidget:
    return _in_window(_page(), status or samples_door.status())


def _no_camera() -> QWidget:
    page = _page()
    page.show_view(DoorView("Main entrance", camera=Health.ABSENT))
    return _in_window(
        page, samples_door.status(camera=Health.ABSENT, connection=Connection.STARTING, fetched=0.4)
    )


def _search() -> QWidget:
    page = _page()
    window = _in_window(page, samples_door.status())
    page._search.setText("ann")
    page.show_search(samples_door.search())
    return window


def _notice() -> QWidget:
    window = _in_window(_page(), samples_door.status())
    window.resize(1280, 800)
    window.show_notice(
        NoticeView(
            "Amira Özdemir was admitted twice", "South door had let this ticket in at 18:19.", Tone.BAD, True
        )
    )
    return window


def _label() -> QWidget:
    window = _in_window(_page(), samples_door.status())
    window.resize(1280, 800)
    window.show_notice(NoticeView(text("door.label.title"), text("door.label.body"), Tone.WARN))
    return window


def _sale(offers: tuple[OfferView, ...], chosen: str = "") -> QWidget:
    page = _page()
    page.show_view(replace(samples_door.door(), offers=offers))
    offline = {"connection": Connection.OFFLINE, "backlog": 3} if offers[0].here else {}
    window = _in_window(page, samples_door.status(**offline))
    window.show()
    page._sale.show_offers(offers)
    if chosen:
        page._sale._choose(chosen)
    return window


def _verdict(name: str) -> QWidget:
    page = _page()
    window = _in_window(page, samples_door.status())
    window.show()
    page.show_verdict(samples_door.VERDICTS[name])
    return window


if __name__ == "__main__":
    render(Path(sys.argv[1]))
