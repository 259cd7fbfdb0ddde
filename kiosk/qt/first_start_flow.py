"""The first start: from nothing to a paired kiosk, by QR, by typed code, or with a server of its own."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject

from domain.clock import Instant
from domain.errors import Problem
from kiosk.config import Config
from kiosk.desk.pin import Pin
from kiosk.hosting import HostedServer, LocalServer
from kiosk.qt.worker import Worker
from kiosk.store.credentials import Credentials
from kiosk.sync import first_setup, pairing
from kiosk.sync.first_setup import Begun, Wanted
from kiosk.ui.pages.first_start import FirstStartPage
from kiosk.ui.setup_views import Begin, FirstStartView, LocalSetup, SetupStep
from kiosk.ui.text import trouble
from kiosk.ui.views import Health

_SCHEME = "usher:"


class FirstStartFlow(QObject):
    """Ends with `paired`, called with what pairing gave and, for a server of its own, with that server."""

    def __init__(
        self,
        config: Config,
        worker: Worker,
        local: LocalServer,
        pin: Pin,
        clock: Callable[[], Instant],
        zone: str,
        paired: Callable[[Credentials, HostedServer | None], None],
    ) -> None:
        super().__init__()
        self.page = FirstStartPage()
        self._config, self._worker, self._local = config, worker, local
        self._pin, self._clock, self._zone, self._paired = pin, clock, zone, paired
        self._view = FirstStartView(server=config.server)
        self.page.invitation_entered.connect(self._typed)
        self.page.local_chosen.connect(self._alone)
        self._show()

    def scanned(self, code: str) -> None:
        """A code that the camera or a scanner read; only a pairing code means anything here."""
        if code.strip().startswith(_SCHEME):
            self._typed("", code)

    def camera_is(self, health: Health) -> None:
        """Until a camera was looked for, there may well be one."""
        self._view = replace(self._view, camera=health in (Health.READY, Health.UNUSED))
        self.page.show_view(self._view)

    def failed(self, fault: Exception) -> None:
        words = trouble(fault.code, fault.detail) if isinstance(fault, Problem) else str(fault)
        self._show(error=words)

    def _show(self, step: SetupStep | None = None, error: str = "") -> None:
        self._view = replace(self._view, step=step, error=error)
        self.page.show_view(self._view)

    def _typed(self, server: str, code: str) -> None:
        self._show(SetupStep.PAIRING)

        def job() -> Credentials:
            return pairing.pair(pairing.invitation(code, server or self._config.server))

        self._worker.ask(job, lambda found: self._paired(found, None))

    def _alone(self, wanted: LocalSetup) -> None:
        self._show(SetupStep.STARTING)
        self._worker.ask(lambda: self._set_up(wanted), lambda found: self._paired(*found))

    def _set_up(self, wanted: LocalSetup) -> tuple[Credentials, HostedServer]:
        """Starts the server, makes its organisation, and sets the PIN. What fails leaves nothing running."""
        secret = secrets.token_urlsafe(32)
        hosting = self._local.hosting(secret)
        server = HostedServer(hosting)
        server.start()
        try:
            begun = first_setup.set_up(hosting.address, secret, self._wanted(wanted), self._clock())
        except Problem:
            server.close()
            raise
        self._pin.set(wanted.pin)
        _keep(begun, self._local.folder)
        return begun.credentials, server

    def _wanted(self, wanted: LocalSetup) -> Wanted:
        event = wanted.name if wanted.begin is Begin.EVENT else ""
        point = wanted.name if wanted.begin is Begin.SERVICE_POINT else ""
        return Wanted(wanted.organization, self._zone, event=event, service_point=point)


def _keep(begun: Begun, folder: Path) -> None:
    """Writes the administrator's first password where only this user can read it."""
    path = folder / "administrator.txt"
    path.touch(mode=0o600)
    path.write_text(f"{begun.email}\n{begun.password}\n")
