"""The kiosk below its screen, put together: store, sync and use cases of one device."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import SystemRandom

from domain.clock import DAY, Instant
from kiosk.config import Config
from kiosk.desk.bookings import Bookings
from kiosk.desk.display import Display
from kiosk.desk.door import Door, DoorSetup
from kiosk.desk.door_desk import DoorDesk
from kiosk.desk.line import LineDesk
from kiosk.desk.machine import letters
from kiosk.desk.perks import Perks
from kiosk.desk.pin import Pin
from kiosk.desk.ports import Clock, Ids
from kiosk.desk.service_requests import ServiceRequests
from kiosk.desk.till import Till
from kiosk.desk.walk_in import WalkIn
from kiosk.desk.welcome import Welcome
from kiosk.store import credentials as credentials_file
from kiosk.store.credentials import Credentials
from kiosk.store.owner import Owner
from kiosk.store.store import Store
from kiosk.sync.engine import Engine
from kiosk.sync.remote import Remote
from kiosk.sync.status import News, Readdressed, Repaired, Status


@dataclass(frozen=True, slots=True)
class Work:
    """What a paired kiosk can do."""

    credentials: Credentials
    engine: Engine
    door: Door
    perks: Perks
    walk_in: WalkIn
    line: LineDesk
    till: Till
    bookings: Bookings
    requests: ServiceRequests
    welcome: Welcome


class Station:
    """Open until `close`. `tell` is called on the sync's thread whenever something is news; it must be quick.

    Opening raises `Damaged` or `FromNewerVersion` where the kiosk's own acts cannot be read: they are kept,
    and a person decides what to do (`kiosk.store.rescue`).
    """

    def __init__(self, config: Config, clock: Clock, ids: Ids, tell: Callable[[News], None]) -> None:
        self.config = config
        self._clock, self._ids, self._tell = clock, ids, tell
        self.store = Store(config.data)
        long_ago = Instant(max(0, clock() - config.journal_days * DAY))
        self.store.door.prune(long_ago)
        self.store.takings.prune(long_ago)
        corrected = self.store.offset.correct
        self.pin = Pin(self.store.settings, clock)
        self.door_desk = DoorDesk(self.store.tickets, self.store.door, clock, corrected)
        self.display = Display(self.store.lines, clock, corrected)
        self.work: Work | None = None
        known = credentials_file.read(config.data)
        if known is not None:
            self._start(known)

    @property
    def status(self) -> Status:
        return self.work.engine.status if self.work else Status()

    def now(self) -> Instant:
        """The time by the server's clock."""
        return self.store.offset.correct(self._clock())

    def pair(self, credentials: Credentials) -> None:
        """Makes this kiosk that device, from now on and after each restart. Of another organisation than
        before, it begins with empty hands, and what that one was not told of waits aside."""
        self._stop()
        credentials_file.write(self.config.data, credentials)
        self._start(credentials)

    def sync_now(self) -> None:
        if self.work:
            self.work.engine.nudge()

    def close(self) -> None:
        """Within about two seconds; what was done is on the disk already."""
        self._stop()
        self.store.close()

    def _start(self, credentials: Credentials) -> None:
        store, clock = self.store, self._clock
        store.belong_to(Owner(credentials.org, credentials.since, credentials.organization))
        corrected = store.offset.correct
        chance = SystemRandom().random
        engine = Engine(store, credentials, clock, self._hear, chance, self.config.deadline)
        remote = Remote(engine, clock, credentials.org)
        setup = DoorSetup(credentials.device, credentials.lists, credentials.gate)
        door = Door(store.tickets, store.door, remote, clock, corrected, self._ids, setup)
        perks = Perks(store.tickets, store.door, remote, clock, self._ids)
        walk_in = WalkIn(door, store.seats, store.door, remote, clock, corrected, self._ids, letters)
        line = LineDesk(store.lines, remote, clock, corrected, self._ids)
        till = Till(remote, store.takings, credentials.device, self.now, self._ids)
        bookings = Bookings(remote, self._ids)
        requests = ServiceRequests(remote, store.outbox, clock, self._ids)
        welcome = Welcome(store.lines, line, clock, corrected)
        self.work = Work(credentials, engine, door, perks, walk_in, line, till, bookings, requests, welcome)
        engine.start()

    def _stop(self) -> None:
        work, self.work = self.work, None
        if work:
            work.engine.close()

    def _hear(self, news: News) -> None:
        if isinstance(news, Repaired | Readdressed):
            self._set_up_anew()
        self._tell(news)

    def _set_up_anew(self) -> None:
        work, known = self.work, credentials_file.read(self.config.data)
        if work and known:
            work.door.setup = replace(work.door.setup, lists=known.lists, gate=known.gate)
            self.work = replace(work, credentials=known)
