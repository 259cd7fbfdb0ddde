"""What every face of the kiosk is given: the station, the worker, the words' language."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.clock import Instant
from kiosk.desk.board import Call
from kiosk.desk.station import Station, Work
from kiosk.qt.worker import Worker
from kiosk.store.credentials import Credentials
from kiosk.ui.views import NoticeView


@dataclass(frozen=True, slots=True)
class Ready:
    """`work` is the paired device's; `notice` shows staff a message, `announce` tells a lobby of a call."""

    station: Station
    work: Work
    worker: Worker
    clock: Callable[[], Instant]
    language: str
    notice: Callable[[NoticeView], None]
    sound: Callable[[str], None]
    announce: Callable[[Call], None]

    @property
    def credentials(self) -> Credentials:
        """As the server told them last."""
        return (self.station.work or self.work).credentials

    def now(self) -> Instant:
        """The time by the server's clock."""
        return self.station.store.offset.correct(self.clock())
