"""The first start: from nothing to a paired kiosk, by QR, by typed code, or with a server of its own."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject

from domain.clock import Instant
from domain.errors import Problem
from kiosk import own_server
from kiosk.config import Config
from kiosk.hosting import HostedServer, LocalServer
from kiosk.qt.pin_flow import PinOver
from kiosk.qt.worker import Worker
from kiosk.store.credentials import Credentials
from kiosk.sync import pairing
from kiosk.sync.first_setup import Wanted
from kiosk.sync.pairing import Invitation
from kiosk.ui.pages.first_start import FirstStartPage
from kiosk.ui.setup_views import Begin, FirstStartView, LocalSetup, SetupStep
from kiosk.ui.text import trouble
from kiosk.ui.views import Health

_SCHEME = "usher:"


class FirstStartFlow(QObject):
    """Ends with `paired`, called with what pairing gave and, for a server of its own, with that server.

    Either way whoever sets the kiosk up chooses its PIN before anything is done, so that no kiosk is ever
    paired without one.
    """

    def __init__(
        self,
        config: Config,
        worker: Worker,
        local: LocalServer,
        pin: PinOver,
        clock: Callable[[], Instant],
        zone: str,
        paired: Callable[[Credentials, HostedServer | None], None],
    ) -> None:
        super().__init__()
        self.page = FirstStartPage()
        self._config, self._worker, self._local = config, worker, local
        self._pin, self._clock, self._zone, self._paired = pin, clock, zone, paired
        self._chosen = False
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
        try:
            invited = pairing.invitation(code, server or self._config.server)
        except Problem as problem:
            self.failed(problem)
            return
        self._with_pin(lambda: self._pair(invited))

    def _pair(self, invited: Invitation) -> None:
        self._show(SetupStep.PAIRING)
        self._worker.ask(lambda: pairing.pair(invited), lambda found: self._paired(found, None))

    def _alone(self, wanted: LocalSetup) -> None:
        self._with_pin(lambda: self._set_up(self._wanted(wanted)))

    def _set_up(self, wanted: Wanted) -> None:
        self._show(SetupStep.STARTING)

        def job() -> tuple[Credentials, HostedServer]:
            begun, server = own_server.set_up(self._local, wanted, self._clock())
            return begun.credentials, server

        self._worker.ask(job, lambda found: self._paired(*found))

    def _with_pin(self, then: Callable[[], None]) -> None:
        """A second try goes on with the PIN that was chosen for the first."""

        def chosen() -> None:
            self._chosen = True
            then()

        if self._chosen:
            then()
        else:
            self._pin.choose(chosen)

    def _wanted(self, wanted: LocalSetup) -> Wanted:
        event = wanted.name if wanted.begin is Begin.EVENT else ""
        point = wanted.name if wanted.begin is Begin.SERVICE_POINT else ""
        return Wanted(wanted.organization, self._zone, event=event, service_point=point)
