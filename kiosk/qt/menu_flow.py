"""The staff menu behind its PIN: what staff set is kept, and takes effect at once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import time

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from domain import clock
from domain.ids import OpId
from kiosk.desk.station import Station
from kiosk.qt.door_shown import trouble_words
from kiosk.qt.look import Look
from kiosk.qt.pin_flow import PinOver
from kiosk.qt.worker import Worker
from kiosk.store.credentials import Credentials
from kiosk.store.outbox import Rejected
from kiosk.sync.status import Connection
from kiosk.ui import text as words
from kiosk.ui.pages.staff_menu import StaffMenuPage
from kiosk.ui.setup_views import (
    About,
    CameraView,
    Face,
    LanguageView,
    MenuView,
    RejectedView,
    TakingView,
    Theme,
    TillView,
)
from kiosk.ui.text import text
from kiosk.ui.views import NoticeView, Tone
from kiosk.ui.window import Window

_VERSION = "0.1.0"
_TILL_BEGINS = time(5)
"""By the clock of the place, when what was taken is counted anew."""


@dataclass(frozen=True, slots=True)
class Acts:
    """What the menu may do to the rest of the program, and what it has: `voice` is whether one can speak."""

    show_face: Callable[[str], None]
    look: Callable[[Look], None]
    open_camera: Callable[[str], None]
    voice: bool


class MenuFlow(QObject):
    """`open` asks for the PIN, or for a new one where a paired kiosk has none; the page below goes on
    meanwhile. A kiosk that is not paired yet has nothing to guard."""

    def __init__(
        self,
        window: Window,
        pin: PinOver,
        station: Station,
        worker: Worker,
        look: Look,
        zone: str,
        acts: Acts,
    ) -> None:
        super().__init__()
        self._window, self._station, self._worker, self._acts = window, station, worker, acts
        self._look, self._zone, self._face = look, clock.zone(zone), Face.DOOR
        self._pin = pin
        self._menu: StaffMenuPage | None = None

    def face_is(self, face: str) -> None:
        self._face = Face(face)

    def open(self) -> None:
        if self._pin.is_open or self._menu:
            return
        if self._station.pin.is_set or self._station.work:
            self._pin.ask(self._show_menu)
        else:
            self._show_menu()

    def refresh(self) -> None:
        if self._menu:
            self._worker.ask(self._view, self._shown)

    def _show_menu(self) -> None:
        menu = self._menu = StaffMenuPage()
        menu.face_chosen.connect(self._choose_face)
        menu.sync_asked.connect(self._sync)
        menu.retry_asked.connect(self._retry)
        menu.camera_chosen.connect(self._choose_camera)
        menu.sound_toggled.connect(lambda on: self._change(replace(self._look, sound=on)))
        menu.theme_chosen.connect(lambda name: self._change(replace(self._look, theme=name)))
        menu.text_size_chosen.connect(lambda size: self._change(replace(self._look, text_size=size)))
        menu.language_chosen.connect(lambda tag: self._change(replace(self._look, language=tag)))
        menu.pin_asked.connect(lambda: self._pin.change(self._pin_changed))
        menu.quit_asked.connect(self._quit)
        menu.closed.connect(self._close_menu)
        self._window.show_over(menu)
        self.refresh()

    def _close_menu(self) -> None:
        if self._menu:
            self._window.take_back(self._menu)
            self._menu = None

    def _choose_face(self, face: str) -> None:
        self._close_menu()
        self._acts.show_face(face)

    def _sync(self) -> None:
        self._station.sync_now()
        self.refresh()

    def _retry(self, op: str) -> None:
        self._worker.ask(lambda: self._station.store.outbox.retry(OpId(op)), lambda _: self._sync())

    def _choose_camera(self, name: str) -> None:
        self._acts.open_camera(name)
        self._change(replace(self._look, camera=name))

    def _change(self, look: Look) -> None:
        """The look takes effect, and is kept for the next start."""
        rebuilt = look.language != self._look.language
        self._look = look
        self._worker.ask(lambda: look.keep(self._station.store.settings))
        self._acts.look(look)
        if rebuilt:
            self._close_menu()
            self._acts.show_face(self._face)
        self.refresh()

    def _pin_changed(self) -> None:
        self._window.show_notice(NoticeView(text("menu.pin.changed"), tone=Tone.GOOD))

    def _quit(self) -> None:
        self._window.unlock()
        QApplication.quit()

    def _view(self) -> MenuView:
        from kiosk.devices.cameras import cameras

        status, work = self._station.status, self._station.work
        known = work.credentials if work else None
        exchange = status.last_exchange
        return MenuView(
            faces=tuple(Face),
            face=self._face,
            online=status.connection is Connection.ONLINE,
            backlog=status.backlog,
            rejected=tuple(map(self._rejected, self._station.store.outbox.rejected())),
            till=self._till(known),
            trouble=trouble_words(status.trouble or status.silence),
            cameras=tuple(CameraView(info.name, info.name) for info in cameras()),
            camera=self._look.camera,
            sound=self._look.sound,
            voice=self._acts.voice,
            theme=Theme(self._look.theme),
            text_size=self._look.text_size,
            languages=tuple(LanguageView(tag, words.own_name(tag)) for tag in words.languages()),
            language=self._look.language,
            about=About(
                device=known.name if known else "",
                organization=known.organization if known else "",
                server=known.server if known else "",
                version=_VERSION,
                last_exchange=clock.local(exchange, self._zone) if exchange else None,
            ),
        )

    def _till(self, known: Credentials | None) -> TillView | None:
        """None where no money is taken, nor was. A till's day ends when nobody sells, not at midnight."""
        takings, now = self._station.store.takings, self._station.now()
        since = clock.last_daily(_TILL_BEGINS, now, self._zone) or now
        totals, unsure = takings.totals(since), takings.unsure()
        sells = known is not None and (known.mode == Face.DESK or (known.mode == Face.DOOR and known.sells))
        if not (sells or totals or unsure):
            return None
        views = (
            TakingView(each.method, each.currency, each.count, each.amount, each.backs, each.given_back)
            for each in totals
        )
        orders = tuple(taking.number for taking in unsure)
        return TillView(clock.local(since, self._zone), tuple(views), orders)

    def _rejected(self, kept: Rejected) -> RejectedView:
        operation = kept.operation
        why = str(kept.answer.detail.get("detail") or kept.answer.detail.get("title") or "")
        return RejectedView(
            operation.op, text(f"menu.kind.{operation.kind}"), why, clock.local(operation.at, self._zone)
        )

    def _shown(self, view: MenuView) -> None:
        if self._menu:
            self._menu.show_view(view)
