"""The composition root of the kiosk: builds everything once, and is where its clock is read."""

import logging
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from domain import clock
from domain.errors import Problem
from domain.ids import TicketId
from kiosk import own_server
from kiosk.config import Config
from kiosk.desk.board import Call
from kiosk.desk.machine import Uuid7, system_clock
from kiosk.desk.station import Station, Work
from kiosk.devices.announcer import Announcer
from kiosk.devices.awake import keep_awake
from kiosk.devices.sound import SilentSound, SystemSound
from kiosk.devices.voice import EspeakVoice
from kiosk.devices.wedge_filter import WedgeFilter
from kiosk.hosting import Health as Hosted
from kiosk.hosting import HostedServer, LocalServer
from kiosk.qt import garbage, look
from kiosk.qt.door_face import DoorFace
from kiosk.qt.line_shown import announcement
from kiosk.qt.menu_flow import Acts, MenuFlow
from kiosk.qt.pin_flow import PinOver
from kiosk.qt.ready import Ready
from kiosk.qt.remote import Remote
from kiosk.qt.sighted import Sighted
from kiosk.qt.status_shown import notice_view, status_view
from kiosk.qt.worker import Worker
from kiosk.store.credentials import Credentials
from kiosk.store.folder import alone
from kiosk.store.notices import Notice
from kiosk.sync import pairing
from kiosk.sync.status import Changed, News, Noticed, Repaired, Status
from kiosk.ui import theme
from kiosk.ui.pages.cannot_start import CannotStartPage
from kiosk.ui.text import set_language, text, trouble
from kiosk.ui.views import Health, NoticeView, Outline, StatusView, Tone
from kiosk.ui.window import Window

if TYPE_CHECKING:
    from kiosk.qt.camera_feed import CameraFeed
    from kiosk.qt.desk_face import DeskFace
    from kiosk.qt.display_face import DisplayFace
    from kiosk.qt.first_start_flow import FirstStartFlow
    from kiosk.qt.welcome_face import WelcomeFace

_log = logging.getLogger("usher.kiosk")
_SECOND = 1_000
_FACE = "face"
"""Under this name the kiosk keeps which face it shows."""
_PUBLIC = frozenset({"welcome", "display"})
"""Faces that anybody may stand before: what staff should know is not shown there."""


@dataclass(frozen=True, slots=True)
class Options:
    """How this run differs from any other: `pictures` is a folder in the place of a camera, `pair` a
    pairing code to redeem at once, `remote` lets standard input press and type."""

    config: Config
    backend: Sequence[str]
    pictures: Path | None = None
    pair: str = ""
    remote: bool = False


def run(options: Options) -> int:
    """Shows the kiosk until it is told to quit; the exit status. Raises a `Problem` where it cannot start."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("Usher")
    # Not `quit`, which asks the window: whoever may signal this process needs no PIN.
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: QTimer.singleShot(0, lambda: app.exit(0)))
    try:
        with alone(options.config.data):
            kiosk = Kiosk(app, options)
            with garbage.on_this_thread():
                try:
                    return app.exec()
                finally:
                    kiosk.close()
    except Problem as problem:
        # Whoever started it from an icon reads no terminal.
        if not (options.remote or sys.stderr.isatty() or app.platformName() == "offscreen"):
            window = why_not(app, options.config, problem)
            window.present()
            app.exec()
        raise


def why_not(app: QApplication, config: Config, problem: Problem) -> Window:
    """A window that says why the kiosk cannot start, and closes."""
    chosen = look.of_run(config)
    set_language(chosen.language)
    theme.apply(app, chosen.as_theme())
    page, window = CannotStartPage(trouble(problem.code, problem.detail)), Window(fullscreen=False)
    page.closed.connect(window.close)
    window.show_page(page, status=False)
    return window


class Kiosk(QObject):
    """The program: a window, and below it the station."""

    _news = Signal(object)
    _hosted = Signal(str, str)

    def __init__(self, app: QApplication, options: Options) -> None:
        super().__init__()
        self._app, self._options, self._config = app, options, options.config
        self._news.connect(self._hear)
        self._hosted.connect(self._hear_of_server)
        self._station = Station(options.config, system_clock, Uuid7(), self._news.emit)
        self._look = look.read(options.config, self._station.store.settings)
        set_language(self._look.language)
        theme.apply(app, self._look.as_theme())
        self.window = Window(fullscreen=options.config.fullscreen)
        self._remote = Remote(self.window, self._scanned, self._set_theme) if options.remote else None
        self._worker = Worker("usher-desk", self._failed)
        self._server: HostedServer | None = None
        self._silent, self._loud = SilentSound(), SystemSound()
        self._voice = EspeakVoice()
        self._announcer = Announcer(self._loud, self._voice)
        self._face: DoorFace | DeskFace | DisplayFace | WelcomeFace | None = None
        self._mode = ""
        self._first: FirstStartFlow | None = None
        self._camera, self._camera_words, self._camera_used = Health.UNUSED, "", False
        self._feed: CameraFeed | None = None
        self._seen = False
        self._wedge = WedgeFilter(app)
        self._wedge.scanned.connect(self._scanned)
        acts = Acts(self._choose_face, self._apply, self._change_camera, self._voice.present)
        self._pin = PinOver(self.window, self._station.pin, self._worker)
        self._menu = MenuFlow(self.window, self._pin, self._station, self._worker, self._look, _zone(), acts)
        self.window.menu_asked.connect(self._open_menu)
        self._pulse = QTimer(self, interval=_SECOND)
        self._pulse.timeout.connect(self._show_status)
        self._pulse.start()
        self._begin()
        self.window.present()
        # Keys come to the system's window first; on the application a filter would see every event there is.
        self.window.windowHandle().installEventFilter(self._wedge)
        if self._config.fullscreen:
            keep_awake()
        self.tell(event="ready")

    def close(self) -> None:
        """In the order in which each part needs the next."""
        self._pulse.stop()
        self._close_camera()
        self._worker.close()
        self._station.close()
        if self._server:
            self._server.close()

    def tell(self, **event: object) -> None:
        if self._remote:
            self._remote.tell(**event)

    def show_face(self, mode: str) -> None:
        """Shows the face of a paired kiosk."""
        work = self._station.work
        if work is None:
            return
        if self._face:
            self._face.close()
        # A visitor may have chosen another one.
        set_language(self._look.language)
        self.window.show_language()
        ready = self._ready(work)
        match mode:
            case "desk":
                from kiosk.qt.desk_face import DeskFace

                self._face = DeskFace(ready, self.tell, self._use_camera)
            case "display":
                from kiosk.qt.display_face import DisplayFace

                self._face = DisplayFace(ready, self.tell)
            case "welcome":
                from kiosk.qt.welcome_face import WelcomeFace

                self._face = WelcomeFace(ready, self._config.visitor_seconds, self.tell)
            case _:
                self._face = DoorFace(ready, self._config.verdict_seconds, self.tell)
        self._tell_of_camera()
        self._use_camera(isinstance(self._face, Sighted) and self._face.watches)
        self._mode = mode
        self.window.show_page(self._face.page, status=mode not in _PUBLIC)
        self._menu.face_is(mode)
        self._show_status()
        self.tell(event="face", face=mode)

    def _open_menu(self) -> None:
        """Staff read their own language, and nothing that a visitor has typed."""
        if self._mode == "welcome":
            self.show_face(self._mode)
        self._menu.open()

    def _choose_face(self, mode: str) -> None:
        """Staff chose it, so that the kiosk comes back with it."""
        self._worker.ask(lambda: self._station.store.settings.put(_FACE, mode))
        self.show_face(mode)

    def _begin(self) -> None:
        if self._options.pair:
            known = pairing.pair(pairing.invitation(self._options.pair, self._config.server))
            self._station.pair(known)
            self._station.store.settings.put(_FACE, known.mode)
        work = self._station.work
        if work is not None:
            self._keep_own_server(work.credentials)
            self.show_face(self._station.store.settings.get(_FACE) or work.credentials.mode)
            return
        from kiosk.qt.first_start_flow import FirstStartFlow

        self._first = FirstStartFlow(
            self._config, self._worker, self._local(), self._pin, system_clock, _zone(), self._paired
        )
        self._tell_of_camera()
        self.window.show_page(self._first.page)
        self._use_camera(True)
        self.tell(event="face", face="first_start")

    def _local(self) -> LocalServer:
        return LocalServer(self._options.backend, self._config.server_data, self._config.port)

    def _keep_own_server(self, known: Credentials) -> None:
        """A kiosk that has its server inside starts it each time; meanwhile it works alone."""
        local, settings = self._local(), self._station.store.settings
        if not own_server.is_own(local, known, settings):
            return
        hosting = local.hosting()
        if known.server != hosting.address:
            # Another port was chosen for it since.
            known = replace(known, server=hosting.address)
            self._station.pair(known)
        own_server.finish(local, known, settings)
        self._server = HostedServer(hosting, lambda health, why: self._hosted.emit(health.value, why))
        self._server.keep()

    def _hear_of_server(self, health: str, why: str) -> None:
        """A server that cannot be run is tried again by itself; staff read what it takes."""
        if health == Hosted.DOWN:
            _log.warning("the server inside this computer: %s", why)
            if self._mode not in _PUBLIC:
                self.window.show_notice(NoticeView(text("notice.trouble"), why, Tone.BAD))
        self.tell(event="server", health=health)

    def _paired(self, known: Credentials, server: HostedServer | None) -> None:
        self._server = server or self._server
        self._station.pair(known)
        if server:
            own_server.finish(self._local(), known, self._station.store.settings)
        self._first = None
        self._choose_face(known.mode)

    def _ready(self, work: Work) -> Ready:
        return Ready(
            self._station,
            work,
            self._worker,
            system_clock,
            self._look.language,
            self.window.show_notice,
            self._play,
            self._announce,
        )

    def _use_camera(self, used: bool) -> None:
        """A face that reads no codes leaves the camera, and the computer, alone."""
        self._camera_used = used
        if not used:
            self._close_camera()
        elif self._feed is None:
            # What reads pictures takes its time to load: meanwhile the page stands, and takes scans.
            self._worker.ask(_load_camera, lambda _: self._open_camera(self._look.camera))

    def _change_camera(self, wanted: str) -> None:
        if self._feed:
            self._open_camera(wanted)

    def _open_camera(self, wanted: str) -> None:
        """Opens the camera of that name, in the place of the one before."""
        if not self._camera_used:
            return
        from kiosk.devices.camera import Camera, OpenCvCamera
        from kiosk.devices.picture_camera import PictureCamera
        from kiosk.qt.camera_feed import CameraFeed

        self._close_camera()
        folder = self._options.pictures
        camera: Camera = PictureCamera(folder) if folder else OpenCvCamera(wanted)
        feed = self._feed = CameraFeed(camera)
        feed.scanned.connect(self._scanned)
        feed.several.connect(self._several)
        feed.pictured.connect(self._pictured)
        feed.changed.connect(self._camera_changed)
        feed.start()

    def _close_camera(self) -> None:
        feed, self._feed, self._seen = self._feed, None, False
        if feed:
            feed.stop()

    def _apply(self, chosen: look.Look) -> None:
        self._look = chosen
        set_language(chosen.language)
        self.window.show_language()
        theme.apply(self._app, chosen.as_theme())

    def _set_theme(self, name: str) -> None:
        self._apply(replace(self._look, theme=name))

    def _play(self, name: str) -> None:
        wanted = self._look.sound and not self._options.remote
        (self._loud if wanted else self._silent).play(name)

    def _announce(self, call: Call) -> None:
        if self._look.sound and not self._options.remote:
            tags = self._config.announced or (self._look.language,)
            self._announcer.announce([(announcement(call, tag), tag) for tag in tags])

    def _scanned(self, code: str) -> None:
        if self._first:
            self._first.scanned(code)
        elif isinstance(self._face, DoorFace) or (self._face is not None and self._face.point is not None):
            self._face.scanned(code)

    def _several(self, codes: tuple[str, ...]) -> None:
        if isinstance(self._face, Sighted):
            self._face.several(codes)

    def _pictured(self, picture: QImage, outlines: Sequence[Outline]) -> None:
        if isinstance(self._face, Sighted):
            self._face.pictured(picture, outlines)
        elif self._first:
            self._first.page.show_picture(picture)
        if not self._seen:
            self._seen = True
            self.tell(event="camera", seen=True)

    def _camera_changed(self, state: str, words: str) -> None:
        self._camera, self._camera_words = Health(state), words
        self._tell_of_camera()
        self._show_status()

    def _tell_of_camera(self) -> None:
        if isinstance(self._face, Sighted):
            self._face.camera_is(self._camera, self._camera_words)
        elif self._first:
            self._first.camera_is(self._camera)

    def _hear(self, news: News) -> None:
        match news:
            case Status():
                self._show_status()
                self.tell(event="status", connection=news.connection.value, backlog=news.backlog)
            case Changed(scope, tables):
                self.tell(event="copied", scope=str(scope), tables=sorted(tables))
                if self._face:
                    self._face.refresh()
            case Noticed(notice):
                self._worker.ask(
                    lambda: self._name_of(notice.subject), lambda name: self._notice(notice, name)
                )
            case Repaired():
                if self._station.work:
                    self._choose_face(self._station.work.credentials.mode)

    def _notice(self, notice: Notice, name: str) -> None:
        if self._mode not in _PUBLIC:
            self.window.show_notice(notice_view(notice, name))
        self.tell(event="notice", kind=notice.kind, op=notice.op)

    def _name_of(self, ticket: str) -> str:
        try:
            found = self._station.store.tickets.ticket(TicketId(ticket))
        except Problem:
            return ""
        return found.name if found else ""

    def _show_status(self) -> None:
        camera = self._camera if self._face and self._camera_used else Health.UNUSED
        point = self._face.point if self._face else None
        zone, language = clock.zone(_zone()), self._look.language

        def job() -> StatusView:
            return status_view(self._station, system_clock(), zone, language, camera, point)

        self._worker.ask(job, self.window.show_status)

    def _failed(self, fault: Exception) -> None:
        """What a job raised, in words; a fault of ours goes to the log, whole."""
        if self._first:
            self._first.failed(fault)
            return
        if isinstance(fault, Problem):
            words = trouble(fault.code, fault.detail)
            self.window.show_notice(NoticeView(text("notice.trouble"), words, Tone.BAD))
            return
        _log.error("a job failed", exc_info=fault)
        self.window.show_notice(NoticeView(text("notice.fault"), "", Tone.BAD))


def _load_camera() -> None:
    import_module("kiosk.qt.camera_feed")


def _zone() -> str:
    """The computer's own zone, as the system names it."""
    named = os.environ.get("TZ", "")
    target = os.path.realpath("/etc/localtime").partition("/zoneinfo/")[2]
    for name in (named, target):
        try:
            if name:
                return clock.zone(name).key
        except Problem:
            continue
    return "UTC"
