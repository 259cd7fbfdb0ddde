"""Whole kiosks against the stand-in server: real files, real threads, a real connection."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Condition
from time import monotonic

from domain.clock import Instant
from kiosk.config import Config
from kiosk.desk.door import Door
from kiosk.desk.line import LineDesk
from kiosk.desk.machine import Uuid7, system_clock
from kiosk.desk.station import Station
from kiosk.store import credentials
from kiosk.sync.status import Connection, News
from tests.kiosk.standin_server import StandinServer
from tests.kiosk.standin_state import Device

_PATIENCE = 20.0


class Kiosk:
    """A station that remembers its news. `ahead` is how far its clock is off, in milliseconds."""

    def __init__(self, folder: Path, ahead: int = 0, deadline: int = 2_000) -> None:
        self.news: list[News] = []
        self._heard = Condition()
        config = Config(data=folder, deadline=deadline)
        self.station = Station(config, lambda: Instant(system_clock() + ahead), Uuid7(), self._hear)

    @property
    def door(self) -> Door:
        assert self.station.work is not None
        return self.station.work.door

    @property
    def line(self) -> LineDesk:
        assert self.station.work is not None
        return self.station.work.line

    def wait(self, what: Callable[[], bool]) -> None:
        """Until it is so; looks again at each piece of news, and now and then besides. While it looks, news
        come in: what is asked may itself wait for the sync."""
        until = monotonic() + _PATIENCE
        while not what():
            assert monotonic() < until, f"{self.station.status}\n{self.news[-5:]}"
            with self._heard:
                self._heard.wait(0.02)

    def wait_synced(self) -> None:
        """Every copy is here, the server is asked first, and nothing waits to be sent."""
        store, work = self.station.store, self.station.work
        assert work is not None

        def synced() -> bool:
            here = all(store.copies.cursor(scope) is not None for scope in work.credentials.scopes)
            status = self.station.status
            return here and status.connection is Connection.ONLINE and store.outbox.counts()[0] == 0

        self.wait(synced)

    def told(self, kind: type[News]) -> list[News]:
        return [each for each in self.news if isinstance(each, kind)]

    def close(self) -> None:
        """In time, whatever it was doing: the engine waits for its thread no longer than it may."""
        work = self.station.work
        self.station.close()
        assert work is None or not work.engine.is_running

    def _hear(self, news: News) -> None:
        with self._heard:
            self.news.append(news)
            self._heard.notify_all()


@contextmanager
def kiosk(
    folder: Path, server: StandinServer, device: Device, ahead: int = 0, deadline: int = 2_000
) -> Iterator[Kiosk]:
    """A paired kiosk, as it is after each start."""
    folder.mkdir(parents=True, exist_ok=True)
    credentials.write(folder, server.credentials(device))
    made = Kiosk(folder, ahead, deadline)
    try:
        yield made
    finally:
        made.close()
